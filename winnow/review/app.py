"""The application: routes, templates, errors as pages, and the guard before all of them."""

from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from winnow.corpus.decisions.log import ConflictError
from winnow.corpus.errors import UsageError
from winnow.corpus.visible import visible
from winnow.models.reliability.reason_groups import rate_of
from winnow.models.reliability.reasons import LIMITS, WIDTH, signed
from winnow.review.acts import acts
from winnow.review.answers import render
from winnow.review.decision_files import exchange
from winnow.review.desk import Desk, NotThereError
from winnow.review.guard import Guard
from winnow.review.kinds import FAMILY_OF_KIND, SIGNS
from winnow.review.outward_links import web_host
from winnow.review.overview import overview
from winnow.review.pages import pages


def create_app(desk: Desk, port: int) -> Guard:
    """The application for one desk: for browsers at the desk's proxy, or without one on loopback at a port."""
    app = FastAPI(title="Winnow review", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.templates = make_templates()
    for router in (pages, overview, exchange, acts):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("winnow.review").joinpath("static"))))
    app.exception_handler(UsageError)(_show_mistake)
    app.exception_handler(ConflictError)(_show_conflict)
    app.exception_handler(NotThereError)(_show_missing)
    app.exception_handler(RequestValidationError)(_show_invalid)
    app.exception_handler(HTTPException)(_show_refusal)
    loopback = [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
    origins = [desk.proxy.origin] if desk.proxy else loopback
    return Guard(app, origins, read_only=desk.read_only, proxy=desk.proxy)


def make_templates() -> Environment:
    """The templates, with every value escaped, because all of them come from hostile pages."""
    templates = Environment(
        loader=PackageLoader("winnow.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"visible": visible, "signed": signed, "rate": rate_of, "web_host": web_host}
    templates.globals |= {"family": FAMILY_OF_KIND.get, "limits": LIMITS, "width": WIDTH, "signs": SIGNS}
    return templates


def _show_mistake(request: Request, error: Exception) -> Response:
    return render(request, "message.html", 400, title="This cannot be done", detail=str(error), since=())


def _show_conflict(request: Request, error: Exception) -> Response:
    since = error.since if isinstance(error, ConflictError) else ()
    detail = "Somebody decided on this after you opened the page. Your decision was not saved."
    return render(request, "message.html", 409, title="Look again", detail=detail, since=since)


def _show_missing(request: Request, error: Exception) -> Response:
    return render(request, "message.html", 404, title="Not here", detail=str(error.args[0]), since=())


def _show_invalid(request: Request, error: Exception) -> Response:
    wrong = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": ""}
    detail = f"{' '.join(str(part) for part in wrong['loc'][1:])}: {wrong['msg']}"
    return render(request, "message.html", 400, title="This cannot be done", detail=detail, since=())


def _show_refusal(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    title = {403: "Refused", 404: "Not here"}.get(status, "This cannot be done")
    return render(request, "message.html", status, title=title, detail=detail, since=())
