"""Try hostile inputs on what takes them (tests/fuzz), each target for its share of the time, and print the figures.

    python -m bench.fuzz --minutes 20 cleaners layout
    python -m bench.fuzz --figures

`make fuzz` sets up the tool and calls this; docs/security.md says what the figures mean. Inputs that reached new code
are kept in ``.fuzz`` and tried again by the next call; the figures begin anew when the code has changed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from bench.results import ROOT, write_results
from tests.fuzz.target import NAMES
from tests.fuzz.trial import FAULTS, Fault, Tally

HOME: Final = ROOT / ".fuzz"
# What is called, and what is common to all targets; the promises of one are in its own file.
TRIED: Final = ("winnow/**/*.py", "winnow/**/*.toml", "winnow/**/*.html")
COMMON: Final = tuple(f"tests/fuzz/{name}.py" for name in ("target", "trial", "mutation"))
GRACE_SECONDS: Final = 300  # beyond its time, for a target that starts slowly or tries an input that hangs
SHOWN_BYTES: Final = 120  # of an input that broke a promise


def main() -> None:
    """Try inputs, print a table, and end with 1 where one of them broke a promise."""
    given = _arguments()
    names = given.targets or list(NAMES)
    if not given.figures:
        seconds = 60 * given.minutes * min(given.jobs, len(names)) / len(names)
        run = partial(run_target, seconds=seconds, seed=given.seed, tool=given.tool)
        with ThreadPoolExecutor(given.jobs) as threads:
            [*threads.map(run, names)]
    tallies = {name: Tally.read(HOME / name / "tally.json", code_hash(name)) for name in names}
    print("\n".join([*table(tallies), *fault_lines(tallies)]))
    if given.keep:
        write_results(
            "fuzz",
            sorted((ROOT / "tests" / "fuzz").glob("*.py")),
            {name: figures(tallies[name]) for name in names},
        )
    sys.exit(any(tally.faults for tally in tallies.values()))


def run_target(name: str, seconds: float, seed: int, tool: Path) -> None:
    """Try inputs on one target for some seconds: guided for half of them, then blind; blind alone without atheris."""
    python_path = os.pathsep.join([str(tool), str(ROOT)])
    ways = ([], ["--blind"]) if (tool / "atheris").is_dir() else (["--blind"],)
    for way in ways:
        end = time.monotonic() + seconds / len(ways)
        # An input that ends the process is noted, and the rest of the time is for others.
        while (rest := end - time.monotonic()) > 0:
            options = ["--seconds", str(rest), "--seed", str(seed), "--code", code_hash(name), *way]
            process = subprocess.run(
                [sys.executable, "-m", "tests.fuzz", name, *options],
                check=False,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": python_path},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=rest + GRACE_SECONDS,
            )
            if process.returncode:
                _note_end(name, process)


def code_hash(name: str) -> str:
    """A hash of the code that a target tries, and of the target, 16 hex digits."""
    digest = sha256()
    patterns = (*TRIED, *COMMON, f"tests/fuzz/{name}.py")
    for file in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def table(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The figures as a table in Markdown, with a last row for all targets."""
    yield "| target | inputs | MB | " + " | ".join(FAULTS.values()) + " | slowest kB, s |"
    yield "|---|" + "---|" * (len(FAULTS) + 3)
    for name, tally in tallies.items():
        yield _row(name, figures(tally))
    each = [figures(tally) for tally in tallies.values()]
    columns = {key: [row[key] for row in each] for key in each[0]}
    yield _row("all", {key: round((max if key == "slowest" else sum)(v), 3) for key, v in columns.items()})


def figures(tally: Tally) -> dict[str, float]:
    """Of a target: inputs, MB, inputs that broke a promise by its kind, and seconds of CPU of the slowest kB."""
    counts = {kind: tally.count(kind) for kind in FAULTS}
    return {
        "inputs": tally.inputs,
        "MB": round(tally.bytes / 1e6, 1),
        **counts,
        "slowest": round(tally.slowest, 3),
    }


def fault_lines(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """What broke a promise: where, how often, and the smallest input that did."""
    for name, tally in tallies.items():
        for place, fault in tally.faults.items():
            example = bytes.fromhex(fault.example)
            yield (
                f"{name}: {place}, {fault.times} times: {fault.what}\n"
                f"  {len(example)} bytes: {example[:SHOWN_BYTES]!r}"
            )


def _row(name: str, values: Mapping[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:,}" for value in values.values()) + " |"


def _note_end(name: str, process: "subprocess.CompletedProcess[bytes]") -> None:
    """Note an input that ended the process: a crash, one that hangs, or one that takes all memory."""
    path = HOME / name / "tally.json"
    inputs = [file for kind in ("crash", "timeout", "oom") for file in path.parent.glob(f"{kind}-*")]
    if not inputs and process.returncode > 0:
        sys.exit(f"{name}: no input could be tried:\n{process.stderr.decode(errors='replace')[-2000:]}")
    tally = Tally.read(path, code_hash(name))
    example = inputs[0].read_bytes().hex() if inputs else ""
    kind = inputs[0].name.partition("-")[0] if inputs else f"signal {-process.returncode}"
    fault = tally.faults.setdefault(
        f"crash {kind}", Fault("crash", f"the process ended: {kind}", 0, example)
    )
    fault.times += 1
    for file in inputs:
        file.rename(file.with_name(f"seen-{file.name}"))
    tally.write(path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"some of {', '.join(NAMES)}; all without any"
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="for all targets together")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="targets tried at a time")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers; 0: another each time")
    parser.add_argument("--tool", type=Path, default=HOME / "lib", help="where atheris is installed")
    parser.add_argument("--figures", action="store_true", help="try nothing: print the figures so far")
    parser.add_argument(
        "--keep", action="store_true", help="write the figures to bench/results/fuzz.json, too"
    )
    given = parser.parse_args()
    if unknown := {*given.targets} - {*NAMES}:
        parser.error(f"no target is called {min(unknown)}; there are {', '.join(NAMES)}")
    return given


if __name__ == "__main__":
    main()
