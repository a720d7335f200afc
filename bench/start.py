"""How long it takes until Winnow is there: its import, version and help, and a run of ten short texts.

    python -m bench.start [--rounds R]

Beside them stand Python alone and trafilatura's import. CPU seconds of the run are those of all its processes.

Each is a fresh interpreter, which finds packages by PYTHONPATH: the hook of an editable install loads modules of its
own into every one. They take turns within a round, so that what else the machine does troubles all alike.
The first round, which reads files from the disk and writes byte code, is not counted.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.results import ROOT, write_results

ROUNDS = 11
COMMANDS = {
    "python": ["-c", "pass"],
    "import winnow": ["-c", "import winnow"],
    "winnow --version": ["-m", "winnow", "--version"],
    "winnow --help": ["-m", "winnow", "--help"],
    "import trafilatura": ["-c", "import trafilatura"],
}
RUN = "a run of ten texts"
FILES = 10
TEXT = (
    "The council of {town} voted on Monday to repair the old bridge before the first frost.\n\n"
    "A spokeswoman said that the work would take {weeks} weeks and that buses would take another way.\n"
)
TOWNS = "Aberfeld Brockham Castermouth Dunwell Eastmere Farholm Gildersea Holmstead Ivelby Jarnow".split()
MEASURES = ("seconds", "cpu seconds")
LOADED_MODULES = "import atexit, sys; atexit.register(lambda: print(len(sys.modules), file=sys.stderr)); {}"
AS_CODE = "import sys; from winnow.cli.main import main; main({})"

Timing = tuple[float, float]


def main() -> None:
    """Time all in turns, and count the modules that each loads."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        commands = COMMANDS | {RUN: run_of_texts(folder)}
        timings: dict[str, list[Timing]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                timings[name].append(timed(command))
                shutil.rmtree(folder / "clean", ignore_errors=True)
        figures = {
            name: {"modules": modules(command), **spread(timings[name][1:])}
            for name, command in commands.items()
        }
    write_results("start", [], {"rounds": rounds, "load": os.getloadavg()[0], "commands": figures})


def run_of_texts(folder: Path) -> list[str]:
    """The command that cleans `FILES` texts, which are written below a folder, into ``clean`` beside them."""
    raw = folder / "raw"
    raw.mkdir()
    for weeks, town in enumerate(TOWNS[:FILES], 2):
        (raw / f"{town}.txt").write_text(TEXT.format(town=town, weeks=weeks), encoding="utf8")
    return ["-m", "winnow", "clean", str(raw), "-o", str(folder / "clean"), "--quiet"]


def timed(command: Sequence[str]) -> Timing:
    """Seconds by the clock, and CPU seconds, of an interpreter from its start to its end."""
    began, used = time.perf_counter(), _cpu_seconds()
    _run(command)
    return time.perf_counter() - began, _cpu_seconds() - used


def spread(timings: Sequence[Timing]) -> dict[str, dict[str, float]]:
    """The median, the least and the most of each measure, to the millisecond."""
    return {
        name: {"median": round(median(each), 3), "min": round(min(each), 3), "max": round(max(each), 3)}
        for name, each in zip(MEASURES, zip(*timings, strict=True), strict=True)
    }


def modules(command: Sequence[str]) -> int:
    """How many modules an interpreter has loaded when a command ends."""
    code = command[1] if command[0] == "-c" else AS_CODE.format([*command[2:]])
    return int(_run(["-c", LOADED_MODULES.format(code)]).stderr.splitlines()[-1])


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    places = [str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    return subprocess.run(
        [sys.executable, "-S", *command], check=True, capture_output=True, text=True, env=environment
    )


def _cpu_seconds() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
