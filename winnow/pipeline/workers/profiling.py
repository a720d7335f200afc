"""Profiles of a run: call stacks sampled in the children that clean, added up by the parts of cleaning.

Sampling rather than tracing: a trace makes calls of Python functions look expensive, and doubles the time.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

EVERY: Final = 0.01  # seconds of CPU between two samples
# What a child does for a document; below it are the parts.
DOCUMENT: Final = "winnow.pipeline.documents.clean.clean_document"
# Functions between `DOCUMENT` and the parts.
WAYS: Final = (
    "winnow.pipeline.documents.clean.decide_raw",
    "winnow.corpus.document.clean",
    "winnow.corpus.own_cleaners.checked",
    "<listcomp>",
    "<genexpr>",
)
ITSELF: Final = "winnow.pipeline.documents.clean"  # the part of samples that lie in none
AROUND: Final = "between documents"  # starting, and passing them on
SUFFIX: Final = ".folded"
SHOWN_PARTS: Final = 25  # of all those in the stacks
SLOWEST: Final = 3  # documents


@contextmanager
def sampled_stacks(folder: str) -> Iterator[None]:
    """Sample the stack of this process every 10 ms of CPU, and write all samples to a folder at the end.

    In the form of `flamegraph.pl` and speedscope: calls from the outermost in, then microseconds. A
    child that is killed for a document takes its samples with it.
    """
    stacks = Counter[str]()
    last = time.process_time()

    def sample(_signal: int, frame: FrameType | None) -> None:
        """Add the time since the last sample to the stack that runs."""
        nonlocal last
        now = time.process_time()
        stacks[";".join(_calls(frame))] += round((now - last) * 1e6)
        last = now

    signal.signal(signal.SIGVTALRM, sample)
    signal.setitimer(signal.ITIMER_VIRTUAL, EVERY, EVERY)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    (Path(folder) / f"{os.getpid()}{SUFFIX}").write_text(folded(stacks), encoding="utf8")


def merged_stacks(folder: Path) -> Counter[str]:
    """The stacks of all children together, with their microseconds."""
    stacks = Counter[str]()
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        for line in file.read_text(encoding="utf8").splitlines():
            stack, _, microseconds = line.rpartition(" ")
            stacks[stack] += int(microseconds)
    return stacks


def folded(stacks: Mapping[str, int]) -> str:
    """The stacks as the lines of a file, in order."""
    return "".join(f"{stack} {stacks[stack]}\n" for stack in sorted(stacks))


def part_seconds(stacks: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds by part, most first: each cleaner, the reading of a page, language detection and so on.

    What several cleaners need of a document is computed once, and counts for the first of them.
    """
    parts = Counter[str]()
    for stack, microseconds in stacks.items():
        parts[_part(stack.split(";"))] += microseconds
    return {part: microseconds / 1e6 for part, microseconds in parts.most_common()}


def profile_lines(report: Mapping[str, Any], stacks: Mapping[str, int]) -> Iterator[str]:
    """A run's profile for people: stages by the clock, parts of cleaning by CPU, the slowest documents."""
    yield f"{'stage':<44}{'seconds':>9}"
    for stage, seconds in report["seconds"].items():
        yield f"{stage:<44}{seconds:>9.2f}"
    parts, inputs = part_seconds(stacks), max(report["counts"]["inputs"], 1)
    total = sum(parts.values()) or 1.0
    yield ""
    yield f"{'cleaning, CPU of all workers':<44}{'seconds':>9}{'share':>7}{'ms a document':>15}"
    for part, seconds in list(parts.items())[:SHOWN_PARTS]:
        yield f"{part:<44}{seconds:>9.2f}{seconds / total:>7.1%}{1000 * seconds / inputs:>15.2f}"
    yield ""
    yield f"{'slowest documents':<44}{'seconds':>9}"
    for timing in report["slowest"][:SLOWEST]:
        yield f"{timing['raw_path']:<44}{timing['seconds']:>9.2f}"


def _calls(frame: FrameType | None) -> list[str]:
    """The functions on a stack, the outermost first."""
    calls = []
    while frame:
        module, name = frame.f_globals.get("__name__", "?"), frame.f_code.co_name
        calls.append(name if name.startswith("<") else f"{module}.{name}")
        frame = frame.f_back
    return calls[::-1]


def _part(calls: list[str]) -> str:
    """The part of cleaning that a stack is in."""
    if DOCUMENT not in calls:
        return AROUND
    below = calls[calls.index(DOCUMENT) + 1 :]
    return next((call for call in below if call not in WAYS), ITSELF)
