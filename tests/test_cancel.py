"""The end of a run before its time: its processes end within a second, none is started again, nothing is published."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Final

import pytest

import winnow
from tests.runs import STORY, distinct, write_inputs

SECONDS: Final = 2.0  # within which a run ends; one is promised, and a busy machine is slow
PAGES: Final = 12
# A cleaner that never ends, and a file with the ids of the processes in which it began.
STUCK: Final = """
import os, time
def stuck(document):
    with open("begun.txt", "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(600)
    return []
"""
Way = Callable[[Event, int], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with pages and a cleaner that never ends."""
    write_inputs(tmp_path, {f"{number}.txt": distinct(STORY, number) for number in range(PAGES)})
    (tmp_path / "stuck.py").write_text(STUCK, encoding="utf8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "stuck", raising=False)
    return tmp_path


def set_event(cancel: Event, _thread: int) -> None:
    cancel.set()


def raise_error(_cancel: Event, _thread: int) -> None:
    raise TimeoutError


def raise_in_thread(_cancel: Event, thread: int) -> None:
    """Raise an error in another thread while it waits, as Prefect does for a task that takes too long."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TimeoutError))


class StuckRun:
    """A run that cannot end by itself, what ends it once its cleaners have begun, and what came of it."""

    def __init__(self, way: Way, workers: int) -> None:
        self.way = way
        self.workers = workers
        self.cancel = Event()
        self.error: BaseException | None = None
        self.ended_at = self.asked_at = 0.0

    def run(self) -> None:
        settings = winnow.Settings(cleaners=("stuck:stuck",), workers=self.workers, shard_documents=2)
        try:
            winnow.run("raw", "clean", settings=settings, progress=self.end, progress_seconds=0, cancel=self.cancel)  # fmt: skip
        except (winnow.CancelledError, TimeoutError) as error:
            self.error = error
        self.ended_at = time.monotonic()

    def end(self, progress: winnow.RunProgress) -> None:
        """End the run once as many processes as it has workers clean."""
        if not self.asked_at and len(begun()) == self.workers:
            self.asked_at = time.monotonic()
            self.way(self.cancel, get_ident())


def begun() -> list[int]:
    with suppress(FileNotFoundError):
        return [int(line) for line in Path("begun.txt").read_text().splitlines()]
    return []


@pytest.mark.parametrize(
    ("way", "error"),
    [
        (set_event, winnow.CancelledError),
        (raise_error, TimeoutError),
        (raise_in_thread, TimeoutError),
    ],
)
def test_a_run_ends_within_a_second_with_all_its_processes(
    way: Way, error: type[Exception], folder: Path
) -> None:
    stuck = StuckRun(way, workers=2)
    thread = Thread(target=stuck.run)
    thread.start()
    thread.join(120)
    assert isinstance(stuck.error, error)
    assert stuck.ended_at - stuck.asked_at < SECONDS
    assert len(begun()) == 2  # none was started again
    assert not [pid for pid in begun() if is_alive(pid)]
    assert not (folder / "clean" / "documents").exists()


def test_a_run_that_is_cancelled_before_it_begins_cleans_nothing(folder: Path) -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(winnow.CancelledError, match="nothing was published"):
        winnow.run("raw", "clean", cancel=cancel)
    assert not (folder / "clean" / "documents").exists()


def test_the_next_run_goes_on_where_one_was_cancelled(folder: Path) -> None:
    cancel, told = Event(), list[winnow.RunProgress]()

    def cancel_after_a_shard(progress: winnow.RunProgress) -> None:
        if progress.doing == "cleaning" and progress.documents >= 3:
            cancel.set()

    settings = winnow.Settings(shard_documents=2)
    with pytest.raises(winnow.CancelledError):
        winnow.run("raw", "clean", settings=settings, progress=cancel_after_a_shard, progress_seconds=0, cancel=cancel)  # fmt: skip
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("clean/.winnow/**/*.parquet")}
    assert kept
    result = winnow.run("raw", "clean", settings=settings, progress=told.append)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert result.documents == PAGES
    doings = ["cleaning", "removing what sites repeat", "scoring sources", "writing", "done"]
    assert sorted({each.doing for each in told}, key=doings.index) == doings
    assert (told[-1].documents, told[-1].total) == (PAGES, PAGES)
    assert str(told[-1]).startswith(f"done: {PAGES} documents, 0:00:")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
