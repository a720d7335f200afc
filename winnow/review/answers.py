"""Responses: a page from a template, or a redirect to a page of this server."""

from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment

from winnow.corpus.decisions.events import RATING_LABELS
from winnow.review.forms import desk_of, reviewer_of


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page from a template, with the values that every page needs."""
    templates: Environment = request.app.state.templates
    common = {
        "desk": desk_of(request),
        "who": reviewer_of(request),
        "here": f"{request.url.path}?{request.url.query}",
        "labels": RATING_LABELS,
    }
    return HTMLResponse(templates.get_template(template).render(**common, **values), status)


def go(back: str, fragment: str = "", **more: str) -> Response:
    """A redirect to a page of this server (see `back_of`), or a place in it, with additional query parameters."""
    parts = urlsplit(back)
    query = dict(parse_qsl(parts.query)) | more
    place = f"#{fragment}" if fragment else ""
    return RedirectResponse(quote(parts.path) + (f"?{urlencode(query)}" if query else "") + place, 303)
