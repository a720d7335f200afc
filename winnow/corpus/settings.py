"""Everything a user can set, read once and handed down."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from winnow.corpus.decisions.snapshot import Snapshot
from winnow.corpus.engine_names import THREADS, engine_name
from winnow.corpus.errors import UsageError
from winnow.corpus.objects import absolute_location, is_remote
from winnow.corpus.rating_option import absolute_rating_option
from winnow.corpus.run_thresholds import check_thresholds
from winnow.corpus.taxonomy import KINDS, Action

ACTIONS = ("drop", "keep", "meta")
POLICIES = ("main", "article")
TEXT_FORMATS = ("plain", "markdown")
CONTACTS = ("keep", "mask", "mask-all")
CHOICES: Final = {"policy": POLICIES, "text_format": TEXT_FORMATS, "contacts": CONTACTS}
TextFormat = Literal["plain", "markdown"]
Contacts = Literal["keep", "mask", "mask-all"]

# Of the scores of sources: shift and slope of the log-odds, shift of the rating
NO_RECALIBRATION = (
    0.0,
    1.0,
    0.0,
)
NEUTRAL: Final = dict.fromkeys(  # settings that change no row, or of which a run hashes what they name
    (
        "workers",
        "engine",
        "publish",
        "shard_documents",
        "shard_bytes",
        "ratings",
        "overrides",
        "as_of",
        "cleaners",
        "fail_under",
    )
)
LIMITS: Final = (
    "max_document_bytes",
    "document_seconds",
    "document_wall_seconds",
    "document_memory_bytes",
)
# Of each input file, beside the limits of its documents (docs/limits.md). As Apache Tika and POI allow; pages and
# records are packed 3 to 20 times.
MAX_UNPACKED_RATIO: Final = 100
UNPACKED_BYTES: Final = (
    100_000_000  # that any file may unpack to, so that the ratio of small ones does not count
)
UNPACKED_DOCUMENTS: Final = 4  # of the longest allowed; likewise
# On disk, for each of which a second of CPU time is added to that of a document. Archives of pages are read 10 to 50
# times as fast.
READ_BYTES_PER_SECOND: Final = 200_000
MAX_QUARANTINE_ROWS: Final = (
    100  # of records of a file that cannot be read, and as many that cannot be cleaned
)
AFTER_CLEANING: Final = (
    "min_chars",
    "recalibration",
    "name_prior",
    "limit",
    "sample",
)  # of no account before the last pass


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields (JSON keys, Parquet columns) that hold what Winnow reads; "" is not read."""

    text: str = "text"
    html: str = "html"
    url: str = "url"
    title: str = "title"
    date: str = "date"
    domain: str = "domain"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run. All shape the output but ``workers``, ``engine``, ``publish``, ``fail_under`` and shard sizes.

    Of ``ratings``, ``overrides`` and ``as_of``, the content of the files in force on that day counts; of
    ``cleaners`` their code, which is part of the run's version.
    """

    actions: Mapping[str, Action] = field(default_factory=dict)  # kind -> action, over the taxonomy's
    fields: Fields = field(default_factory=Fields)
    # For pages: "main" keeps the main content of any page, "article" only an article's body
    policy: str = "main"
    text_format: TextFormat = "plain"  # of the text of records; "markdown" keeps the structure of pages
    contacts: Contacts = "mask"  # of people: in records as they are, masked outside the text, or everywhere
    encoding: str = ""  # of files that declare none; "" guesses
    # Files of rating lists, each with names of its columns where it needs any (`winnow.corpus.rating_option`)
    ratings: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()  # CSV or JSON Lines files of people's decisions about sources
    as_of: str = ""  # day on which decisions hold that expire, ISO 8601; "" is today
    max_document_bytes: int = 20_000_000  # a longer document is quarantined
    limit: int = 0  # documents to take, the first ones; 0 takes all
    sample: int = 0  # documents to take, by the smallest keys of documents; 0 takes all
    min_chars: int = 1  # a document with less text left is rejected as empty
    document_seconds: float = 120.0  # of CPU time; a document that takes more is quarantined
    document_wall_seconds: float = 600.0  # by the clock, behind it: for one that waits and does nothing
    document_memory_bytes: int = 2_000_000_000  # beyond what models take; Linux only (docs/limits.md)
    publish: str = ""  # s3:// URL of a prefix that gets a copy of the output
    shard_documents: int = 1000
    shard_bytes: int = 128_000_000
    workers: int = 1  # shards side by side; 0 takes the CPUs there are
    engine: str = THREADS  # a name of `winnow.corpus.engine_names.ENGINES`, or the address of a cluster
    decisions: Snapshot | None = None  # what people decided, as the log was when the run began
    recalibration: tuple[float, float, float] = NO_RECALIBRATION
    name_prior: bool = True  # whether the names of domains count beside their documents
    cleaners: tuple[str, ...] = ()  # references to people's own (`winnow.corpus.own_cleaners`)
    # Share of a run -> where a run that misses it ends with exit code 4 (`winnow.corpus.run_thresholds.THRESHOLDS`)
    fail_under: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.as_of and not _is_day(self.as_of):
            raise UsageError(f"{self.as_of!r}: no such day; a day is written like 2025-03-14")
        for name in ("ratings", "overrides", "cleaners"):
            if isinstance(getattr(self, name), str):
                raise UsageError(f"{name}={getattr(self, name)!r}: give a tuple, also of one")
        if self.limit < 0 or self.sample < 0 or (self.limit and self.sample):
            raise UsageError(
                f"limit={self.limit}, sample={self.sample}: give one of them, a number of documents"
            )
        _check_actions(self.actions)
        check_thresholds(self.fail_under)
        _check_places(self.engine, self.publish)
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise UsageError(f"{name}={getattr(self, name)!r}: there are: {', '.join(choices)}")

    def __hash__(self) -> int:
        values = (getattr(self, field.name) for field in dataclasses.fields(self))
        return hash(tuple(frozenset(v.items()) if isinstance(v, Mapping) else v for v in values))

    def action(self, kind: str) -> Action:
        """What happens to a kind of noise; leftovers of layout are always dropped."""
        return self.actions.get(kind) or (KINDS[kind][0] if kind in KINDS else "drop")

    @property
    def kept_kinds(self) -> frozenset[str]:
        """Kinds that stay in the text."""
        return frozenset(kind for kind in KINDS if self.action(kind) == "keep")

    def fingerprint(self) -> str:
        """A hash of all that shapes the output, 16 hex digits; of files of judgements, the run hashes the content."""
        decided = self.decisions.fingerprint if self.decisions else ""  # not where the log lies
        return self._hash(NEUTRAL | {"decisions": decided})

    def cleaning_fingerprint(self) -> str:
        """A hash of the settings that shape a cleaned text, decisions left out; 16 hex digits."""
        return self._hash(dict.fromkeys([*NEUTRAL, *LIMITS, *AFTER_CLEANING, "decisions"]))

    def limits(self) -> dict[str, float]:
        """What decides whether a document can be cleaned at all, by name."""
        return {name: getattr(self, name) for name in LIMITS}

    def unpacked_limit(self, packed_bytes: int) -> int:
        """Bytes that a file of some bytes on disk may unpack to."""
        always = max(UNPACKED_BYTES, UNPACKED_DOCUMENTS * self.max_document_bytes)
        return max(always, MAX_UNPACKED_RATIO * packed_bytes)

    def reading_seconds(self, packed_bytes: int) -> float:
        """Seconds of CPU time that reading a file of some bytes on disk may take."""
        return self.document_seconds + packed_bytes / READ_BYTES_PER_SECOND

    def with_absolute_paths(self) -> "Settings":
        """The same settings with the files that they name as they are found from any folder."""
        ratings = tuple(map(absolute_rating_option, self.ratings))
        overrides = tuple(map(absolute_location, self.overrides))
        return dataclasses.replace(self, ratings=ratings, overrides=overrides)

    def to_json(self) -> dict[str, Any]:
        """All settings but the decisions, as JSON values."""
        values = dataclasses.asdict(self)
        del values["decisions"]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Settings":
        """Settings from the values of `to_json`, also after a round trip through JSON."""
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**{**values, **lists, "fields": Fields(**values["fields"])})

    def _hash(self, changes: Mapping[str, object]) -> str:
        content = json.dumps({**dataclasses.asdict(self), **changes}, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def _check_actions(actions: Mapping[str, Action]) -> None:
    """Raise UsageError for a kind of noise or an action that there is not."""
    for kind, action in actions.items():
        if kind not in KINDS:
            raise UsageError(f"no kind of noise is called {kind!r}; there are: {', '.join(KINDS)}")
        if action not in ACTIONS:
            raise UsageError(f"{kind}={action}: the action is one of {', '.join(ACTIONS)}")


def _check_places(engine: str, publish: str) -> None:
    """Raise UsageError for an engine or a place to publish that there cannot be."""
    engine_name(engine)
    if publish and not is_remote(publish):
        raise UsageError(f"{publish!r}: an output is published below a URL like s3://bucket/prefix")


def _is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
