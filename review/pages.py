"""The pages that show: queue, source, document, raw page, history, plots, exports. None of them changes anything."""

from sqlite3 import Connection
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse

from corpus.decisions.events import Event
from corpus.decisions.exchange import FORMATS, export_events
from corpus.decisions.log import last_number, open_log, read_events
from corpus.taxonomy import KINDS
from review.card import last_events, read_card, undone_ids
from review.desk import NotThereError, now
from review.documents import PAGE_ROWS, read_document, read_rows, source_documents
from review.forms import DeskOf, FiltersOf, Name, Number, Short, render
from review.guard import RAW_POLICY
from review.plots import fact, read_plots
from review.queue import neighbour, queue_page
from review.raw import read_raw
from review.view import WINDOW_CHARS, kind_counts, pieces

HISTORY_ROWS: Final = 50
pages = APIRouter()


@pages.get("/")
def queue(
    request: Request, desk: DeskOf, filters: FiltersOf, after: Name = "", did: Short = ""
) -> Response:
    """The queue of sources."""
    with desk.connect() as index:
        page = queue_page(index, filters, after, now())
        values: dict[str, Any] = {
            "page": page,
            "choices": fact(index, "choices"),
            "seen": last_number(index),
        }
        return render(request, "queue.html", filters=filters, after=after, did=_done(index, did), **values)


@pages.get("/source")
def source(
    request: Request, desk: DeskOf, filters: FiltersOf, name: Name, after: Short = "", did: Short = ""
) -> Response:
    """A source's card."""
    with desk.connect() as index:
        card = read_card(index, desk.clean, name, now())
        documents = source_documents(index, name, after)
        values: dict[str, Any] = {
            "card": card,
            "documents": documents[:PAGE_ROWS],
            "after": documents[PAGE_ROWS - 1]["id"] if len(documents) > PAGE_ROWS else "",
            "later": neighbour(index, filters, name, now()),
            "earlier": neighbour(index, filters, name, now(), forward=False),
            "seen": last_number(index),
        }
        return render(request, "source.html", filters=filters, did=_done(index, did), **values)


@pages.get("/document")
def document(
    request: Request, desk: DeskOf, doc: Short, at: Number = 0, raw: Short = "", did: Short = ""
) -> Response:
    """A document with its removed pieces."""
    with desk.connect() as index:
        reviewed = read_document(index, desk.clean, doc)
        text = reviewed.decided.cleaned.document.text
        window = min(at, len(text)) // WINDOW_CHARS * WINDOW_CHARS
        name = reviewed.row["domain"] or reviewed.row["source"]
        values: dict[str, Any] = {
            "reviewed": reviewed,
            "row": reviewed.row,
            "source": name,
            "pieces": pieces(reviewed.decided, window),
            "counts": kind_counts(reviewed.decided.cleaned),
            "window": (window, min(window + WINDOW_CHARS, len(text)), len(text)),
            "seen": last_number(index),
            "later": next((d["id"] for d in source_documents(index, name, doc, 0)), ""),
            "kinds": KINDS,
            "raw": raw,
        }
        return render(request, "document.html", did=_done(index, did), **values)


@pages.get("/raw")
def raw_page(desk: DeskOf, doc: Short) -> Response:
    """The raw page behind a document, for a frame without scripts and network."""
    with desk.connect() as index:
        place = index.execute("select * from documents where id = ?", [doc]).fetchone()
        if place is None:
            raise NotThereError("no document of this run has that id")
        [row] = read_rows(index, desk.clean, [place], ["id", "metadata.raw_path", "metadata.raw_sha256"])
    shown = read_raw(desk.raw, row)
    headers = {"Content-Security-Policy": RAW_POLICY}
    return (HTMLResponse if shown.is_html else PlainTextResponse)(shown.text, headers=headers)


@pages.get("/history")
def history(
    request: Request, desk: DeskOf, before: Number = 0, about: Name = "", did: Short = ""
) -> Response:
    """What people decided, newest first, all of it or about one subject."""
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
        return render(request, "history.html", did=_done(index, did), **values)


@pages.get("/plots")
def plots(request: Request, desk: DeskOf) -> Response:
    """Scores, removals, drift, and how well probabilities agree with what people decided."""
    with desk.connect() as index:
        return render(request, "plots.html", plots=read_plots(index, now()))


@pages.get("/exchange")
def exchange(request: Request, added: Short = "") -> Response:
    """Export and import."""
    return render(request, "exchange.html", added=added)


@pages.get("/help")
def keys(request: Request) -> Response:
    """Keys, and what the page does."""
    return render(request, "help.html")


@pages.get("/export/decisions.{form}")
def export(desk: DeskOf, form: str) -> Response:
    """All events as a file."""
    if form not in FORMATS:
        raise NotThereError(f"exports are {' and '.join(FORMATS)}")
    with open_log(desk.log, read_only=True) as log:
        events = read_events(log)
    kind = "text/csv" if form == "csv" else "application/jsonl"
    headers = {"Content-Disposition": f'attachment; filename="decisions.{form}"'}
    return StreamingResponse(
        export_events(events, form), media_type=f"{kind}; charset=utf-8", headers=headers
    )


def _done(index: Connection, batch: str) -> list[Event]:
    """The events of the batch that a form just wrote."""
    return read_events(index, "batch = ?", [batch]) if batch else []


def _number(index: Connection, event_id: str) -> int:
    return int(index.execute("select number from events where id = ?", [event_id]).fetchone()[0])
