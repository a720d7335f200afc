"""A log as it was at one moment: it only grows, so the number of its last event names its content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from winnow.corpus.decisions.chain import FIRST, DamagedLogError, head_of, read_verified
from winnow.corpus.decisions.current import Decisions, fold
from winnow.corpus.decisions.events import Event, instant
from winnow.corpus.decisions.log import last_number, open_log


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a log that a run reads, the same for all its processes however long it takes."""

    path: str
    upto: int  # number of the last event that counts
    at: str  # the instant for which expiries are judged, ISO 8601
    fingerprint: str  # of the decisions that count then
    events: int = 0  # in the log then
    head: str = FIRST  # hash of the last of them; "" in a log without hashes
    stands_for: str = ""  # the path of a damaged log, of which this is an earlier copy
    damage: str = ""  # and what is wrong with it

    @property
    def log(self) -> str:
        """The path of the log that people write, whether or not it could be read."""
        return self.stands_for or self.path


def take_snapshot(path: Path, at: datetime) -> Snapshot:
    """The present state of a log. Raises UsageError where it cannot be read, DamagedLogError where it is damaged."""
    with open_log(path, read_only=True) as connection:
        upto = last_number(connection)
    read_from.cache_clear()  # the file may have been replaced by another with as many events
    where = str(path.absolute())
    decisions, events, head = read_from(where, upto, at.isoformat())
    return Snapshot(where, upto, at.isoformat(), decisions.fingerprint(), events, head)


def read_decisions(snapshot: Snapshot) -> Decisions:
    """The decisions in force at a snapshot.

    Raises UsageError where the log cannot be read, DamagedLogError where it is not what it was then.
    """
    decisions, *state = read_from(snapshot.path, snapshot.upto, snapshot.at)
    if state != [snapshot.events, snapshot.head]:
        raise DamagedLogError(f"{snapshot.path}: was replaced while a run read it; start the run again")
    return decisions


def decisions_about(
    snapshot: Snapshot | None, sources: Sequence[str], place: str, content: str
) -> tuple[Event, ...]:
    """The decisions of a snapshot that concern the text of a document, by its domain and host, address and hash."""
    return read_decisions(snapshot).of_document(sources, place, content) if snapshot else ()


@lru_cache(maxsize=2)
def read_from(path: str, upto: int, at: str) -> tuple[Decisions, int, str]:
    """The decisions in force at an instant, of how many events, and the hash of the last."""
    with open_log(Path(path), read_only=True) as connection:
        links = [link for link in read_verified(connection, Path(path)) if link.number <= upto]
    return fold((link.event for link in links), instant(at)), len(links), head_of(links)
