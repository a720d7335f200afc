"""Versions of an output: a reader sees one run, whole, whenever it asks and whatever is killed meanwhile."""

import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.runs import OTHER, STORY, output_bytes, run
from winnow.corpus.errors import UsageError
from winnow.corpus.output import FILES, MARK, PARTS, files_in_place, open_output
from winnow.corpus.reading import open_corpus
from winnow.corpus.versions import PinnedVersion, drop_old_versions, make_current, stage
from winnow.corpus.writers import write_text

PART = "part-00000.parquet"
# Events of Python's audit hooks that change a file system, and those of opening and closing what is written.
FILE_OPERATIONS = ("os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "open", "shutil.rmtree")
MOST_OPERATIONS = 100  # of one publishing


@pytest.fixture(autouse=True)
def _fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: a process is killed here, and no machine."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def publish(
    output: Path, content: str, parts: int = 1, before: Callable[[], object] = lambda: None
) -> None:
    """Publish an output of which every file has the same content; call ``before`` once it is written."""
    with open_output(output) as work:
        for part in PARTS:
            for number in range(parts):
                write_text(work / part / f"part-{number:05d}.parquet", content)
        for name in FILES:
            write_text(work / name, content)
        before()
        version, _ = stage(work, output, {"run_id": content})
        make_current(version, output, work / "replaced")


def contents(output: Path) -> set[str]:
    """What the files of an output hold, without the list of hashes."""
    return {(output / name).read_text() for name in files_in_place(output) if name != "manifest.json"}


def versions(output: Path) -> list[Path]:
    return [*(output / MARK / "versions").iterdir()]


def test_a_new_run_takes_the_place_of_the_last_one(tmp_path: Path) -> None:
    publish(tmp_path, "first", parts=3)
    publish(tmp_path, "second", parts=2)
    assert contents(tmp_path) == {"second"}
    assert len([*(tmp_path / "documents").iterdir()]) == 2
    assert len(versions(tmp_path)) == 1


def test_a_run_that_cannot_be_published_leaves_the_last_one(tmp_path: Path) -> None:
    publish(tmp_path, "first")
    with open_output(tmp_path) as work:
        for part in PARTS:
            write_text(work / part / PART, "second")
        with pytest.raises(FileNotFoundError):  # the other files are missing
            stage(work, tmp_path, {})
    assert contents(tmp_path) == {"first"}
    publish(tmp_path, "third")
    assert len(versions(tmp_path)) == 1


def test_the_name_of_a_part_changes_with_its_bytes(tmp_path: Path) -> None:
    names = []
    for content in ("first", "first", "second"):
        publish(tmp_path, content, parts=1)
        names.append([path.name for path in (tmp_path / "documents").iterdir()])
    assert names[0] == names[1] != names[2]


def test_a_version_stays_while_somebody_reads_it(tmp_path: Path) -> None:
    publish(tmp_path, "first")
    pinned = PinnedVersion(tmp_path)
    other = pickle.loads(pickle.dumps(pinned))  # our own
    publish(tmp_path, "second")
    assert (pinned.folder / "README.md").read_text() == (other.folder / "README.md").read_text() == "first"
    del pinned
    gc.collect()
    drop_old_versions(tmp_path)
    assert len(versions(tmp_path)) == 2
    del other
    gc.collect()
    drop_old_versions(tmp_path)
    assert len(versions(tmp_path)) == 1


def test_a_corpus_that_is_being_read_is_of_one_run(tmp_path: Path) -> None:
    run(tmp_path, {f"{number}.txt": f"{STORY} Part {number}." for number in range(4)}, shard_documents=1)
    corpus = open_corpus(tmp_path / "clean")
    documents = open_corpus(tmp_path / "clean").documents()  # nothing else holds that one
    first = next(documents)
    run(tmp_path, {"new.txt": OTHER}, shard_documents=1)
    assert {row.run_id for row in [first, *documents, *corpus.documents(), *corpus.rejected()]} == {
        first.run_id
    }
    assert {row.run_id for row in open_corpus(tmp_path / "clean").documents()} != {first.run_id}


