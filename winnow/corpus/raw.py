"""What readers return: the bytes of a document with what its archive says about it, or why there is none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from winnow.corpus.dates import next_day
from winnow.corpus.document import Metadata

HTML, TEXT = "text/html", "text/plain"
# Why a record of an archive is no document; it is counted, and neither kept nor quarantined
PASSED_OVER_REASONS: Final = {
    "redirect": "an answer that leads to another address",
    "error_status": "an answer with a status of 400 or more",
    "other_status": "an answer with another status than 200, 201, 203 or 206, or with none",
    "partial": "a part of an answer that does not begin with its first byte",
    "no_text_type": "neither HTML nor text",
    "no_target_uri": "a record without an address",
    "not_web": "an address that is not http or https",
    "revisit": "an answer that an earlier record holds",
    "request": "what a crawler asked for",
    "metadata": "what a crawler noted",
    "warcinfo": "what an archive says about itself",
    "other_record": "a record of another type",
}


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What the record of an archive says about its payload; "" is "unknown"."""

    record_id: str = ""  # WARC-Record-ID without its brackets
    payload_digest: str = ""  # WARC-Payload-Digest
    payload_type: str = ""  # media type, as the crawler identified it, else as it was declared
    truncated: str = (
        ""  # why the payload is cut off: WARC-Truncated, or "range" for the first part of a page
    )


@dataclass(frozen=True)
class RawDocument:
    """One document as it lies in ``raw/``, before decoding."""

    path: str  # as outputs name it: "raw/site/a.html", or "raw/pages.jsonl#17" for a record (from 1)
    content: bytes
    content_type: str  # HTML or TEXT
    collection: str  # name of the folder or file given; the column `source`
    added: str  # when it was obtained, ISO 8601: record, WARC-Date, or the file's modification time
    encoding: str = ""  # declared outside the content (HTTP header, JSON); "" when it is not
    metadata: Metadata = field(default_factory=Metadata)  # what the record or archive says
    folder_host: str = ""  # that the nearest folder is named for: used where nothing else names one
    # pages of its site by `winnow.models.site_line_keys.site_line_key`
    site_lines: Mapping[int, int] = field(default_factory=dict)
    # what an earlier reading laid out (`winnow.corpus.packed`), used instead of reading it anew
    packed: bytes = b""
    archive: ArchiveFacts = ArchiveFacts()
    # when it was obtained, as its record or archive says; "" where only its file's time is known
    recorded: str = ""

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, 64 hex digits."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def latest_day(self) -> str:
        """The last day on which it can have been published: the day after it was recorded, else after today."""
        return next_day(self.recorded or datetime.now(UTC).date().isoformat())

    @property
    def id(self) -> str:
        """A hash of where it is from (URL of its record, or collection and path) and its content, 32 hex digits."""
        place = self.metadata.url or f"{self.collection}\n{self.path}"
        return hashlib.sha256(place.encode() + b"\n" + self.content).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An input that could not be read or cleaned, or several of one file: a row of the quarantine."""

    path: str
    sha256: str  # of the content, "" when it could not be read
    reason: str  # a key of `QUARANTINE_REASONS`
    detail: str
    count: int = 1  # inputs that the row stands for; more than one only where records of a file are folded


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record of an archive that is no document, or several of one file."""

    path: str
    reason: str  # a key of `PASSED_OVER_REASONS`
    count: int = 1
