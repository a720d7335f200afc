"""The examination by ``winnow doctor``: all its findings, and how they are printed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from winnow.cli.doctor import installation, machine, services
from winnow.cli.doctor.finding import NOTE, PROBLEM, Finding


def examine(folder: Path) -> Iterator[Finding]:
    """All findings, for runs that write into a folder."""
    yield from installation.findings()
    yield from machine.findings(folder)
    yield from services.findings()


def doctor(folder: Path, *, as_json: bool) -> int:
    """Print the findings with advice, and return the exit code: 1 where there is a problem, else 0."""
    findings: list[Finding] = []
    for finding in examine(folder):
        findings.append(finding)
        if not as_json:
            print("\n".join(_lines(finding)), flush=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1))
    return int(any(finding.status == PROBLEM for finding in findings))


def _lines(finding: Finding) -> Sequence[str]:
    mark = {PROBLEM: "PROBLEM", NOTE: "note"}.get(finding.status, "ok")
    lines = [f"{mark:<8} {finding.name}: {finding.found}"]
    return [*lines, f"{'':<8}   -> {finding.advice}"] if finding.advice else lines
