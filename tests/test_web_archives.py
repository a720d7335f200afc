"""Web archives as crawlers really write them: what is passed over and why, codings, damage, ARC and WACZ."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pytest

from tests.reading import PAGE, SMALL, documents, lz4, outcomes, passed_over, read, zstd
from tests.runs import STORY, rows, run
from tests.test_warc import Archive, chunked
from winnow.cli.status import passed_over_lines
from winnow.corpus.raw import HTML, PASSED_OVER_REASONS, TEXT, ArchiveFacts, RawDocument

WEB = "https://www.daily.example/a"
RESPONSE = "application/http; msgtype=response"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def answer(
    status: str = "200 OK", content_type: str = "text/html", content: bytes = PAGE, **http: str
) -> bytes:
    """An HTTP answer as it stands in a record."""
    headers = {
        "Content-Type": content_type,
        **{name.replace("_", "-"): value for name, value in http.items()},
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode() + content


def record(
    block: bytes, kind: str = "response", url: str = WEB, content_type: str = RESPONSE, **headers: str
) -> bytes:
    """A WARC record with headers of its own; a header of "" is left out."""
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2025-03-14T09:30:00Z",
        "Content-Type": content_type,
        **{name.replace("_", "-"): value for name, value in headers.items()},
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


PASSED_OVER = [
    (record(answer("301 Moved", Location="/b")), "redirect"),
    (record(answer("308 Moved")), "redirect"),
    (record(answer("304 Not Modified", content=b"")), "other_status"),
    (record(answer("202 Accepted")), "other_status"),
    (record(answer("204 No Content", content=b"")), "other_status"),
    (record(b"no answer at all"), "other_status"),
    (record(answer("404 Not Found")), "error_status"),
    (record(answer("503 Busy")), "error_status"),
    (record(answer("206 Partial Content", Content_Range="bytes 500-999/2000")), "partial"),
    (record(answer(content_type="image/png", content=PNG)), "no_text_type"),
    (record(answer(content_type="application/octet-stream", content=PNG)), "no_text_type"),
    (
        record(answer(content_type="application/octet-stream"), WARC_Identified_Payload_Type="image/png"),
        "no_text_type",
    ),
    (record(answer(content_type="text/css"), WARC_Identified_Payload_Type="text/plain"), "no_text_type"),
    (record(answer(), url=""), "no_target_uri"),
    (record(answer(), url="dns:daily.example"), "not_web"),
    (record(answer(), url="ftp://daily.example/a"), "not_web"),
    (record(b"www.daily.example. 300 IN A 192.0.2.1", content_type="text/dns"), "other_record"),
    (record(answer(), "revisit", WARC_Profile="identical-payload-digest"), "revisit"),
    (record(b"GET / HTTP/1.1\r\n\r\n", "request"), "request"),
    (record(b"via: x", "metadata"), "metadata"),
    (record(b"software: x", "warcinfo", url=""), "warcinfo"),
    (record(PAGE, "continuation"), "other_record"),
]
PAGES = [
    (record(answer("201 Created")), HTML),
    (record(answer("203 Non-Authoritative Information")), HTML),
    (record(answer("206 Partial Content", Content_Range=f"bytes 0-{len(PAGE) - 1}/{len(PAGE)}")), HTML),
    (record(answer("206 Partial Content")), HTML),
    (record(answer(content_type="text/html, text/html")), HTML),
    (record(answer(content_type="Text/HTML ; charset=utf-8, text/html")), HTML),
    (
        record(answer(content_type="application/octet-stream"), WARC_Identified_Payload_Type="text/html"),
        HTML,
    ),
    (
        record(
            answer(content_type="application/xml"), WARC_Identified_Payload_Type="application/xhtml+xml"
        ),
        HTML,
    ),
    (record(answer(content_type="application/octet-stream")), HTML),
    (record(answer(content_type="unknown/unknown")), HTML),
    (record(answer(content_type="", content=b"Rain."), WARC_Identified_Payload_Type="text/html"), HTML),
    (record(answer(content_type="", content=b"Rain.")), TEXT),
    (record(answer(content_type=""), content_type=""), HTML),
    (record(answer(), url="<HTTP://www.daily.example/a>"), HTML),
    (record(b"Rain.", "resource", content_type="text/plain"), TEXT),
]


@pytest.mark.parametrize(
    ("block", "reason"),
    PASSED_OVER,
    ids=[f"{number} {reason}" for number, (_, reason) in enumerate(PASSED_OVER)],
)
def test_a_record_that_is_no_page_is_passed_over_with_its_reason(
    tmp_path: Path, block: bytes, reason: str
) -> None:
    items = read(tmp_path / "a.warc", block + record(answer()))
    assert passed_over(items) == {"1": reason}
    assert outcomes(items) == ["2 ok"]


@pytest.mark.parametrize(("block", "content_type"), PAGES, ids=range(len(PAGES)))
def test_a_page_is_read_whatever_its_server_calls_it(
    tmp_path: Path, block: bytes, content_type: str
) -> None:
    [document] = read(tmp_path / "a.warc", block)
    assert isinstance(document, RawDocument)
    assert document.content_type == content_type


def test_each_reason_to_pass_over_a_record_has_a_case() -> None:
    assert {reason for _, reason in PASSED_OVER} == {*PASSED_OVER_REASONS}


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def brotli(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "brotli") as packed:
        packed.write(content)
    return bytes(sink.getvalue())


CODED = [
    ("deflate", zlib.compress(PAGE)),
    ("deflate", raw_deflate(PAGE)),
    ("br", brotli(PAGE)),
    ("BR", brotli(PAGE)),
    ("gzip, br", brotli(gzip.compress(PAGE))),
    ("gzip,gzip", gzip.compress(gzip.compress(PAGE))),
    ("", gzip.compress(PAGE)),
    ("identity", PAGE),
    *(
        (coding, PAGE)
        for coding in ("gzip", "x-gzip", "deflate", "br", "zstd", "utf-8", "none", "gzip, deflate")
    ),
]


@pytest.mark.parametrize(("coding", "content"), CODED, ids=range(len(CODED)))
@pytest.mark.parametrize("transfer", ["", "chunked", "chunked, undone", "gzip, chunked"])
def test_a_coding_is_undone_where_it_was_applied_and_else_passed_over(
    tmp_path: Path, coding: str, content: bytes, transfer: str
) -> None:
    body = chunked(content) if transfer.endswith("chunked") else content
    archive = Archive().add(body, Content_Encoding=coding, Transfer_Encoding=transfer.partition(", un")[0])
    [document] = documents(read(tmp_path / "a.warc.gz", archive.content))
    assert document.content == PAGE


@pytest.mark.parametrize("pack", [zlib.compress, raw_deflate, brotli, zstd, gzip.compress])
@pytest.mark.parametrize("damage", ["cut off", "a bomb", "none"])
def test_a_coded_page_that_is_broken_is_one_row(tmp_path: Path, pack: object, damage: str) -> None:
    assert callable(pack)
    names = {
        zlib.compress: "deflate",
        raw_deflate: "deflate",
        brotli: "br",
        zstd: "zstd",
        gzip.compress: "gzip",
    }
    content = pack(b"a" * 5_000_000 if damage == "a bomb" else PAGE * 20)
    content = content[: len(content) // 2] if damage == "cut off" else content
    archive = Archive().add(content, Content_Encoding=names[pack]).add()  # type: ignore[index]  # one of these
    expected = {"cut off": "malformed", "a bomb": "too_large", "none": "ok"}[damage]
    assert outcomes(read(tmp_path / "a.warc.gz", archive.content, SMALL)) == [f"1 {expected}", "2 ok"]


def test_brotli_without_its_codec_is_one_clear_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_without = SimpleNamespace(Codec=SimpleNamespace(is_available=lambda name: False))
    monkeypatch.setattr("winnow.corpus.readers.streams.pa", built_without)
    archive = Archive().add(brotli(PAGE), Content_Encoding="br").add(Content_Encoding="br")
    items = read(tmp_path / "a.warc.gz", archive.content)
    assert outcomes(items) == ["1 unsupported", "2 ok"]
    assert "brotli, which the installed pyarrow lacks" in items[0].detail  # type: ignore[union-attr]


def members(number: int, long: int = 0) -> list[bytes]:
    """Records of an archive, each a member; one may be long."""
    contents = [f"<p>{n} {STORY} {(STORY if n == 1 else '') * long}</p>".encode() for n in range(number)]
    return [Archive().add(content).content for content in contents]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte in the middle": lambda member: (
        member[: len(member) // 2] + b"\xff\x00" + member[len(member) // 2 + 2 :]
    ),
    "its sum": lambda member: member[:-8] + bytes(4) + member[-4:],
    "its end": lambda member: member[:-20],
    "its start": lambda member: member[20:],
    "its magic": lambda member: b"XX" + member[2:],
    "all of it": lambda member: b"\x1f\x8b\x08" + bytes(100),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("long", [0, 2000])
def test_behind_a_broken_member_an_archive_is_read_on(tmp_path: Path, damage: str, long: int) -> None:
    first, second, *others = members(5, long)
    items = read(tmp_path / "a.warc.gz", b"".join([first, DAMAGES[damage](second), *others]))
    kept = [item.content[:5] for item in items if isinstance(item, RawDocument)]
    assert [start for start in kept if start != b"<p>1 "] == [b"<p>0 ", b"<p>2 ", b"<p>3 ", b"<p>4 "]
    # What a broken member still gives is a record of its own, or a stretch that belongs to none.
    assert [each.partition(" ")[2] for each in outcomes(items)].count("malformed") in (1, 2)


def test_zeros_between_members_are_no_damage(tmp_path: Path) -> None:
    assert len(documents(read(tmp_path / "a.warc.gz", bytes(512).join(members(3)) + bytes(9)))) == 3


def test_what_looks_like_a_member_in_vain_is_tried_a_thousand_times_at_most(tmp_path: Path) -> None:
    header = gzip.compress(b"")[:10]
    items = read(tmp_path / "a.warc.gz", members(1)[0] + (header + b"\xff") * 5000 + members(1)[0])
    assert outcomes(items)[0] == "1 ok"
    assert len(items) == 1001


def arc(*entries: tuple[str, bytes], length: int = 0) -> bytes:
    """An ARC file: its description, then a record for each address and block."""
    block = b"1 0 Harbour\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20080502100000 text/plain %d\n%s\n" % (len(block) + length, block)]
    for address, content in entries:
        parts.append(
            f"{address} 192.0.2.1 20080502100001 text/html {len(content)}\n".encode() + content + b"\n"
        )
    return b"".join(parts)


@pytest.mark.parametrize("length", [0, 9])
@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz"])
def test_an_arc_file_is_read_like_a_warc_file(tmp_path: Path, name: str, length: int) -> None:
    content = arc(
        (WEB, answer()),
        ("http://daily.example/b c", answer("404 Not Found")),
        ("dns:daily.example", b"20080502100000\nwww.daily.example. 300 IN A 192.0.2.1"),
        ("http://daily.example/d", answer(content=b"<p>20080502100000 1 2 3 text/html 9</p>\n")),
        length=length,
    )
    items = read(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content)
    first, last = documents(items)
    assert (first.metadata.url, first.added, first.content) == (WEB, "2008-05-02T10:00:01Z", PAGE)
    assert last.metadata.url == "http://daily.example/d"
    assert sorted(passed_over(items).values()) == sorted(
        ["error_status", "not_web"] + ["warcinfo"] * (not length)
    )


def test_an_arc_header_with_ten_fields_is_read(tmp_path: Path) -> None:
    block = answer()
    line = f"{WEB} 192.0.2.1 20080502100001 text/html 200 ABC - 0 a.arc {len(block)}\n"
    [document] = documents(read(tmp_path / "a.arc", line.encode() + block + b"\n"))
    assert document.metadata.url == WEB


def wacz(path: Path, **files: bytes) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_the_archives_in_a_wacz_are_read_one_after_the_other(tmp_path: Path) -> None:
    files = {"archive__a_warc_gz": members(2)[0] + members(2)[1], "archive__b_warc": record(answer())}
    path = wacz(tmp_path / "a.wacz", **files, pages__pages_jsonl=b"{}", indexes__index_cdx=b"x")
    assert outcomes(read(path, path.read_bytes())) == ["1 ok", "2 ok", "3 ok"]


def test_a_broken_member_in_a_wacz_costs_its_record(tmp_path: Path) -> None:
    first, second, third = members(3)
    path = wacz(tmp_path / "a.wacz", archive__a_warc_gz=first + DAMAGES["its sum"](second) + third)
    assert outcomes(read(path, path.read_bytes())) == ["1 ok", "2 malformed", "3 ok"]


def test_what_all_archives_in_a_wacz_unpack_to_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("winnow.corpus.settings.UNPACKED_BYTES", 100_000)
    blank = gzip.compress(b"\n" * 60_000)
    files = {f"archive__{name}_warc_gz": blank for name in "ab"}
    path = wacz(tmp_path / "a.wacz", **files)
    assert outcomes(read(path, path.read_bytes(), SMALL)) == ["a.wacz too_large"]
    [first, *_] = files.values()
    path = wacz(tmp_path / "b.wacz", archive__a_warc_gz=first)
    assert outcomes(read(path, path.read_bytes(), SMALL)) == []


@pytest.mark.parametrize("content", [b"x" * 100, b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(50)])
def test_what_is_no_wacz_is_one_row(tmp_path: Path, content: bytes) -> None:
    assert outcomes(read(tmp_path / "a.wacz", content)) == ["a.wacz malformed"]


def test_an_archive_may_be_packed_with_lz4(tmp_path: Path) -> None:
    archive = Archive(gzipped=False).add().add()
    assert len(documents(read(tmp_path / "a.warc.lz4", lz4(archive.content)))) == 2


def test_what_an_archive_says_of_a_payload_is_in_the_metadata(tmp_path: Path) -> None:
    block = record(
        answer("206 Partial Content", Content_Range="bytes 0-99/2000", content=STORY.encode()),
        WARC_Record_ID="<urn:uuid:6c0b>",
        WARC_Payload_Digest="sha1:2WAX",
        WARC_Identified_Payload_Type="text/html",
    )
    cut = record(answer(content=f"<p>{STORY} Cut".encode()), WARC_Truncated="length")
    run(tmp_path, {"a.warc": block + cut, "b.txt": STORY + " Three."})
    facts = {row["metadata"]["raw_path"]: row["metadata"] for row in rows(tmp_path, "documents")}
    shown = {
        path: tuple(metadata[name] for name in ("record_id", "payload_digest", "payload_type", "truncated"))
        for path, metadata in facts.items()
    }
    assert shown == {
        "raw/a.warc#1": ("urn:uuid:6c0b", "sha1:2WAX", "text/html", "range"),
        "raw/a.warc#2": ("", "", "text/html", "length"),
        "raw/b.txt": ("", "", "", ""),
    }


def test_the_facts_of_a_hostile_record_are_cut(tmp_path: Path) -> None:
    [document] = documents(read(tmp_path / "a.warc", record(answer(), WARC_Payload_Digest="x" * 9999)))
    assert document.archive == ArchiveFacts("", "x" * 200, "text/html", "")


def test_passed_over_records_are_counted_by_reason_in_report_result_and_status(tmp_path: Path) -> None:
    files = {
        "a.warc": record(answer()) + record(answer("404 Not Found")) * 3,
        "b.warc": record(b"", "request"),
    }
    result = run(tmp_path, files)
    assert result.passed_over == {"error_status": 3, "request": 1}
    assert (result.documents, result.rejected, result.quarantined) == (1, 0, 0)
    report = (tmp_path / "clean" / "report.json").read_text(encoding="utf8")
    assert '"passed_over": {\n  "error_status": 3,\n  "request": 1\n }' in report
    assert "an answer with a status of 400 or more" in (tmp_path / "clean" / "report.html").read_text(
        encoding="utf8"
    )
    assert run(tmp_path, files).passed_over == result.passed_over  # of the manifest: nothing has changed
    [line] = passed_over_lines(result.passed_over)
    assert line == "records of archives passed over: 4 (3 error_status, 1 request)"
    assert [*passed_over_lines({})] == []


def test_counts_of_files_that_are_not_read_again_are_kept(tmp_path: Path) -> None:
    files = {
        "a.warc": record(answer()) + record(answer("404 Not Found")),
        "b.warc": record(b"", "request") * 2,
    }
    run(tmp_path, files)
    changed = run(tmp_path, {**files, "c.warc": record(answer("301 Moved"))})
    assert changed.passed_over == {"request": 2, "error_status": 1, "redirect": 1}
    fresh = run(tmp_path / "fresh", {**files, "c.warc": record(answer("301 Moved"))})
    assert fresh.passed_over == changed.passed_over
