"""The desk of one server: a clean corpus with its index, the log of decisions, and the raw documents."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import digest
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock

from winnow.corpus.decisions.chain import read_verified
from winnow.corpus.decisions.log import FILE_ERRORS, empty_log, open_log
from winnow.corpus.errors import UsageError
from winnow.corpus.versions import reading
from winnow.review.index import corpus_stamp, ensure_index, index_path
from winnow.review.proxy import Proxy


class NotThereError(LookupError):
    """The requested source, document or file is not in this run."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One corpus under review. Make it with `open_desk`."""

    clean: Path
    log: Path
    raw: Path  # folder that holds what documents name as their raw path
    reviewer: str  # who decides, unless the browser says another name; behind a proxy nobody
    read_only: bool = False
    proxy: Proxy | None = None  # that says who decides
    token: str = field(default_factory=lambda: token_urlsafe(32), repr=False)  # of this start of the server
    _building: Lock = field(default_factory=Lock)

    def token_of(self, person: str) -> str:
        """The token that every form carries: behind a proxy each person's own, of no use in another's name."""
        return digest(self.token.encode(), person.encode(), "sha256").hex() if self.proxy else self.token

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        """The index with the log's table ``events`` attached; the index is rebuilt after a new run.

        The run that it is of stays while the block lasts.
        """
        try:
            with reading(self.clean) as version:
                with self._building:
                    opened = _read_only(ensure_index(self.clean, version))
                with closing(opened) as connection:
                    _attach(connection, self.log)
                    yield connection
        except FILE_ERRORS as error:
            raise UsageError(f"{self.log} or {index_path(self.clean)} cannot be used: {error}") from error


def open_desk(
    clean: Path, log: Path, raw: Path, reviewer: str, *, read_only: bool = False, proxy: Proxy | None = None
) -> Desk:
    """A desk whose index, and log unless ``read_only``, exist; missing ones are created.

    Raises UsageError where there is no clean corpus, or no log that can be used; DamagedLogError for a damaged one.
    """
    desk = Desk(clean, log, raw, reviewer, read_only, proxy)
    corpus_stamp(clean)
    if log.exists() or not read_only:
        with open_log(log, read_only=read_only) as connection:
            read_verified(connection, log)
    with desk.connect():
        pass
    return desk


def now() -> datetime:
    """The present, in UTC, to the millisecond."""
    return datetime.now(UTC)


def _read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    return connection


def _attach(connection: sqlite3.Connection, log: Path) -> None:
    """Attach a log to read it, an empty one where there is none. Raises UsageError for a file that is no log."""
    if log.exists():
        with open_log(log, read_only=True):
            pass
        connection.execute("attach ? as log", [f"{log.absolute().as_uri()}?mode=ro"])
        return
    connection.execute("attach ':memory:' as log")
    connection.deserialize(empty_log(), name="log")
