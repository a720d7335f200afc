"""A whole run over small inputs: where each document ends, and that nothing is lost."""

import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.runs import OTHER, STORY, output_bytes, rows, run, write_inputs
from winnow.corpus.errors import UsageError
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.raw import RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.shards.shards import Leftovers, LostDocumentError, Shard, clean_shard
from winnow.pipeline.state.plan import cut_shards
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.isolation import clean_here, clean_in_child

PLACES = ("/crawl/1.txt", "s3://crawl/1.txt")


def test_every_input_ends_in_exactly_one_place(tmp_path: Path) -> None:
    records = [{"text": STORY, "url": "https://a.example/1"}, {"text": "  "}, {"body": "no text"}]
    result = run(
        tmp_path,
        {
            "site.example/1.txt": STORY,
            "site.example/2.html": f"<html><body><p>{OTHER}</p></body></html>",
            "site.example/broken.html": b"\x89PNG\r\n\x1a\n" + bytes(500),
            "site.example/empty.txt": "",
            "notes.docx": "x",
            "records.jsonl": "\n".join(json.dumps(r) for r in records) + "\nnot json\n",
        },
    )
    assert (result.documents, result.rejected, result.quarantined) == (3, 0, 6)
    reasons = {row["path"]: row["reason"] for row in rows(tmp_path, "quarantine")}
    assert reasons == {
        "raw/notes.docx": "unsupported",
        "raw/records.jsonl#2": "empty",
        "raw/records.jsonl#3": "missing_field",
        "raw/records.jsonl#4": "malformed",
        "raw/site.example/broken.html": "binary",
        "raw/site.example/empty.txt": "empty",
    }
    report = json.loads((tmp_path / "clean" / "report.json").read_text(encoding="utf8"))
    assert report["counts"]["inputs"] == 9


