"""Groups of rows end by rows and by bytes, so that no stage of a run holds more than some megabytes of text."""

from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runs import STORY
from winnow.corpus.raw import TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import BYTES_PER_GROUP, ROWS_PER_GROUP, Row
from winnow.pipeline.documents.clean import clean_document
from winnow.pipeline.tables.intermediate import (
    INTERMEDIATE,
    batch_of,
    in_groups,
    read_batches,
    single_rows,
    value,
)

HALF = BYTES_PER_GROUP // 2


def cleaned() -> Row:
    return cast(Row, clean_document(RawDocument("1.txt", STORY.encode(), TEXT, "raw", ""), Settings()))


def of_bytes(size: int) -> pa.RecordBatch:
    row = batch_of([cleaned()])
    return row.set_column(
        row.schema.get_field_index("bytes"), INTERMEDIATE.field("bytes"), pa.array([size])
    )


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([HALF, HALF], [2]),
        ([HALF, HALF + 1], [1, 1]),
        ([HALF, HALF, 1], [2, 1]),
        ([1, BYTES_PER_GROUP + 1, 1], [1, 1, 1]),
        ([1] * ROWS_PER_GROUP, [ROWS_PER_GROUP]),
        ([1] * (ROWS_PER_GROUP + 1), [ROWS_PER_GROUP, 1]),
        ([], []),
    ],
)
def test_a_group_ends_by_rows_or_by_bytes(sizes: list[int], groups: list[int]) -> None:
    by_size = {size: of_bytes(size) for size in set(sizes)}
    batches = [*in_groups(by_size[size] for size in sizes)]
    assert [batch.num_rows for batch in batches] == groups
    assert [size for batch in batches for size in batch.column("bytes").to_pylist()] == sizes


def test_what_is_long_in_a_row_counts_wherever_it_stands() -> None:
    row = cleaned()
    long = "a" * 1_000_000
    metadata = cast(dict[str, object], row["metadata"])
    rows = [row, {**row, "text": long}, {**row, "packed": long.encode()}]
    rows.append({**row, "metadata": {**metadata, "title": long}})
    usual, *longer = (value(each, "bytes") for each in single_rows(batch_of(rows)))
    assert usual < 10_000
    assert all(abs(size - usual - len(long)) < 1000 for size in longer)


def test_the_size_of_a_row_is_the_same_each_time_and_beside_any_other() -> None:
    row = cleaned()
    sizes = {
        value(each, "bytes")
        for seconds in (0.1, 1 / 3)
        for rows in ([{**row, "seconds": seconds}], [{**row, "seconds": seconds}] * 3)
        for each in single_rows(batch_of(rows))
    }
    assert len(sizes) == 1


def test_a_file_is_read_in_the_groups_in_which_it_was_written(tmp_path: Path) -> None:
    batch = pa.concat_batches([batch_of([cleaned()])] * 7)
    with pq.ParquetWriter(tmp_path / "a.parquet", INTERMEDIATE) as writer:
        for rows in (3, 1, 2):
            writer.write_batch(batch.slice(0, rows))
    assert [batch.num_rows for batch in read_batches(tmp_path / "a.parquet")] == [3, 1, 2]
