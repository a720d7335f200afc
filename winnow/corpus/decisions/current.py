"""What counts now: which events are in force, and these folded into overrides, lines and spans."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Final

from winnow.corpus.decisions.events import LINE_ACTIONS, Event, instant

# `is_in_force` over a log's table in SQL, for reviewers' queues that are too long to fold: `event` is the row, `:day`
# the `utc_day` of the instant. A test holds the two equal.
NOT_UNDONE_SQL: Final = (
    "not exists (select 1 from events undo where undo.undoes = event.id and undo.undoes != '')"
)
IN_FORCE_SQL: Final = (
    f"event.action != 'undo' and (event.expires = '' or event.expires >= :day) and {NOT_UNDONE_SQL}"
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The events in force, by what they are about; later ones come later and win."""

    overrides: Mapping[str, Event] = field(default_factory=dict)  # source -> the last rating
    lines: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)  # source -> events
    spans: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)  # place, or content -> events

    def of_document(self, sources: Iterable[str], place: str, content: str) -> tuple[Event, ...]:
        """The events about the text of a document, line rules of its sources (domain, then host) first."""
        by_id = {e.id: e for key in (place, content) if key for e in self.spans.get(key, ())}
        spans = sorted(by_id.values(), key=lambda e: instant(e.when))
        lines = chain.from_iterable(self.lines.get(source, ()) for source in dict.fromkeys(sources))
        return (*lines, *spans)

    def orphans(self, placed: Collection[str]) -> list[Event]:
        """Decisions about texts that found no place in a run, in order of time; ``placed`` are the ids that did."""
        events = {e.id: e for e in chain(*self.lines.values(), *self.spans.values()) if e.id not in placed}
        return sorted(events.values(), key=lambda e: instant(e.when))

    def fingerprint(self) -> str:
        """A hash of all events in force, 16 hex digits; the order in which they were imported does not matter."""
        events = chain(self.overrides.values(), *self.lines.values(), *self.spans.values())
        ids = sorted({event.id for event in events})
        return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def fold(events: Iterable[Event], at: datetime) -> Decisions:
    """The decisions in force at an instant; of several ratings of a source, the last.

    Events are sorted by time; those of the same time keep their order.
    """
    all_events = list(events)
    undone = {e.undoes for e in all_events}
    overrides: dict[str, Event] = {}
    lines: dict[str, list[Event]] = defaultdict(list)
    spans: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(all_events, key=lambda e: instant(e.when)):
        if not is_in_force(event, undone, at):
            continue
        if event.action == "rate_source":
            overrides[event.source] = event
        elif event.action in LINE_ACTIONS:
            lines[event.source].append(event)
        else:
            for key in {event.place, event.content} - {""}:
                spans[key].append(event)
    return Decisions(overrides, _frozen(lines), _frozen(spans))


def is_in_force(event: Event, undone: Collection[str], at: datetime) -> bool:
    """Whether an event counts at an instant: neither undone (``undone`` are ids) nor past its last day.

    A decision without an id, as a file of `--overrides` holds it, cannot be undone.
    """
    is_undone = event.id != "" and event.id in undone
    return event.action != "undo" and not is_undone and not has_expired(event, at)


def has_expired(event: Event, at: datetime) -> bool:
    """Whether the last day on which an event counts is over."""
    return event.expires != "" and event.expires < utc_day(at)


def utc_day(at: datetime) -> str:
    """The day of an instant in UTC, ISO 8601: the calendar by which decisions expire."""
    return at.astimezone(UTC).date().isoformat()


def _frozen(table: Mapping[str, list[Event]]) -> dict[str, tuple[Event, ...]]:
    return {key: tuple(events) for key, events in table.items()}
