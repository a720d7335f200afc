"""What the doctor looks at, and how it says what it found."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from winnow.cli.doctor import installation, machine, services
from winnow.cli.doctor.finding import NOTE, PROBLEM, Finding


def examine(folder: Path) -> Iterator[Finding]:
    """Everything that is looked at, for runs that write into a folder."""
    yield from installation.findings()
    yield from machine.findings(folder)
    yield from services.findings()


def doctor(folder: Path, *, as_json: bool) -> int:
    """Print what was found and what to do about it; 1 where something is wrong, else 0."""
    found: list[Finding] = []
    for finding in examine(folder):
        found.append(finding)
        if not as_json:
            print("\n".join(_lines(finding)), flush=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    return int(any(finding.status == PROBLEM for finding in found))


def _lines(finding: Finding) -> Sequence[str]:
    mark = {PROBLEM: "PROBLEM", NOTE: "note"}.get(finding.status, "ok")
    lines = [f"{mark:<8} {finding.name}: {finding.found}"]
    return [*lines, f"{'':<8}   -> {finding.advice}"] if finding.advice else lines
