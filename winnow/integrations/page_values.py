"""What Winnow says of one page, as plain values that every tool can write as JSON."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike, fspath
from typing import Any, Final

from winnow.api import DEFAULTS, raw_document, read
from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UnreadableError
from winnow.corpus.raw import RawDocument
from winnow.corpus.record import Record, RemovedSpan
from winnow.corpus.rows import SourceRow
from winnow.corpus.settings import Settings
from winnow.models.language import detect_language
from winnow.pipeline.documents.clean import decide_raw
from winnow.pipeline.documents.document_record import make_record

UNKNOWN: Final = "unknown"  # label of a source that a corpus does not hold
Value = str | float | list[str] | list[dict[str, Any]] | None


@dataclass(frozen=True)
class SourceLabels:
    """The scores of the sources in a corpus, read once by the process that asks; none where ``corpus`` is ""."""

    corpus: str | PathLike[str] = ""

    def label(self, domain: str) -> str:
        """The label of a source."""
        source = self._sources.get(domain)
        return source.reliability_label if source else UNKNOWN

    def values(self, domain: str) -> dict[str, Value]:
        """The score of a source with its interval, label and verdict; nothing without a corpus."""
        if not self.corpus:
            return {}
        source = self._sources.get(domain)
        return {
            "reliability_score": source.reliability_score if source else None,
            "reliability_low": source.reliability_low if source else None,
            "reliability_high": source.reliability_high if source else None,
            "reliability_label": source.reliability_label if source else UNKNOWN,
            "reliability_verdict": source.reliability_verdict if source else UNKNOWN,
        }

    @cached_property
    def _sources(self) -> Mapping[str, SourceRow]:
        return {source.domain: source for source in read(fspath(self.corpus)).sources()}

    def __reduce__(self) -> tuple[type["SourceLabels"], tuple[str]]:
        """How it is pickled for another process: without what was read."""
        return SourceLabels, (fspath(self.corpus),)


@dataclass(frozen=True)
class PageReader:
    """Gives the values of pages, cleaned with some settings, with the scores of a corpus if one is named."""

    settings: Settings = DEFAULTS
    labels: SourceLabels = field(default_factory=SourceLabels)

    def __call__(self, content: str | bytes, url: str = "", title: str = "") -> dict[str, Value]:
        """The cleaned ``text`` of a page and all that is known of it, removals included.

        Raises UnreadableError where there is no text, or none is left.
        """
        record = _record(raw_document(content, url, title), self.settings)
        if len(record.text.strip()) < self.settings.min_chars:
            raise UnreadableError("empty", "nothing is left after cleaning")
        return dict(_values(record)) | self.labels.values(record.domain)


def fill(target: MutableMapping[str, Any], values: Mapping[str, Value]) -> None:
    """Add values to what a tool knows of a page; what it knows itself stays."""
    for name, value in values.items():
        if not target.get(name):
            target[name] = value


def source_of(url: str, domain: str = "") -> str:
    """The domain that a source is known by."""
    return registered_domain(url) or domain


def _record(raw: RawDocument, settings: Settings) -> Record:
    decided = decide_raw(raw, settings)
    return make_record(raw, decided, detect_language(decided.cleaned.text), (), settings)


def _values(record: Record) -> Iterator[tuple[str, Value]]:
    metadata = record.metadata
    yield "text", record.text
    yield "url", record.url
    yield "domain", record.domain
    yield "title", metadata.title
    yield "authors", [*metadata.authors]
    yield "published", metadata.published
    yield "site_name", metadata.site_name
    yield "language", record.language
    yield "language_score", record.language_score
    yield "removed", [_removed(span) for span in metadata.removed if span.kind != "layout"]


def _removed(span: RemovedSpan) -> dict[str, Any]:
    """A removed piece; places count code points of the text as it was laid out."""
    return span._asdict()
