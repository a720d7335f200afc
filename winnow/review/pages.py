"""The pages for reading: queue, source, document, raw page. They change nothing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from winnow.corpus.decisions.log import last_number
from winnow.corpus.taxonomy import KINDS
from winnow.review.answers import render
from winnow.review.desk import NotThereError, now
from winnow.review.documents import PAGE_ROWS, read_document, read_rows, source_documents
from winnow.review.forms import DeskOf, FiltersOf, Name, Number, Short
from winnow.review.guard import RAW_POLICY
from winnow.review.history import done
from winnow.review.plots import fact
from winnow.review.queue import neighbour, progress, queue_page
from winnow.review.queue_filters import SORTS
from winnow.review.raw_page import read_raw
from winnow.review.source_card import read_card
from winnow.review.view import WINDOW_CHARS, kind_counts, pieces, runs

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
            "progress": progress(index, filters, now()),
            "choices": fact(index, "choices"),
            "sorts": SORTS,
            "seen": last_number(index),
        }
        return render(request, "queue.html", filters=filters, after=after, did=done(index, did), **values)


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
        return render(request, "source.html", filters=filters, did=done(index, did), **values)


@pages.get("/document")
def document(
    request: Request, desk: DeskOf, doc: Short, at: Number = 0, raw: Short = "", folds: Short = "", did: Short = "",
) -> Response:  # fmt: skip
    """A document with its removed pieces; ``folds=open`` shows long runs of them line by line."""
    with desk.connect() as index:
        reviewed = read_document(index, desk.clean, desk.raw, doc)
        text = reviewed.decided.cleaned.document.text
        window = min(at, len(text)) // WINDOW_CHARS * WINDOW_CHARS
        name = reviewed.row["domain"] or reviewed.row["source"]
        values: dict[str, Any] = {
            "reviewed": reviewed,
            "row": reviewed.row,
            "source": name,
            "runs": runs(pieces(reviewed.decided, window)),
            "counts": kind_counts(reviewed.decided.cleaned),
            "window": (window, min(window + WINDOW_CHARS, len(text)), len(text)),
            "seen": last_number(index),
            "later": next((d["id"] for d in source_documents(index, name, doc, 0)), ""),
            "kinds": KINDS,
            "raw": raw,
            "folds": folds,
        }
        return render(request, "document.html", did=done(index, did), **values)


@pages.get("/raw")
def raw_page(desk: DeskOf, doc: Short) -> Response:
    """The raw page behind a document, for a frame without scripts and network."""
    with desk.connect() as index:
        place = index.execute("select * from documents where id = ?", [doc]).fetchone()
        if place is None:
            raise NotThereError("no document of this run has that id")
        [row] = read_rows(index, desk.clean, [place], ["id", "metadata.raw_path", "metadata.raw_sha256"])
    page = read_raw(desk.raw, row)
    headers = {"Content-Security-Policy": RAW_POLICY}
    return (HTMLResponse if page.is_html else PlainTextResponse)(page.text, headers=headers)
