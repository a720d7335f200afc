"""Everything a user can set, read once and handed down."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.errors import UsageError
from corpus.taxonomy import KINDS, Action

ACTIONS = ("drop", "keep", "meta")
POLICIES = ("main", "article")
TEXT_FORMATS = ("plain", "markdown")
TextFormat = Literal["plain", "markdown"]


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
    """Settings of a run. All of them shape the output, but for ``workers`` and the shard sizes."""

    actions: Mapping[str, Action] = field(default_factory=dict)  # kind -> action, over the taxonomy's
    fields: Fields = field(default_factory=Fields)
    policy: str = (
        "main"  # of pages: their main content, whatever they are; or "article": an article's body only
    )
    text_format: TextFormat = "plain"  # of the text of records; "markdown" keeps the structure of pages
    encoding: str = ""  # of files that declare none; "" guesses
    max_document_bytes: int = 20_000_000  # a longer document is quarantined
    min_chars: int = 1  # a document with less text left is rejected as empty
    document_seconds: float = 60.0  # wall clock; a slower document is quarantined
    shard_documents: int = 1000
    shard_bytes: int = 64_000_000
    workers: int = 1
    recalibration: tuple[float, float, float] = (0.0, 1.0, 0.0)
    """Of the scores of sources: shift and slope of the log-odds, shift of the rating."""

    def __post_init__(self) -> None:
        for kind, action in self.actions.items():
            if kind not in KINDS:
                raise UsageError(f"no kind of noise is called {kind!r}; there are: {', '.join(KINDS)}")
            if action not in ACTIONS:
                raise UsageError(f"{kind}={action}: the action is one of {', '.join(ACTIONS)}")
        if self.policy not in POLICIES:
            raise UsageError(f"no policy is called {self.policy!r}; there are: {', '.join(POLICIES)}")
        if self.text_format not in TEXT_FORMATS:
            raise UsageError(f"{self.text_format!r}: the format is one of {', '.join(TEXT_FORMATS)}")

    def action(self, kind: str) -> Action:
        """What happens to a kind of noise; leftovers of layout are always dropped."""
        return self.actions.get(kind) or (KINDS[kind][0] if kind in KINDS else "drop")

    @property
    def kept_kinds(self) -> frozenset[str]:
        """Kinds that stay in the text."""
        return frozenset(kind for kind in KINDS if self.action(kind) == "keep")

    def fingerprint(self) -> str:
        """A hash of all that shapes the output, 16 hex digits."""
        shaping = dataclasses.asdict(self) | {"workers": 0, "shard_documents": 0, "shard_bytes": 0}
        return hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()[:16]
