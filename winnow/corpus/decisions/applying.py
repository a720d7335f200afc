"""Decisions applied to a cleaned document: they win over rules and models, document over site, late over early."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from winnow.corpus.contacts.mask import has_placeholder, mask_contacts
from winnow.corpus.decisions.anchors import Anchor
from winnow.corpus.decisions.events import LINE_ACTIONS, Event
from winnow.corpus.document import Cleaned, Removal, settle
from winnow.corpus.lines import split_lines
from winnow.corpus.taxonomy import LAYOUT

CLEANER: Final = "decisions"
RULE: Final = "person"
REMOVING: Final = frozenset({"remove_span", "remove_line"})


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """A document after the decisions about it, and which of these found their place in it."""

    cleaned: Cleaned
    placed: tuple[Event, ...]
    about: tuple[Event, ...] = ()  # all that were about it


@dataclass(frozen=True, slots=True)
class SpanDecision:
    """What a person wants for a stretch of the text."""

    start: int
    end: int
    event: Event


def decide(cleaned: Cleaned, events: Sequence[Event]) -> ReviewedDocument:
    """Apply what people decided about a document (see `Decisions.of_document`).

    Restored stretches are cut out of the removals; removed ones become removals of rule ``person`` and
    cleaner ``decisions``, and replace removals of cleaners there. Blank lines are settled anew. Earlier
    results of decisions are undone first, so that applying twice gives the same.
    """
    verdicts, placed = find_verdicts(cleaned.document.text, events)
    if not verdicts and all(r.cleaner != CLEANER for r in cleaned.removals):
        return ReviewedDocument(cleaned, (), (*events,))
    found_by_cleaners = [r for r in cleaned.removals if r.kind != LAYOUT and r.cleaner != CLEANER]
    by_people = [Removal(v.start, v.end, v.event.kind, RULE, 1.0, CLEANER) for v in verdicts if _removes(v)]
    all_removals = [*_without(found_by_cleaners, verdicts), *by_people]
    text, uncut = cleaned.document.text, {*found_by_cleaners}
    # A bare line end that a cut leaves over would join two lines; the layout decides on it.
    removals = [r for r in all_removals if r in uncut or text[r.start : r.end].strip()]
    return ReviewedDocument(settle(cleaned.document, removals), placed, (*events,))


def line_key(line: str) -> str:
    r"""The key by which lines of a site are equal: words and signs count, case and white space do not.

    >>> line_key("  Share  THIS page\n")
    'share this page'
    """
    return " ".join(line.casefold().split())


def find_verdicts(text: str, events: Sequence[Event]) -> tuple[list[SpanDecision], tuple[Event, ...]]:
    """The stretches that people decided on, disjoint and in order, and the events that found a place."""
    verdicts = list(_line_verdicts(text, events))
    placed = [verdict.event for verdict in verdicts]
    for event in events:
        place = None if event.action in LINE_ACTIONS else anchor_of(event).find(_as_seen(text, event))
        if place:
            verdicts = [*_outside(verdicts, *place), SpanDecision(*place, event)]
            placed.append(event)
    return sorted(verdicts, key=lambda v: v.start), tuple({e.id: e for e in placed}.values())


def _as_seen(text: str, event: Event) -> str:
    """A text as the reviewer saw it: with contacts masked, if the decision quotes a placeholder."""
    quoted = f"{event.prefix}{event.text}{event.suffix}"
    return mask_contacts(text) if has_placeholder(quoted) else text


def anchor_of(event: Event) -> Anchor:
    """The span that an event is about."""
    return Anchor(event.text, event.prefix, event.suffix, event.near)


def _line_verdicts(text: str, events: Iterable[Event]) -> Iterator[SpanDecision]:
    """Whole lines that a rule of the site is about."""
    rules = {line_key(event.text): event for event in events if event.action in LINE_ACTIONS}
    masked_text = mask_contacts(text) if any(map(has_placeholder, rules)) else text
    for start, stop in split_lines(text) if rules else ():
        event = rules.get(line_key(text[start:stop])) or rules.get(line_key(masked_text[start:stop]))
        if event:
            yield SpanDecision(start, stop, event)


def _removes(verdict: SpanDecision) -> bool:
    return verdict.event.action in REMOVING


def _outside(verdicts: Iterable[SpanDecision], start: int, end: int) -> Iterator[SpanDecision]:
    """The parts of verdicts outside ``start:end``."""
    for verdict in verdicts:
        if verdict.start < min(verdict.end, start):
            yield replace(verdict, end=min(verdict.end, start))
        if max(verdict.start, end) < verdict.end:
            yield replace(verdict, start=max(verdict.start, end))


def _without(removals: Iterable[Removal], verdicts: Sequence[SpanDecision]) -> Iterator[Removal]:
    """The parts of removals outside the verdicts; both are disjoint and in order."""
    first = 0
    for removal in removals:
        while first < len(verdicts) and verdicts[first].end <= removal.start:
            first += 1
        at, index = removal.start, first
        while index < len(verdicts) and verdicts[index].start < removal.end:
            if at < verdicts[index].start:
                yield replace(removal, start=at, end=verdicts[index].start)
            at, index = max(at, verdicts[index].end), index + 1
        if at < removal.end:
            yield replace(removal, start=at)
