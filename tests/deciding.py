"""Decisions for tests: events with all fields that they need, and a log for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from winnow.corpus.decisions.anchors import anchor_at
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME, append_events, open_log

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PLACE = "https://ledger.example/1"


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def rating(source: str, label: str, minutes: float = 0, **more: Any) -> Event:
    return Event("rate_source", "ada", at(minutes), source=source, label=label, **more)


def span(action: str, text: str, piece: str, minutes: float = 0, **more: Any) -> Event:
    start = text.index(piece)
    anchor = anchor_at(text, start, start + len(piece))
    where = {"text": piece, "prefix": anchor.prefix, "suffix": anchor.suffix, "near": start}
    return Event(
        action, "ada", at(minutes), **{"place": PLACE, "kind": "promo", "id": f"{minutes}", **where, **more}
    )


def line(action: str, text: str, source: str = "ledger.example", minutes: float = 0) -> Event:
    return Event(action, "ada", at(minutes), source=source, text=text, kind="promo", id=f"line {minutes}")


def write_log(folder: Path, *events: Event) -> tuple[Event, ...]:
    with open_log(folder / NAME) as log:
        return append_events(log, events)


@contextmanager
def logged(folder: Path) -> Iterator[Any]:
    with open_log(folder / NAME) as log:
        yield log
