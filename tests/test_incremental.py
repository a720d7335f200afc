"""Incremental runs: they clean only what is new, and give the same bytes as a first run."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deciding import NOON, line, span, write_log
from tests.runs import OTHER, STORY, from_scratch, output_bytes, rows, run, write_inputs
from winnow.corpus.decisions.log import NAME
from winnow.corpus.decisions.snapshot import take_snapshot
from winnow.corpus.errors import UsageError
from winnow.corpus.output import MARK, SITE_LINES
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.state.leftovers import forget_failures
from winnow.pipeline.state.manifest import MANIFEST, read_manifest
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.isolation import Cleaning, clean_here

FILES: dict[str, Any] = {f"{i:02}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(12)}


class Counting:
    """Cleaning in this process that records the documents it gets."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        def counted() -> Iterator[RawDocument]:
            for raw in documents:
                self.paths.append(raw.path)
                yield raw

        return clean_here(counted(), settings)


def cleaned(folder: Path, files: dict[str, str | bytes], **changes: Any) -> list[str]:
    """The names of the files that a run cleans; other files in the inputs are deleted first."""
    shutil.rmtree(folder / "raw", ignore_errors=True)
    counting = Counting()
    run(folder, files, clean=counting, **changes)
    return [path.removeprefix("raw/") for path in counting.paths]


