"""Cleaning of one document, from its raw bytes to its row: the work that child processes of a run do."""

import time
from collections.abc import Callable, Iterable, Mapping

from winnow.cleaners import CLEANERS
from winnow.corpus.decisions.applying import ReviewedDocument, decide
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.snapshot import decisions_about
from winnow.corpus.document import Cleaned, Cleaner, clean
from winnow.corpus.errors import UnreadableError
from winnow.corpus.own_cleaners import load_cleaners
from winnow.corpus.packed import pack
from winnow.corpus.raw import HTML, Quarantined, RawDocument
from winnow.corpus.schema import document_row
from winnow.corpus.settings import Settings
from winnow.corpus.signature import signature_of
from winnow.corpus.writers import Row
from winnow.models.extraction import read_document
from winnow.models.language import detect_language
from winnow.models.reliability.flags import prints_persona
from winnow.models.reliability.signals import document_signals
from winnow.models.reliability.sums import SourceSums, sums_of
from winnow.models.site_line_keys import site_lines_of
from winnow.pipeline.documents.document_record import make_record
from winnow.pipeline.documents.masking import mask_signals
from winnow.pipeline.documents.rejection import own_rejection
from winnow.pipeline.tables.keys import decision_key, document_key, page_key, site_key, text_key

DETAIL_CHARS = 500  # of an error; some quote the document

RowOutcome = Row | Quarantined  # a row of `winnow.pipeline.shards.shards.INTERMEDIATE`


def clean_raw(raw: RawDocument, settings: Settings, cleaners: Iterable[Cleaner] = ()) -> Cleaned:
    """One document, laid out and cleaned, with people's decisions; ``cleaners`` run besides those of the settings.

    Raises UnreadableError, and CleanerError for a cleaner of the user's own that fails.
    """
    return decide_raw(raw, settings, cleaners).cleaned


def decide_raw(raw: RawDocument, settings: Settings, cleaners: Iterable[Cleaner] = ()) -> ReviewedDocument:
    """The same, with the decisions that apply to its text. Raises UnreadableError and CleanerError."""
    all_cleaners = (*CLEANERS, *load_cleaners(settings.cleaners), *cleaners)
    cleaned = clean(read_document(raw, settings), all_cleaners, settings.kept_kinds)
    return decide(cleaned, _decisions_for(cleaned, raw, settings))


def _decisions_for(cleaned: Cleaned, raw: RawDocument, settings: Settings) -> tuple[Event, ...]:
    if settings.decisions is None:  # spares a hash of the content
        return ()
    metadata = cleaned.document.metadata
    # The host counts, too: it may be a source of its own.
    sources = (metadata.domain or raw.collection, metadata.host or raw.collection)
    return decisions_about(settings.decisions, sources, metadata.url or raw.path, raw.sha256)


def clean_document(raw: RawDocument, settings: Settings) -> RowOutcome:
    """The row of one document, with what it tells about its source; an unreadable one is quarantined."""
    began = time.thread_time()
    try:
        decided = decide_raw(raw, settings)
    except UnreadableError as error:
        return Quarantined(raw.path, raw.sha256, error.reason, error.detail)
    cleaned, reason = decided.cleaned, own_rejection(raw, decided.cleaned)
    language = detect_language(cleaned.text)
    signals = mask_signals(document_signals(cleaned), settings)
    record = make_record(raw, decided, language, signals, settings)
    # What is no page of its source says nothing about it
    sums = (
        SourceSums(1)
        if reason
        else sums_of(record.id, record.metadata.title, cleaned.text, language[0], signals)
    )
    lines = {} if reason else site_lines_of(cleaned)
    signature = signature_of(cleaned.text)
    return {
        **document_row(record),
        "reason": reason,
        "source_key": record.source_key,
        "host": record.host,
        "prints_persona": prints_persona(s.name for s in signals),
        "text_key": "" if reason else text_key(cleaned.text),
        "sketch": signature.sketch,
        "keys": [] if reason else [*signature.keys],
        "page_key": page_key(record),
        "line_keys": [*lines],
        "line_pages": [*lines.values()],
        "sums": sums.to_json(),
        "placed": [event.id for event in decided.placed],
        "document_key": document_key(raw),
        "site_key": site_key(raw.site_lines),
        "packed": pack(cleaned.document) if _may_be_cleaned_again(raw, lines) else b"",
        "decision_key": decision_key(decided.about),
        "seconds": time.thread_time() - began,
    }


def _may_be_cleaned_again(raw: RawDocument, lines: Mapping[int, int]) -> bool:
    """Whether repeated lines of its site can change the document, and reading it again would take long."""
    return raw.content_type == HTML and not raw.site_lines and any(lines.values())


def clean_safely(
    raw: RawDocument,
    settings: Settings,
    clean: Callable[[RawDocument, Settings], RowOutcome] = clean_document,
) -> RowOutcome:
    """The row of one document; one that makes cleaning fail is quarantined with the error. Raises only MemoryError."""
    try:
        return clean(raw, settings)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # one bad document must not end a run; it is recorded
        # The message may quote half a character.
        detail = f"{type(error).__name__}: {error}".encode(errors="replace")
        return Quarantined(raw.path, raw.sha256, "failed", detail.decode()[:DETAIL_CHARS])
