"""The lease of the one run that may write below a prefix of a store; a run that dies loses it after a while.

An object names who holds it. Each change of it is a conditional write, and its age is told by the store's own clock,
so that the clocks of machines need not agree.
"""

import fcntl
import hashlib
import json
import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from winnow.corpus.errors import UsageError, WinnowError
from winnow.corpus.objects import StorageError
from winnow.corpus.stored_objects import SmallObject, create_object, read_object, replace_object

# Without a sign of life, after which the lease goes to the next run; a store that is slow answers within seconds, and
# a run whose machine is gone keeps nobody waiting for longer.
LEASE_SECONDS: Final = 60.0
RENEWALS: Final = 3  # in that time
LOOK_SECONDS: Final = 1.0  # between two looks at a lease that may be that of a dead run
HOLDER_CHARS: Final = 200


class LostLeaseError(WinnowError):
    """The run went without a sign of life for too long, and another may write now. It publishes nothing."""


class Lease:
    """A lease that this process holds, and renews while it lives."""

    def __init__(self, url: str, content: bytes, etag: str, seconds: float) -> None:
        self.token = str(json.loads(content)["token"])
        self._url, self._etag, self._seconds = url, etag, seconds
        self._renewed = time.monotonic()
        self._lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True, name="lease")
        self._thread.start()

    def check(self) -> None:
        """Raise LostLeaseError where the lease may be another run's by now."""
        if self._lost or time.monotonic() - self._renewed > self._seconds:
            raise LostLeaseError(
                f"{self._url}: this run could not renew its lease within {self._seconds:.0f} s, and another may have "
                "begun; nothing was published, run it again"
            )

    def end(self) -> None:
        """Give the lease back, if it still is ours."""
        self._ended.set()
        self._thread.join()
        if not self._lost:
            with suppress(StorageError):  # then it ends by itself
                replace_object(self._url, _content("", ""), self._etag)

    def _renew(self) -> None:
        """Write the lease again and again until it ends or is another's."""
        while not self._ended.wait(self._seconds / RENEWALS):
            began = time.monotonic()
            try:
                etag = replace_object(self._url, _content(self.token, holder_name()), self._etag)
            except StorageError:
                continue  # `check` tells when it was too long
            self._lost = not etag
            if self._lost:
                return
            self._etag, self._renewed = etag, began


@contextmanager
def holding_lease(url: str, seconds: float | None = None) -> Iterator[Lease]:
    """The lease at a URL while the block lasts.

    Where another holds it, this waits for its sign of life, or until it has had none for long enough. Raises UsageError
    for a lease of a run that lives.
    """
    seconds = LEASE_SECONDS if seconds is None else seconds
    content = _content(uuid4().hex, holder_name())
    etag = _take(url, content, seconds)
    lease = Lease(url, content, etag, seconds)
    try:
        yield lease
    finally:
        lease.end()


@contextmanager
def locking_folder(folder: Path, url: str) -> Iterator[None]:
    """The lock of a store that knows no conditions, a file of a folder that all machines see, while the block lasts.

    Raises UsageError where another run holds it, and for a folder in which nothing can be locked.
    """
    path = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UsageError(
            f"{url}: another run is writing there (it locks {path}); wait for it, or name another prefix"
        ) from error
    except OSError as error:
        raise UsageError(
            f"--lock {folder}: {error.strerror}; name a folder whose files can be locked"
        ) from error
    try:
        yield
    finally:
        os.close(handle)


def holder_name() -> str:
    """The name of this process for others."""
    return f"process {os.getpid()} on {platform.node()}"


def _take(url: str, content: bytes, seconds: float) -> str:
    """The ETag of the lease once it is ours. Raises UsageError where a run that lives has it."""
    first = ""
    while True:
        lease = read_object(url)
        if lease is None:
            if etag := create_object(url, content):
                return etag
            continue
        holder = _holder(lease)
        if not holder or lease.age_seconds > seconds:
            if etag := replace_object(url, content, lease.etag):
                return etag
        elif first and lease.etag != first:
            raise UsageError(
                f"{url}: another run is writing there ({holder}); wait for it, or name another prefix"
            )
        first = first or lease.etag
        time.sleep(LOOK_SECONDS)


def _content(token: str, holder: str) -> bytes:
    """A lease as it is written; no two are equal, so that the ETag changes with each."""
    return json.dumps({"token": token, "holder": holder, "renewal": uuid4().hex}).encode()


def _holder(lease: SmallObject) -> str:
    """Who has a lease, "" for nobody. Raises UsageError for an object that is none."""
    try:
        return str(json.loads(lease.content)["holder"])[:HOLDER_CHARS]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"the lock of a run holds what Winnow did not write: {lease.content[:40]!r}"
        ) from error
