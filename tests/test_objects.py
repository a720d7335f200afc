"""Inputs and output in an S3-compatible store: a real server, started here."""

import gzip
import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runs import STORY, output_bytes, rows, write_inputs
from tests.stores import running_store
from winnow.corpus.errors import UsageError
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.objects import StorageError, find_objects, open_object, store_client
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers import read_file
from winnow.corpus.settings import Settings
from winnow.pipeline.publishing import publish_copy
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

pytest.importorskip("boto3", reason="boto3 is not installed: pip install 'winnow-corpus[s3]'")


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """A client of a server that holds the empty bucket ``crawl``."""
    with running_store() as client:
        yield client


@pytest.fixture
def put(store: Any) -> Iterator[Any]:
    """A function that writes objects into the bucket, which is emptied afterwards."""
    yield lambda key, content: store.put_object(Bucket="crawl", Key=key, Body=content)
    for stored in [*find_objects("s3://crawl")]:
        store.delete_object(Bucket="crawl", Key=stored.url.removeprefix("s3://crawl/"))


def named(*urls: str) -> list[str]:
    return [f.name if isinstance(f, InputFile) else f.path for f in find_files(urls)]


KEYS = (
    "news/a.example/1.html",
    "news/a.example/2.html",
    "news/b.example/1.html",
    "news-old/1.html",
    "x[1].txt",
)
LISTED = [
    ("s3://crawl/news", ["news/a.example/1.html", "news/a.example/2.html", "news/b.example/1.html"]),
    ("s3://crawl/news/", ["news/a.example/1.html", "news/a.example/2.html", "news/b.example/1.html"]),
    ("s3://crawl/news/a.example/1.html", ["1.html"]),
    ("s3://crawl/news/*/1.html", ["a.example/1.html", "b.example/1.html"]),
    ("s3://crawl/news/b*", ["b.example/1.html"]),
    ("s3://crawl/**/1.html", ["a.example/1.html", "b.example/1.html", "news-old/1.html"]),
    ("s3://crawl/x[1].txt", ["x[1].txt"]),
]


@pytest.mark.parametrize(("url", "expected"), LISTED)
def test_urls_name_objects_as_paths_name_files(url: str, expected: list[str], put: Any) -> None:
    for key in KEYS:
        put(key, STORY)
    assert named(url) == expected


def test_what_is_hidden_a_folder_or_an_output_is_no_input(put: Any) -> None:
    for key in (
        "raw/1.txt",
        "raw/.git/2.txt",
        "raw/folder/",
        "raw/clean/.winnow",
        "raw/clean/documents/3.txt",
    ):
        put(key, STORY)
    assert named("s3://crawl/raw", "s3://crawl/raw/1.txt") == ["raw/1.txt"]


@pytest.mark.parametrize("url", ["s3://crawl/nothing", "s3://crawl/*.gz"])
def test_a_url_that_names_nothing_is_a_mistake_in_the_call(url: str, put: Any) -> None:
    with pytest.raises(UsageError, match="no object there"):
        named(url)


def test_a_bucket_that_is_not_there_is_named(put: Any) -> None:
    with pytest.raises(StorageError, match=r"s3://elsewhere/.*NoSuchBucket"):
        named("s3://elsewhere/raw")


def test_a_url_without_a_bucket_is_a_mistake_in_the_call() -> None:
    with pytest.raises(UsageError, match="names no bucket"):
        named("s3://")


def parquet(texts: list[str]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), file, row_group_size=1)
    return file.getvalue()


def test_objects_give_the_documents_that_files_give(put: Any, tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "{STORY} {i}"}}\n' for i in range(5)).encode()
    files = {
        "a.txt": STORY.encode(),
        "b.jsonl.gz": gzip.compress(lines, mtime=0),
        "c.parquet": parquet([STORY] * 3),
    }
    for name, content in files.items():
        put(f"raw/{name}", content)
    local = find_files([write_inputs(tmp_path, files)])
    remote = find_files(["s3://crawl/raw"])
    contents = [
        [
            (item.path, item.sha256)
            for f in location
            if isinstance(f, InputFile)
            for item in read_file(f, Settings())
            if isinstance(item, RawDocument)
        ]
        for location in (local, remote)
    ]
    assert contents[0] == contents[1]
    assert len(contents[0]) == 9


@pytest.mark.slow
def test_a_large_object_is_read_in_parts_and_jumped_in(put: Any) -> None:
    content = bytes(range(256)) * 40_000
    put("large.bin", content)
    [stored] = find_objects("s3://crawl/large.bin")
    with open_object(stored.url, stored.etag, stored.size) as stream:
        assert stream.seek(-10, io.SEEK_END) == len(content) - 10
        assert stream.read() == content[-10:]
        stream.seek(9_999_999)
        assert stream.read(5) == content[9_999_999:10_000_004]
        stream.seek(0)
        assert stream.read() == content


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (
            lambda store: store.put_object(Bucket="crawl", Key="raw/1.txt", Body=b"other"),
            "it changed since",
        ),
        (lambda store: store.delete_object(Bucket="crawl", Key="raw/1.txt"), "it is gone since"),
    ],
)
@pytest.mark.parametrize("name", ["1.txt", "1.parquet"])
def test_an_object_that_changes_after_it_was_listed_is_quarantined(
    change: Any, detail: str, name: str, put: Any, store: Any
) -> None:
    put("raw/1.txt", STORY)
    [file] = find_files(["s3://crawl/raw"])
    assert isinstance(file, InputFile)
    change(store)
    [item] = read_file(file, Settings())
    assert isinstance(item, Quarantined)
    assert item.reason == "unreadable"
    assert detail in item.detail


