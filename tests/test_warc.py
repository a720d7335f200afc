"""Readers of WARC and WET archives: which records are documents, and damaged archives."""

import gzip
import os
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import (
    BOMB_BYTES,
    PAGE,
    SMALL,
    as_is,
    documents,
    outcomes,
    read,
    zstd,
)
from winnow.corpus.raw import HTML, TEXT, Quarantined


class Archive:
    """A WARC file (ISO 28500) under construction, each record compressed by itself."""

    def __init__(self, gzipped: bool = True) -> None:
        self.content = b""
        self.pack = gzip.compress if gzipped else as_is

    def add(
        self,
        content: bytes = PAGE,
        content_type: str = "text/html; charset=UTF-8",
        status: str = "200 OK",
        **http: str,
    ) -> "Archive":
        """Add a response of a server."""
        headers = [
            f"{name.replace('_', '-')}: {value}"
            for name, value in {"Content-Type": content_type, **http}.items()
        ]
        head = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()
        return self.record("response", head + content, "application/http; msgtype=response")

    def record(
        self,
        kind: str,
        block: bytes,
        content_type: str = "text/plain",
        url: str = "https://www.daily.example/a",
    ) -> "Archive":
        """Add a record of any type."""
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2025-03-14T09:30:00Z\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        self.content += self.pack(head.encode() + block + b"\r\n\r\n")
        return self


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_an_answer_of_a_server_is_a_document_with_its_headers(tmp_path: Path, name: str) -> None:
    archive = Archive(gzipped=name.endswith("gz")).add()
    (document,) = documents(read(tmp_path / name, archive.content))
    assert (document.content, document.content_type, document.encoding) == (PAGE, HTML, "UTF-8")
    assert (document.path, document.added) == (f"{name}#1", "2025-03-14T09:30:00Z")
    assert document.metadata.url == "https://www.daily.example/a"
    assert document.metadata.domain == "daily.example"


def test_only_pages_that_were_found_are_documents(tmp_path: Path) -> None:
    archive = Archive().record("warcinfo", b"software: none", url="").add(b"GIF89a", "image/gif")
    archive.record("request", b"GET / HTTP/1.1\r\n\r\n").add(status="404 Not Found").add(status="301 Moved")
    archive.record("metadata", b"via: x").add(b"Rain.", "text/plain").record(
        "resource", b"x", url="metadata://wget.log"
    )
    archive.add(b"Rain.", "")
    assert outcomes(read(tmp_path / "a.warc.gz", archive.content)) == ["7 ok", "9 ok"]


def test_a_wet_record_is_a_text(tmp_path: Path) -> None:
    archive = Archive().record("conversion", "Łódź.".encode())
    (document,) = documents(read(tmp_path / "CC-MAIN.warc.wet.gz", archive.content))
    assert (document.content.decode(), document.content_type) == ("Łódź.", TEXT)


def chunked(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (chunked(PAGE), {"Transfer_Encoding": "chunked"}),
        (gzip.compress(PAGE), {"Content_Encoding": "gzip"}),
        (chunked(gzip.compress(PAGE)), {"Transfer_Encoding": "Chunked", "Content_Encoding": "x-gzip"}),
        (zstd(PAGE), {"Content_Encoding": "zstd"}),
        (PAGE, {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
    ],
    ids=["chunked", "gzip", "both", "zstd", "neither, though the headers stayed"],
)
def test_what_the_server_packed_is_unpacked(
    tmp_path: Path, content: bytes, headers: dict[str, str]
) -> None:
    (document,) = documents(read(tmp_path / "a.warc.gz", Archive().add(content, **headers).content))
    assert document.content == PAGE


def test_a_record_that_cannot_be_read_is_one_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    archive = (
        Archive().add(b"a" * 10_001).add(gzip.compress(b"a" * BOMB_BYTES), Content_Encoding="gzip").add()
    )
    archive.add(bytes(range(256)), Content_Encoding="compress").add(b"").add(
        gzip.compress(PAGE)[:30], Content_Encoding="gzip"
    ).add()
    assert outcomes(read(tmp_path / "a.warc.gz", archive.content, SMALL)) == [
        "1 too_large",
        "2 too_large",
        "3 ok",
        "4 unsupported",
        "5 empty",
        "6 malformed",
        "7 ok",
    ]


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_warc_cut_off_keeps_what_was_read(tmp_path: Path, gzipped: bool) -> None:
    whole = Archive(gzipped).add().add(os.urandom(5000))
    name = "a.warc.gz" if gzipped else "a.warc"
    first, last = read(tmp_path / name, whole.content[:-2000])
    assert outcomes([first, last]) == ["1 ok", "2 malformed"]


@pytest.mark.parametrize("length", ["7", "x", "-1", ""])
def test_a_record_with_a_wrong_length_does_not_hide_the_next(tmp_path: Path, length: str) -> None:
    first, second = Archive(gzipped=False).add(b"Rain. " * 50), Archive(gzipped=False).add()
    start, end = first.content.split(b"Content-Length: ", 1)
    wrong = start + b"Content-Length: " + length.encode() + end[end.index(b"\r\n") :]
    items = read(tmp_path / "a.warc", wrong + second.content)
    assert outcomes(items)[-2:] in (["1 malformed", "2 ok"], ["2 malformed", "3 ok"])


def test_a_warc_written_as_one_gzip_stream_is_read(tmp_path: Path) -> None:
    archive = Archive(gzipped=False).add().add()
    assert len(documents(read(tmp_path / "a.warc.gz", gzip.compress(archive.content)))) == 2


@pytest.mark.parametrize(
    "content", [b"x", PAGE, b"WARC/1.0", b"a" * 10**6, b"WARC/1.0\r\n" + b"a: b\r\n" * 10**5]
)
def test_what_is_no_warc_is_one_row(tmp_path: Path, content: bytes) -> None:
    start = process_time()
    items = read(tmp_path / "a.warc", content)
    assert [item.reason for item in items if isinstance(item, Quarantined)] == ["malformed"]
    assert process_time() - start < 2


@given(st.binary(max_size=300), st.integers(0, 900))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_noise_in_a_warc_never_raises(tmp_path: Path, noise: bytes, place: int) -> None:
    whole = Archive(gzipped=False).add().add().content
    read(tmp_path / "a.warc", whole[:place] + noise + whole[place:])
    packed = gzip.compress(whole, mtime=0)
    read(tmp_path / "a.warc.gz", packed[:place] + noise + packed[place:])
