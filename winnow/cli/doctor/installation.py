"""What is installed: Python, Winnow, its libraries, its models, and parts that not everybody needs."""

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
from winnow.pipeline.tables.version import version_of_everything

TESTED: Final = ((3, 11), (3, 13))  # first and last Python that the tests run on


def findings() -> Iterator[Finding]:
    """Python, Winnow, libraries, artifacts, then the optional parts."""
    yield python_finding(sys.version_info[:2])
    yield Finding("winnow", OK, f"{__version__} ({version_of_everything()}) on {platform.platform()}")
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
    found = f"{', '.join(missing)} not installed; for {purpose}"
    return Finding(name, NOTE, found, f"python -m {install_command(extra)}, if you want it")


def python_finding(found: tuple[int, ...]) -> Finding:
    """Whether the tests run on this Python."""
    first, last = (".".join(map(str, each)) for each in TESTED)
    if TESTED[0] <= found <= TESTED[1]:
        return Finding("python", OK, platform.python_version())
    advice = f"use Python {first} to {last}"
    return Finding(
        "python", NOTE, f"{platform.python_version()} is not one that Winnow is tested on", advice
    )


def libraries_finding(required: Mapping[str, str]) -> Finding:
    """Whether the libraries are there in the versions that are asked for: by name, ``">=6.0"`` or such."""
    wrong = [told for name, asked in required.items() if (told := _wrong(name, asked))]
    if wrong:
        asked = " ".join(f"'{name}{asked}'" for name, asked in required.items() if _wrong(name, asked))
        return Finding("libraries", PROBLEM, "; ".join(wrong), f"python -m pip install {asked}")
    if not required:
        advice = "python -m pip install --no-deps -e . in the checkout lets me check them"
        return Finding("libraries", NOTE, "Winnow runs from a folder and is not installed", advice)
    return Finding("libraries", OK, f"{len(required)} in the versions asked for")


def artifacts_finding(found: Mapping[str, str], recorded: Mapping[str, str]) -> Finding:
    """Whether the models' files are those that came with Winnow, by their hashes."""
    wrong = [
        f"{name} is {'not the file that came with Winnow' if name in found else 'missing'}"
        for name, digest in recorded.items()
        if found.get(name) != digest
    ]
    if not wrong:
        return Finding("artifacts", OK, f"{len(recorded)} whole")
    advice = (
        f"python -m pip install --force-reinstall --no-deps {DISTRIBUTION} (or git checkout winnow/models/artifacts);"
        " if you trained it yourself, python -m winnow.models.hashes records it"
    )
    return Finding("artifacts", PROBLEM, "; ".join(wrong), advice)


def _required() -> dict[str, str]:
    """The libraries that Winnow asks for, those of extras not; {} where it is not installed."""
    try:
        asked = [Requirement(text) for text in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return {}
    return {
        each.name: str(each.specifier)
        for each in asked
        if not each.marker or each.marker.evaluate({"extra": ""})
    }


def _wrong(name: str, asked: str) -> str:
    """What is wrong with a library, "" if nothing is."""
    try:
        found = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    return (
        ""
        if Requirement(f"{name}{asked}").specifier.contains(found, prereleases=True)
        else f"{name} is {found}"
    )