def test_only_an_object_whose_content_changed_is_cleaned_again(put: Any, tmp_path: Path) -> None:
    put("raw/1.txt", STORY)
    put("raw/2.txt", STORY + " Again.")

    def run() -> tuple[bool, int]:
        ticks: list[int] = []
        result = clean_corpus(
            ["s3://crawl/raw"], tmp_path / "clean", Settings(), clean=clean_here, tick=ticks.append
        )
        return result.unchanged, sum(ticks)

    assert run() == (False, 2)
    assert run() == (True, 0)
    put("raw/2.txt", STORY + " Other.")
    assert run()[0] is False
    assert {row["metadata"]["raw_path"] for row in rows(tmp_path, "documents")} == {
        "raw/1.txt",
        "raw/2.txt",
    }


def published(url: str) -> dict[str, bytes]:
    objects = {each.url.removeprefix(f"{url}/"): each for each in find_objects(f"{url}/")}
    contents = {}
    for name, each in objects.items():
        with open_object(each.url, each.etag, each.size) as stream:
            contents[name] = stream.read()
    return contents


def publish(folder: Path, texts: int, **settings: Any) -> dict[str, bytes]:
    """The published objects of a run over so many texts, without the mark."""
    inputs = write_inputs(folder, {f"{i}.txt": f"{STORY} {i}" for i in range(texts)})
    settings_of_run = Settings(publish="s3://crawl/clean/", **settings)
    clean_corpus([inputs], folder / "clean", settings_of_run, clean=clean_here, tick=lambda n: None)
    return published_copy()


def published_copy() -> dict[str, bytes]:
    return {name: content for name, content in published("s3://crawl/clean").items() if name != ".winnow"}


def local(folder: Path) -> dict[str, bytes]:
    names = (*output_bytes(folder / "clean"), "report.html", "report.json")
    return {name: (folder / "clean" / name).read_bytes() for name in names}


def test_what_is_published_is_the_output_and_stale_parts_go(put: Any, tmp_path: Path) -> None:
    for name in ("documents/part-00007.parquet", ".winnow"):  # of an earlier run, from another machine
        put(f"clean/{name}", b"old")
    assert publish(tmp_path, 6, shard_documents=2) == local(tmp_path)


def test_a_copy_that_was_cut_off_is_completed_by_a_run_that_has_nothing_else_to_do(
    put: Any, store: Any, tmp_path: Path
) -> None:
    publish(tmp_path, 3)
    store.delete_object(Bucket="crawl", Key="clean/report.json")
    put("clean/sources.csv", b"half")
    settings, inputs = Settings(publish="s3://crawl/clean"), [str(tmp_path / "raw")]
    assert clean_corpus(
        inputs, tmp_path / "clean", settings, clean=clean_here, tick=lambda n: None
    ).unchanged
    assert published_copy() == local(tmp_path)


def test_nothing_is_published_over_what_others_wrote(put: Any, tmp_path: Path) -> None:
    put("clean/thesis.doc", b"mine")
    with pytest.raises(UsageError, match="did not write"):
        publish(tmp_path, 1)
    assert published("s3://crawl/clean") == {"thesis.doc": b"mine"}
    assert not (tmp_path / "clean" / "documents").exists()


def test_the_mark_of_a_whole_copy_is_gone_before_anything_changes_and_back_at_the_end(
    put: Any, tmp_path: Path
) -> None:
    publish(tmp_path, 2)
    requests: list[tuple[str, str]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        requests.append((model.name, params["url_path"].rpartition("clean/")[2]))

    store_client().meta.events.register("before-call.s3", note)
    publish(tmp_path, 3)
    store_client().meta.events.unregister("before-call.s3", note)
    changes = [each for each in requests if each[0] in ("PutObject", "DeleteObject")][
        1:
    ]  # after the mark of ours
    assert changes[0] == ("DeleteObject", "report.json")
    assert changes[-1] == ("PutObject", "report.json")


class KilledError(BaseException):
    """Stands for the end of a process."""


@pytest.mark.slow
def test_a_copy_that_is_killed_before_any_request_is_whole_or_lacks_its_mark(
    put: Any, tmp_path: Path
) -> None:
    outputs = []
    for texts in (2, 3):
        folder = tmp_path / str(texts)
        inputs = write_inputs(folder, {f"{i}.txt": f"{STORY} {i}" for i in range(texts)})
        clean_corpus([inputs], folder / "clean", Settings(), clean=clean_here, tick=lambda n: None)
        outputs.append((folder / "clean", local(folder)))
    (old, old_files), (new, new_files) = outputs
    killed, request = True, 0
    while killed:
        publish_copy(old, "s3://crawl/clean")
        assert published_copy() == old_files
        killed = _is_killed_before(request, new)
        copy = published_copy()
        assert "report.json" not in copy or copy in (old_files, new_files), request
        publish_copy(new, "s3://crawl/clean")
        assert published_copy() == new_files
        request += 1
    assert request > 10


def _is_killed_before(number: int, output: Path) -> bool:
    """Whether publishing an output was ended before a request of that number; else it had fewer."""
    requests = count()

    def kill(**_: Any) -> None:
        if next(requests) == number:
            raise KilledError

    store_client().meta.events.register("before-call.s3", kill)
    try:
        publish_copy(output, "s3://crawl/clean")
    except KilledError:
        return True
    finally:
        store_client().meta.events.unregister("before-call.s3", kill)
    return False
