"""Events: one decision of a person each, and the checks that an event must pass."""

import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.taxonomy import KINDS

# action: (what it decides, the fields that it cannot do without)
ACTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "rate_source": ("how reliable a source is, whatever the model says", ("source", "label")),
    "restore_span": ("a removed piece of one document stays", ("text",)),
    "remove_span": ("a piece of one document goes", ("text", "kind")),
    "restore_line": ("a line stays in all documents of a source", ("source", "text")),
    "remove_line": ("a line goes from all documents of a source", ("source", "text", "kind")),
    "undo": ("an earlier event counts no more", ("undoes",)),
}
SPAN_ACTIONS: Final = ("restore_span", "remove_span")
LINE_ACTIONS: Final = ("restore_line", "remove_line")
RATING_LABELS: Final = ("reliable", "mixed", "unreliable", "unknown")  # the last: do not score this source
MAX_TEXT_CHARS: Final = 100_000  # of one field; the csv module reads cells up to 131,072 characters
LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Of the log's whole numbers, which end at 2**63, those that JSON keeps exact everywhere.
MAX_NEAR: Final = 2**53
MAX_NAME_CHARS: Final = 10_000  # of any other field; a URL that is read has at most 8,192


@dataclass(frozen=True, slots=True)
class Event:
    """One decision as the log keeps it; "" is "does not apply". `checked` tells whether it makes sense.

    A span is found again by its text and surroundings (see `winnow.corpus.decisions.anchors`), a document by its
    address or by its raw bytes, so that a decision outlives a new extraction.
    """

    action: str  # a key of `ACTIONS`
    who: str
    when: str  # ISO 8601; in the log with a zone, in a file of `--overrides` a day will do
    why: str = ""
    source: str = ""  # as `sources.parquet` names it
    label: str = ""  # one of `RATING_LABELS`
    expires: str = ""  # the last day on which it counts (UTC), ISO 8601; "" counts for good
    document: str = ""  # id of the document that the person saw
    place: str = ""  # its URL, or without one its raw path
    content: str = ""  # SHA-256 of its raw bytes, hex
    kind: str = ""  # of noise, a key of the taxonomy
    text: str = ""  # of the span, or the line
    prefix: str = ""  # what stood before the span
    suffix: str = ""  # what stood after it
    near: int = 0  # code points before it
    undoes: str = ""  # id of the event that counts no more
    batch: str = ""  # equal for events that were decided together; set by the log
    id: str = ""  # 32 hex digits; set by the log
    # 0 to 1; only a file of `--overrides` gives one, the log has no column for it
    score: float | None = None

    @property
    def subject(self) -> str:
        """What the event is about, a document or a source: two people must not decide on it unaware of each other."""
        return self.document or self.source or self.place or self.content


FIELDS: Final = tuple(field.name for field in fields(Event) if field.name != "score")  # of the log


def checked(event: Event) -> Event:
    """The event, if it may be written. Reading does not check: a later Winnow may allow other values.

    Raises UsageError that names the wrong field.
    """
    _check_words(event)
    _check_sizes(event)
    if not _is_instant(event.when):
        raise UsageError(f"when={event.when!r}: give an instant like 2026-01-31T12:00:00+00:00")
    if event.expires and not _is_day(event.expires):
        raise UsageError(f"expires={event.expires!r}: give a day like 2026-12-31")
    if event.score is not None:
        raise UsageError(
            f"score={event.score!r}: the log keeps labels only; name the file with --overrides"
        )
    return event


def instant(text: str) -> datetime:
    """An event's time as a time that compares with any other; UTC where it names no zone, a day from its start.

    >>> instant("2025-03-14") < instant("2025-03-14T00:30:00Z") < instant("2025-03-14T00:00:00-01:00")
    True
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_words(event: Event) -> None:
    """Check the action, the fields that it needs, and words of fixed lists."""
    if event.action not in ACTIONS:
        raise UsageError(f"action={event.action!r}: there are {', '.join(ACTIONS)}")
    missing = [name for name in ("who", *ACTIONS[event.action][1]) if not getattr(event, name).strip()]
    if missing:
        raise UsageError(f"{event.action}: {missing[0]} is missing")
    if event.label and event.label not in RATING_LABELS:
        raise UsageError(f"label={event.label!r}: there are {', '.join(RATING_LABELS)}")
    if event.kind and event.kind not in KINDS:
        raise UsageError(f"kind={event.kind!r}: no kind of noise is called so")
    if event.action in SPAN_ACTIONS and not (event.place or event.content):
        raise UsageError(f"{event.action}: place and content are missing, so no document is named")
    if event.undoes and event.action != "undo":
        raise UsageError(f"{event.action}: undoes={event.undoes!r}: only an undo names a decision")
    if event.action in LINE_ACTIONS and "\n" in event.text:
        raise UsageError(f"{event.action}: text has more than one line; give each its own event")


def _check_sizes(event: Event) -> None:
    for name in FIELDS:
        value = getattr(event, name)
        limit = MAX_TEXT_CHARS if name == "text" else MAX_NAME_CHARS
        if isinstance(value, str) and len(value) > limit:
            raise UsageError(f"{name}: {len(value)} characters; {limit} are the most")
        if isinstance(value, str) and LONE_SURROGATE.search(value):
            raise UsageError(f"{name}: not valid Unicode")
    if type(event.near) is not int or not 0 <= event.near <= MAX_NEAR:  # True is an int, too
        raise UsageError(f"near={_shortened(event.near)}: give the number of characters before the span")


def _shortened(number: object) -> str:
    """A value for a message; Python refuses to write whole numbers of more than some thousand digits."""
    return "a number too long" if isinstance(number, int) and abs(number) > MAX_NEAR else repr(number)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
