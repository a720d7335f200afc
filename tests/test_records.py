"""Readers of records: JSON Lines and Parquet, their fields, and errors in them."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import PACKERS, SMALL, Item, detail, documents, json_lines, listed, outcomes, read
from winnow.corpus.raw import HTML, TEXT, Quarantined
from winnow.corpus.readers import read_file
from winnow.corpus.readers.jsonl import UTF_16
from winnow.corpus.settings import Fields, Settings

RECORD = {
    "text": "It rained in Łódź.",
    "url": "https://www.daily.example/a",
    "title": "Rain",
    "date": "March 14, 2025",
    "added": "2025-04-01T00:00:00+00:00",
}


def write_jsonl(path: Path, records: list[dict[str, object]]) -> None:
    path.write_bytes(json_lines(*records))


def write_parquet(path: Path, records: list[dict[str, object]]) -> None:
    pq.write_table(pa.Table.from_pylist(records), path)


WRITERS: dict[str, Callable[[Path, list[dict[str, object]]], None]] = {
    "a.jsonl": write_jsonl,
    "a.ndjson": write_jsonl,
    "a.parquet": write_parquet,
}


@pytest.fixture(params=list(WRITERS))
def reread(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., list[Item]]:
    """Writes records in a format and reads them back."""

    def write_and_read(*records: dict[str, object], using: Settings | None = None) -> list[Item]:
        path = tmp_path / request.param
        WRITERS[request.param](path, list(records))
        return list(read_file(listed(path), using or Settings()))

    return write_and_read


Reread = Callable[..., list[Item]]


def test_a_record_gives_its_text_and_metadata(reread: Reread) -> None:
    (document,) = documents(reread(RECORD))
    metadata = document.metadata
    assert (document.content.decode(), document.content_type, document.encoding) == (
        RECORD["text"],
        TEXT,
        "utf-8",
    )
    assert (metadata.url, metadata.domain) == (RECORD["url"], "daily.example")
    assert (metadata.title, metadata.published) == ("Rain", "2025-03-14")
    assert document.added == "2025-04-01T00:00:00Z"


@pytest.mark.parametrize("inside", ["metadata", "meta"])
def test_metadata_is_also_read_where_dolma_and_datatrove_write_it(reread: Reread, inside: str) -> None:
    rest = {key: value for key, value in RECORD.items() if key != "text"}
    (document,) = documents(reread({"text": "Rain.", inside: rest}))
    assert (document.metadata.url, document.metadata.published) == (RECORD["url"], "2025-03-14")


def test_each_record_is_one_item_in_order(reread: Reread) -> None:
    items = reread(*({"text": f"Rain {i}."} for i in range(300)))
    assert outcomes(items) == [f"{i} ok" for i in range(1, 301)]
    assert [item.content for item in documents(items)] == [f"Rain {i}.".encode() for i in range(300)]


def test_html_goes_before_text_unless_it_is_empty(reread: Reread) -> None:
    both, only = documents(reread({"text": "Rain.", "html": "<p>Rain."}, {"text": "Sun.", "html": ""}))
    assert (both.content, both.content_type) == (b"<p>Rain.", HTML)
    assert (only.content, only.content_type) == (b"Sun.", TEXT)


def test_field_names_can_be_given(reread: Reread) -> None:
    names = Settings(fields=Fields(text="page.body", url="link", date="when", domain="site"))
    record = {
        "page": {"body": "Rain."},
        "link": "https://a.example/",
        "when": "2025-03-14",
        "site": "WWW.B.example",
    }
    (document,) = documents(reread(record, using=names))
    assert document.content == b"Rain."
    assert (document.metadata.url, document.metadata.domain) == ("https://a.example/", "b.example")
    assert document.metadata.published == "2025-03-14"


def test_a_record_without_text_is_one_row_and_the_rest_goes_on(reread: Reread) -> None:
    items = reread({"text": "Rain."}, {"text": ""}, {"text": None}, {"text": " "}, {"text": "Sun."})
    assert outcomes(items) == ["1 ok", "2 empty", "3 empty", "4 empty", "5 ok"]


def test_records_without_the_fields_say_which_there_are_and_what_to_do(reread: Reread) -> None:
    message = detail(reread({"body": "Rain.", "link": ""}))
    assert "body, link" in message
    assert "--text-field" in message


def test_a_record_that_holds_no_text_under_the_name_is_malformed(reread: Reread) -> None:
    assert outcomes(reread({"text": ["Rain."]})) == ["1 malformed"]


def test_a_record_over_the_limit_is_one_row(reread: Reread) -> None:
    items = reread({"text": "a" * 10_001}, {"text": "a" * 10_000}, {"text": "a" * 99_999}, using=SMALL)
    assert outcomes(items) == ["1 too_large", "2 ok", "3 too_large"]


def test_one_broken_line_of_many_is_one_row(tmp_path: Path) -> None:
    good = json_lines({"text": "Rain."})
    broken = [b'{"text": "Rain.\n', b"[1]\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"1" * 10_000 + b"\n"]
    items = read(tmp_path / "a.jsonl", good + b"".join(line + b"\n" + good for line in broken))
    reasons = [item.reason for item in items if isinstance(item, Quarantined)]
    assert reasons == ["malformed", "malformed", "undecodable", "malformed", "malformed"]
    assert outcomes(items)[:3] == ["1 ok", "2 malformed", "4 ok"]
    assert len(items) == 11


def test_a_byte_order_mark_half_a_surrogate_pair_and_raw_tabs_do_no_harm(tmp_path: Path) -> None:
    line = (
        b'\xef\xbb\xbf{"text": "Rain\tand \\ud83d\\ude00 and \\ud83d.", "url": "https://a.example/\\ud83d"}'
    )
    (document,) = documents(read(tmp_path / "a.jsonl", line))
    assert document.content.decode() == "Rain\tand 😀 and \ufffd."
    assert len(document.id) == 32


def test_an_archive_cut_off_keeps_what_was_read(tmp_path: Path) -> None:
    records = json_lines(*({"text": os.urandom(200).hex()} for _ in range(2000)))
    for packer in (".gz", ".zst"):
        packed = PACKERS[packer](records)
        *first, last = read(tmp_path / f"a.jsonl{packer}", packed[: len(packed) // 2])
        assert len(documents(first)) > 800
        assert isinstance(last, Quarantined)
        assert (last.path, last.reason) == (f"a.jsonl{packer}", "malformed")
        assert f"read up to a.jsonl{packer}#{len(first)}" in last.detail


LINES = st.lists(st.binary() | st.just(b'{"text": "Rain."}') | st.just(b"\n")).map(b"\n".join)


@given(LINES.filter(lambda content: content[:2] not in UTF_16))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_as_json_lines_give_an_item_for_each_line_with_something(
    tmp_path: Path, content: bytes
) -> None:
    items = read(tmp_path / "a.jsonl", content + b"\n")
    assert len(items) == sum(bool(line.strip()) for line in content.split(b"\n"))


def test_parquet_columns_of_other_types_are_read(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["Rain.", "Sun."]).dictionary_encode(),
            "html": pa.array([None, "<p>Żar".encode("iso8859-2")], pa.binary()),
            "date": pa.array([datetime(2025, 3, 14, tzinfo=UTC)] * 2, pa.timestamp("ns", "UTC")),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    text, html = documents(list(read_file(listed(tmp_path / "a.parquet"), Settings())))
    assert (text.content, text.encoding, text.metadata.published) == (
        b"Rain.",
        "utf-8",
        "2025-03-14T00:00:00Z",
    )
    assert (html.content, html.encoding) == ("<p>Żar".encode("iso8859-2"), "")


def test_a_parquet_text_that_is_not_utf8_is_read_with_replacements(tmp_path: Path) -> None:
    wrong = pa.array([b"Caf\xe9", b"Rain.", None], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": wrong}), tmp_path / "a.parquet")
    items = list(read_file(listed(tmp_path / "a.parquet"), Settings()))
    assert outcomes(items) == ["1 ok", "2 ok", "3 empty"]


def test_a_broken_parquet_file_is_one_row(tmp_path: Path) -> None:
    write_parquet(tmp_path / "good.parquet", [{"text": os.urandom(500).hex()} for _ in range(50)])
    whole = (tmp_path / "good.parquet").read_bytes()
    for content in (
        b"x",
        whole[:-50],
        whole[:4] + b"\0" * 1000 + whole[1004:],
        whole.replace(b"text", b"te\xfft"),
    ):
        assert outcomes(read(tmp_path / "a.parquet", content)) == ["a.parquet malformed"]


def test_a_row_over_the_limit_becomes_no_values_and_a_shared_dictionary_does_not_count(
    tmp_path: Path,
) -> None:
    long = "rain " * 5000  # longer than two documents may be
    shared = pa.array(["It rained.", long, "It snowed."]).dictionary_encode()
    for column in (shared, shared.cast(pa.string())):
        pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet")
        items = list(read_file(listed(tmp_path / "a.parquet"), SMALL))
        assert outcomes(items) == ["1 ok", "2 too_large", "3 ok"]
        assert detail(items[1:2]).startswith("a row of over 20000 bytes")


def test_columns_inside_structs_and_dictionaries_are_read_in_the_order_of_rows(tmp_path: Path) -> None:
    texts = [f"It rained for {n} days." for n in range(40)]
    urls = pa.array([f"https://{n % 3}.example/" for n in range(40)]).dictionary_encode()
    table = pa.table({"page": [{"body": text} for text in texts], "url": urls})
    pq.write_table(table, tmp_path / "a.parquet")
    nested_field = Settings(fields=Fields(text="page.body"))
    items = documents(list(read_file(listed(tmp_path / "a.parquet"), nested_field)))
    assert [raw.content.decode() for raw in items] == texts
    assert [raw.metadata.url for raw in items] == urls.to_pylist()
