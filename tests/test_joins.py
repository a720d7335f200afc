"""Joins over all documents: their buckets change no byte of a run, and what a killed worker left does no harm."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runs import OTHER, STORY, distinct, output_bytes, run
from winnow.corpus.output import SITE_LINES
from winnow.corpus.writers import write_parquet
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.site_lines import learn_site_lines
from winnow.pipeline.tables import joins
from winnow.pipeline.tables.bucket_files import kept_files
from winnow.pipeline.tables.joins import (
    Goes,
    Join,
    JoinRound,
    JoinTable,
    Over,
    carry_out_join,
    shard_groups,
)

NOTICE = "All our products come with a promise."
WORDS = pa.schema([pa.field("word", pa.string())])
COUNT_WORDS = (
    JoinRound(
        Over.SHARDS,
        (),
        (JoinTable("words", "SELECT word, row, bucket_of(word) AS bucket FROM shards", Goes.TO_BUCKETS),),
    ),
    JoinRound(
        Over.BUCKETS,
        ("words",),
        (
            JoinTable(
                "counted", "SELECT word, count(*) AS times, max(row) AS last FROM words GROUP BY word"
            ),
            JoinTable("sorted", "FROM counted ORDER BY word", Goes.TO_FILE),
        ),
    ),
)
SITE_PAGES = pa.schema(
    [
        pa.field("domain", pa.string()),
        pa.field("metadata", pa.struct({"raw_path": pa.string()})),
        pa.field("text_key", pa.string()),
        pa.field("page_key", pa.uint32()),
        pa.field("line_keys", pa.list_(pa.uint32())),
    ]
)


def word_shards(folder: Path, texts: list[str]) -> list[tuple[int, Path, int]]:
    """Shards of the words of some texts, each a group of its own."""
    paths = [folder / f"[{number}]*.parquet" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        write_parquet(path, WORDS, ({"word": word} for word in text.split()))
    return [(number, path, joins.DOCUMENTS_A_GROUP) for number, path in enumerate(paths)]


def counted_words(folder: Path, texts: list[str], buckets: int) -> list[tuple[str, int, int]]:
    shards = word_shards(folder, texts)
    carry_out_join(
        Join(folder / "join", COUNT_WORDS, WORDS, buckets=buckets), shards, ["sorted"], joins.in_turn
    )
    assert [path.name for path in (folder / "join").iterdir()] == ["sorted"]
    files = kept_files(folder / "join" / "sorted")
    assert len(files) == buckets
    return sorted(tuple(row.values()) for file in files for row in pq.read_table(file).to_pylist())


@pytest.mark.parametrize("buckets", [1, 2, 7])
def test_a_join_finds_all_rows_of_a_key_whatever_shard_they_are_in(buckets: int, tmp_path: Path) -> None:
    words = counted_words(tmp_path, ["rain sun rain", "", "sun wind"], buckets)
    assert words == [("rain", 2, 2), ("sun", 2, 1), ("wind", 1, 1)]


def test_a_call_that_is_carried_out_twice_changes_nothing(tmp_path: Path) -> None:
    def twice(function, calls) -> None:  # type: ignore[no-untyped-def]  # as `in_turn`
        for arguments in calls:
            function(*arguments)
            function(*arguments)

    shards = word_shards(tmp_path, ["rain sun rain", "sun wind"])
    carry_out_join(Join(tmp_path / "join", COUNT_WORDS, WORDS, buckets=3), shards, ["sorted"], twice)
    tables = pa.concat_tables(map(pq.read_table, kept_files(tmp_path / "join" / "sorted")))
    assert sorted(tables["times"].to_pylist()) == [1, 2, 2]


def test_groups_hold_neighbouring_shards_up_to_their_size() -> None:
    half = joins.DOCUMENTS_A_GROUP // 2
    shards = [(number, Path(str(number)), size) for number, size in enumerate([half, half, 1, 5 * half, 0])]
    assert [[number for number, _, _ in group] for group in shard_groups(shards)] == [[0, 1], [2], [3], [4]]


@pytest.mark.parametrize(("documents", "buckets"), [(0, 1), (250_000, 1), (250_001, 2), (10**9, 1000)])
def test_buckets_hold_so_many_documents_and_are_not_too_many(documents: int, buckets: int) -> None:
    assert joins.bucket_count([(0, Path("0"), documents)]) == buckets


def test_the_number_of_buckets_changes_no_line_of_a_site(tmp_path: Path) -> None:
    pages = [
        {
            "domain": "" if n % 5 == 0 else f"site{n % 4}.example",
            "metadata": {"raw_path": f"raw/folder{n % 3}/{n}.txt"},
            "text_key": str(n % 17),
            "page_key": n,
            "line_keys": [n % 4, 9, 1000 + n],
        }
        for n in range(40)
    ]
    parts = []
    for number, rows in enumerate((pages[:11], pages[11:])):
        path = tmp_path / f"{number}.parquet"
        write_parquet(path, SITE_PAGES, rows)
        parts.append(ShardParts(number, path, path, joins.DOCUMENTS_A_GROUP))
    first, again, cut = tmp_path / "first", tmp_path / "again", tmp_path / "cut"
    learn_site_lines(parts[:1], None, first)
    learn_site_lines(parts, first / SITE_LINES, again)
    learn_site_lines(parts, first / SITE_LINES, cut, buckets=7)
    assert (cut / SITE_LINES).read_bytes() == (again / SITE_LINES).read_bytes()
    sites = pq.read_table(again / SITE_LINES)["site"].to_pylist()
    assert sorted({*sites}) == ["site0.example", "site1.example", "site2.example", "site3.example"]


def test_a_run_in_several_buckets_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"site{n % 2}.example/{n}.txt": f"{distinct(STORY, n % 11)}\n\n{OTHER} {n % 12}.\n\n{NOTICE}\n"
        for n in range(14)
    }
    run(tmp_path, files, shard_documents=3)
    monkeypatch.setattr(joins, "DOCUMENTS_A_BUCKET", 5)
    run(tmp_path / "cut", files, shard_documents=3)
    assert output_bytes(tmp_path / "cut" / "clean") == output_bytes(tmp_path / "clean")
    assert pq.read_table(tmp_path / "clean" / SITE_LINES).num_rows
