"""The Python API: one document cleaned, one source scored."""

from collections.abc import Iterable

from corpus.document import Cleaned, Metadata
from corpus.raw import RawDocument
from corpus.readers.plain import sniffed_type
from corpus.settings import Settings
from flows.document import clean_raw
from models.language import detect_language
from models.reliability.model import SourceScore, load_model
from models.reliability.signals import document_signals
from models.reliability.sums import SourceSums, sums_of

DEFAULTS = Settings()


def clean(
    content: str | bytes, *, url: str = "", title: str = "", settings: Settings = DEFAULTS
) -> Cleaned:
    """Clean one page or text: ``.text`` is what stays, ``.removals`` what went and why.

    HTML is told from text by its first tags; bytes are decoded by BOM, declaration, or guess.
    Raises UnreadableError for content without text. Nothing in it is executed or fetched.
    """
    raw = _raw(content, url, title)
    return clean_raw(raw, settings)


def score(documents: Iterable[Cleaned]) -> SourceScore:
    """Score one source from its cleaned documents; fewer than 3 in English give ``unknown``."""
    sums = SourceSums()
    for number, cleaned in enumerate(documents):
        language, _ = detect_language(cleaned.text)
        title, signals = cleaned.document.metadata.title, document_signals(cleaned)
        sums += sums_of(f"{number:08d}", title, cleaned.text, language, signals)
    return load_model().score(sums)


def _raw(content: str | bytes, url: str, title: str) -> RawDocument:
    octets = content.encode(errors="replace") if isinstance(content, str) else content
    return RawDocument(
        path="",
        content=octets,
        content_type=sniffed_type(octets),
        source="",
        added="",
        encoding="utf-8" if isinstance(content, str) else "",
        metadata=Metadata(url=url, title=title),
    )