def test_json_lines_and_parquet_hold_the_same_rows(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": STORY + "\nADVERTISEMENT\n", "site.example/2.txt": OTHER})
    packed = sorted((tmp_path / "clean" / "documents").glob("*.jsonl.gz"))
    from_json = [
        json.loads(line) for file in packed for line in gzip.decompress(file.read_bytes()).splitlines()
    ]
    assert [r["id"] for r in from_json] == [r["id"] for r in rows(tmp_path, "documents")]
    assert [r["metadata"]["removed"][0]["kind"] for r in from_json if r["metadata"]["removed"]] == [
        "ad_marker"
    ]


def test_kept_text_and_removed_spans_give_back_the_laid_out_text(tmp_path: Path) -> None:
    laid_out = f"{STORY}\n\nADVERTISEMENT\n\n{OTHER}\n"
    run(tmp_path, {"site.example/1.txt": laid_out})
    [row] = rows(tmp_path, "documents")
    text, at = "", 0
    row_text = row["text"]
    for span in row["metadata"]["removed"]:
        text += row_text[at : at + span["start"] - len(text)]
        at = len(text) - sum(
            len(s["text"]) for s in row["metadata"]["removed"] if s["start"] < span["start"]
        )
        text += span["text"]
    text += row_text[at:]
    assert text == laid_out
    assert row["n_chars_in"] == len(laid_out)
    assert row["n_chars_out"] == len(row["text"])


def test_a_copy_on_the_same_site_is_rejected_and_one_elsewhere_is_tagged(tmp_path: Path) -> None:
    dated = [
        {"text": STORY, "url": "https://first.example/a", "date": "2024-05-01"},
        {"text": STORY, "url": "https://first.example/b", "date": "2024-05-02"},
        {"text": STORY.upper(), "url": "https://second.example/c", "date": "2024-05-03"},
    ]
    run(tmp_path, {"records.jsonl": "\n".join(map(json.dumps, dated))})
    documents, [rejected] = rows(tmp_path, "documents"), rows(tmp_path, "rejected")
    original = next(r for r in documents if r["url"].endswith("/a"))
    copy = next(r for r in documents if r["url"].endswith("/c"))
    assert (rejected["reason"], rejected["metadata"]["dup_of"]) == ("duplicate", original["id"])
    assert {"duplicate", "syndicated"} <= set(copy["tags"])
    assert copy["metadata"]["dup_of"] == original["id"]
    originals = {r["domain"]: (r["documents"], r["originals"]) for r in rows(tmp_path, "sources")}
    assert originals == {"first.example": (2, 1), "second.example": (1, 0)}


def test_one_or_two_documents_are_scored_and_marked_as_little_evidence(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": STORY, "site.example/2.txt": OTHER})
    [source] = rows(tmp_path, "sources")
    assert source["reliability_score"] is not None and "little_evidence" in source["flags"]
    assert {r["reliability_basis"] for r in rows(tmp_path, "documents")} == {"model"}


def test_a_text_of_nothing_but_noise_is_rejected_as_empty(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": "ADVERTISEMENT\n", "site.example/2.txt": STORY})
    assert [(r["reason"], r["status"]) for r in rows(tmp_path, "rejected")] == [("empty", "dropped")]


def test_the_number_of_workers_and_shards_does_not_change_a_byte(tmp_path: Path) -> None:
    files = {f"site{i % 3}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(12)}
    run(tmp_path, files)
    one = output_bytes(tmp_path / "clean")
    run(tmp_path, files, workers=2, clean=clean_in_child)
    assert output_bytes(tmp_path / "clean") == one


def test_shards_split_the_rows_and_lose_none(tmp_path: Path) -> None:
    files = {f"site.example/{i}.txt": f"{STORY} Part {i}.\n" for i in range(5)}
    result = run(tmp_path, files, shard_documents=2, workers=2)
    assert result.documents == 5
    assert len(list((tmp_path / "clean" / "documents").glob("*.parquet"))) >= 3


def test_a_run_without_documents_still_writes_tables_that_open(tmp_path: Path) -> None:
    result = run(tmp_path, {"site.example/1.txt": ""})
    assert (result.documents, result.quarantined) == (0, 1)
    assert rows(tmp_path, "documents") == rows(tmp_path, "rejected") == rows(tmp_path, "sources") == []


def test_a_setting_keeps_a_kind_of_noise_in_the_text(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": f"{STORY}\n\nADVERTISEMENT\n"}, actions={"ad_marker": "keep"})
    [row] = rows(tmp_path, "documents")
    assert "ADVERTISEMENT" in row["text"]


def test_an_input_folder_without_files_is_a_mistake_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(UsageError, match="no files"):
        clean_corpus(
            [str(tmp_path / "raw")], tmp_path / "clean", Settings(), clean=clean_here, tick=lambda n: None
        )


def test_a_run_that_lost_a_document_fails_and_publishes_nothing(tmp_path: Path) -> None:
    def lossy(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        yield from [*clean_here(documents, settings)][1:]

    with pytest.raises(LostDocumentError, match="3 documents came in, but 2"):
        run(tmp_path, {f"{n}.txt": f"{STORY} {n}" for n in range(3)}, clean=lossy)
    assert not (tmp_path / "clean" / "documents").exists()


def test_two_files_of_one_name_are_refused() -> None:
    files = [InputFile("crawl/1.txt", place, "crawl", "crawl", 9, "") for place in PLACES]
    with pytest.raises(
        UsageError, match=r"/crawl/1\.txt and s3://crawl/1\.txt would both be called crawl/1\.txt"
    ):
        [*cut_shards(files, Settings(), "")]


@pytest.mark.parametrize(
    ("names", "is_refused"),
    [
        (("a.jsonl", "a.jsonl#3"), True),
        (("a.jsonl", "a.jsonl#x"), False),
        (("a.jsonl", "b.jsonl#3"), False),
        (("a.jsonl", "a.jsonl#"), False),
    ],
)
def test_a_file_that_is_called_like_a_record_of_another_is_refused(
    names: tuple[str, ...], is_refused: bool
) -> None:
    files = [InputFile(name, f"/raw/{name}", "raw", "", 9, "") for name in names]
    refused = (
        pytest.raises(UsageError, match=r"like record 3 of a\.jsonl; rename")
        if is_refused
        else nullcontext()
    )
    with refused:
        [*cut_shards(files, Settings(), "")]


def test_documents_are_counted_against_the_files_of_the_plan(tmp_path: Path) -> None:
    inputs = write_inputs(tmp_path, {"1.txt": STORY, "2.txt": OTHER})
    found = [file for file in find_files([inputs]) if isinstance(file, InputFile)]
    alike = tuple(replace(file, name="raw/1.txt") for file in found)
    clean = partial(
        clean_shard, settings=Settings(), folder=tmp_path, clean=clean_here, tick=lambda n: None
    )
    first = clean(Shard(0, alike, "first"), Leftovers())
    rows, quarantine = (HashedFile.of(tmp_path, path.name) for path in (first.rows, first.quarantine))
    left = Leftovers((rows,), quarantine=(quarantine,), unchanged=frozenset({"raw/1.txt"}))
    with pytest.raises(LostDocumentError, match="3 documents came in, but the plan has 2 files"):
        clean(Shard(0, alike, "second"), left)


def test_a_second_copy_on_the_other_site_is_rejected_there(tmp_path: Path) -> None:
    dated = [
        {"text": STORY, "url": f"https://{site}.example/{number}", "date": f"2024-05-0{number}"}
        for number, site in enumerate(["first", "second", "second"], 1)
    ]
    run(tmp_path, {"records.jsonl": "\n".join(map(json.dumps, dated))})
    copy = next(r for r in rows(tmp_path, "documents") if r["domain"] == "second.example")
    [rejected] = rows(tmp_path, "rejected")
    assert rejected["url"] == "https://second.example/3"
    assert rejected["metadata"]["dup_of"] == copy["id"]


def test_where_no_input_can_be_listed_all_are_in_quarantine(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "gone.txt").symlink_to(tmp_path / "nowhere")
    result = run(tmp_path, {})
    assert (result.documents, result.rejected, result.quarantined) == (0, 0, 1)
    assert [row["path"] for row in rows(tmp_path, "quarantine")] == ["raw/gone.txt"]
