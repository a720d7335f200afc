"""Parameters that pages and forms share: the desk, the reviewer, the filters of the queue and the token."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Annotated, Final
from urllib.parse import parse_qsl, unquote

from fastapi import Depends, Form, HTTPException, Query, Request

from winnow.corpus.decisions.events import MAX_NAME_CHARS
from winnow.review.deciding import Reviewer
from winnow.review.desk import Desk
from winnow.review.guard import is_token
from winnow.review.held_documents import HELD, HeldFilters
from winnow.review.queue_filters import SORTS, STATES, Filters

COOKIE: Final = "winnow_reviewer"
MAX_REVIEWER_CHARS: Final = 80
MAX_EXACT_INTEGER: Final = 2**53  # the largest whole number that every browser keeps exact

Name = Annotated[str, Query(max_length=MAX_NAME_CHARS)]
Short = Annotated[str, Query(max_length=64)]
Number = Annotated[int, Query(ge=0, le=MAX_EXACT_INTEGER)]
FormName = Annotated[str, Form(max_length=MAX_NAME_CHARS)]
FormNumber = Annotated[int, Form(ge=0, le=MAX_EXACT_INTEGER)]


def desk_of(request: Request) -> Desk:
    """The desk that the server was made for."""
    desk: Desk = request.app.state.desk
    return desk


def reviewer_of(request: Request) -> str:
    """Who decides: whom the proxy names, or without one the name that was set in this browser."""
    if desk_of(request).proxy:
        return str(request.user)  # set by the guard
    name = unquote(request.cookies.get(COOKIE, ""))[:MAX_REVIEWER_CHARS].strip()
    return name if name.isprintable() and name else desk_of(request).reviewer


def filters_of(
    state: Short = STATES[0], label: Short = "", basis: Short = "", language: Short = "", flag: Short = "",
    changed: Short = "", find: Name = "", score: Short = "", chance: Short = "", moved: Short = "", sort: Short = "",
) -> Filters:  # fmt: skip
    """The filters of the queue, from the URL."""
    state, sort = _one_of(STATES, state), _one_of(SORTS, sort)
    return Filters(state, label, basis, language, flag, changed, find.strip(), score, chance, moved, sort)


def held_filters_of(status: Short = "", reason: Short = "", find: Name = "") -> HeldFilters:
    """The filters of the held documents, from the URL."""
    return HeldFilters(_one_of(HELD, status), reason, find.strip())


def filters_from(query: str) -> Filters:
    """The filters of the queue, from the query string in a form field."""
    names = {field.name for field in fields(Filters)}
    values = {name: value for name, value in parse_qsl(query[:MAX_NAME_CHARS]) if name in names}
    return filters_of(**values)


def _one_of(names: Iterable[str], name: str) -> str:
    """A name that there is, else the first."""
    return name if name in names else next(iter(names))


def check_token(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> None:
    """Refuse a form without the token of this server."""
    if not is_token(token, desk_of(request).token_of(reviewer_of(request))):
        raise HTTPException(
            403, "this form is not from this server, or from before it started; load the page again"
        )


def check_alone(request: Request) -> None:
    """Refuse, behind a proxy, what would let a person write in another's name."""
    if desk_of(request).proxy:
        raise HTTPException(403, "behind a proxy, names come from the proxy alone")


def says_of(
    request: Request, why: FormName = "", expires: Annotated[str, Form(max_length=10)] = ""
) -> Reviewer:
    """Who decides, and the reason that the form gives."""
    return Reviewer(reviewer_of(request), why.strip(), expires)


def is_local(path: str) -> bool:
    r"""Whether a path leads to this server and nowhere else.

    >>> [is_local(path) for path in ("/source?name=a", "//evil.example", "/\\evil.example", "https://evil.example")]
    [True, False, False, False]
    """
    return path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()


def back_of(back: FormName = "/") -> str:
    """The page to return to, the queue for one elsewhere: previews show it as a link, which must run no script."""
    return back if is_local(back) else "/"


DeskOf = Annotated[Desk, Depends(desk_of)]
HeldFiltersOf = Annotated[HeldFilters, Depends(held_filters_of)]
FiltersOf = Annotated[Filters, Depends(filters_of)]
SaysOf = Annotated[Reviewer, Depends(says_of)]
BackOf = Annotated[str, Depends(back_of)]
Checked = Depends(check_token)
Alone = Depends(check_alone)
