"""Findings on the installation: Python, Winnow, its libraries, its models, and optional parts."""

import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from packaging.requirements import Requirement

from winnow.cli.doctor.finding import NOTE, OK, PROBLEM, Finding
from winnow.corpus import __version__
from winnow.corpus.extras import DISTRIBUTION, EXTRAS, install_command, missing_packages
from winnow.models.hashes import artifact_hashes, recorded_hashes
from winnow.native import running
from winnow.pipeline.tables.version import version_of_everything

TESTED: Final = ((3, 11), (3, 13))  # first and last Python that the tests run on


def findings() -> Iterator[Finding]:
    """Python, Winnow, libraries, artifacts, then the optional parts."""
    yield python_finding(sys.version_info[:2])
    yield Finding("winnow", OK, f"{__version__} ({version_of_everything()}) on {platform.platform()}")
    yield native_finding(running())
    yield libraries_finding(_required())
    yield artifacts_finding(artifact_hashes(), recorded_hashes())
    for extra, part in EXTRAS.items():
        yield extra_finding(extra, part.purpose, missing_packages(extra))
    chromium = shutil.which("chromium")
    yield Finding(
        "chromium", OK if chromium else NOTE, chromium or "not installed; for the browser tests only"
    )


def extra_finding(extra: str, purpose: str, missing: Sequence[str]) -> Finding:
    """Whether the packages of an extra are there; without them the rest of Winnow works."""
    name = f"extra {extra}"
    if not missing:
        return Finding(name, OK, f"installed, for {purpose}")
    state = f"{', '.join(missing)} not installed; for {purpose}"
    return Finding(name, NOTE, state, f"python -m {install_command(extra)}, if you want it")


def python_finding(version_info: tuple[int, ...]) -> Finding:
    """Whether the tests run on this Python."""
    first, last = (".".join(map(str, each)) for each in TESTED)
    if TESTED[0] <= version_info <= TESTED[1]:
        return Finding("python", OK, platform.python_version())
    advice = f"use Python {first} to {last}"
    return Finding(
        "python", NOTE, f"{platform.python_version()} is not one that Winnow is tested on", advice
    )


def native_finding(running: str) -> Finding:
    """Whether all of the native core runs; without it everything works, and takes longer."""
    if running == "native":
        return Finding("native core", OK, "runs")
    advice = "a wheel for this Python has it; in a checkout, `python hatch_build.py` builds it with a C++ compiler"
    return Finding("native core", NOTE, running, advice)


def libraries_finding(required: Mapping[str, str]) -> Finding:
    """Whether the libraries are installed in the required versions, given by name, such as ``">=6.0"``."""
    faults = {
        name: fault for name, versions in required.items() if (fault := _library_fault(name, versions))
    }
    if faults:
        requirements = " ".join(f"'{name}{required[name]}'" for name in faults)
        return Finding(
            "libraries", PROBLEM, "; ".join(faults.values()), f"python -m pip install {requirements}"
        )
    if not required:
        advice = "python -m pip install --no-deps -e . in the checkout lets me check them"
        return Finding("libraries", NOTE, "Winnow runs from a folder and is not installed", advice)
    return Finding("libraries", OK, f"{len(required)} in the versions asked for")


def artifacts_finding(hashes: Mapping[str, str], recorded: Mapping[str, str]) -> Finding:
    """Whether the models' files are those that came with Winnow, by their hashes."""
    faults = [
        f"{name} is {'not the file that came with Winnow' if name in hashes else 'missing'}"
        for name, digest in recorded.items()
        if hashes.get(name) != digest
    ]
    if not faults:
        return Finding("artifacts", OK, f"{len(recorded)} whole")
    advice = (
        f"python -m pip install --force-reinstall --no-deps {DISTRIBUTION} (or git checkout winnow/models/artifacts);"
        " if you trained it yourself, python -m winnow.models.hashes records it"
    )
    return Finding("artifacts", PROBLEM, "; ".join(faults), advice)


def _required() -> dict[str, str]:
    """The libraries that Winnow requires, without those of extras; {} where Winnow is not installed."""
    try:
        requirements = [Requirement(text) for text in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return {}
    return {
        each.name: str(each.specifier)
        for each in requirements
        if not each.marker or each.marker.evaluate({"extra": ""})
    }


def _library_fault(name: str, versions: str) -> str:
    """What is wrong with a library, "" if nothing is."""
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    is_right = Requirement(f"{name}{versions}").specifier.contains(installed, prereleases=True)
    return "" if is_right else f"{name} is {installed}"
