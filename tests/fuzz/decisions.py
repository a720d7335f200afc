"""Files of decisions: each event is read back from an export, lands in a log once, and takes nothing but what it says."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from tests.deciding import line, rating, span
from tests.fuzz.readers import folder
from tests.fuzz.target import LostError, Target, as_bytes, expect, expect_count
from tests.reviewing import AD, TEXT
from winnow.corpus.decisions.applying import decide
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import ACTIONS, FIELDS, RATING_LABELS, Event, checked
from winnow.corpus.decisions.exchange import FORMATS, export_events, import_events, parse_events
from winnow.corpus.decisions.log import NAME, ConflictError, open_log, read_events
from winnow.corpus.document import Document, Removal, clean
from winnow.corpus.errors import UsageError
from winnow.corpus.taxonomy import KINDS

AT: Final = datetime(2026, 1, 31, tzinfo=UTC)
PAGE: Final = clean(Document(TEXT), ())
CELLS: Final = (
    ",", "\n", "\r\n", '"', '": ', '"\n', "{", "}", "ada", "2026-01-31T12:00:00+00:00", "0001-01-01T00:00:00+23:59", "2026-12-31",
    "9999-12-31T23:59:59-23:59", "https://ledger.example/1", "a.example", AD, "=1+1", "'", "0", "true", "null", "\\u0000", "\\ud800",
    "\0", "id", "e1", "e2",
)  # fmt: skip


def check(data: bytes) -> None:
    """Read a file of decisions, export and import them, and apply them to a page; the first byte names the format."""
    form = FORMATS[data[0] % len(FORMATS)] if data else FORMATS[0]
    try:
        events = parse_events(data[1:].decode("utf8", "replace"), form)
    except UsageError as error:
        expect("line " in str(error), "a mistake has its line")
        return
    for each in FORMATS:
        if parse_events("".join(export_events(events, each)), each) != events:
            raise LostError(f"an export as {each} reads back as other events")
    _check_applied(events)
    _check_imported(events)


def _check_applied(events: list[Event]) -> None:
    """Applied twice, decisions give the same; a text only loses what they say, and each is in force once at most."""
    decisions = fold(events, AT)
    about = decisions.of_document(("ledger.example",), "https://ledger.example/1", "")
    once = decide(PAGE, about).cleaned
    expect(decide(once, about).cleaned == once, "decisions apply once")
    expect(
        "".join(once.text) == "".join(_left(once.document.text, once.removals)),
        "a text only loses what is listed",
    )


def _left(text: str, removals: Iterable[Removal]) -> Iterator[str]:
    """The pieces of a text between removals."""
    at = 0
    for removal in removals:
        yield text[at : removal.start]
        at = removal.end
    yield text[at:]


def _check_imported(events: list[Event]) -> None:
    """A log holds what was imported once, however often that is imported again."""
    path = folder() / NAME
    for file in (path, path.with_name(f"{NAME}-wal"), path.with_name(f"{NAME}-shm")):
        file.unlink(missing_ok=True)
    with open_log(path) as log:
        try:
            added = import_events(log, events)
        except (UsageError, ConflictError) as error:
            expect(str(error), "a refusal is told")
            expect_count(len(read_events(log)), 0, "events")
            return
        expect_count(
            len(added),
            len({event.id for event in events if event.id}) + sum(not e.id for e in events),
            "events",
        )
        logged = read_events(log)
        expect(
            [event.id for event in logged] == [event.id for event in added], "a log holds what was added"
        )
        expect([*map(checked, logged)] == logged, "what is written may be written again")
        named = [event for event in events if event.id]
        expect_count(len(import_events(log, named)), 0, "new events")


def _files() -> Iterator[bytes]:
    events = (
        rating("ledger.example", "mixed", why="=1+1", id="e1"),
        span("remove_span", TEXT, AD),
        span("restore_span", TEXT, "harbour board", 3),
        line("remove_line", "Bring your own mug to the quay."),
        Event("undo", "ada", "2026-01-31T12:00:00+00:00", undoes="e1", id="e3"),
    )
    for number, form in enumerate(FORMATS):
        for count in range(1, len(events) + 1):
            yield bytes([number]) + "".join(export_events(events[:count], form)).encode()
        yield bytes([number]) + "".join(export_events(events[-2:-1], form)).encode()
    yield (
        b"\1" + json.dumps({"action": "rate_source", "who": "ada", "when": "2026-01-31T12:00:00Z"}).encode()
    )


TARGET: Final = Target(
    check, _files, as_bytes(FIELDS, ACTIONS, RATING_LABELS, KINDS, CELLS), max_bytes=1500
)
