"""``winnow verify``: an output, or a copy of it, against the hashes that were written beside it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.flips import flipped
from tests.runs import OTHER, STORY, run
from winnow.cli import verify as command
from winnow.corpus.errors import UsageError
from winnow.corpus.selection.select import select
from winnow.pipeline.state.verification import compare_hashes

FILES: dict[str, str | bytes] = {"a.txt": STORY, "b.txt": OTHER}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an output and a corpus that was selected from it."""
    folder = tmp_path_factory.mktemp("written")
    run(folder, FILES)
    select(folder / "clean", folder / "corpus")
    return folder


@pytest.fixture(params=["clean", "copy", "corpus"])
def output(written: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An output, a copy of only its files, and a corpus."""
    name = "corpus" if request.param == "corpus" else "clean"
    place = tmp_path / str(request.param)
    ignored = shutil.ignore_patterns(".winnow") if request.param == "copy" else None
    shutil.copytree(written / name, place, symlinks=request.param == "clean", ignore=ignored)
    return place


def _change(path: Path) -> None:
    path.write_bytes(flipped(path.read_bytes(), 1))


def test_an_output_that_nobody_touched_has_no_problems(output: Path) -> None:
    files, problems = compare_hashes(output)
    assert files >= 2 and problems == []
    assert command.verify(output) == 0


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        (_change, "{name} has other bytes than were written"),
        (lambda path: path.write_bytes(b"short"), "{name} has 5 bytes instead of "),
        (lambda path: path.unlink(), "{name} is missing"),
        (lambda path: path.with_name("more.parquet").write_bytes(b""), "more.parquet is not listed"),
        (lambda path: (path.parent / "more").symlink_to("/etc"), "/more is not listed"),
    ],
)
def test_what_was_done_to_a_file_is_told_by_its_name(
    output: Path, act: Callable[[Path], None], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [path] = [*output.glob("documents/*.parquet"), *output.glob("data/*.parquet")]
    act(path)
    assert any(problem.format(name=path.name) in each for each in compare_hashes(output)[1])
    assert command.verify(output) == 1
    assert problem.format(name=path.name) in capsys.readouterr().err


OUTSIDE = json.dumps({"files": [{"path": "../../secret", "bytes": 0, "sha256": "0" * 64}]})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is missing"),
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("{}", "lists no files"),
        ("[]", "lists no files"),
        ('{"files": []}', "lists no files"),
        ('{"files": [{"path": "a"}]}', "no file with its hash"),
        (OUTSIDE, "'../../secret': no file below the folder"),
        (OUTSIDE.replace("../../secret", "/etc/hostname"), "no file below the folder"),
        (OUTSIDE.replace("../../secret", "//etc/hostname"), "no file below the folder"),
        (OUTSIDE.replace("../../secret", r"a\u0000b"), "no file below the folder"),
        (OUTSIDE.replace("0,", "Infinity,"), "no file below the folder"),
    ],
)
def test_a_folder_without_a_sound_list_of_hashes_is_refused(
    tmp_path: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match=rf"manifest\.json: .*{re.escape(problem)}"):
        compare_hashes(tmp_path)


@pytest.mark.parametrize("name", ["run.json", "quoted.jsonl", "files.parquet"])
def test_what_is_kept_beside_an_output_is_checked_too(written: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(written / "clean", tmp_path / "clean", symlinks=True)
    path = tmp_path / "clean" / ".winnow" / "current" / name
    path.write_bytes(path.read_bytes() + b" ")
    path.write_bytes(path.read_bytes().replace(b'"run_id": "', b'"run_id": "0'))
    assert any(problem.startswith(name) for problem in compare_hashes(tmp_path / "clean")[1])


def test_the_report_is_checked_where_the_run_left_it(written: Path, tmp_path: Path) -> None:
    shutil.copytree(written / "clean", tmp_path / "clean", symlinks=True)
    _change(tmp_path / "clean" / "report.json")
    assert compare_hashes(tmp_path / "clean")[1] == ["report.json has other bytes than were written"]


def test_equal_runs_write_equal_lists(written: Path, tmp_path: Path) -> None:
    run(tmp_path, FILES)
    lists = [folder / "clean" / "manifest.json" for folder in (written, tmp_path)]
    assert lists[0].read_bytes() == lists[1].read_bytes()
    assert {file["path"].partition("-")[0] for file in json.loads(lists[0].read_text())["files"]} == {
        "README.md", "documents/part", "quarantine/part", "rejected/part", "sources.csv", "sources.parquet"
    }  # fmt: skip
