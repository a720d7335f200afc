"""What came of the inputs that were tried: how many, which broke a promise and where, and the slowest."""

import json
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from typing import Final, Self

from tests.fuzz.target import LostError, Target

# CPU time for each kB of an input, or for one shorter than that, with the counters of a guided run; cleaning takes
# some 10 ms, and what is worse than linear passes a second at a few kB.
MAX_SECONDS_PER_KB: Final = 1.0
RETRIALS: Final = 3  # of an input that seems to be the slowest: the machine may have been busy
SAVE_SECONDS: Final = 1.0  # between two savings of the figures
FAULTS: Final = {  # kinds of faults: as a table calls the inputs
    "exception": "exceptions", "lost": "lost", "promise": "other promises broken", "slow": "slow", "crash": "crashes",
}  # fmt: skip
OURS: Final = ("winnow", "tests")  # folders of which a fault names the file


@dataclass(slots=True)
class Fault:
    """One way to break a promise, with the smallest input that does it."""

    kind: str  # of `FAULTS`
    what: str
    times: int
    example: str  # hex


@dataclass(slots=True)
class Tally:
    """The figures of one target."""

    code: str = ""  # that was tried, by its hash
    inputs: int = 0
    bytes: int = 0
    slowest: float = 0.0  # seconds of CPU a kB
    slowest_input: str = ""  # hex
    faults: dict[str, Fault] = field(default_factory=dict)  # by kind and place

    @classmethod
    def read(cls, path: Path, code: str) -> Self:
        """The figures of a file as far as they are about the same code; new ones otherwise."""
        values = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
        if values.get("code") != code:
            return cls(code)
        faults = {key: Fault(**fault) for key, fault in values.pop("faults").items()}
        return cls(**values, faults=faults)

    def write(self, path: Path) -> None:
        """Keep the figures in a file."""
        part = path.with_suffix(".new")
        part.write_text(json.dumps(asdict(self), indent=1), encoding="utf8")
        part.replace(path)

    def count(self, kind: str) -> int:
        """Inputs that broke a promise of one kind."""
        return sum(fault.times for fault in self.faults.values() if fault.kind == kind)


def attempt(target: Target, data: bytes, tally: Tally) -> None:
    """Try an input and note what came of it; no error leaves this function."""
    error, seconds = _timed(target.check, data, time.perf_counter)
    tally.inputs += 1
    tally.bytes += len(data)
    if error:
        kind = _kind(error)
        _note(tally, kind, f"{kind} {_place(error)} {type(error).__name__}", f"{error}"[:500], data)
    elif _per_kb(seconds, data) > tally.slowest:
        _note_slowest(target, data, tally)


def _note_slowest(target: Target, data: bytes, tally: Tally) -> None:
    """Try an input again by the CPU time that it takes; asking for that costs more than most inputs do."""
    rate = _per_kb(min(_timed(target.check, data, time.process_time)[1] for _ in range(RETRIALS)), data)
    if rate > tally.slowest:
        tally.slowest, tally.slowest_input = rate, data.hex()
    if rate > MAX_SECONDS_PER_KB:
        _note(tally, "slow", "slow", f"{rate:.2f} s of CPU a kB", data)


def _timed(
    check: Callable[[bytes], None], data: bytes, clock: Callable[[], float]
) -> tuple[Exception | None, float]:
    """The error that an input ends in, None without one, and the seconds that it took by a clock."""
    began = clock()
    try:
        check(data)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what a fuzzer looks for
        return error, clock() - began
    return None, clock() - began


def _per_kb(seconds: float, data: bytes) -> float:
    return seconds / max(1.0, len(data) / 1000)


def _kind(error: Exception) -> str:
    if isinstance(error, LostError):
        return "lost"
    return "promise" if isinstance(error, AssertionError) else "exception"


def _place(error: Exception) -> str:
    """The innermost line of ours that an error went through, as ``page.py:12``; alike errors share it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if set(OURS) & set(PurePath(f.filename).parts) and f.name != "_timed"]
    frame = (ours or frames)[-1]
    if frame.name.startswith("expect") and len(ours) > 1:
        frame = ours[-2]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"


def _note(tally: Tally, kind: str, key: str, what: str, data: bytes) -> None:
    fault = tally.faults.setdefault(key, Fault(kind, what, 0, data.hex()))
    fault.times += 1
    if len(data) * 2 < len(fault.example):
        fault.what, fault.example = what, data.hex()
