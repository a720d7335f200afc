"""What a run would take, by a sample: exact where the sample is all, near otherwise, and the same each time."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import STORY, distinct, run, write_inputs
from tests.test_printing import printed
from winnow.cli.plan import forecast_record
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings
from winnow.pipeline.forecast import Forecast, forecast, run_seconds
from winnow.pipeline.state.drawing import BEGINNING_BYTES, draw
from winnow.pipeline.state.plan import plan_run
from winnow.pipeline.workers.isolation import clean_here

PAGES: Final = {f"a.example/{n}.txt": distinct(STORY, n) for n in range(40)}
RECORDS: Final = "".join(json.dumps({"text": distinct(STORY, n)}) + "\n" for n in range(8))


def told(inputs: str, documents: int, **settings: Any) -> Forecast:
    """The forecast of a run over inputs."""
    chosen = Settings(**settings)
    return forecast(
        plan_run([inputs], chosen, "1"), documents, chosen, clean=clean_here, tick=lambda n: None
    )


def test_a_sample_of_all_says_what_the_run_then_writes(tmp_path: Path) -> None:
    files = {
        "records.jsonl": RECORDS,
        "a.txt": distinct(STORY, 50),
        "b.txt": distinct(STORY, 51),
        "x.bin": "?",
    }
    expected = told(write_inputs(tmp_path, files), 100)
    result = run(tmp_path, files)
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    cost = report["cost"]
    assert expected.documents == (11, 11, 11) == (report["counts"]["inputs"],) * 3
    assert result.quarantined == 1
    assert (expected.files, expected.sampled_files, expected.sampled_documents) == (4, 4, 11)
    assert (expected.bytes_read, expected.shards) == (cost["bytes_read"], cost["shards"])
    assert expected.bytes_written.estimate == pytest.approx(cost["bytes_written"], rel=0.01)
    assert expected.bytes_kept.estimate == pytest.approx(cost["bytes_kept"], rel=0.02)
    low, high = expected.cleaning_seconds[1:]
    assert 0 < low == pytest.approx(high)  # there is nothing to guess


def test_a_part_of_the_files_is_drawn_and_the_rest_is_guessed(tmp_path: Path) -> None:
    inputs = write_inputs(tmp_path, PAGES)
    expected = told(inputs, 10, workers=2)
    assert (expected.documents, expected.sampled_documents) == ((40, 40, 40), 10)
    assert expected.bytes_written.low < expected.bytes_written.estimate < expected.bytes_written.high
    run(tmp_path, PAGES)
    written = json.loads((tmp_path / "clean" / "report.json").read_text())["cost"]["bytes_written"]
    assert expected.bytes_written.estimate == pytest.approx(written, rel=0.2)
    assert expected.run_seconds
    assert (
        expected.longest_shard_seconds
        <= expected.run_seconds.estimate
        <= expected.cleaning_seconds.estimate
    )


def test_of_a_long_archive_the_beginning_is_read(tmp_path: Path) -> None:
    line = json.dumps({"text": distinct(STORY, 1) * 10}) + "\n"
    number = 2 * BEGINNING_BYTES // len(line)
    inputs = write_inputs(tmp_path, {"records.jsonl": line * number})
    expected = told(inputs, 5, engine="dask", workers=0)
    assert expected.sampled_documents == 5
    assert expected.documents.estimate == pytest.approx(number, rel=0.01)
    assert (expected.workers, expected.run_seconds) == (0, None)  # the cluster knows


def test_a_sample_is_the_same_each_time(tmp_path: Path) -> None:
    settings = Settings()
    files = (
        plan_run([write_inputs(tmp_path, {**PAGES, "records.jsonl": RECORDS})], settings, "1")
        .shards[0]
        .files
    )
    first, second, larger = (draw(files, number, settings, tmp_path) for number in (10, 10, 20))
    assert first == second
    for few, many in zip(first, larger, strict=True):
        assert {each.file.name for each in few.drawn if each.drawn} <= {
            each.file.name for each in many.drawn
        }


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(1, 20))
def test_no_workers_beat_the_longest_shard_or_the_share_of_each(shards: list[int], workers: int) -> None:
    seconds = run_seconds(sorted(shards, reverse=True), workers)
    assert max(*shards, sum(shards) / workers, 0) <= seconds <= sum(shards)
    if workers >= len(shards):
        assert seconds == max(shards)


def test_inputs_that_cannot_be_opened_are_no_sample(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "gone.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no input can be opened"):
        told(str(tmp_path / "raw"), 5)


def test_the_command_prints_lines_for_programs_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = write_inputs(tmp_path, PAGES)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, output, errors = printed(["plan", inputs, "--sample", "5", "--engine", "ray"], capsys)
    cells = {line.split("\t")[0]: line.split("\t")[1:] for line in output.splitlines()}
    assert code == 0 and sorted(tmp_path.rglob("*")) == before
    assert cells["files"] == ["40", "", ""] and cells["documents"] == ["40", "40", "40"]
    assert cells["run_seconds"] == ["", "", ""] and len(cells["bytes_written"]) == 3
    assert "by 5 documents of 5 files" in errors and "--workers" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "standard input"),
        (["nowhere"], "no such file"),
        (["."], "no files there"),
        ([".", "--sample", "0"], "--sample"),
        ([".", "--engine", "spark"], "the engine is"),
    ],
)
def test_what_cannot_be_planned_is_said(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output, errors = printed(["plan", *arguments], capsys)
    assert (code, output) == (2, "") and message in errors


def test_values_for_programs_are_whole_but_for_seconds(tmp_path: Path) -> None:
    record = forecast_record(told(write_inputs(tmp_path, {"a.txt": STORY}), 1))
    assert json.loads(json.dumps(record)) == record
    assert isinstance(record["bytes_kept"]["low"], int) and record["longest_shard_seconds"] > 0
