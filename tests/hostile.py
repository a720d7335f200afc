"""Cleaning that fails as the first line of a document says, like a library with a bug."""

import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.processes import children
from bench.processes import command as started_as
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import RowOutcome, clean_document

_documents_done: list[str] = []


def misbehave(raw: RawDocument, settings: Settings) -> RowOutcome:
    deed = DEEDS.get(raw.content.partition(b"\n")[0].decode())
    if deed:
        deed()
    _documents_done.append(raw.path)
    return clean_document(raw, settings)


def give_no_row(raw: RawDocument, settings: Settings) -> RowOutcome:
    """A row that no table can hold, for documents that ask for it; it fails only once its whole chunk is cleaned."""
    row = clean_document(raw, settings)
    if raw.content.startswith(b"no row") and not isinstance(row, Quarantined):
        return {**row, "n_chars_in": "many"}
    return row


def note_and_refuse(raw: RawDocument, settings: Settings) -> RowOutcome:
    """Clean nothing, and say which process was asked."""
    return Quarantined(raw.path, raw.sha256, "failed", f"process {os.getpid()}")


@contextmanager
def noted_start(folder: Path) -> Iterator[None]:
    """Leave a file for each child that starts."""
    (folder / str(os.getpid())).touch()
    yield


def living_children() -> list[int]:
    """The process ids of the children that this process has clean or read for it."""
    servers = [pid for pid in children(os.getpid()) if b"fork_server" in started_as(pid)]
    return [pid for server in servers for pid in children(server)]


def loop() -> None:
    while True:
        pass


def loop_and_catch_everything() -> None:
    while True:
        try:
            loop()
        except BaseException:  # noqa: BLE001  # as libraries do
            continue


def match_for_ever() -> None:
    re.match(r"(?:a|a)*b", "a" * 60)


def loop_in_c() -> None:
    """Loop for hours without checking for signals, as a loop in libxml2 would."""
    sum(range(1 << 60))


def ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGPROF, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    loop()


def wait() -> None:
    while True:
        time.sleep(3600)


def allocate_at_once() -> None:
    bytearray(1 << 40)


def allocate_bit_by_bit() -> None:
    held: list[list[int]] = []
    while True:
        held.append([len(held)])


def recurse() -> None:
    recurse()


def recurse_in_c() -> None:
    sys.setrecursionlimit(1 << 30)
    nested: object = ()
    for _ in range(1_000_000):
        nested = (nested,)
    repr(nested)


def read_nowhere() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def leave() -> None:
    os._exit(0)


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def raise_an_error() -> None:
    raise ValueError("a \udcff b")


def take_a_while() -> None:
    """Use 0.3 s of CPU time: four such documents take longer than one document may, though none does alone."""
    began = time.process_time()
    while time.process_time() < began + 0.3:
        pass


def die_once() -> None:
    """Die in a child that has cleaned something before, as of a leak, but not in a new one."""
    if _documents_done:
        os.abort()


DEEDS: Final[dict[str, Callable[[], None]]] = {
    deed.__name__.replace("_", " "): deed
    for deed in (
        loop, loop_and_catch_everything, match_for_ever, loop_in_c, ignore_signals, wait, allocate_at_once,
        allocate_bit_by_bit, recurse, recurse_in_c, read_nowhere, abort, leave, be_killed, raise_an_error,
        take_a_while, die_once,
    )
}  # fmt: skip
