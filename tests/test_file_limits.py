"""Limits of an input file: what it unpacks to, who reads it and for how long, and how many rows it leaves."""

import gzip
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import winnow
from tests.hostile import living_children
from tests.reading import documents, json_lines, listed, outcomes, read, zstd
from tests.runs import STORY, output_bytes, rows, run
from tests.test_warc import Archive
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers import read_file
from winnow.corpus.readers.streams import open_stream
from winnow.corpus.settings import MAX_QUARANTINE_ROWS, UNPACKED_BYTES, Settings
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.file_reader import open_reader
from winnow.pipeline.workers.isolation import clean_here
from winnow.pipeline.workers.reading_child import BATCH_BYTES

MEGABYTE = 1_000_000
RECORD = json_lines({"text": "rain"})
NO_CONTENT = b"{}\n"


@pytest.mark.parametrize(
    ("packed_bytes", "max_document_bytes", "limit"),
    [
        (1, 20 * MEGABYTE, UNPACKED_BYTES),
        (MEGABYTE, 20 * MEGABYTE, UNPACKED_BYTES),
        (MEGABYTE + 1, 20 * MEGABYTE, UNPACKED_BYTES + 100),
        (1, 25 * MEGABYTE, UNPACKED_BYTES),
        (1, 25 * MEGABYTE + 1, UNPACKED_BYTES + 4),
    ],
)
def test_a_file_unpacks_to_so_many_times_its_size_or_to_a_few_documents(
    packed_bytes: int, max_document_bytes: int, limit: int
) -> None:
    assert Settings(max_document_bytes=max_document_bytes).unpacked_limit(packed_bytes) == limit


@pytest.mark.parametrize(("size", "seconds"), [(0, 120), (200_000, 121), (2_000_000_000, 10_120)])
def test_a_longer_file_may_be_read_for_longer(size: int, seconds: float) -> None:
    assert Settings().reading_seconds(size) == seconds


@pytest.mark.parametrize(("content_bytes", "is_whole"), [(1000, True), (1001, False)])
def test_a_packed_stream_ends_where_it_unpacks_to_more_than_its_limit(
    tmp_path: Path, content_bytes: int, is_whole: bool
) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"a" * content_bytes))
    with open_stream(listed(tmp_path / "a.gz"), "gzip", 1000) as stream:
        if is_whole:
            assert stream.read() == b"a" * content_bytes
        else:
            with pytest.raises(winnow.WinnowError, match="unpacks to over 1000 bytes; unpack it yourself"):
                stream.read()


