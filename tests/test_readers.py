"""Readers of plain and packed files: each document once, within its limits."""

import os
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import process_time

import pytest

from tests.reading import (
    BOMB_BYTES,
    PACKERS,
    PAGE,
    SMALL,
    Item,
    detail,
    documents,
    json_lines,
    listed,
    outcomes,
    read,
)
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.raw import HTML, TEXT, Quarantined, RawDocument
from winnow.corpus.readers import read_file, read_stream
from winnow.corpus.settings import Settings


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(".html", HTML), (".htm", HTML), (".xhtml", HTML), (".HTML", HTML), (".txt", TEXT), (".md", TEXT)],
)
def test_a_page_is_one_document(tmp_path: Path, suffix: str, kind: str, packer: str) -> None:
    path = tmp_path / "raw" / f"a{suffix}{packer}"
    (document,) = documents(read(path, PACKERS[packer](PAGE)))
    assert (document.content, document.content_type) == (PAGE, kind)
    assert (document.path, document.collection) == (path.name, "raw")
    assert document.added == listed(path).modified


def test_the_nearest_folder_named_like_a_host_is_noted_apart_from_the_metadata(tmp_path: Path) -> None:
    (tmp_path / "www.daily.example" / "2024").mkdir(parents=True)
    (tmp_path / "www.daily.example" / "2024" / "a.html").write_bytes(PAGE)
    (file,) = find_files([str(tmp_path)])
    assert isinstance(file, InputFile)
    (document,) = documents(list(read_file(file, Settings())))
    assert (document.folder_host, document.metadata.domain) == ("daily.example", "")


@pytest.mark.parametrize("name", ["a.html", "a.jsonl", "a.warc", "a.parquet"])
def test_a_pipe_that_took_the_place_of_a_file_is_quarantined_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PAGE)
    file = listed(tmp_path / name)
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    # Whoever waits at the pipe gets an end of file instead of waiting for ever.
    Thread(target=(tmp_path / name).write_bytes, args=[b""], daemon=True).start()
    [item] = read_file(file, Settings())
    assert isinstance(item, Quarantined)
    assert (item.reason, item.detail.partition(";")[0]) == ("unreadable", "no regular file any more")


@pytest.mark.parametrize("content", [b"", b" \n\t\n"])
@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_an_empty_page_is_quarantined(tmp_path: Path, name: str, content: bytes) -> None:
    assert outcomes(read(tmp_path / name, content)) == [f"{name} empty"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.warc.gz", "a.html.gz"])
def test_an_archive_without_a_byte_is_quarantined(tmp_path: Path, name: str) -> None:
    assert outcomes(read(tmp_path / name, b"")) == [f"{name} empty"]


def test_a_binary_page_is_left_to_the_decoder(tmp_path: Path) -> None:
    assert documents(read(tmp_path / "a.html", bytes(range(256))))


@pytest.mark.parametrize("name", ["a.pdf", "README", "a.json", "a.parquet.gz", "a.gz"])
def test_a_file_that_no_reader_knows_is_one_row_that_names_those_there_are(
    tmp_path: Path, name: str
) -> None:
    items = read(tmp_path / name, b"x")
    assert outcomes(items) == [f"{name} unsupported"]
    assert ".jsonl" in detail(items)


def test_a_page_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(10**12)
    start = process_time()
    items = list(read_file(listed(path), Settings()))
    assert outcomes(items) == ["a.html too_large"]
    assert "--max-document-bytes" in detail(items)
    assert process_time() - start < 1


@pytest.mark.parametrize("name", ["a.html.gz", "a.txt.zst", "a.jsonl.gz", "a.jsonl.zst"])
def test_a_bomb_is_one_row_and_little_memory(tmp_path: Path, name: str) -> None:
    bomb = PACKERS[Path(name).suffix](b"a" * BOMB_BYTES)
    tracemalloc.start()
    items = read(tmp_path / name, bomb, SMALL)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcomes(items) == [f"{'1' if 'jsonl' in name else name} too_large"]
    assert peak < BOMB_BYTES / 2


@pytest.mark.parametrize("packer", [".gz", ".zst"])
def test_a_packed_page_that_is_cut_off_or_not_packed_is_malformed(tmp_path: Path, packer: str) -> None:
    packed = PACKERS[packer](os.urandom(5000))
    assert outcomes(read(tmp_path / f"a.txt{packer}", packed[:2000])) == [f"a.txt{packer} malformed"]
    assert outcomes(read(tmp_path / f"b.txt{packer}", PAGE)) == [f"b.txt{packer} malformed"]


def test_packed_files_may_be_joined(tmp_path: Path) -> None:
    for packer in (".gz", ".zst"):
        pack = PACKERS[packer]
        (document,) = documents(read(tmp_path / f"a.txt{packer}", pack(b"one ") + pack(b"two")))
        assert document.content == b"one two"


def test_a_file_that_has_gone_is_unreadable(tmp_path: Path) -> None:
    for name in ("a.html", "a.parquet"):
        path = tmp_path / name
        path.write_bytes(PAGE)
        file = listed(path)
        path.unlink()
        assert outcomes(list(read_file(file, Settings()))) == [f"{name} unreadable"]


def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(PAGE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file, as root may")
    assert outcomes(list(read_file(listed(path), Settings()))) == ["a.html unreadable"]


@pytest.mark.parametrize(
    ("content", "kind"), [(PAGE, HTML), (b"\n\nRain.\n<p>", TEXT), (b"{Rain}", TEXT), (b'{"a": 1}', TEXT)]
)
def test_standard_input_is_one_document(content: bytes, kind: str) -> None:
    (document,) = documents(list(read_stream(BytesIO(content), Settings())))
    assert (document.content, document.content_type, document.path) == (content, kind, "stdin")
    assert (document.collection, document.added) == ("stdin", "")


def test_standard_input_may_be_json_lines() -> None:
    content = b"\n" + json_lines({"text": "Rain."}, {"html": "<p>Sun."}) + b"x\n"
    assert outcomes(list(read_stream(BytesIO(content), Settings()))) == ["2 ok", "3 ok", "4 malformed"]


def test_standard_input_can_be_empty_or_endless() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return b" \n" * ((size or 0) // 2)

    assert outcomes(list(read_stream(BytesIO(b""), SMALL))) == ["stdin empty"]
    assert outcomes(list(read_stream(Endless(), SMALL))) == ["stdin too_large"]


def test_reading_is_lazy(tmp_path: Path) -> None:
    def items() -> Iterator[Item]:
        path = tmp_path / "a.jsonl"
        path.write_bytes(json_lines({"text": "Rain."}) * 100_000)
        return read_file(listed(path), Settings())

    start = process_time()
    assert isinstance(next(items()), RawDocument)
    assert process_time() - start < 0.5
