"""Whatever is wrong with a file is a row for the quarantine, for every reader; the other files of a run are cleaned."""

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import parquet, wacz
from tests.reading import PACKERS, PAGE, SMALL, Item, detail, documents, json_lines, listed, outcomes, read
from tests.runs import STORY, rows, run
from tests.test_warc import Archive
from tests.test_web_archives import WEB, answer, arc
from winnow.corpus.errors import WinnowError
from winnow.corpus.raw import Quarantined
from winnow.corpus.readers import ARCHIVES, PAGES, TABLES, read_file, read_stream
from winnow.corpus.settings import Settings

WARC = Archive(gzipped=False).add().add().content
LINES = json_lines({"text": "Rain."}, {"html": "<p>Sun."})
WHOLE = {
    **dict.fromkeys(PAGES, PAGE),
    **dict.fromkeys((".jsonl", ".ndjson"), LINES),
    **dict.fromkeys((".warc", ".wet"), WARC),
    ".arc": arc((WEB, answer())),
    ".parquet": parquet([b'{"text": "Rain."}', b'{"text": "Sun."}']),
    ".wacz": wacz(WARC),
}
FILES = [
    *(
        (f"a{suffix}{packer}", PACKERS[packer](WHOLE[suffix]))
        for suffix in (*PAGES, *ARCHIVES)
        for packer in PACKERS
    ),
    *((f"a{suffix}", WHOLE[suffix]) for suffix in TABLES),
]


@pytest.mark.parametrize(("name", "content"), FILES, ids=[name for name, _ in FILES])
@given(
    places=st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), min_size=1, max_size=4),
    cut=st.integers(0, 4000),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
def test_no_damage_to_a_file_is_raised(
    tmp_path: Path, name: str, content: bytes, places: list[tuple[int, bytes]], cut: int
) -> None:
    damaged = bytearray(content)
    for place, piece in places:
        damaged[place % len(content) : place % len(content) + len(piece)] = piece
    for form in (bytes(damaged), content[: cut % len(content)]):
        for item in read(tmp_path / name, form, SMALL):
            assert item.path.partition("#")[0] == name


@pytest.mark.parametrize(
    ("name", "content"), [(f"a{suffix}", content) for suffix, content in WHOLE.items()]
)
@pytest.mark.parametrize(
    "error", [KeyError("Column text"), RecursionError(), ValueError("\udc80" * 600), AssertionError()]
)
def test_whatever_a_reader_raises_is_a_row_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, error: Exception
) -> None:
    def fail(*_: object) -> Iterator[Item]:
        yield from ()
        raise error

    for place in ("_items", "_stream_items"):
        monkeypatch.setattr(f"winnow.corpus.readers.{place}", fail)
    for items in (read(tmp_path / name, content), [*read_stream(io.BytesIO(content), Settings())]):
        assert [item.reason for item in items if isinstance(item, Quarantined)] == ["failed"]
        assert detail(items).startswith(type(error).__name__)
        assert len(detail(items).encode()) <= 500


def test_what_was_read_before_an_error_is_kept_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_late(line: bytes, *_: object) -> Item:
        raise KeyError("late")

    (tmp_path / "a.jsonl").write_bytes(LINES)
    items = read_file(listed(tmp_path / "a.jsonl"), Settings())
    first = next(items)
    monkeypatch.setattr("winnow.corpus.readers.jsonl._read_line", fail_late)
    [last] = items
    assert (outcomes([first]), last.path) == (["1 ok"], "a.jsonl")
    assert isinstance(last, Quarantined)
    assert last.detail == "KeyError: 'late'; read up to a.jsonl#1"


@pytest.mark.parametrize("error", [WinnowError("the store does not answer"), MemoryError()])
def test_what_concerns_no_file_in_particular_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> Iterator[Item]:
        yield from ()
        raise error

    monkeypatch.setattr("winnow.corpus.readers._items", fail)
    with pytest.raises(type(error)):
        read(tmp_path / "a.jsonl", LINES)


def two_columns(first: str, second: str, **others: list[str]) -> bytes:
    """A Parquet file whose first two columns have these names."""
    columns = [pa.array([STORY]), pa.array(["Sun."]), *map(pa.array, others.values())]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=[first, second, *others]), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (two_columns("text", "text"), ["a.parquet malformed"]),
        (two_columns("url", "url", text=[STORY]), ["a.parquet malformed"]),
        (two_columns("note", "note", text=[STORY]), ["1 ok"]),
        (two_columns("text", "Text"), ["1 ok"]),
    ],
)
def test_two_columns_of_one_name_are_a_row_only_where_they_would_be_read(
    tmp_path: Path, content: bytes, expected: list[str]
) -> None:
    items = read(tmp_path / "a.parquet", content)
    assert outcomes(items) == expected
    assert expected == ["1 ok"] or "rename one of them" in detail(items)


def test_a_run_goes_on_behind_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    result = run(tmp_path, {"a.parquet": two_columns("text", "text"), "b.txt": STORY})
    assert (result.documents, result.quarantined) == (1, 1)
    assert [row["path"] for row in rows(tmp_path, "quarantine")] == ["raw/a.parquet"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_json_lines_may_be_in_utf_16(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = line_end.join(['{"text": "Łódź 😀"}', '{"text": "Rain", "x": "\u2028"}', ""])
    first, second = documents(read(tmp_path / "a.jsonl", text.encode(encoding)))
    assert (first.content.decode(), second.content.decode(), second.path) == (
        "Łódź 😀",
        "Rain",
        "a.jsonl#2",
    )


def test_a_unit_that_is_no_character_does_not_end_a_file_in_utf_16(tmp_path: Path) -> None:
    lines = '{"text": "Rain ?"}\n{"text": "Sun"}\n'.encode("utf-16-le").replace(b"?\0", b"\x00\xd8")
    first, second = documents(read(tmp_path / "a.jsonl", lines))
    assert (first.content.decode()[:5], second.content) == ("Rain ", b"Sun")
