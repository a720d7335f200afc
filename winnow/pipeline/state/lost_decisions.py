"""Events that the last run read and that its log no longer has: the one loss that a chain of hashes cannot show."""

from pathlib import Path

from winnow.corpus.decisions.log import hash_at, open_log
from winnow.corpus.decisions.snapshot import Snapshot
from winnow.pipeline.state.manifest import Manifest


def lost_decisions(last: Manifest | None, decisions: Snapshot | None) -> str:
    """What is wrong with the log, or what it lacks of the events that the last run read; "" for nothing.

    Raises UsageError for a log that cannot be read.
    """
    if decisions and decisions.damage:
        return decisions.damage
    if last is None or not last.decision_head or (decisions and decisions.log != last.decision_log):
        return ""
    return missing_events(last, decisions.events if decisions else 0)


def missing_events(last: Manifest, events: int) -> str:
    """The same for the log that the last run read, which has so many events now, 0 where it is gone."""
    log, before = last.decision_log, last.decision_events
    if events < before:
        return (
            f"{log}: the last run read {before} events, and the last {before - events} of them are missing"
        )
    with open_log(Path(log), read_only=True) as connection:
        if hash_at(connection, before) == last.decision_head:
            return ""
    return f"{log}: event {before} and perhaps others before it are not those that the last run read"