@pytest.mark.parametrize("is_copied_with_its_state", [True, False])
def test_a_copy_of_an_output_is_read_and_can_be_written_again(
    tmp_path: Path, is_copied_with_its_state: bool
) -> None:
    files: dict[str, str | bytes] = {"a.txt": STORY, "b.txt": OTHER}
    run(tmp_path, files)
    expected = output_bytes(tmp_path / "clean")
    ignored = None if is_copied_with_its_state else shutil.ignore_patterns("current", "versions", "shards")
    shutil.copytree(tmp_path / "clean", tmp_path / "copy", ignore=ignored)  # follows links
    shutil.rmtree(tmp_path / "clean")
    (tmp_path / "copy").rename(tmp_path / "clean")
    assert len([*open_corpus(tmp_path / "clean").documents()]) == 2
    for _ in range(2):
        run(tmp_path, files | {"c.txt": f"{STORY} Part 3."})
    assert (tmp_path / "clean" / "documents").is_symlink()
    run(tmp_path, files)
    (tmp_path / "raw" / "c.txt").unlink()
    run(tmp_path, files)
    names = [name for name in output_bytes(tmp_path / "clean") if name in expected]
    assert {name: output_bytes(tmp_path / "clean")[name] for name in names}.keys() == expected.keys()


def test_a_copy_that_was_opened_is_no_mixture_after_the_next_run(tmp_path: Path) -> None:
    run(tmp_path, {"a.txt": STORY})
    shutil.copytree(tmp_path / "clean", tmp_path / "copy", ignore=shutil.ignore_patterns(MARK))
    (tmp_path / "copy" / MARK).mkdir()
    corpus = open_corpus(tmp_path / "copy")
    assert len([*corpus.documents()]) == 1
    with open_output(tmp_path / "copy") as work:
        shutil.copytree(tmp_path / "clean", work, ignore=shutil.ignore_patterns(MARK), dirs_exist_ok=True)
        version, _ = stage(work, tmp_path / "copy", {})
        make_current(version, tmp_path / "copy", work / "replaced")
    with pytest.raises(UsageError, match="was published there since it was opened"):
        corpus.documents()


def test_an_output_without_its_state_is_a_first_run_again(tmp_path: Path) -> None:
    publish(tmp_path, "first")
    shutil.rmtree(tmp_path / MARK)
    with pytest.raises(UsageError, match="no run has written there"):
        open_corpus(tmp_path)
    publish(tmp_path, "second")
    assert contents(tmp_path) == {"second"}


def test_a_missing_version_is_told(tmp_path: Path) -> None:
    publish(tmp_path, "first")
    shutil.rmtree(tmp_path / MARK / "versions")
    with pytest.raises(UsageError, match="is no folder that can be read"):
        open_corpus(tmp_path)


def _publish_and_die(output: Path, content: str, operation: int) -> NoReturn:
    """Publish in this process, and end it before a file operation of that number; exit 0 where there are fewer."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in FILE_OPERATIONS:
            if count == operation:
                os._exit(9)
            count += 1

    publish(output, content, before=lambda: sys.addaudithook(hook))
    os._exit(0)


def _is_killed(output: Path, content: str, operation: int) -> bool:
    child = os.fork()
    if not child:
        _publish_and_die(output, content, operation)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def test_a_kill_at_any_file_operation_leaves_one_run_or_the_other(tmp_path: Path) -> None:
    publish(tmp_path, "first")
    seen, operation = list[str](), 0
    while _is_killed(tmp_path, "second", operation) and operation < MOST_OPERATIONS:
        texts = contents(tmp_path)
        assert len(texts) == 1, f"killed before operation {operation}: {texts}"
        seen += texts
        if texts == {"second"}:
            publish(tmp_path, "first")
            assert contents(tmp_path) == {"first"}
        operation += 1
    assert set(seen) == {"first", "second"} and 20 < operation < MOST_OPERATIONS
    assert contents(tmp_path) == {"second"}


@pytest.mark.slow
def test_a_kill_at_any_file_operation_of_the_first_run_leaves_nothing_or_all(tmp_path: Path) -> None:
    operation, is_over = 0, False
    while not is_over and operation < MOST_OPERATIONS:
        output = tmp_path / str(operation)
        is_over = not _is_killed(output, "first", operation)
        assert contents(output) in (set(), {"first"}), operation
        publish(output, "second")
        assert contents(output) == {"second"}
        operation += 1
    assert 20 < operation < MOST_OPERATIONS