def flipped(content: bytes) -> bytes:
    """The content with one bit in its middle changed."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def written(folder: Path) -> dict[Path, int]:
    """The time of the last change of each file of a run."""
    files = (path for path in (folder / "clean").rglob("*") if path.is_file() and path.name != "lock")
    return {path: path.stat().st_mtime_ns for path in files}


def test_a_run_over_what_the_last_one_cleaned_does_nothing(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    before = written(tmp_path)
    inputs, counting = str(tmp_path / "raw"), Counting()
    result = clean_corpus([inputs], tmp_path / "clean", Settings(), clean=counting, tick=lambda n: None)
    assert (result.unchanged, result.documents, counting.paths) == (True, 12, [])
    assert written(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (FILES | {"00a.txt": OTHER}, ["00a.txt"]),
        (FILES | {"05.txt": OTHER}, ["05.txt"]),
        ({name: text for name, text in FILES.items() if name != "03.txt"}, []),
        ({("moved.txt" if n == "07.txt" else n): t for n, t in FILES.items()}, ["moved.txt"]),
        (FILES, []),
    ],
    ids=["new", "changed", "deleted", "moved", "written again"],
)
def test_only_what_changed_is_cleaned(
    tmp_path: Path, files: dict[str, str | bytes], expected: list[str]
) -> None:
    cleaned(tmp_path, FILES)
    assert cleaned(tmp_path, files) == expected
    assert output_bytes(tmp_path / "clean") == from_scratch(files)


def test_of_an_archive_that_grew_only_the_new_records_are_cleaned(tmp_path: Path) -> None:
    records = [json.dumps({"text": f"{STORY} Part {i}."}) for i in range(6)]
    cleaned(tmp_path, {"a.jsonl": "\n".join(records[:4])})
    assert cleaned(tmp_path, {"a.jsonl": "\n".join(records)}) == ["a.jsonl#5", "a.jsonl#6"]
    assert output_bytes(tmp_path / "clean") == from_scratch({"a.jsonl": "\n".join(records)})


edits = st.dictionaries(
    st.sampled_from([f"{i}.txt" for i in range(9)]), st.sampled_from([STORY, OTHER, "", "x"])
)


@settings(max_examples=8)
@given(st.lists(edits.filter(bool), min_size=2, max_size=4), st.integers(1, 5))
def test_however_the_inputs_change_the_bytes_are_those_of_a_first_run(
    history: list[dict[str, str | bytes]], shard_documents: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for files in history:
            cleaned(Path(folder), files, shard_documents=shard_documents)
        assert output_bytes(Path(folder) / "clean") == from_scratch(
            history[-1], shard_documents=shard_documents
        )


def edit(folder: Path, files: dict[str, str | bytes]) -> None:
    """Bring the inputs to a state, without touching files that are in it already."""
    for path in [path for path in (folder / "raw").rglob("*") if path.is_file()]:
        if path.relative_to(folder / "raw").as_posix() not in files:
            path.unlink()
    present = {n for n, text in files.items() if is_written(folder / "raw" / n, text)}
    write_inputs(folder, {name: text for name, text in files.items() if name not in present})
    (folder / "raw").mkdir(exist_ok=True)


def is_written(path: Path, text: str | bytes) -> bool:
    return path.exists() and path.read_bytes() == (text.encode() if isinstance(text, str) else text)


def records(numbers: Iterable[int]) -> str:
    """The content of an archive, with one line that is no record."""
    lines = (json.dumps({"text": f"{STORY} Part {n}.", "url": f"https://a.example/{n}"}) for n in numbers)
    return "\n".join(["no record", *lines])


states = st.fixed_dictionaries(
    {"anchor.txt": st.just(STORY)},
    optional={f"{i}.txt": st.sampled_from([STORY, OTHER, "", "x"]) for i in range(6)}
    | {
        "a#1.jsonl": st.lists(st.integers(0, 5), unique=True, max_size=4).map(records),
        "unknown.xyz": st.just("x"),
        "b/c.txt": st.sampled_from([f"{OTHER}\n\nADVERTISEMENT\n", OTHER]),
    },
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    st.lists(states, min_size=2, max_size=4), st.integers(1, 5), st.lists(st.integers(20, 200), min_size=4)
)
def test_files_that_are_left_alone_need_not_be_read_for_the_bytes_of_a_first_run(
    history: list[dict[str, str | bytes]], shard_documents: int, limits: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for files, limit in zip(history, limits, strict=False):
            changes: dict[str, Any] = {"shard_documents": shard_documents, "max_document_bytes": limit * 10}
            edit(folder, files)
            again(folder, **changes)
        assert forgetful(output_bytes(folder / "clean")) == forgetful(from_scratch(history[-1], **changes))


def forgetful(output: dict[str, bytes]) -> dict[str, bytes]:
    """All but what is meant to be remembered of pages that are gone."""
    return {name: content for name, content in output.items() if name != SITE_LINES}


def again(folder: Path, clean: Cleaning = clean_here, **changes: Any) -> None:
    """The result of a run over the inputs as they are."""
    clean_corpus(
        [str(folder / "raw")], folder / "clean", Settings(**changes), clean=clean, tick=lambda n: None
    )


def test_decisions_reach_documents_in_files_that_were_left_alone(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    write_log(tmp_path, span("remove_span", FILES["03.txt"], "Part 3.", place="raw/03.txt"))
    snapshot = take_snapshot(tmp_path / NAME, NOON + timedelta(hours=1))
    counting = Counting()
    again(tmp_path, counting, decisions=snapshot)
    assert counting.paths == ["raw/03.txt"]
    assert output_bytes(tmp_path / "clean") == from_scratch(FILES, decisions=snapshot)


def test_a_file_that_was_only_touched_is_dated_anew_and_not_cleaned(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    os.utime(tmp_path / "raw" / "04.txt", (1_800_000_000, 1_800_000_000))
    counting = Counting()
    clean_corpus(
        [str(tmp_path / "raw")], tmp_path / "clean", Settings(), clean=counting, tick=lambda n: None
    )
    assert counting.paths == []
    added = {r["metadata"]["raw_path"]: r["added"] for r in rows(tmp_path, "documents")}
    assert added["raw/04.txt"].startswith("2027-01-15")
    assert added["raw/05.txt"].startswith("2023-11-14")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Each of the 12 once more, for the line that stays is one that their folder repeats
        ({"actions": {"ad_marker": "keep"}}, 24),
        ({"text_format": "markdown"}, 12),
        ({"min_chars": 50}, 0),
        ({"recalibration": (0.1, 1.0, 0.0)}, 0),
        ({"name_prior": False}, 0),
        ({"document_seconds": 90.0}, 0),
        ({"max_document_bytes": 10_000}, 0),
        ({"workers": 2}, 0),
    ],
)
def test_a_setting_costs_what_it_touches(tmp_path: Path, changes: dict[str, Any], expected: int) -> None:
    cleaned(tmp_path, FILES)
    assert len(cleaned(tmp_path, FILES, **changes)) == expected
    assert output_bytes(tmp_path / "clean") == from_scratch(FILES, **changes)


def test_a_rating_list_changes_scores_and_cleans_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"a.example/{i}.txt": f"{STORY} Part {i}." for i in range(3)}
    cleaned(tmp_path, files)
    ratings = tmp_path / "watchers.csv"
    ratings.write_text("domain,rating,scale,date\na.example,20,0-100,2024-05-01\n")
    assert cleaned(tmp_path, files, ratings=(str(ratings),)) == []
    assert [s["reliability_basis"] for s in rows(tmp_path, "sources")] == ["list"]


def test_a_decision_costs_the_documents_that_it_is_about(tmp_path: Path) -> None:
    cleaned(tmp_path, FILES)
    removed = span("remove_span", FILES["03.txt"], "Part 3.", place="raw/03.txt")
    write_log(tmp_path, removed)
    snapshot = take_snapshot(tmp_path / NAME, NOON + timedelta(hours=1))
    assert cleaned(tmp_path, FILES, decisions=snapshot) == ["03.txt"]
    assert output_bytes(tmp_path / "clean") == from_scratch(FILES, decisions=snapshot)
    write_log(tmp_path, line("remove_line", OTHER, source="raw", minutes=1))  # all texts are of this source
    snapshot = take_snapshot(tmp_path / NAME, NOON + timedelta(hours=1))
    assert len(cleaned(tmp_path, FILES, decisions=snapshot)) == 12


@pytest.mark.parametrize("damage", ["{", "[]", '{"run": {"layout": 99}}', ""])
def test_a_manifest_that_cannot_be_read_costs_nothing_but_time(tmp_path: Path, damage: str) -> None:
    run(tmp_path, FILES)
    expected = output_bytes(tmp_path / "clean")
    (tmp_path / "clean" / MARK / "current" / MANIFEST).write_text(damage)
    run(tmp_path, FILES)
    assert output_bytes(tmp_path / "clean") == expected


TABLES = ["documents/part-00000-*.parquet", "documents/part-00000-*.jsonl.gz", "sources.parquet"]


@pytest.mark.parametrize("name", [*TABLES, "report.html", "sources.csv"])
def test_output_that_was_deleted_emptied_or_damaged_is_written_again(tmp_path: Path, name: str) -> None:
    cleaned(tmp_path, FILES)
    expected, [path] = output_bytes(tmp_path / "clean"), (tmp_path / "clean").glob(name)
    whole = path.read_bytes()
    for damage in (b"", whole[:-9], flipped(whole)) if name in TABLES else (b"",):
        path.unlink()
        assert cleaned(tmp_path, FILES) == []
        path.write_bytes(damage)
        assert cleaned(tmp_path, FILES) == []
    assert output_bytes(tmp_path / "clean") == expected


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        *(("README.md", b"!"), ("sources.csv", b"!")),  # of the same size
        *(("README.md", b"!!"), ("report.html", b"!!"), ("report.json", b"!!"), ("manifest.json", b"!!")),
    ],
)
def test_an_output_that_somebody_edited_is_refused_by_its_name(
    tmp_path: Path, name: str, ending: bytes
) -> None:
    run(tmp_path, FILES)
    path = tmp_path / "clean" / name
    edited = path.read_bytes()[:-1] + ending
    path.write_bytes(edited)
    before = written(tmp_path)
    counting = Counting()
    with pytest.raises(UsageError, match=f"{name}: was changed since Winnow wrote it; move it away"):
        run(tmp_path, FILES | {"new.txt": OTHER}, clean=counting)
    assert (counting.paths, path.read_bytes(), written(tmp_path)) == ([], edited, before)
    path.rename(tmp_path / "mine")
    assert run(tmp_path, FILES | {"new.txt": OTHER}).documents == 13


@pytest.mark.parametrize("name", ["report.html", "report.json", "manifest.json", "site_lines.parquet"])
def test_an_output_of_ours_with_a_flipped_bit_is_told_and_written_again(tmp_path: Path, name: str) -> None:
    run(tmp_path, FILES)
    expected, path = output_bytes(tmp_path / "clean"), tmp_path / "clean" / name
    path.write_bytes(flipped(path.read_bytes()))
    assert f"{name} has other bytes than were written" in run(tmp_path, FILES).damaged
    assert output_bytes(tmp_path / "clean") == expected


@pytest.mark.parametrize("is_older", [True, False])
def test_edits_are_refused_where_only_another_list_of_the_last_run_is_left(
    tmp_path: Path, is_older: bool
) -> None:
    run(tmp_path, FILES)
    clean = tmp_path / "clean"
    last = read_manifest(clean) or pytest.fail("no manifest")
    if is_older:  # as runs left it before outputs had versions
        shutil.copytree(clean, tmp_path / "older", ignore=shutil.ignore_patterns("current", "versions"))
        shutil.rmtree(clean)
        (tmp_path / "older").rename(clean)
        old = {"layout": 1, "published": dict(last.published), "hashes": dict(last.hashes)}
        (clean / MARK / "manifest.json").write_text(json.dumps(old))
    else:
        (clean / MARK / "current" / MANIFEST).write_text("{")
    (clean / "README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"README\.md: was changed since Winnow wrote it"):
        run(tmp_path, FILES)
    (clean / "README.md").unlink()
    assert run(tmp_path, FILES).documents == 12
    assert not (clean / MARK / "manifest.json").exists()


def test_a_table_that_somebody_changed_is_refused_by_its_name(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    [path] = (tmp_path / "clean" / "documents").glob("*.parquet")
    pq.write_table(pq.read_table(path).append_column("mine", [pa.array(range(12))]), path)
    with pytest.raises(UsageError, match=r"part-00000-[0-9a-f]{8}\.parquet: was changed"):
        run(tmp_path, FILES)
    assert pq.read_table(path).column("mine").to_pylist() == [*range(12)]


@pytest.mark.parametrize("name", ["documents/notes.csv", "documents/part-00007.parquet"])
def test_a_file_that_no_run_wrote_is_refused_before_anything_is_cleaned(tmp_path: Path, name: str) -> None:
    run(tmp_path, FILES)
    (tmp_path / "clean" / name).write_text("mine")
    counting = Counting()
    with pytest.raises(UsageError, match=f"{name}: Winnow did not write that"):
        run(tmp_path, FILES | {"new.txt": OTHER}, clean=counting)
    assert (counting.paths, (tmp_path / "clean" / name).read_text()) == ([], "mine")


def test_a_file_that_is_put_there_while_a_run_cleans_is_refused_too(tmp_path: Path) -> None:
    def while_cleaning(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        notes.write_text("mine")
        yield from clean_here(documents, settings)

    run(tmp_path, FILES)
    notes = tmp_path / "clean" / "documents" / "part-00007.parquet"
    expected = output_bytes(tmp_path / "clean")
    with pytest.raises(UsageError, match=r"part-00007\.parquet: Winnow did not write that"):
        run(tmp_path, FILES | {"new.txt": OTHER}, clean=while_cleaning)
    assert notes.read_text() == "mine"
    notes.unlink()
    assert output_bytes(tmp_path / "clean") == expected
    assert run(tmp_path, FILES | {"new.txt": OTHER}).documents == 13


def test_an_output_that_was_copied_or_touched_is_as_it_was(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    for path in (tmp_path / "clean").rglob("*.*"):
        os.utime(path, (1_800_000_000, 1_800_000_000))
    assert run(tmp_path, FILES | {"new.txt": OTHER}).documents == 13


def test_names_that_look_alike_are_files_of_their_own_in_every_run(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a\nb.txt": STORY, r"a\nb.txt": OTHER, "c.txt": f"{STORY} Part 2."}
    run(tmp_path, files)
    result = run(tmp_path, files | {"c.txt": f"{STORY} Part 3."})
    assert (result.documents, result.rejected) == (3, 0)
    assert output_bytes(tmp_path / "clean") == from_scratch(files | {"c.txt": f"{STORY} Part 3."})


def test_what_could_not_be_cleaned_is_tried_again_when_asked(tmp_path: Path) -> None:
    def failing(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        for raw in documents:
            tried.append(raw.path)
            is_bad = "Part 3." in raw.content.decode()
            yield (
                Quarantined(raw.path, raw.sha256, "crashed", "signal 11")
                if is_bad
                else next(clean_here([raw], settings))
            )

    tried: list[str] = []
    run(tmp_path, FILES, clean=failing)
    assert len(tried) == 12
    run(tmp_path, FILES | {"new.txt": OTHER}, clean=failing)
    assert tried[12:] == ["raw/new.txt"]
    last = read_manifest(tmp_path / "clean")
    assert last is not None
    forget_failures(tmp_path / "clean", last)
    result = run(tmp_path, FILES | {"new.txt": OTHER})
    assert (result.documents, result.quarantined) == (13, 0)


def test_pages_are_cleaned_again_only_when_more_of_their_site_is_known(tmp_path: Path) -> None:
    latest = "Latest from the newsroom"

    def pages(numbers: Iterable[int]) -> dict[str, str | bytes]:
        return {
            f"s.example/{i:02}.txt": f"{STORY} Part {i}.\n\n{OTHER} {i}.\n\n{latest}\n" for i in numbers
        }

    files = pages(range(14))
    assert len(cleaned(tmp_path, files)) == 14 + 14  # each alone, and once more with the site's lines
    more = files | {"t.example/1.txt": STORY}
    assert cleaned(tmp_path, more) == ["t.example/1.txt"]
    assert output_bytes(tmp_path / "clean") == from_scratch(more)
    assert len(cleaned(tmp_path, more | pages([20]))) == 2  # twelve pages say all that pages can say


def test_parts_that_no_run_needs_are_deleted(tmp_path: Path) -> None:
    for day in range(3):
        cleaned(tmp_path, FILES | {"day.txt": f"{STORY} Day {day}."})
    # Rows, quarantine, record of both, record of the part of the output
    assert len([*(tmp_path / "clean" / MARK / "shards").iterdir()]) == 4
    assert {p.name for p in (tmp_path / "clean" / MARK).iterdir()} == {
        *("current", "lock", "shards", "versions")
    }
    assert len([*(tmp_path / "clean" / MARK / "versions").iterdir()]) == 1
