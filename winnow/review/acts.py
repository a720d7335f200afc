"""The forms that decide: each writes events, or first shows a preview, and redirects to a page."""

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import append_events, open_log
from winnow.corpus.errors import UsageError
from winnow.review.answers import go, render
from winnow.review.bulk import change_of, named
from winnow.review.deciding import (
    again_events,
    find_span,
    line_events,
    rating_events,
    span_events,
    undo_events,
)
from winnow.review.desk import Desk, now
from winnow.review.documents import read_document
from winnow.review.forms import (
    COOKIE,
    MAX_REVIEWER_CHARS,
    Alone,
    BackOf,
    Checked,
    DeskOf,
    FormName,
    FormNumber,
    SaysOf,
    filters_from,
)
from winnow.review.line_matches import preview_lines
from winnow.review.queue import matching, neighbour, ratings

MAX_BULK: Final = 10_000  # sources in one decision; they are written in some seconds
MAX_FORM_TEXT: Final = 200_000  # characters of a piece that is to go
COOKIE_SECONDS: Final = 365 * 24 * 3600
LINE_ACTION_OF: Final = {"restore": "restore_line", "remove": "remove_line"}
SPAN_ACTION_OF: Final = {"restore": "restore_span", "remove": "remove_span"}
acts = APIRouter(dependencies=[Checked])
Text = Annotated[str, Form(max_length=MAX_FORM_TEXT)]


@acts.post("/rate")
def rate(
    desk: DeskOf, says: SaysOf, back: BackOf, rate: FormName, seen: FormNumber, queue: FormName = ""
) -> Response:
    """Rate one source, given as ``label source``; from its card, continue with the next of the queue."""
    label, _, source = rate.partition(" ")
    with desk.connect() as index:
        later = neighbour(index, filters_from(queue), source, now()) if queue else ""
    [event] = _write(desk, rating_events([source], label, says), {source: seen})
    if later:
        back = f"/source?name={quote(later, safe='')}&{filters_from(queue).query()}"
    return go(back, did=event.batch)


@acts.post("/bulk")
def bulk(
    request: Request, desk: DeskOf, says: SaysOf, back: BackOf, seen: FormNumber, label: FormName = "",
    source: Annotated[tuple[str, ...], Form()] = (), everything: FormName = "", within: FormName = "",
    count: FormNumber = 0, confirmed: FormName = "",
) -> Response:  # fmt: skip
    """Rate several sources, or ``everything`` within a filter: first a preview, then, once confirmed, the decision."""
    if not label:
        raise UsageError("choose what the sources are; nothing was decided")
    with desk.connect() as index:
        rows = (
            matching(index, filters_from(within), now(), MAX_BULK + 1)
            if everything
            else named(index, source)
        )
        if not 0 < len(rows) <= MAX_BULK:
            raise UsageError(f"{len(rows)} sources are chosen; choose 1 to {MAX_BULK:,}")
        names = [row["source"] for row in rows]
        events = rating_events(names, label, says)
        if not confirmed:
            change = change_of(rows, ratings(index, names, now()))
            form: dict[str, Any] = {"label": label, "says": says, "seen": seen, "everything": everything}
            filters = filters_from(within)
            return render(request, "bulk.html", change=change, filters=filters, back=back, **form)
    if everything and len(rows) != count:
        raise UsageError(f"the filter matches {len(rows)} sources by now, not {count}; look at them again")
    return go(back, did=_write(desk, events, dict.fromkeys(names, seen))[0].batch)


@acts.post("/span")
def span(
    desk: DeskOf, says: SaysOf, back: BackOf, doc: FormName, seen: FormNumber, action: FormName = "restore",
    span: FormName = "", text: Text = "", kind: FormName = "boilerplate",
) -> Response:  # fmt: skip
    """Restore or remove a piece of a document, given by its offsets, or by its text where there are none."""
    with desk.connect() as index:
        reviewed = read_document(index, desk.clean, desk.raw, doc)
    place = _offsets(span) if span else find_span(reviewed, text)
    events = span_events(_one_of(SPAN_ACTION_OF, action), reviewed, place, kind, says)
    return go(back, f"p{place[0]}", did=_write(desk, events, {doc: seen})[0].batch)


@acts.post("/lines")
def lines(
    request: Request, desk: DeskOf, says: SaysOf, back: BackOf, source: FormName, seen: FormNumber, text: Text = "",
    action: FormName = "remove", kind: FormName = "boilerplate", confirmed: FormName = "", at: FormNumber = 0,
) -> Response:  # fmt: skip
    """Make a rule for lines of a site: first a preview, then, once confirmed, the rule."""
    events = line_events(_one_of(LINE_ACTION_OF, action), source, text.splitlines(), kind, says)
    if confirmed:
        return go(back, did=_write(desk, events, {source: seen})[0].batch)
    with desk.connect() as index:
        preview = preview_lines(index, source, [event.text for event in events], action, at)
        total = index.execute("select count(*) from documents where source = ?", [source]).fetchone()[0]
    form: dict[str, Any] = {
        "source": source,
        "text": text,
        "action": action,
        "kind": kind,
        "says": says,
        "seen": seen,
        "back": back,
    }
    return render(request, "lines.html", events=events, preview=preview, total=total, at=at, **form)


@acts.post("/undo")
def undo(desk: DeskOf, says: SaysOf, back: BackOf, batch: FormName = "") -> Response:
    """Undo a batch of decisions; without ``batch``, the last one of this person."""
    with open_log(desk.log) as log:
        done = append_events(log, undo_events(log, says, batch))
    return go(back, did=done[0].batch if done else "")


@acts.post("/again")
def again(desk: DeskOf, says: SaysOf, back: BackOf, batch: FormName = "") -> Response:
    """Repeat decisions that were undone, unless somebody has decided on the same since."""
    with open_log(desk.log) as log:
        events, last = again_events(log, says, batch)
        done = append_events(log, events, {event.subject: last for event in events})
    return go(back, did=done[0].batch)


@acts.post("/reviewer", dependencies=[Alone])
def reviewer(back: BackOf, name: Annotated[str, Form(max_length=MAX_REVIEWER_CHARS)] = "") -> Response:
    """Set the name of the reviewer in this browser."""
    response = go(back)
    value = quote(" ".join(name.split()), safe="")
    response.set_cookie(COOKIE, value, max_age=COOKIE_SECONDS, httponly=True, samesite="strict")
    return response


def _write(desk: Desk, events: list[Event], seen: dict[str, int]) -> tuple[Event, ...]:
    with open_log(desk.log) as log:
        return append_events(log, events, seen)


def _offsets(span: str) -> tuple[int, int]:
    """Start and end from ``12-40``."""
    start, _, end = span.partition("-")
    if not (start.isascii() and start.isdecimal() and end.isascii() and end.isdecimal() and len(span) < 32):
        raise UsageError(f"span={span!r}: give offsets like 12-40")
    return int(start), int(end)


def _one_of(actions: dict[str, str], name: str) -> str:
    if name not in actions:
        raise UsageError(f"action={name!r}: there are {', '.join(actions)}")
    return actions[name]
