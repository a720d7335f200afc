"""The structured log and the profile of runs."""

import io
import json
import logging
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.runs import STORY, run, write_inputs
from tests.test_cli import winnow
from winnow.corpus.errors import UsageError
from winnow.pipeline.shards.progress import Estimate, document_bar
from winnow.pipeline.tables.journal import journal, note
from winnow.pipeline.workers.profiling import part_seconds

FILES = {f"site.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(3)}
PART = re.compile(r"^winnow\.\S+ +\d", re.MULTILINE)  # a line of a profile
SECRET = "Nobody may read this sentence in a log."


def events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf8").splitlines()]


def test_the_log_tells_stages_shards_counts_and_quarantine(tmp_path: Path) -> None:
    with journal(tmp_path / "log.jsonl"):
        result = run(tmp_path, {**FILES, "empty.txt": b""}, shard_documents=2)
    log = events(tmp_path / "log.jsonl")
    assert {line["run_id"] for line in log[1:]} == {result.run_id}
    assert [line["stage"] for line in log if line["event"] == "stage"] == [
        "plan",
        "clean",
        "sites",
        "score",
        "write",
    ]
    shards = [line for line in log if line["event"] == "shard"]
    assert sorted(line["shard"] for line in shards) == [*range(len(shards))]
    assert sum(line["documents"] for line in shards) == 4
    [quarantined] = [line for line in log if line["event"] == "quarantined"]
    assert (quarantined["path"], quarantined["reason"]) == ("raw/empty.txt", "empty")
    done = log[-1]
    assert (done["event"], done["inputs"], done["documents"], done["quarantined"]) == ("done", 4, 3, 1)


def test_a_run_adds_to_the_log_and_its_failure_is_there_too(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert (
        winnow("clean", write_inputs(tmp_path, FILES), "-o", tmp_path / "clean", "--log", log).returncode
        == 0
    )
    assert winnow("clean", tmp_path / "nowhere", "-o", tmp_path / "clean", "--log", log).returncode == 2
    assert [line["event"] for line in events(log)].count("began") == 2
    assert (events(log)[-1]["event"], events(log)[-1]["error"]) == ("failed", "UsageError")


def test_no_text_of_a_document_is_logged(tmp_path: Path) -> None:
    bad = {"bad.jsonl": '{"text": "' + SECRET + '"\n', "good.txt": SECRET}
    with journal(tmp_path / "log.jsonl"):
        run(tmp_path, bad)
    with pytest.raises(ValueError, match="Nobody"), journal(tmp_path / "log.jsonl"):
        raise ValueError(SECRET)
    text = (tmp_path / "log.jsonl").read_text(encoding="utf8")
    assert '"quarantined"' in text and '"ValueError"' in text
    assert "Nobody" not in text


def test_a_message_tells_what_it_is_about_and_cannot_steer_a_terminal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "winnow.run"):
        note("quarantined", path="raw/\x1b[2Jé.txt", reason="empty")
    [message] = caplog.messages
    assert message == 'quarantined path="raw/\\u001b[2J\\u00e9.txt" reason="empty"'


def test_nothing_is_logged_without_a_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with journal(None):
        note("shard", documents=1)
    assert caplog.records == []
    assert logging.getLogger("winnow.run").handlers == []


def test_a_log_that_cannot_be_written_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--log"), journal(tmp_path / "nowhere" / "log.jsonl"):
        pass


def test_a_profile_names_stages_parts_and_the_slowest_documents(tmp_path: Path) -> None:
    inputs = write_inputs(tmp_path, {f"page{i}.txt": STORY * 40 + str(i) for i in range(20)})
    done = winnow("clean", inputs, "-o", tmp_path / "clean", "--profile", "--workers", "1")
    assert done.returncode == 0, done.stderr
    for word in ("plan", "score", "write", "raw/page", "ms a document"):
        assert word in done.stdout
    assert PART.search(done.stdout)  # which ones the samples hit is chance
    stacks = (tmp_path / "clean" / ".winnow" / "profile.folded").read_text(encoding="utf8").splitlines()
    assert all(line.rpartition(" ")[2].isdigit() for line in stacks)


def test_a_sample_counts_for_the_first_part_below_its_document() -> None:
    around = "runpy;winnow.pipeline.documents.clean.clean_chunk"
    document = f"{around};winnow.pipeline.documents.clean.clean_document"
    cleaner = f"{document};winnow.pipeline.documents.clean.decide_raw;winnow.corpus.document.clean;<listcomp>;winnow.cleaners.ads.ads"
    stacks = {f"{cleaner};re.match": 3_000_000, cleaner: 1_000_000, document: 2_000_000, around: 500_000}
    assert part_seconds(stacks) == {
        "winnow.cleaners.ads.ads": 4.0,
        "winnow.pipeline.documents.clean": 2.0,
        "between documents": 0.5,
    }


def test_a_profile_of_a_flow_is_refused(tmp_path: Path) -> None:
    inputs = write_inputs(tmp_path, FILES)
    done = winnow("clean", inputs, "-o", tmp_path / "clean", "--profile", "--flow")
    assert done.returncode == 2 and "--profile" in done.stderr


@pytest.mark.parametrize(
    ("estimate", "completed", "total"),
    [
        (Estimate(), 5, None),
        (Estimate(shards=1, files=40), 5, 40),
        (Estimate(shards=1, files=1), 500, None),
        (Estimate(shards=10, files=10, shards_done=2, documents_done=60), 70, 300),
        (Estimate(shards=2, files=2, shards_done=1, documents_done=10), 90, 90),
    ],
)
def test_the_number_of_documents_is_told_once_it_can_be(
    estimate: Estimate, completed: int, total: int | None
) -> None:
    assert estimate.total(completed) == total


class Screen(io.StringIO):
    """An error stream that may be a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def test_rate_elapsed_and_remaining_time_show_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _progress(monkeypatch, Screen(is_terminal=True), ends_stage=False)
    output = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)  # without colours
    assert "cleaning: 4 documents" in output and "/s" in output
    assert re.search(r"\d:\d\d:\d\d elapsed", output)
    assert re.search(r"about \d:\d\d:\d\d left", output)


def test_without_a_terminal_lines_say_how_far_a_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _progress(monkeypatch, Screen(is_terminal=False), line_seconds=0.05).splitlines()
    form = r"winnow: (.+): [0-4] documents, [\d.]+/s; 0:00:0\d elapsed(, about 0:00:0\d left)?"
    doing = [match[1] for line in lines if (match := re.fullmatch(form, line))]
    assert len(doing) == len(lines)
    assert {*doing} == {"cleaning", "removing what sites repeat"}


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_quiet_run_shows_no_progress(monkeypatch: pytest.MonkeyPatch, is_terminal: bool) -> None:
    screen = Screen(is_terminal)
    assert _progress(monkeypatch, screen, is_quiet=True, line_seconds=0.05) == ""


def _progress(
    monkeypatch: pytest.MonkeyPatch, screen: Screen, *, ends_stage: bool = True, **options: Any
) -> str:
    """What is shown of a run that cleans half of its documents, and goes on to the next stage."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", screen)
    with document_bar(**options) as tick:
        note("planned", shards=1, files=8)
        for _ in range(4):
            tick(1)
            time.sleep(0.05)
        if ends_stage:
            note("stage", stage="clean", seconds=0.2)
            time.sleep(0.2)
    return screen.getvalue()
