"""The pages about the whole corpus: held documents, history, plots, agreement, keys."""

from sqlite3 import Connection
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from winnow.corpus.decisions.log import last_number
from winnow.review.agreement import disputed, pairs, shared_opinions
from winnow.review.answers import render
from winnow.review.desk import now
from winnow.review.forms import DeskOf, HeldFiltersOf, Name, Number, Short
from winnow.review.held_documents import HELD, MEANINGS, held_numbers, held_page
from winnow.review.history import done, last_events, undone_ids
from winnow.review.plots import fact, read_plots

HISTORY_ROWS: Final = 50
SHOWN_PAIRS: Final = 45  # all of ten people
SHOWN_DISPUTES: Final = 25  # the queue has all
overview = APIRouter()


@overview.get("/history")
def history(
    request: Request, desk: DeskOf, before: Number = 0, about: Name = "", did: Short = ""
) -> Response:
    """The decisions of people, newest first, all or those about one subject."""
    with desk.connect() as index:
        upto = before or last_number(index) + 1
        where = "number < ? and subject = ?" if about else "number < ?"
        events = last_events(index, where, [upto, about] if about else [upto], HISTORY_ROWS)
        values: dict[str, Any] = {
            "events": events,
            "undone": undone_ids(index, events),
            "about": about,
            "orphans": [] if about or before else fact(index, "orphans"),
            "next": _number(index, events[-1].id) if len(events) == HISTORY_ROWS else 0,
        }
        return render(request, "history.html", did=done(index, did), **values)


@overview.get("/documents")
def documents(request: Request, desk: DeskOf, filters: HeldFiltersOf, after: Short = "") -> Response:
    """The documents under review, rejected and quarantined, with their reasons."""
    with desk.connect() as index:
        page = held_page(index, filters, after)
        values: dict[str, Any] = {
            "names": HELD,
            "numbers": held_numbers(index),
            "meanings": MEANINGS[filters.status],
        }
        return render(request, "documents.html", page=page, filters=filters, after=after, **values)


@overview.get("/plots")
def plots(request: Request, desk: DeskOf) -> Response:
    """Scores, removals, drift, and how well probabilities agree with what people decided."""
    with desk.connect() as index:
        return render(request, "plots.html", plots=read_plots(index, now()))


@overview.get("/agreement")
def agreement(request: Request, desk: DeskOf) -> Response:
    """Who agrees with whom, and the first of the sources on which people disagree."""
    with desk.connect() as index:
        shared = shared_opinions(index, now())
        sources = disputed(shared)
        disputes = [(source, shared[source]) for source in sources[:SHOWN_DISPUTES]]
        values: dict[str, Any] = {"pairs": pairs(shared)[:SHOWN_PAIRS], "number": len(sources)}
        return render(request, "agreement.html", disputes=disputes, **values)


@overview.get("/help")
def keys(request: Request) -> Response:
    """Help: the keys, and what the review page does."""
    return render(request, "help.html")


def _number(index: Connection, event_id: str) -> int:
    return int(index.execute("select number from events where id = ?", [event_id]).fetchone()[0])
