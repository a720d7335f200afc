"""Findings on the machine: writable folders, disk space, clocks, child processes and their limits."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from winnow.cli.doctor.finding import NOTE, OK, PROBLEM, Finding
from winnow.corpus.errors import WinnowError
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import RowOutcome, clean_document
from winnow.pipeline.workers.child import PAGE
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.isolation import clean_in_child

PROBE_BYTES: Final = 4_000_000  # written as a test; parts of a corpus have this size and more
# For the corpus, the shards kept for the next run, and work in progress.
MIN_FREE_BYTES: Final = 1_000_000_000
ROOM_FOR_RUNS: Final = 2  # times the size of the last run: a run replaces it only when it is done
MAX_SKEW_SECONDS: Final = 2.0  # between clock and file system; FAT counts in steps of two seconds
FIRST_YEAR: Final = 2026  # of this code
LAST_YEAR: Final = 2100
LITTLE_MEMORY: Final = 100_000_000  # bytes that the greedy document may use; it takes twice as many
GREEDY: Final = "greedy"
BYTES_A_GIGABYTE: Final = 1e9


def findings(folder: Path) -> Iterator[Finding]:
    """Whether runs can write and have room, whether the clock is right, and whether children start and are limited."""
    place = existing_place(folder)
    yield writing_finding("output folder", place)
    yield writing_finding("temporary folder", Path(tempfile.gettempdir()))
    yield room_finding(place, shutil.disk_usage(place).free, _size(folder))
    yield clock_finding(time.time(), _file_time(place))
    yield from children_findings()


def existing_place(folder: Path) -> Path:
    """A folder, or the nearest around it that exists."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.exists())


def writing_finding(name: str, place: Path) -> Finding:
    """Whether a file of some megabytes can be written and synced there."""
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".winnow-doctor-") as file:
            file.write(b"\0" * PROBE_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        advice = (
            f"let user {os.getuid()} write there, raise what `ulimit -f` limits, or name another folder"
        )
        return Finding(name, PROBLEM, f"{place}: {error.strerror}", advice)
    return Finding(name, OK, f"{place} can be written")


def room_finding(place: Path, free: int, last_run: int) -> Finding:
    """Whether there is room for a run as large as the last one, all in bytes."""
    needed = max(MIN_FREE_BYTES, ROOM_FOR_RUNS * last_run)
    state = f"{free / BYTES_A_GIGABYTE:.1f} GB free at {place}"
    if free >= needed:
        return Finding("disk", OK, state)
    advice = f"make room: a run there wants {needed / BYTES_A_GIGABYTE:.1f} GB; or name another folder"
    return Finding("disk", PROBLEM, state, advice)


def clock_finding(now: float, file_time: float | None) -> Finding:
    """Whether the clock shows a plausible year, and the file system the same time; both in seconds of Unix time."""
    instant, year = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now)), time.gmtime(now).tm_year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Finding(
            "clock", PROBLEM, instant, "set the clock (NTP): dates and expiring decisions depend on it"
        )
    if file_time is not None and abs(file_time - now) > MAX_SKEW_SECONDS:
        state = f"{instant}; files that are written now are dated {file_time - now:+.0f} s"
        return Finding(
            "clock", PROBLEM, state, "set the clocks of this machine and of its file server (NTP)"
        )
    return Finding("clock", OK, instant)


def children_findings() -> Iterator[Finding]:
    """Whether a child process starts and cleans, and whether its memory is limited."""
    documents = [PAGE, replace(PAGE, path=GREEDY)]
    settings = Settings(document_memory_bytes=LITTLE_MEMORY)
    try:
        cleaned, greedy = clean_in_child(documents, settings, clean=clean_or_take_memory)
    except (WinnowError, OSError, EOFError) as error:  # EOFError where the fork server dies
        advice = (
            "is an artifact damaged? else look at the limits of this account (ulimit -a) and its container"
        )
        yield Finding("child processes", PROBLEM, str(error) or "none can start", advice)
        return
    yield _page_finding(cleaned)
    yield _memory_finding(greedy)


def clean_or_take_memory(raw: RawDocument, settings: Settings) -> RowOutcome:
    """The work of the child: clean one document, and take more memory than allowed for the other."""
    if raw.path == GREEDY:
        bytearray(2 * LITTLE_MEMORY)
    return clean_document(raw, settings)


def _page_finding(cleaned: Outcome) -> Finding:
    if isinstance(cleaned, Quarantined):
        state = f"{cleaned.reason}: {cleaned.detail}"
        return Finding("child processes", PROBLEM, state, "please report this")
    return Finding("child processes", OK, "one started and cleaned a page")


def _memory_finding(greedy: Outcome) -> Finding:
    if isinstance(greedy, Quarantined) and greedy.reason == "out_of_memory":
        return Finding("memory limit", OK, "a document that takes too much is stopped")
    advice = "give the whole run a limit from outside (container, systemd), see docs/limits.md"
    return Finding("memory limit", NOTE, "this system does not limit the memory of a document", advice)


def _file_time(place: Path) -> float | None:
    """The time that the file system gives a file written now; None where none can be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".winnow-doctor-") as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:  # reported by `writing_finding`
        return None


def _size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
