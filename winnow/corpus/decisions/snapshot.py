"""A log as it was at one moment: it only grows, so the number of its last event names its content."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from winnow.corpus.decisions.current import Decisions, fold
from winnow.corpus.decisions.events import instant
from winnow.corpus.decisions.log import last_number, open_log, read_events


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a log that a run reads, the same for all its processes however long it takes."""

    path: str
    upto: int  # number of the last event that counts
    at: str  # the instant for which expiries are judged, ISO 8601
    fingerprint: str  # of the decisions that count then


def take_snapshot(path: Path, at: datetime) -> Snapshot:
    """The present state of a log. Raises UsageError where it cannot be read."""
    with open_log(path, read_only=True) as connection:
        upto = last_number(connection)
    unnamed = Snapshot(str(path.absolute()), upto, at.isoformat(), fingerprint="")
    return Snapshot(unnamed.path, upto, unnamed.at, read_decisions(unnamed).fingerprint())


@lru_cache(maxsize=2)
def read_decisions(snapshot: Snapshot) -> Decisions:
    """The decisions in force at a snapshot. Raises UsageError where the log cannot be read."""
    with open_log(Path(snapshot.path), read_only=True) as connection:
        return fold(read_events(connection, "number <= ?", [snapshot.upto]), instant(snapshot.at))
