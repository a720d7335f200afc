"""One document, from its raw bytes to its record: the work that children of a run do."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleaners import CLEANERS
from corpus.decisions.applying import Decided, decide
from corpus.decisions.snapshot import read_decisions
from corpus.document import Cleaned, clean
from corpus.errors import UnreadableError
from corpus.raw import Quarantined, RawDocument
from corpus.record import Record
from corpus.settings import Settings
from corpus.signature import Signature, signature_of
from flows.records import make_record
from models.extraction import read_document
from models.language import detect_language
from models.reliability.signals import document_signals
from models.reliability.sums import SourceSums, sums_of
from models.site_lines import site_lines_of

KEY_CHARS = 32  # hex digits of a text's key: 128 bits, no chance meetings


@dataclass(frozen=True, slots=True)
class Processed:
    """A document that was read and cleaned, with what later stages need of it."""

    record: Record
    sums: SourceSums  # what it says about its source
    text_key: str  # equal for equal texts, "" for an empty one
    signature: Signature  # alike for texts that are nearly equal
    site_lines: Mapping[
        int, int
    ]  # its lines, and the pages of its site, if that is known, from which each could go
    seconds: float  # wall clock; for the report only, never in an output that must repeat
    placed: tuple[str, ...] = ()  # ids of the decisions that found their place in it


Outcome = Processed | Quarantined


def clean_raw(raw: RawDocument, settings: Settings) -> Cleaned:
    """Read, lay out and clean one document, people's decisions included. Raises UnreadableError."""
    return decide_raw(raw, settings).cleaned


def decide_raw(raw: RawDocument, settings: Settings) -> Decided:
    """The same with the decisions that found their place. Raises UnreadableError."""
    document = read_document(raw, settings)
    cleaned = clean(document, CLEANERS, settings.kept_kinds)
    if settings.decisions is None:
        return Decided(cleaned, ())
    known = document.metadata
    sources = (known.domain or raw.source, known.host or raw.source)  # a host may be a source of its own
    place = known.url or raw.path
    return decide(cleaned, read_decisions(settings.decisions).of_document(sources, place, raw.sha256))


def clean_document(raw: RawDocument, settings: Settings) -> Outcome:
    """Clean one document and take what it says about its source; an unreadable one is quarantined."""
    began = time.perf_counter()
    try:
        decided = decide_raw(raw, settings)
    except UnreadableError as error:
        return Quarantined(raw.path, raw.sha256, error.reason, error.detail)
    cleaned = decided.cleaned
    language, language_score = detect_language(cleaned.text)
    signals = document_signals(cleaned)
    record = make_record(raw, decided, (language, language_score), signals, settings)
    text = cleaned.text  # whatever the format of the record's text is
    sums = sums_of(record.id, record.metadata.title, text, language, signals)
    placed = tuple(event.id for event in decided.placed)
    lines = site_lines_of(cleaned) if record.domain else {}
    seconds = time.perf_counter() - began
    return Processed(record, sums, text_key(text), signature_of(text), lines, seconds, placed)


def clean_chunk(chunk: Sequence[RawDocument], settings: Settings) -> list[Outcome]:
    """Clean some documents; one that raises is quarantined with the error, and the rest goes on."""
    outcomes: list[Outcome] = []
    for raw in chunk:
        try:
            outcomes.append(clean_document(raw, settings))
        except Exception as error:  # noqa: BLE001  # one bad document must not end a run; it is recorded
            detail = f"{type(error).__name__}: {error}"
            outcomes.append(Quarantined(raw.path, raw.sha256, "failed", detail[:500]))
    return outcomes


def text_key(text: str) -> str:
    """A hash of a text's words without case and layout.

    >>> text_key("Rain fell.") == text_key("RAIN  fell.\\n")
    True
    """
    words = " ".join(text.casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()[:KEY_CHARS] if words else ""
