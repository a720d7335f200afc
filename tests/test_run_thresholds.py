"""Thresholds of a run: which shares they are about, where they are missed, and what comes of it."""

import json
from pathlib import Path

import pytest

from tests.runs import OTHER, STORY, run, write_inputs
from winnow.cli.main import main
from winnow.corpus.errors import UsageError
from winnow.corpus.run_thresholds import RunShare, read_thresholds, run_shares
from winnow.corpus.settings import Settings
from winnow.flows.artifacts import report_text

# Of four inputs two are kept and one is in quarantine; the other says the same as one that is kept
FILES: dict[str, str | bytes] = {
    "a.txt": STORY,
    "b.txt": OTHER,
    "c.txt": OTHER,
    "d.txt": b"\x89PNG\r\n\x1a\n" + bytes(500),
}


def exit_code(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


@pytest.mark.parametrize(
    ("name", "limit", "part", "whole", "is_missed"),
    [
        ("kept", 0.6, 6, 10, False),
        ("kept", 0.6, 59, 100, True),
        ("kept", 0.6, 0, 0, True),
        ("kept", 0.0, 0, 0, False),
        ("quarantine", 0.01, 1, 100, False),
        ("quarantine", 0.01, 2, 100, True),
        ("quarantine", 0.0, 0, 0, False),
        ("drift", 0.1, 1, 10, False),
        ("drift", 0.1, 2, 10, True),
        ("drift", 0.0, 0, 0, False),
    ],
)
def test_a_share_on_its_threshold_is_not_missed(
    name: str, limit: float, part: int, whole: int, is_missed: bool
) -> None:
    assert RunShare(name, limit, part, whole).is_missed is is_missed


def test_several_thresholds_are_read_and_the_last_of_a_name_counts() -> None:
    assert read_thresholds(["kept=.6 quarantine=.01", "drift=0.1,kept=.5"]) == {
        "kept": 0.5,
        "quarantine": 0.01,
        "drift": 0.1,
    }
    shares = run_shares({"drift": 0.1, "kept": 0.5}, kept=3, quarantined=1, inputs=4, moved=2, scored=8)
    assert [(share.name, share.share) for share in shares] == [("kept", 0.75), ("drift", 0.25)]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("kept", "kept=: give NAME=SHARE"),
        ("kept=60%", "kept=60%: give NAME=SHARE"),
        ("kept=60", "kept=60: give NAME=SHARE"),
        ("kept=-0.1", "a share from 0 to 1"),
        ("kept=nan", "a share from 0 to 1"),
        ("keep=.6", "keep=0.6: there are: kept, quarantine, drift"),
    ],
)
def test_what_is_no_threshold_is_refused_with_the_reason(value: str, says: str) -> None:
    with pytest.raises(UsageError, match=f"^--fail-under .*{says}"):
        Settings(fail_under=read_thresholds([value]))


def test_a_missed_threshold_ends_a_run_with_4_and_its_output_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs, output = write_inputs(tmp_path, FILES), tmp_path / "clean"
    command = ["clean", inputs, "-o", str(output), "--json", "-q"]
    thresholds = ["--fail-under", "kept=.6", "--fail-under", "quarantine=.25,drift=0"]
    assert exit_code([*command, *thresholds]) == 4
    printed = capsys.readouterr()
    [missed] = json.loads(printed.out)["missed"]
    assert missed == "kept=0.6: 2 of 4 inputs were kept, a share of 0.5, which is 0.1 too little"
    assert f"winnow: --fail-under {missed}; the output is published all the same" in printed.err
    report = json.loads((output / "report.json").read_text())
    assert [(each["name"], each["share"], each["missed"]) for each in report["thresholds"]] == [
        ("kept", 0.5, True),
        ("quarantine", 0.25, False),
        ("drift", 0.0, False),
    ]
    assert missed in (output / "report.html").read_text()
    assert r"Missed kept\=0\.6" in report_text(report, "clean").replace("=", r"\=")
    # Nothing has changed, and the thresholds of this run count
    assert exit_code([*command, *thresholds]) == 4
    assert exit_code([*command, "--fail-under", "quarantine=.2"]) == 4
    assert exit_code([*command, "--fail-under", "kept=.5"]) == 3
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["unchanged"]


def test_a_source_that_moved_since_the_last_run_is_drift(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.example/a.txt": STORY, "b.example/b.txt": OTHER}
    assert not run(tmp_path, files, fail_under={"drift": 0.0}).missed  # there was no run before
    people = tmp_path / "people.csv"
    people.write_text(
        "domain,label,score,by,at,why\na.example,unreliable,0.02,ada,2025-01-01,Invents it.\n"
    )
    result = run(tmp_path, files, overrides=(str(people),), fail_under={"drift": 0.4})
    assert result.missed == (
        "drift=0.4: 1 of 2 sources with a score in this run and the last moved, a share of 0.5, which is 0.1 too much",
    )
