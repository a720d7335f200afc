"""One row of ``clean/documents``: what Winnow says about a document, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from winnow.corpus.text_quality import TextQuality


class RemovedSpan(NamedTuple):  # pages have hundreds: a tuple is made in half of the time
    """A removed piece; ``start`` and ``end`` count code points of the laid-out text."""

    start: int
    end: int
    kind: str
    rule: str
    cleaner: str
    text: str
    score: float


@dataclass(frozen=True, slots=True, order=True)
class Signal:
    """What a page says about its source, taken before removal."""

    name: str
    value: float
    evidence: str  # a passage of the document, at most 200 characters


@dataclass(frozen=True, slots=True)
class RecordMetadata:
    """The `metadata` column; "" and empty lists are "unknown", because loaders infer types from values."""

    url: str = ""
    domain: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    site_name: str = ""
    content_type: str = ""
    raw_sha256: str = ""
    raw_path: str = ""
    extractor: str = ""
    dup_of: str = ""  # id of the original that this is a copy of
    captions: tuple[str, ...] = ()
    endnotes: tuple[str, ...] = ()
    author_bio: str = ""
    removed: tuple[RemovedSpan, ...] = ()
    signals: tuple[Signal, ...] = ()
    review_by: str = ""
    review_at: str = ""
    review_note: str = ""
    record_id: str = ""  # this and what follows: as `winnow.corpus.raw.ArchiveFacts` has it
    payload_digest: str = ""
    payload_type: str = ""
    truncated: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One cleaned document with its tags, before its source is scored and the run is named."""

    id: str
    text: str
    source: str
    added: str
    created: str
    url: str
    domain: str
    language: str
    language_score: float
    n_chars_in: int
    n_chars_out: int
    metadata: RecordMetadata
    tags: tuple[str, ...] = ()  # sorted, from `winnow.corpus.tags`
    host: str = ""  # that `domain` was taken from, without "www."
    # Number of masked contacts by kind; counted, not written
    masked: Mapping[str, int] = field(default_factory=dict)
    quality: TextQuality = field(default_factory=TextQuality)

    @property
    def source_key(self) -> str:
        """The name of its source, domain or else collection, unless its host is a source of its own."""
        return self.domain or self.source
