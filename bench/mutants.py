"""Which changes of a module no test notices: small changes made one by one with cosmic-ray, each tested.

    python -m bench.mutants winnow/cleaners/pull_quotes.py --minutes 20

`make mutants` sets up the tool and calls this; docs/mutants.md says how to read what it prints. The changes are made
in a copy of the tree, and what was tested is kept in ``.mutants``: the next call goes on where the last one ended, and
begins a module anew when it or its tests have changed.
"""

import argparse
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bench.results import ROOT

HOME: Final = ROOT / ".mutants"
TREE: Final = HOME / "tree"
COPIED: Final = ("winnow", "tests", "bench", "pyproject.toml", "docs", "README.md")
# Of cosmic-ray's operators, those whose changes a reader would make by mistake; the others swap each operator for
# ten more, most of which end in a TypeError, or change annotations.
OPERATORS: Final = (
    "NumberReplacer", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue", "ReplaceUnaryOperator_Delete_Not", "ReplaceBreakWithContinue", "ZeroIterationForLoop",
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul", "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_GtE_Gt",
)  # fmt: skip
SLOW: Final = (
    "test_docs_run.py",
    "test_killed.py",
    "test_review_browser.py",
    "test_review_scale.py",
    "test_soak.py",
    "test_wheel.py",
)
CLEANER_TESTS: Final = ("test_cleaners.py", "test_cleaner_limits.py", "test_line_limits.py", "test_places.py",
                        "test_rule_scores.py", "test_thresholds.py")  # fmt: skip
# Left out of the tests of cleaners: properties, which take most of the time, and what is about something else.
NOT_OF_CLEANERS: Final = "not million and not child and not removals_lie and not putting"
MAX_TEST_FILES: Final = 4  # of a module that many tests import: more take minutes a change
TIMEOUT_FACTOR: Final = 4  # times what the tests take without a change, before they count as hung
TIMEOUT_SECONDS: Final = 20  # and as much more, for a busy machine


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module, and what the tests said to it: survived, killed, incompetent, or "" if untested."""

    line: int
    before: str
    after: str
    outcome: str


def main() -> None:
    """Test changes of each module until the time is over, and print those that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="modules, or folders of them")
    parser.add_argument("--minutes", type=float, default=60.0, help="for all modules together")
    parser.add_argument(
        "--tool", type=Path, default=HOME / "env" / "bin", help="where cosmic-ray is installed"
    )
    given = parser.parse_args()
    end = time.monotonic() + 60 * given.minutes
    _copy_tree()
    for module in _modules(given.paths):
        if time.monotonic() > end:
            print(f"{module}: no time was left")
            continue
        try_module(module, given.tool, end)


def try_module(module: Path, tool: Path, end: float) -> None:
    """Test changes of one module up to a moment, and print those that survived."""
    command = pytest_command(module)
    began = time.monotonic()
    if subprocess.run(command, cwd=TREE, stdout=subprocess.DEVNULL, check=False).returncode:
        print(f"{module}: its tests fail without any change: {shlex.join(command)}")
        return
    seconds = time.monotonic() - began
    session = _session(module, command)
    config = _write_config(session, module, command, TIMEOUT_SECONDS + TIMEOUT_FACTOR * seconds)
    if not session.exists():
        _call(tool / "cosmic-ray", "init", config, session)
        _call(tool / "cr-filter-operators", session, config)
    _execute([tool / "cosmic-ray", "exec", config, session], max(1.0, end - time.monotonic()), module)
    for line in report(module, mutants(_call(tool / "cosmic-ray", "dump", session))):
        print(line, flush=True)


def pytest_command(module: Path) -> list[str]:
    """The tests of a module, with its own doctests."""
    files = [f"tests/{name}" for name in quick_tests(module)]
    chosen = ["-k", NOT_OF_CLEANERS] if _is_cleaner(module) else []
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", "-m", "not slow"]
    return [*command, str(module), *files, *chosen]


def quick_tests(module: Path) -> list[str]:
    """The names of the quick test files that import a module, then of those that import what imports it."""
    files = _importers(module, ROOT / "tests")
    users = [] if _is_cleaner(module) else _importers(module, ROOT / "winnow")
    files += [file for user in users for file in _importers(user.relative_to(ROOT), ROOT / "tests")]
    names = dict.fromkeys(file.name for file in files if file.name.startswith("test_"))
    quick = [name for name in names if name not in SLOW][:MAX_TEST_FILES]
    return [*dict.fromkeys((*(CLEANER_TESTS if _is_cleaner(module) else ()), *quick))]


