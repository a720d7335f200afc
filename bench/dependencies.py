"""What an install costs: packages, megabytes and licences of the core, of each extra, and of each package asked for.

    python -m bench.dependencies [SITE_PACKAGES ...]

The folders named are searched after this environment, for extras that are not in requirements.lock (ray, datatrove,
scrapy, datasets). A package counts with all that it needs, in the versions that are installed, on this platform.
"""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.results import ROOT, write_results

PYPROJECT: Final = ROOT / "pyproject.toml"
CORE: Final = "core"
OURS: Final = "winnow-corpus"
MEGABYTE: Final = 1_000_000  # bytes

Requirements = Mapping[str, tuple[Requirement, ...]]  # extra, or `CORE`, to what it asks for
Installed = Mapping[str, Distribution]  # by normalised name


def asked_for() -> Requirements:
    """What pyproject.toml asks for, by extra; extras that name extras of ours are resolved."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf8"))["project"]
    texts: dict[str, list[str]] = {CORE: project["dependencies"], **project["optional-dependencies"]}
    parsed = {extra: tuple(map(Requirement, lines)) for extra, lines in texts.items()}
    return {extra: tuple(_resolved(lines, parsed)) for extra, lines in parsed.items()}


def installed(folders: Iterable[str]) -> Installed:
    """The packages that lie in folders; of two with one name, the one that is imported."""
    found: dict[str, Distribution] = {}
    for distribution in Distribution.discover(path=[*folders]):
        found.setdefault(canonicalize_name(distribution.metadata["Name"]), distribution)
    return found


def closure(requirements: Iterable[Requirement], packages: Installed) -> set[str]:
    """The names of all packages that requirements bring, on this platform. Raises KeyError for one not installed."""
    open_requirements, done = [*requirements], set[tuple[str, str]]()
    while open_requirements:
        asked = open_requirements.pop()
        name = canonicalize_name(asked.name)
        for extra in {"", *asked.extras} - {extra for done_name, extra in done if done_name == name}:
            done.add((name, extra))
            needed = map(Requirement, packages[name].requires or ())
            open_requirements += [n for n in needed if not n.marker or n.marker.evaluate({"extra": extra})]
    return {name for name, _ in done}


def size_bytes(distribution: Distribution) -> int:
    """Bytes of the files that a package put on the disk, compiled ones among them."""
    paths = (Path(str(distribution.locate_file(file))) for file in distribution.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


def licence(distribution: Distribution) -> str:
    """The licence that a package declares: as an expression, in a word, or by its classifiers."""
    about = distribution.metadata
    classifiers = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c[:7] == "License"]
    declared = about["License-Expression"] or ", ".join(classifiers) or about["License"] or "not declared"
    return str(declared).partition("\n")[0]


def main() -> None:
    """Measure, print and write bench/results/dependencies.json."""
    packages, asked = installed([*sys.path, *sys.argv[1:]]), asked_for()
    core = closure(asked[CORE], packages)
    extras: dict[str, object] = {}
    for extra, requirements in asked.items():
        try:
            names = closure(requirements, packages) - (core if extra != CORE else set())
        except KeyError as missing:
            extras[extra] = f"{missing.args[0]} is not installed"
            continue
        extras[extra] = {"packages": len(names), "MB": _megabytes(names, packages)}
    write_results(
        "dependencies", [PYPROJECT], {"beyond the core": extras, "packages": _each(asked, packages)}
    )


def _resolved(lines: Iterable[Requirement], all_lines: Requirements) -> Iterable[Requirement]:
    for asked in lines:
        if canonicalize_name(asked.name) == OURS:
            for extra in sorted(asked.extras):
                yield from _resolved(all_lines[extra], all_lines)
        else:
            yield asked


def _each(asked: Requirements, packages: Installed) -> dict[str, dict[str, object]]:
    """Each package that is asked for and installed: alone, with all that it needs, and its licence."""
    each = {canonicalize_name(r.name): r for requirements in asked.values() for r in requirements}
    return {
        name: {
            "MB": _megabytes({name}, packages),
            "MB with all it needs": _megabytes(closure([requirement], packages), packages),
            "licence": licence(packages[name]),
        }
        for name, requirement in sorted(each.items())
        if name in packages
    }


def _megabytes(names: Iterable[str], packages: Installed) -> float:
    return round(sum(size_bytes(packages[name]) for name in names) / MEGABYTE, 1)


if __name__ == "__main__":
    main()
