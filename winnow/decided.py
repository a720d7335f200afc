"""The decisions of people that a command or a call applies."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.decisions.log import NAME
from corpus.decisions.snapshot import take_snapshot
from corpus.errors import UsageError
from corpus.settings import Settings


def with_decisions(settings: Settings, log: Path | None, folder: Path | None) -> Settings:
    """Settings with a snapshot of the log that was named, or else of the one in a folder, if there is one.

    Raises UsageError where it cannot be read.
    """
    path = log or (folder / NAME if folder else None)
    if path is None or (log is None and not path.is_file()):
        return settings
    return replace(settings, decisions=take_snapshot(path, decided_at(settings.as_of)))


def decided_at(day: str) -> datetime:
    """The instant for which decisions are judged: a day's beginning, or now. Raises UsageError for no day."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else datetime.now(UTC)
    except ValueError as error:
        raise UsageError(f"--as-of {day}: give a day like 2026-01-31") from error
