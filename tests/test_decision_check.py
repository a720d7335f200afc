"""A damaged log of decisions: what the commands say of it, and that no run, page or training believes it."""

import json
from pathlib import Path

import pytest

from tests.damage import make_old, opened, tamper
from tests.deciding import NOON, at, rating, write_log
from tests.runs import STORY, run
from winnow.cli.main import main
from winnow.corpus.decisions.chain import DamagedLogError
from winnow.corpus.decisions.log import NAME
from winnow.corpus.decisions.snapshot import take_snapshot
from winnow.pipeline.state.lost_decisions import lost_decisions
from winnow.pipeline.state.manifest import read_manifest
from winnow.review.desk import open_desk
from winnow.training.reliability.source_labels import read_labels

FILES: dict[str, str | bytes] = {"ledger.example/1.txt": STORY}
CHANGE = "update events set label = 'reliable' where number = 2"
SAYS = f"event 2 (ada, {at(1)}) was changed after it was written"


def decided(folder: Path) -> Path:
    """A log of three events beside a corpus that a run wrote with them."""
    write_log(folder, *(rating(f"{n}.example", "mixed", n) for n in range(3)))
    run(folder, FILES, decisions=take_snapshot(folder / NAME, NOON))
    return folder / NAME


def winnow(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit code of a command and what it printed."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_a_log_that_is_as_it_was_written_is_told_with_its_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = decided(tmp_path)
    head = take_snapshot(log, NOON).head
    for where in (log, tmp_path / "clean"):
        code, out, _ = winnow(capsys, "decisions", "check", where)
        assert (code, out) == (0, f"{log}: 3 events, all as they were written; head {head}\n")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (CHANGE, [SAYS]),
        (
            "delete from events where number = 2",
            [
                f"event 3 (ada, {at(2)}) comes after an event that is missing",
                "the log does not end as it was written: after event 3, events are missing or too many",
            ],
        ),
        (
            "delete from events where number = 3",
            ["the log does not end as it was written: after event 2, events are missing or too many"],
        ),
        (
            "delete from events",
            [
                "the log does not end as it was written: from its beginning on, events are missing or too many"
            ],
        ),
        (
            "delete from log_head",
            ["the log does not end as it was written: after event 3, events are missing or too many"],
        ),
        (
            # As if the index on what is undone had lost its rows.
            "pragma writable_schema = on; update sqlite_master set sql = replace(sql, '!=', '=')"
            " where name = 'events_by_undone'",
            ["row 1 missing from index events_by_undone"],
        ),
    ],
)
def test_damage_is_told_with_its_place_and_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, says: list[str]
) -> None:
    log = tmp_path / NAME
    write_log(tmp_path, *(rating(f"{n}.example", "mixed", n) for n in range(3)))
    tamper(log, script)
    code, out, err = winnow(capsys, "decisions", "check", log)
    assert code == 1
    assert "docs/review.md" in err
    assert [line for line in out.splitlines() if line.startswith(f"{log}: ")] == out.splitlines()
    assert all(sentence in out for sentence in says)


def test_a_file_that_sqlite_cannot_read_is_told_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / NAME
    log.write_bytes(b"no database" * 500)
    code, out, _ = winnow(capsys, "decisions", "check", log)
    assert code == 1
    assert out.startswith(f"{log}: no log of decisions, or damaged")
    assert winnow(capsys, "decisions", "check", tmp_path / "no.db")[0] == 2


def test_a_log_without_hashes_is_told_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = decided(tmp_path)
    make_old(log)
    code, out, _ = winnow(capsys, "decisions", "check", log)
    assert (code, "3 events without hashes" in out) == (0, True)


def test_a_copy_from_before_the_last_run_is_told_to_lack_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(tmp_path, rating("a.example", "mixed"))
    with opened(tmp_path / NAME):
        pass
    copy = (tmp_path / NAME).read_bytes()
    log = decided(tmp_path)
    log.write_bytes(copy)
    says = f"{log}: the last run read 4 events, and the last 3 of them are missing"
    assert winnow(capsys, "decisions", "check", tmp_path / "clean")[:2] == (1, f"{says}\n")
    assert winnow(capsys, "decisions", "check", log)[0] == 0
    code, _, err = winnow(capsys, "clean", tmp_path / "raw", "-o", tmp_path / "clean")
    assert (code, says in err) == (0, True)
    assert winnow(capsys, "decisions", "check", tmp_path / "clean")[0] == 0


def test_another_log_in_the_place_of_the_one_that_the_last_run_read_is_told(tmp_path: Path) -> None:
    log = decided(tmp_path)
    last = read_manifest(tmp_path / "clean")
    assert lost_decisions(last, take_snapshot(log, NOON)) == ""
    assert "the last 3 of them are missing" in lost_decisions(last, None)
    log.unlink()
    write_log(tmp_path, *(rating(f"other{n}.example", "mixed", n) for n in range(4)))
    assert "event 3 and perhaps others before it are not those" in lost_decisions(
        last, take_snapshot(log, NOON)
    )
    (tmp_path / "elsewhere").mkdir()
    write_log(tmp_path / "elsewhere", rating("a.example", "mixed"))
    assert lost_decisions(last, take_snapshot(tmp_path / "elsewhere" / NAME, NOON)) == ""


def test_after_a_rescue_the_run_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = decided(tmp_path)
    tamper(log, CHANGE)
    code, out, _ = winnow(capsys, "decisions", "rescue", log, tmp_path / "new.db")
    assert code == 0
    assert out.splitlines() == [
        f"left out: {SAYS}",
        f"2 events written to {tmp_path / 'new.db'}, 1 left out; put it in the place of {log}",
    ]
    (tmp_path / "new.db").replace(log)
    assert winnow(capsys, "clean", tmp_path / "raw", "-o", tmp_path / "clean")[0] == 0
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    assert report["counts"]["documents"] == 1


def test_neither_the_review_page_nor_a_training_reads_a_damaged_log(tmp_path: Path) -> None:
    log = decided(tmp_path)
    tamper(log, CHANGE)
    with pytest.raises(DamagedLogError, match="event 2"):
        read_labels(log, NOON)
    for read_only in (True, False):
        with pytest.raises(DamagedLogError, match="event 2"):
            open_desk(tmp_path / "clean", log, tmp_path, "ada", read_only=read_only)
