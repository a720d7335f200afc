"""Files of people's decisions about sources (`--overrides`), read as the events that a log would hold."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn

from winnow.corpus.dates import iso_date
from winnow.corpus.decisions.events import RATING_LABELS, Event
from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.corpus.readers.jsonl import json_object
from winnow.corpus.writers import plain_cell

FIELDS: Final = ("domain", "label", "score", "by", "at", "why", "expires")
DAY_CHARS: Final = 10  # of an ISO 8601 date without its time


def read_overrides(path: Path) -> tuple[Event, ...]:
    """The ratings of a CSV or JSON Lines file with `FIELDS`, in its order; score and expires may be missing.

    Sources are named as `winnow.corpus.domains.site_host` gives hosts. Raises UsageError with file, row and what to do.
    """
    try:
        content = path.read_bytes()
        content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; --overrides names a CSV or JSONL file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    rows = _json_rows(path, content) if content.lstrip()[:1] == b"{" else _csv_rows(path, content)
    return tuple(_override(path, number, row) for number, row in rows)


def override_row(event: Event) -> dict[str, object]:
    """A rating under the names that files of `--overrides` and reports use for its parts."""
    return {
        "domain": event.source,
        "label": event.label,
        "by": event.who,
        "at": event.when,
        "why": event.why,
        "score": event.score,
        "expires": event.expires,
    }


def _json_rows(path: Path, content: bytes) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            try:
                yield number, json_object(line)
            except ValueError as error:
                _fail(path, number, f"invalid JSON: {error}", "correct the line")


def _csv_rows(path: Path, content: bytes) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    try:
        if missing := {"domain", "label"} - set(reader.fieldnames or ()):
            _fail(path, 1, f"no column {min(missing)}", f"the columns are {', '.join(FIELDS)}")
        for row in reader:
            # Under None are the cells that a row has more than the heading, as a list.
            yield (
                reader.line_num,
                {name: plain_cell(cell) if isinstance(cell, str) else cell for name, cell in row.items()},
            )
    except csv.Error as error:
        _fail(path, reader.line_num, f"broken CSV ({error})", "correct the row")


def _override(path: Path, number: int, row: Mapping[str, object]) -> Event:
    text = {name: str(row.get(name) if row.get(name) is not None else "").strip() for name in FIELDS}
    domain, at, expires = site_host(text["domain"]), iso_date(text["at"]), iso_date(text["expires"])
    if not domain:
        _fail(path, number, f"{text['domain']!r} is no domain", "give it like daily.example")
    if text["label"] not in RATING_LABELS:
        _fail(
            path, number, f"no label is called {text['label']!r}", f"use one of {', '.join(RATING_LABELS)}"
        )
    if not (text["by"] and at):
        _fail(path, number, "who decided this, and when?", "fill by and at, a date like 2025-03-14")
    if text["expires"] and not expires:
        _fail(path, number, f"expires {text['expires']!r} is no date", "give it like 2025-03-14")
    score = _score(path, number, text["score"])
    day = expires[:DAY_CHARS]
    return Event("rate_source", text["by"], at, text["why"], domain, text["label"], day, score=score)


def _score(path: Path, number: int, text: str) -> float | None:
    try:
        score = float(text) if text else None
    except ValueError:
        score = -1.0
    if score is not None and not 0 <= score <= 1:
        _fail(path, number, f"{text!r} is no score", "give a number from 0 to 1, or none")
    return score


def _fail(path: Path, number: int, what: str, next_step: str) -> NoReturn:
    raise UsageError(f"{path}:{number}: {what}; {next_step}")