def mutants(dump: str) -> list[Mutant]:
    """The changes in what ``cosmic-ray dump`` prints, those left out that are not of `OPERATORS`."""
    items = (json.loads(line) for line in dump.splitlines())
    return [_mutant(item["mutations"][0], result or {}) for item, result in items if _counts(result)]


def report(module: Path, tested: Iterable[Mutant]) -> Iterator[str]:
    """What to read of a module: a line of counts, then each change that survived."""
    known = [mutant for mutant in tested if mutant.outcome]
    untested = sum(not mutant.outcome for mutant in tested)
    survivors = [mutant for mutant in known if mutant.outcome == "survived"]
    yield f"{module}: {len(known)} changes tested, {len(survivors)} survived, {untested} not tested yet"
    for mutant in sorted(survivors, key=lambda each: (each.line, each.after)):
        yield f"  {module}:{mutant.line}\n    - {mutant.before}\n    + {mutant.after}"


def _modules(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        inside = (ROOT / path).resolve().relative_to(ROOT)
        found = sorted((ROOT / inside).rglob("*.py")) if (ROOT / inside).is_dir() else [ROOT / inside]
        yield from (file.relative_to(ROOT) for file in found if file.stat().st_size > 200)


def _copy_tree() -> None:
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    skipped = shutil.ignore_patterns("__pycache__", "cache", "_build", "results")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, TREE / name, symlinks=True, ignore=skipped)
        else:
            shutil.copy(ROOT / name, TREE / name)


def _is_cleaner(module: Path) -> bool:
    return module.is_relative_to("winnow/cleaners")


def _importers(module: Path, folder: Path) -> list[Path]:
    """The files of a folder that name a module."""
    name = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
    pattern = re.compile(rf"\b{re.escape(name)}\b(?!\.)")
    return [
        file for file in sorted(folder.rglob("*.py")) if pattern.search(file.read_text(encoding="utf8"))
    ]


def _session(module: Path, command: Iterable[str]) -> Path:
    """Where the results of a module are kept, as long as neither it nor its tests change."""
    files = [module, *(Path(part) for part in command if part.startswith("tests/"))]
    content = b"".join((TREE / file).read_bytes() for file in files) + repr(OPERATORS).encode()
    return (
        HOME
        / f"{module.with_suffix('').as_posix().replace('/', '.')}.{sha256(content).hexdigest()[:12]}.sqlite"
    )


def _write_config(session: Path, module: Path, command: Iterable[str], timeout: float) -> Path:
    others = f"core/(?!(?:{'|'.join(OPERATORS)})$)"
    values: dict[str, Any] = {
        "module-path": str(module), "timeout": round(timeout, 1), "test-command": shlex.join(command),
    }  # fmt: skip
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    filters = f"[cosmic-ray.filters.operators-filter]\nexclude-operators = [{json.dumps(others)}]"
    text = "\n".join(["[cosmic-ray]", *lines, '[cosmic-ray.distributor]\nname = "local"', filters, ""])
    config = session.with_suffix(".toml")
    config.write_text(text, encoding="utf8")
    return config


def _call(*command: str | Path) -> str:
    """What a command prints. Raises CalledProcessError where it fails."""
    return subprocess.run(command, cwd=TREE, check=True, capture_output=True, text=True).stdout


def _execute(command: list[str | Path], seconds: float, module: Path) -> None:
    """Let cosmic-ray work for some seconds; a module that it leaves changed is restored from the original."""
    try:
        subprocess.run(command, cwd=TREE, check=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        shutil.copy(ROOT / module, TREE / module)


def _counts(result: dict[str, Any] | None) -> bool:
    return result is None or result["worker_outcome"] != "skipped"


def _mutant(mutation: dict[str, Any], result: dict[str, Any]) -> Mutant:
    lines = (result.get("diff") or "").splitlines()
    before, after = (
        [line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(3 * sign)]
        for sign in ("-", "+")
    )
    outcome = str(result.get("test_outcome") or "")
    return Mutant(mutation["start_pos"][0], " ".join(before), " ".join(after), outcome)


if __name__ == "__main__":
    main()
