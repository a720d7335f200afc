"""Orders that outputs promise: what lies in quarantine, and which documents took longest."""

import json
from pathlib import Path

from tests.runs import STORY, rows, run
from winnow.pipeline.report.tally import RunTally, Timing

SECONDS = [0.5, 3.0, 0.25, *(number / 1000 for number in range(12)), 2.0]
SLOWEST = sorted(SECONDS, reverse=True)[:10]


def test_quarantine_is_sorted_whether_an_input_failed_before_or_while_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "b.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "raw" / "y.txt").symlink_to(tmp_path / "nor here")
    files: dict[str, str | bytes] = {
        "a.txt": b"",
        "m.txt": STORY,
        "c.bin": b"\x00\x01",
        "x.txt": b"",
        "z.txt": b"",
    }
    run(tmp_path, files, shard_documents=1)
    paths = [row["path"] for row in rows(tmp_path, "quarantine")]
    assert paths == [f"raw/{name}" for name in ("a.txt", "b.txt", "c.bin", "x.txt", "y.txt", "z.txt")]
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    assert [row["path"] for row in report["quarantine"]] == paths


def test_the_slowest_ten_documents_of_all_shards_are_those_that_took_longest() -> None:
    shards = [RunTally(slowest=[Timing(seconds, f"{seconds}.txt")]) for seconds in SECONDS]
    assert [timing.seconds for timing in reversed(RunTally.total(shards).slowest)] == SLOWEST
    assert RunTally.total(shards).slowest == RunTally.total(reversed(shards)).slowest


def test_a_report_names_the_slowest_documents_of_a_shard_slowest_first(tmp_path: Path) -> None:
    lengths = [1, 40, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    run(tmp_path, {f"{length:02}.txt": f"{STORY}\n\n" * length for length in lengths})
    slowest = json.loads((tmp_path / "clean" / "report.json").read_text())["slowest"]
    seconds = [timing["seconds"] for timing in slowest]
    assert seconds == sorted(seconds, reverse=True)
    assert len(slowest) == 10
    assert "raw/40.txt" in {timing["raw_path"] for timing in slowest}
