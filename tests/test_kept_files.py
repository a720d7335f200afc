"""What runs keep for the next one is checked before it is used: damage costs time, and is told, and never believed."""

import json
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from bench.flips import flipped, flips
from tests.runs import OTHER, STORY, distinct, output_bytes, rows, run, write_inputs
from winnow.cli.main import main
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME, append_events, open_log
from winnow.corpus.guarded import remove
from winnow.corpus.output import MARK
from winnow.corpus.settings import Settings
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.state.manifest import read_manifest
from winnow.pipeline.workers.isolation import clean_here

FLIPS: Final = 30
LATEST: Final = "Latest from the newsroom"
# Pages of a site that repeat a line, so that rows are cleaned again, and one that nothing can read.
FILES: Final[dict[str, str | bytes]] = {
    **{f"s.example/{i:02}.txt": f"{distinct(STORY, i)}\n\n{OTHER} {i}.\n\n{LATEST}\n" for i in range(12)},
    "broken.jsonl": "{",
}
MORE: Final = FILES | {"new.txt": OTHER}
DEFAULTS: Final = Settings()
KEPT: Final = (
    "shards/*.quarantine.jsonl",
    "shards/[0-9a-f]*[0-9a-f].parquet",
    "shards/*-*.parquet",
    "current/run.json",
    "current/files.parquet",
    "current/quoted.jsonl",
    "current/site_lines.parquet",
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    run(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def expected(first: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The output of the next run where nothing was damaged."""
    folder = tmp_path_factory.mktemp("next")
    return _next_output(_copy(first, folder))


def _copy(first: Path, folder: Path) -> Path:
    shutil.copytree(first, folder, symlinks=True, dirs_exist_ok=True)
    return folder


def _next_output(folder: Path) -> dict[str, bytes]:
    run(folder, MORE)
    return output_bytes(folder / "clean")


def _told(result: RunResult, folder: Path) -> str:
    report = json.loads((folder / "clean" / "report.json").read_text())
    assert report["damaged"] == [*result.damaged]
    return " ".join(result.damaged)


def slow(*values: str) -> list[Any]:
    """Parameters of slow tests."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.mark.parametrize("damage", ["flipped", *slow("missing", "cut off", "empty")])
@pytest.mark.parametrize("pattern", KEPT)
def test_what_is_damaged_is_told_and_made_again(
    first: Path, expected: dict[str, bytes], tmp_path: Path, pattern: str, damage: str
) -> None:
    _copy(first, tmp_path)
    path = min((tmp_path / "clean" / MARK).glob(pattern))
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "flipped":
        path.write_bytes(flipped(content, len(pattern)))
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut off" else b"")
    result = run(tmp_path, MORE)
    forgetting = "site_lines" in pattern or "run.json" in pattern
    remembered = {"site_lines.parquet"} if forgetting else set()
    assert _without(output_bytes(tmp_path / "clean"), remembered) == _without(expected, remembered)
    if damage != "missing" or "run.json" not in pattern:  # without that one nothing is known to be missing
        assert path.name in _told(result, tmp_path)


def _without(output: dict[str, bytes], names: set[str]) -> dict[str, bytes]:
    return {name: content for name, content in output.items() if name not in names}


@pytest.mark.slow
def test_no_flipped_bit_is_believed(tmp_path: Path) -> None:
    ends = Counter(flips(tmp_path, FLIPS, seed=1))
    assert ends["believed"] == 0 and ends.total() == FLIPS, ends


@pytest.mark.parametrize("pattern", ["*-*.parquet", "*[0-9a-f].json", "*.quarantine.jsonl"])
def test_a_shard_of_a_run_that_was_cut_off_is_checked_too(tmp_path: Path, pattern: str) -> None:
    run(tmp_path, FILES)
    expected = output_bytes(tmp_path / "clean")
    for path in (tmp_path / "clean").iterdir():  # as if it had never been published
        if path.is_symlink():
            path.unlink()
    for name in ("current", "versions"):
        place = tmp_path / "clean" / MARK / name
        place.unlink() if place.is_symlink() else shutil.rmtree(place)
    part = max((tmp_path / "clean" / MARK / "shards").glob(pattern))
    part.write_bytes(flipped(part.read_bytes(), 1))
    result = _again(tmp_path)
    assert output_bytes(tmp_path / "clean") == expected
    assert f"{part.name} " in _told(result, tmp_path)


def _again(folder: Path, settings: Settings = DEFAULTS) -> RunResult:
    """A run over the inputs as they are."""
    return clean_corpus(
        [str(folder / "raw")], folder / "clean", settings, clean=clean_here, tick=lambda n: None
    )


def _stand_in_the_way(path: Path, what: str) -> None:
    """Put something else in the place of a file."""
    remove(path)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        (path / "below").mkdir(parents=True)
    elif what == "link":
        path.symlink_to("/dev/zero")
    else:
        path.write_text("[" * 100_000)


@pytest.mark.parametrize("what", ["pipe", *slow("folder", "link", "nested")])
def test_whatever_stands_in_the_place_of_a_kept_file_ends_no_run(tmp_path: Path, what: str) -> None:
    run(tmp_path, FILES)
    expected, mark = output_bytes(tmp_path / "clean"), tmp_path / "clean" / MARK
    shards = [min((mark / "shards").glob(f"*{name}")) for name in (".json", ".parquet", "quarantine.jsonl")]
    names = ["run.json", "files.parquet", "quoted.jsonl"]
    names += [] if what == "link" else ["site_lines.parquet"]  # a link to an output would be a person's
    for path in (*shards, *(mark / "current" / name for name in names)):
        _stand_in_the_way(path, what)
        (mark / ".DS_Store").mkdir(exist_ok=True)
        (mark / "versions" / ".DS_Store").touch()
        (mark / "shards" / "below").mkdir(exist_ok=True)
        _again(tmp_path)
        assert _without(output_bytes(tmp_path / "clean"), {"site_lines.parquet"}) == _without(
            expected, {"site_lines.parquet"}
        ), path


def test_a_record_of_other_files_is_not_believed(tmp_path: Path) -> None:
    run(tmp_path, MORE, shard_documents=4)
    expected, shards = output_bytes(tmp_path / "clean"), tmp_path / "clean" / MARK / "shards"
    one, other = sorted(path for path in shards.glob("*.quarantine.jsonl"))[:2]
    for suffix in (".json", ".parquet", ".quarantine.jsonl"):
        name, wrong = (path.name.replace(".quarantine.jsonl", suffix) for path in (one, other))
        (shards / name).write_bytes((shards / wrong).read_bytes())
    remove(tmp_path / "clean" / MARK / "current" / "run.json")
    result = _again(tmp_path, Settings(shard_documents=4))
    assert _without(output_bytes(tmp_path / "clean"), {"site_lines.parquet"}) == _without(
        expected, {"site_lines.parquet"}
    )
    assert "lists other files" in " ".join(result.damaged)


@pytest.mark.parametrize("what", ["gone", *slow("empty", "folder")])
def test_a_log_that_is_gone_brings_no_removed_text_back(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _clean_with_decisions(tmp_path)
    expected = output_bytes(tmp_path / "clean")
    remove(tmp_path / NAME)
    if what != "gone":
        (tmp_path / NAME).touch() if what == "empty" else (tmp_path / NAME).mkdir()
    assert _exit_code(command) == 3
    assert "decisions.db: is gone, or empty; until then the 3 decisions count" in capsys.readouterr().err
    assert output_bytes(tmp_path / "clean") == expected
    if what == "gone":
        (tmp_path / "clean" / MARK / "current" / NAME).unlink()
        assert _exit_code(command) == 2
        (tmp_path / "clean" / MARK / "current" / "run.json").unlink()
        assert _exit_code(command) == 3


def test_an_undamaged_run_tells_nothing(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    assert run(tmp_path, MORE).damaged == ()
    assert run(tmp_path, FILES).damaged == ()
    assert len(rows(tmp_path, "quarantine")) == 1


def _clean_with_decisions(folder: Path) -> list[str]:
    """The command of a run over files and decisions, after it has been carried out once."""
    write_inputs(folder, FILES)
    _decide(folder)
    command = ["clean", str(folder / "raw"), "-o", str(folder / "clean"), "--workers", "1"]
    assert _exit_code(command) == 3
    return command


def _broken_log(folder: Path, at: int = 2) -> Path:
    """A log of decisions of which an event was changed."""
    log = folder / NAME
    with closing(sqlite3.connect(log)) as connection:
        connection.execute("drop trigger events_stay")
        connection.execute("update events set label = 'unreliable' where number = ?", [at])
        connection.commit()
    return log


def _decide(folder: Path) -> None:
    events = [
        Event("rate_source", "Ada", "2026-03-01T12:00:00+00:00", source=f"{name}.example", label="reliable")
        for name in "rst"
    ]
    with open_log(folder / NAME) as log:
        append_events(log, events)


def test_of_a_damaged_log_the_decisions_count_that_the_last_run_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _clean_with_decisions(tmp_path)
    expected = output_bytes(tmp_path / "clean")
    assert [row["reliability_basis"] for row in rows(tmp_path, "sources") if row["domain"]] == ["human"]
    _broken_log(tmp_path)
    capsys.readouterr()
    assert _exit_code(command) == 3
    told = capsys.readouterr().err
    assert "decisions.db: event 2 (Ada, 2026-03-01T12:00:00+00:00) was changed after it was written" in told
    assert "the 3 decisions count that the last run read" in told
    assert output_bytes(tmp_path / "clean") == expected
    assert _exit_code(["decisions", "check", str(tmp_path / "clean")]) == 1
    (tmp_path / "raw" / "new.txt").write_text(OTHER)
    assert _exit_code(command) == 3
    manifest = read_manifest(tmp_path / "clean") or pytest.fail("no manifest")
    assert manifest.decision_log == str(tmp_path / NAME)


def test_a_damaged_log_that_no_run_has_read_stops_a_run(tmp_path: Path) -> None:
    write_inputs(tmp_path, FILES)
    _decide(tmp_path)
    _broken_log(tmp_path)
    assert _exit_code(["clean", str(tmp_path / "raw"), "-o", str(tmp_path / "clean")]) == 2


def _exit_code(command: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(command)
    return stop.value.code
