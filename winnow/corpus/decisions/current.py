"""What counts now: the events of a log folded into overrides, lines and spans."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

from winnow.corpus.decisions.events import LINE_ACTIONS, Event, instant


@dataclass(frozen=True, slots=True)
class Decisions:
    """The events that count, by what they are about; later ones stand later and win."""

    overrides: Mapping[str, Event] = field(default_factory=dict)  # source -> the last rating
    lines: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)  # source -> events
    spans: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)  # place, or content -> events

    def of_document(self, sources: Iterable[str], place: str, content: str) -> tuple[Event, ...]:
        """What touches the text of a document, line rules of its sources (domain, then host) first."""
        by_id = {e.id: e for key in (place, content) if key for e in self.spans.get(key, ())}
        spans = sorted(by_id.values(), key=lambda e: instant(e.when))
        lines = chain.from_iterable(self.lines.get(source, ()) for source in dict.fromkeys(sources))
        return (*lines, *spans)

    def orphans(self, placed: Collection[str]) -> list[Event]:
        """Decisions about texts that found no place in a run, in order of time; ``placed`` are the ids that did."""
        events = {e.id: e for e in chain(*self.lines.values(), *self.spans.values()) if e.id not in placed}
        return sorted(events.values(), key=lambda e: instant(e.when))

    def fingerprint(self) -> str:
        """A hash of all that counts, 16 hex digits; equal for equal decisions in any order of import."""
        events = chain(self.overrides.values(), *self.lines.values(), *self.spans.values())
        ids = sorted({event.id for event in events})
        return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def fold(events: Iterable[Event], at: datetime) -> Decisions:
    """What counts at an instant: not what was undone, has expired, or was decided anew.

    Events are taken by their time, those of one time in the order given.
    """
    known = list(events)
    void = {e.undoes for e in known}
    overrides: dict[str, Event] = {}
    lines: dict[str, list[Event]] = defaultdict(list)
    spans: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(known, key=lambda e: instant(e.when)):
        if event.id in void or event.action == "undo" or has_expired(event, at):
            continue
        if event.action == "rate_source":
            overrides[event.source] = event
        elif event.action in LINE_ACTIONS:
            lines[event.source].append(event)
        else:
            for key in {event.place, event.content} - {""}:
                spans[key].append(event)
    return Decisions(overrides, _frozen(lines), _frozen(spans))


def has_expired(event: Event, at: datetime) -> bool:
    """Whether an event counted for a while only, and that is over."""
    return bool(event.expires) and event.expires < at.astimezone(UTC).date().isoformat()


def _frozen(table: Mapping[str, list[Event]]) -> dict[str, tuple[Event, ...]]:
    return {key: tuple(events) for key, events in table.items()}
