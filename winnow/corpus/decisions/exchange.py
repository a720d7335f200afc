"""Export and import of decisions, as CSV for spreadsheets and as JSON Lines for programs."""

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from winnow.corpus.decisions.events import FIELDS, Event, checked
from winnow.corpus.decisions.log import append_events, read_events
from winnow.corpus.errors import UsageError
from winnow.corpus.writers import csv_line, plain_cell

FORMATS: Final = ("csv", "jsonl")
MAX_DIGITS: Final = 20  # of a number in a cell; Python itself reads no more than some thousand


def export_events(events: Iterable[Event], form: str) -> Iterator[str]:
    """Lines of an export with one event each, in the order given; CSV begins with the names of its columns.

    CSV is armoured for spreadsheets, as `csv_line` says.
    """
    if form == "jsonl":
        rows = ({name: getattr(event, name) for name in FIELDS} for event in events)
        yield from (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return
    yield csv_line(FIELDS)
    yield from (csv_line(getattr(event, name) for name in FIELDS) for event in events)


def parse_events(text: str, form: str) -> list[Event]:
    """The events of an export, whose ids and times are kept. Raises UsageError with the line that is wrong."""
    rows = _csv_rows(text) if form == "csv" else _json_rows(text)
    return [_event(number, row) for number, row in rows]


def import_events(connection: sqlite3.Connection, events: Iterable[Event]) -> tuple[Event, ...]:
    """Add to a log the events that it lacks, in one transaction, and return those that were added.

    An undo of an event that is undone in the log already is passed over.
    """
    undone = {event.undoes for event in read_events(connection, "undoes != ''")}
    return append_events(connection, (e for e in events if not (e.undoes and e.undoes in undone)))


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Each row with the number of its last line."""
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(f"line {reader.line_num}: {len(reader.fieldnames or ())} cells are needed")
            cells: dict[str, object] = {name: plain_cell(cell) for name, cell in row.items()}
            near = str(cells.get("near", "") or 0)
            is_number = near.isdecimal() and len(near) <= MAX_DIGITS
            yield reader.line_num, cells | {"near": int(near) if is_number else near}
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: not CSV: {error}") from error


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"line {number}: not JSON") from error
        if not isinstance(row, dict):
            raise UsageError(f"line {number}: not a JSON object")
        yield number, row


def _event(number: int, row: dict[str, object]) -> Event:
    """A row as an event. One without an id is a new decision."""
    unknown = row.keys() - set(FIELDS)
    if unknown:
        raise UsageError(
            f"line {number}: no field is called {min(unknown)!r}; there are {', '.join(FIELDS)}"
        )
    wrong = [name for name, value in row.items() if not isinstance(value, int if name == "near" else str)]
    if wrong:
        raise UsageError(f"line {number}: {wrong[0]} is {row[wrong[0]]!r}")
    try:
        return checked(Event(**{"action": "", "who": "", "when": "", **row}))  # type: ignore[arg-type]  # types: above
    except UsageError as error:
        raise UsageError(f"line {number}: {error}") from error