@pytest.mark.parametrize(("more", "expected"), [(0, ["101 ok"]), (1, ["a.jsonl.zst too_large"])])
def test_of_a_file_that_unpacks_to_too_much_the_rest_is_one_row(
    tmp_path: Path, more: int, expected: list[str]
) -> None:
    blank = b" " * (MEGABYTE - 1) + b"\n"
    last = b" " * (MEGABYTE - len(RECORD) + more) + RECORD
    content = zstd(blank * (UNPACKED_BYTES // MEGABYTE - 1) + b"\n" + last[1:])
    assert outcomes(read(tmp_path / "a.jsonl.zst", content)) == expected


@pytest.mark.slow
def test_what_records_and_columns_unpack_to_counts_as_well(tmp_path: Path) -> None:
    long = b"a" * 20 * MEGABYTE
    archive = Archive()
    for _ in range(7):
        archive.add(gzip.compress(long), "text/plain", Content_Encoding="gzip")
    in_archive = outcomes(read(tmp_path / "a.warc.gz", archive.content))
    texts = pa.array([long.decode()] * 7).dictionary_encode()
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet", compression="zstd")
    in_columns = outcomes(list(read_file(listed(tmp_path / "a.parquet"), Settings())))
    read_first = [f"{number} ok" for number in range(1, 7)]  # the last of which is over the limit
    assert in_archive == [*read_first, "a.warc.gz too_large"]
    assert in_columns == [*read_first, "a.parquet too_large"]


@pytest.mark.parametrize("failed", ["reading", "cleaning"])
@pytest.mark.parametrize("more", [0, 1, 1234])
def test_the_rows_of_a_file_beyond_a_number_are_folded_and_nothing_is_lost(
    tmp_path: Path, failed: str, more: int
) -> None:
    number = MAX_QUARANTINE_ROWS + more
    record = NO_CONTENT if failed == "reading" else json_lines({"text": "refuse"})
    files = {"a.jsonl": record * number + RECORD, "b.jsonl": record}
    result = run(tmp_path, files, clean=refusing)
    assert (result.documents, result.quarantined) == (1, number + 1)
    reason = "missing_field" if failed == "reading" else "failed"
    table = rows(tmp_path, "quarantine")
    folded = [row for row in table if row["count"] > 1 or "more of this file" in row["detail"]]
    assert [(row["path"], row["reason"], row["count"]) for row in folded] == (
        [("raw/a.jsonl", reason, more)] if more else []
    )
    first = {f"raw/a.jsonl#{line}" for line in range(1, MAX_QUARANTINE_ROWS + 1)}
    assert {row["path"] for row in table if row not in folded} == {*first, "raw/b.jsonl#1"}
    report = json.loads((tmp_path / "clean" / "report.json").read_text(encoding="utf8"))
    assert report["counts"]["inputs"] == number + 2
    assert report["quarantine_reasons"] == {reason: number + 1}
    assert sum(row.count for row in winnow.read(tmp_path / "clean").quarantine()) == number + 1


def refusing(raws: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
    """Clean all documents but those that ask not to be."""
    for raw in raws:
        if raw.content == b"refuse":
            yield Quarantined(raw.path, raw.sha256, "failed", "as asked")
        else:
            yield from clean_here([raw], settings)


@pytest.mark.slow
def test_folded_rows_are_the_same_whatever_the_last_run_left(tmp_path: Path) -> None:
    mixed = (NO_CONTENT + json_lines({"text": "refuse"})) * (MAX_QUARANTINE_ROWS + 9)
    files: dict[str, str | bytes] = {"a.jsonl": mixed, "b.jsonl": mixed + RECORD}
    run(tmp_path / "changed", files, clean=refusing)
    changed: dict[str, str | bytes] = {"a.jsonl": mixed + RECORD, "b.jsonl": mixed + RECORD, "c.txt": STORY}
    run(tmp_path / "changed", changed, clean=refusing)
    run(tmp_path / "fresh", changed, clean=refusing)
    assert output_bytes(tmp_path / "changed" / "clean") == output_bytes(tmp_path / "fresh" / "clean")
    counts = {(r["path"], r["reason"]): r["count"] for r in rows(tmp_path / "fresh", "quarantine")}
    assert counts["raw/a.jsonl", "failed"] == counts["raw/b.jsonl", "missing_field"] == 9


def test_the_row_that_says_where_a_file_breaks_off_is_never_folded(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(3000).hex().encode().join([NO_CONTENT * 200, b"\n"]))[:-20]
    run(tmp_path, {"a.jsonl.gz": packed})
    [row] = [row for row in rows(tmp_path, "quarantine") if "the packed file is broken" in row["detail"]]
    assert (row["path"], row["reason"], row["count"]) == ("raw/a.jsonl.gz", "malformed", 1)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_file_that_takes_too_much_memory_to_read_costs_its_rest_and_no_other_file(tmp_path: Path) -> None:
    lists = b"[" + b"[]," * 3_000_000 + b"[]]\n"
    result = run(
        tmp_path,
        {"a.jsonl": RECORD + lists + RECORD, "b.jsonl": RECORD, "c.html.gz": gzip.compress(STORY.encode())},
        document_memory_bytes=100 * MEGABYTE,
    )
    assert (result.documents + result.rejected, result.quarantined) == (3, 1)
    [row] = rows(tmp_path, "quarantine")
    assert (row["path"], row["reason"]) == ("raw/a.jsonl", "out_of_memory")
    assert row["detail"].endswith(
        "raise --document-memory-bytes to read all of it; read up to raw/a.jsonl#1"
    )


def test_a_file_that_takes_too_long_to_read_costs_its_rest(tmp_path: Path) -> None:
    run(tmp_path, {"a.jsonl.zst": zstd(NO_CONTENT * 3_000_000), "b.jsonl": RECORD}, document_seconds=0.5)
    [document] = rows(tmp_path, "documents")
    assert document["metadata"]["raw_path"] == "raw/b.jsonl#1"
    reasons = {
        row["reason"]: row for row in rows(tmp_path, "quarantine") if row["path"] == "raw/a.jsonl.zst"
    }
    assert reasons["timed_out"]["detail"].startswith("over 0.5")
    assert (
        "seconds of CPU time; raise --document-seconds to read all of it" in reasons["timed_out"]["detail"]
    )


@pytest.mark.parametrize("kills", [0, 1, 2])
def test_where_the_process_that_reads_is_killed_another_reads_the_rest(tmp_path: Path, kills: int) -> None:
    texts = [f"{number} " + "rain " * 2000 for number in range(8 * BATCH_BYTES // 10_000)]
    (tmp_path / "a.jsonl").write_bytes(json_lines(*({"text": text} for text in texts)))
    file, items = listed(tmp_path / "a.jsonl"), []
    with open_reader(Settings()) as reader:
        for item in reader(file):
            items.append(item)
            if len(items) in [2, 300][:kills]:
                kill_children()
    if kills < 2:
        assert [raw.content.decode() for raw in documents(items)] == texts
    else:
        assert 300 <= len(items) < len(texts)
        assert outcomes(items[-2:]) == [f"{len(items) - 1} ok", "a.jsonl crashed"]
        assert f"read up to a.jsonl#{len(items) - 1}" in items[-1].detail  # type: ignore[union-attr]


def kill_children() -> None:
    for child in living_children():
        os.kill(child, signal.SIGKILL)


def test_pages_are_read_where_they_are_and_all_else_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY, encoding="utf8")
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(STORY.encode()))
    with open_reader(Settings()) as reader:
        before = living_children()
        assert [*reader(listed(tmp_path / "a.html"))] == [
            *read_file(listed(tmp_path / "a.html"), Settings())
        ]
        assert living_children() == before
        packed = listed(tmp_path / "a.html.gz")
        assert [*reader(packed)] == [*read_file(packed, Settings())]
        assert len(living_children()) == len(before) + 1
    assert living_children() == before
