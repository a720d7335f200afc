"""The structured log of runs: one JSON object a line, for programs that watch over them; no text of documents."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import UsageError, WinnowError

LOGGER: Final = logging.getLogger("winnow.run")
SHOWN_ERROR_CHARS: Final = 500


def note(event: str, **facts: object) -> None:
    """Log an event of a run: counts, seconds, names. Without a listener it costs a few microseconds."""
    message = " ".join(f"{name}={json.dumps(fact, default=str)}" for name, fact in facts.items())  # ASCII
    LOGGER.info("%s %s", event, message, extra={"event": event, "facts": facts})


@contextmanager
def journal(file: Path | None) -> Iterator[None]:
    """Append the events of a run, a failure included, to a file while the block lasts; do nothing without a file.

    Raises UsageError for a file that cannot be written.
    """
    if file is None:
        yield
        return
    with closing(_open_log(file)) as handler, listening(handler):
        note("began")
        try:
            yield
        except BaseException as error:
            message = str(error)[:SHOWN_ERROR_CHARS] if isinstance(error, WinnowError | OSError) else ""
            note("failed", error=type(error).__name__, message=message)  # others may quote a document
            raise


@contextmanager
def listening(handler: logging.Handler) -> Iterator[None]:
    """Send the events of runs to a handler while the block lasts."""
    level = LOGGER.level
    LOGGER.setLevel(logging.INFO)
    LOGGER.addHandler(handler)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)


@contextmanager
def collecting(event: str, fact: str) -> Iterator[list[Any]]:
    """A list to which a fact of every event of that name is added while the block lasts."""
    collector = _EventCollector(event, fact)
    with listening(collector):
        yield collector.collected


class _EventCollector(logging.Handler):
    def __init__(self, event: str, fact: str) -> None:
        super().__init__()
        self.collected: list[Any] = []
        self._event = event
        self._fact = fact

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the fact of an event of the name."""
        if getattr(record, "event", "") == self._event:
            self.collected.append(getattr(record, "facts", {})[self._fact])


def _open_log(file: Path) -> logging.FileHandler:
    try:
        handler = logging.FileHandler(file, encoding="utf8")
    except OSError as error:
        raise UsageError(f"--log {file}: {error.strerror}; name a file in a folder that exists") from error
    handler.setFormatter(_JsonLine())
    return handler


class _JsonLine(logging.Formatter):
    """A record as a line of JSON, with the id of the run once the run is planned."""

    def __init__(self) -> None:
        super().__init__()
        self._run_id = ""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a line of JSON, with its time in UTC."""
        facts: dict[str, Any] = getattr(record, "facts", {})
        self._run_id = facts.get("run_id", self._run_id)
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "run_id": self._run_id, "event": getattr(record, "event", ""), **facts}
        return json.dumps(line, default=str)
