"""Labels of sources by people: from a CSV of their own, an export of the review page, or the log of decisions."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from winnow.corpus.decisions.chain import read_verified
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.exchange import parse_events
from winnow.corpus.decisions.log import open_log
from winnow.corpus.errors import UsageError
from winnow.training.reliability.fit_reliability import GOOD_FROM

SQLITE: Final = b"SQLite format 3\0"  # with which a log begins
# The mean rating of the domains of Lin et al. 2023 below .4, from .4 to .6, and from .6 up: 2,652, 2,549 and 4,528
RATINGS: Final[Mapping[str, float]] = MappingProxyType(
    {"unreliable": 0.28, "mixed": 0.52, "reliable": 0.72}
)
CLASSES: Final[Mapping[str, float]] = MappingProxyType(
    {"reliable": 1.0, "1": 1.0, "mixed": 0.5, "unreliable": 0.0, "0": 0.0}
)


@dataclass(frozen=True, slots=True)
class Label:
    """A person's label of a source."""

    word: str  # reliable, mixed or unreliable
    good: float  # 1 for reliable, 0 for unreliable, .5 for mixed
    rating: float | None = None  # 0 to 1, where the person gave a number

    @property
    def target(self) -> float:
        """The rating to learn: the number given, or what experts give such sources on average (`RATINGS`)."""
        return RATINGS[self.word] if self.rating is None else self.rating


def read_labels(path: Path, at: datetime) -> dict[str, Label]:
    """The labels of a file by domain, sorted.

    A CSV with a column ``domain`` and ``rating`` (0 to 1) or ``label`` (reliable, mixed, unreliable); or decisions:
    the CSV or JSON Lines that the review page exports, or a log. Of decisions those count that hold at ``at``: not
    the expired, the undone and those that were made anew; "unknown" (do not score) is no label.
    Raises UsageError for a file or row that says nothing.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file of labels")
    content = path.read_bytes()
    if content.startswith(SQLITE):
        with open_log(path, read_only=True) as log:
            labels = _labels_of_decisions((link.event for link in read_verified(log, path)), at)
    else:
        labels = _labels_of_text(path, _text_of(path, content), at)
    return {domain: labels[domain] for domain in sorted(labels)}


def _text_of(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def _labels_of_text(path: Path, text: str, at: datetime) -> dict[str, Label]:
    try:
        if text.lstrip().startswith("{"):
            return _labels_of_decisions(parse_events(text, "jsonl"), at)
        columns = next(csv.reader(io.StringIO(text, newline="")), [])
        if "action" in columns:
            return _labels_of_decisions(parse_events(text, "csv"), at)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    if "domain" not in columns:
        raise UsageError(f"{path}: no column domain, and no export of decisions; see docs/training.md")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {(row["domain"] or "").strip().lower(): _label(path, row) for row in rows}


def _labels_of_decisions(events: Iterable[Event], at: datetime) -> dict[str, Label]:
    """The labels of the decisions that count, but for "unknown"."""
    decided = fold(events, at).overrides
    return {
        source: Label(event.label, CLASSES[event.label])
        for source, event in decided.items()
        if event.label in RATINGS
    }


def _label(path: Path, row: Mapping[str, str | None]) -> Label:
    word, rating = (row.get("label") or "").strip().lower(), (row.get("rating") or "").strip()
    try:
        if rating and 0 <= float(rating) <= 1:
            good = float(rating) >= GOOD_FROM
            return Label("reliable" if good else "unreliable", float(good), float(rating))
        good_of_word = CLASSES[word]
    except (KeyError, ValueError):
        raise UsageError(
            f"{path}: {row.get('domain')}: give a rating from 0 to 1, or the label reliable, mixed or unreliable"
        ) from None
    return Label({1.0: "reliable", 0.5: "mixed", 0.0: "unreliable"}[good_of_word], good_of_word)
