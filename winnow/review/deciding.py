"""Events from the values of forms: ratings, pieces of documents, lines of sites, undos, and repeated decisions."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from winnow.corpus.decisions.anchors import Anchor, anchor_at
from winnow.corpus.decisions.current import NOT_UNDONE_SQL
from winnow.corpus.decisions.events import MAX_TEXT_CHARS, Event, checked
from winnow.corpus.decisions.log import read_events
from winnow.corpus.errors import UsageError
from winnow.review.desk import NotThereError, now
from winnow.review.documents import PageDocument, place_of

MAX_LINES: Final = 50  # of one rule about a site
_UNDOES_OF_BATCH: Final = "undoes != '' and undoes in (select id from events where batch = ?)"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, and why."""

    who: str
    why: str
    expires: str = ""


def rating_events(sources: Iterable[str], label: str, reviewer: Reviewer) -> list[Event]:
    """A rating of each source. Raises UsageError for a label or day that is not valid."""
    when = now().isoformat()
    return [
        checked(Event("rate_source", reviewer.who, when, reviewer.why, source, label, reviewer.expires))
        for source in dict.fromkeys(sources)
    ]


def span_events(
    action: str, reviewed: PageDocument, span: tuple[int, int], kind: str, reviewer: Reviewer
) -> list[Event]:
    """A decision about a piece of a document; several where it is longer than one event can hold."""
    place, content = place_of(reviewed.row)
    when, source = now().isoformat(), reviewed.row["domain"] or reviewed.row["source"]
    return [
        Event(
            action, reviewer.who, when, reviewer.why, source, document=reviewed.row["id"], place=place, content=content,
            kind=kind, text=anchor.text, prefix=anchor.prefix, suffix=anchor.suffix, near=anchor.near,
        )
        for anchor in _anchors(reviewed, *span)
    ]  # fmt: skip


def line_events(
    action: str, source: str, lines: Sequence[str], kind: str, reviewer: Reviewer
) -> list[Event]:
    """A rule for each line. Raises UsageError where there is none, or more than `MAX_LINES`."""
    bare = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not 0 < len(bare) <= MAX_LINES:
        raise UsageError(f"{len(bare)} lines; a rule for a site takes 1 to {MAX_LINES} at once")
    when = now().isoformat()
    events = (
        Event(action, reviewer.who, when, reviewer.why, source, kind=kind, text=line) for line in bare
    )
    return [checked(event) for event in events]


def undo_events(index: sqlite3.Connection, reviewer: Reviewer, batch: str = "") -> list[Event]:
    """Events that undo a batch; without ``batch``, the last one of this person in force. Raises NotThereError."""
    batch = batch or _last_batch(index, reviewer.who)
    events = read_events(index, "batch = ? and action != 'undo'", [batch])
    undone = {e.undoes for e in read_events(index, _UNDOES_OF_BATCH, [batch])}
    if not events:
        raise NotThereError("there is nothing to undo")
    when = now().isoformat()
    return [
        Event("undo", reviewer.who, when, reviewer.why, undoes=e.id) for e in events if e.id not in undone
    ]


def again_events(index: sqlite3.Connection, reviewer: Reviewer, batch: str) -> tuple[list[Event], int]:
    """Events that repeat the undone decisions of a batch, and the number of its last undo. Raises NotThereError."""
    undone = {e.undoes for e in read_events(index, _UNDOES_OF_BATCH, [batch])}
    events = [e for e in read_events(index, "batch = ?", [batch]) if e.id in undone]
    if not events:
        raise NotThereError("there is nothing that was undone")
    when = now().isoformat()
    statement = f"select max(number) from events where {_UNDOES_OF_BATCH}"  # noqa: S608  # ours
    [last] = index.execute(statement, [batch]).fetchone()
    return [replace(e, who=reviewer.who, when=when, id="", batch="") for e in events], last


def find_span(reviewed: PageDocument, text: str) -> tuple[int, int]:
    """Where a typed text first occurs in a document. Raises UsageError where it does not."""
    place = Anchor("\n".join(text.splitlines()).strip()).find(reviewed.emitted.document.text)
    if place is None:
        raise UsageError("this text is not in the document; copy it exactly as shown")
    return place


def _anchors(reviewed: PageDocument, start: int, end: int) -> Iterator[Anchor]:
    """The anchors of a stretch, or of a removed piece where the text around it is not available."""
    text = reviewed.emitted.document.text
    if reviewed.is_whole:
        if not text[start:end].strip():
            raise UsageError("there is no text at this place")
        for at in range(start, end, MAX_TEXT_CHARS):
            yield anchor_at(text, at, min(at + MAX_TEXT_CHARS, end))
        return
    removed_texts = [
        s["text"] for s in reviewed.row["metadata"]["removed"] if (s["start"], s["end"]) == (start, end)
    ]
    if not removed_texts:
        raise UsageError("of Markdown, only a removed piece can be decided on")
    for at in range(0, len(removed_texts[0]), MAX_TEXT_CHARS):
        yield Anchor(removed_texts[0][at : at + MAX_TEXT_CHARS], near=start + at)


def _last_batch(index: sqlite3.Connection, who: str) -> str:
    row = index.execute(
        f"select batch from events event where who = ? and action != 'undo' and {NOT_UNDONE_SQL} "  # noqa: S608  # ours
        "order by number desc limit 1",
        [who],
    ).fetchone()
    if row is None:
        raise NotThereError(f"{who} has decided nothing that could be undone")
    return str(row[0])
