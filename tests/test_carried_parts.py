"""Parts of the output that the last run wrote and this one would only repeat: carried over, and the bytes the same."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.flips import flipped
from tests.runs import OTHER, STORY, distinct, from_scratch, output_bytes, rows, run
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.output import MARK
from winnow.corpus.reading import open_corpus
from winnow.pipeline.state.manifest import read_manifest, write_manifest

SITES: dict[str, Any] = {
    f"{site}.example/{i}.txt": f"{distinct(STORY, 10 * ord(site) + i)}\n\nADVERTISEMENT\n"
    for site in "stu"
    for i in range(3)
} | {"s.example/copy.txt": f"{distinct(STORY, 1150)}\n\nADVERTISEMENT\n"}


def parts(folder: Path) -> dict[int, str]:
    """The parts of documents and rejected by their inodes."""
    files = (path for table in ("documents", "rejected") for path in (folder / "clean" / table).iterdir())
    return {path.stat().st_ino: path.name for path in files}


def report(folder: Path) -> dict[str, Any]:
    """What a report says of the documents, without what only a clock shows."""
    numbers: dict[str, Any] = json.loads((folder / "clean" / "report.json").read_text())
    del numbers["cost"]["cleaning_seconds"]
    return {name: value for name, value in numbers.items() if name not in ("seconds", "slowest", "damaged")}


def test_parts_that_nothing_has_changed_for_are_carried_over_under_their_new_numbers(
    tmp_path: Path,
) -> None:
    run(tmp_path, SITES, shard_documents=1)
    before = parts(tmp_path)
    files = SITES | {"a.example/1.txt": OTHER}
    run(tmp_path, files, shard_documents=1)
    now = parts(tmp_path)
    assert (
        before.keys() <= now.keys() and len(now.keys() - before.keys()) == 2
    )  # of one document, in two forms
    assert all(before[inode] != now[inode] for inode in before)
    assert output_bytes(tmp_path / "clean") == from_scratch(files, shard_documents=1)
    run(tmp_path / "first", files, shard_documents=1)
    assert report(tmp_path) == report(tmp_path / "first")


def test_parts_are_written_again_where_a_source_or_a_copy_is_seen_differently(tmp_path: Path) -> None:
    run(tmp_path, SITES, shard_documents=1)
    first = parts(tmp_path)
    ratings = tmp_path / "watchers.csv"
    ratings.write_text("domain,rating,scale,date\nt.example,20,0-100,2024-05-01\n")
    changes: dict[str, Any] = {"shard_documents": 1, "ratings": (str(ratings),)}
    run(tmp_path, SITES, **changes)
    rated = parts(tmp_path)
    assert len(first.keys() - rated.keys()) == 6  # three documents of one source
    assert output_bytes(tmp_path / "clean") == from_scratch(SITES, **changes)
    without_copy = {name: text for name, text in SITES.items() if name != "s.example/copy.txt"}
    (tmp_path / "raw" / "s.example" / "copy.txt").unlink()
    run(tmp_path, without_copy, **changes)
    assert output_bytes(tmp_path / "clean") == from_scratch(without_copy, **changes)
    assert len(rated.keys() - parts(tmp_path).keys()) in range(1, 8)


@pytest.mark.parametrize("damage", ["part", "record", "record of something else", "older manifest"])
def test_a_part_that_cannot_be_carried_over_is_written_again(tmp_path: Path, damage: str) -> None:
    run(tmp_path, SITES, shard_documents=1)
    mark, before = tmp_path / "clean" / MARK, parts(tmp_path)
    if damage == "part":
        path = min((tmp_path / "clean" / "documents").glob("*.parquet"))
        status = path.stat()
        path.write_bytes(flipped(path.read_bytes(), 1))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a bad disk does it
    else:
        last = read_manifest(tmp_path / "clean") or pytest.fail("no manifest")
        records = [shard.part for shard in last.shards if shard.part]
        path = mark / "shards" / records[0].path
        if damage == "record":
            path.write_bytes(flipped(path.read_bytes(), 1))
        elif damage == "older manifest":
            shards = tuple(replace(shard, part=None) for shard in last.shards)
            write_manifest(mark / "current", replace(last, shards=shards))
        else:
            path.write_text(
                json.dumps({"files": [{"path": "../x", "bytes": 0, "sha256": "0" * 64}], "tally": {}})
            )
            known = HashedFile.of(mark / "shards", path.name)
            shards = (replace(last.shards[0], part=known), *last.shards[1:])
            write_manifest(mark / "current", replace(last, shards=shards))
    files = SITES | {"a.example/1.txt": OTHER}
    told = run(tmp_path, files, shard_documents=1).damaged
    assert output_bytes(tmp_path / "clean") == from_scratch(files, shard_documents=1)
    of_first_part = {inode for inode, name in before.items() if name.startswith("part-00000-")}
    all_parts_or_first = before.keys() if damage == "older manifest" else of_first_part
    assert before.keys() - parts(tmp_path).keys() == all_parts_or_first
    assert [path.name in problem for problem in told] == ([] if damage == "older manifest" else [True])


def test_the_run_of_a_document_is_that_of_the_version_it_stands_in(tmp_path: Path) -> None:
    first = run(tmp_path, SITES, shard_documents=1)
    second = run(tmp_path, SITES | {"a.example/1.txt": OTHER}, shard_documents=1)
    corpus = open_corpus(tmp_path / "clean")
    assert {row["run_id"] for row in rows(tmp_path, "documents")} == {""}
    assert {row.run_id for row in corpus.documents()} == {second.run_id} != {first.run_id}
    [batch, *_] = corpus.batches(columns=["run_id"])
    assert batch.to_pylist()[0] == {"run_id": second.run_id}
