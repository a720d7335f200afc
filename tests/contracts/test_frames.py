"""pandas, polars and DuckDB read a corpus without being told its columns."""

from pathlib import Path

import pytest

ROWS = 100_000
COLUMNS = 22  # of a document, the metadata one of them


def test_pandas_reads_parquet_and_json_lines(corpora: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here: run `make contracts`")
    pytest.importorskip("pyarrow")
    table = pandas.read_parquet(corpora / "parquet" / "data")
    lines = [pandas.read_json(f, lines=True) for f in sorted((corpora / "jsonl.gz" / "data").glob("*.gz"))]
    assert table.shape == (ROWS, COLUMNS)
    assert sum(map(len, lines)) == ROWS
    assert {tuple(frame.columns) for frame in lines} == {tuple(table.columns)}
    assert table["reliability_score"].count() == 80_000


def test_polars_scans_parquet_and_json_lines(corpora: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed here: run `make contracts`")
    table = polars.scan_parquet(corpora / "parquet" / "data" / "*.parquet")
    assert table.select(polars.len()).collect().item() == ROWS
    full = table.filter(polars.col("tags").list.contains("reliability:reliable"))
    assert full.select(polars.col("metadata").struct.field("title")).collect().height == 40_000
    schema = {**table.collect_schema()}
    lines = polars.scan_ndjson(corpora / "jsonl.zst" / "data" / "*.zst", schema=schema).collect()
    assert lines.sort("id").equals(table.collect().sort("id"))


@pytest.mark.parametrize("form", ["parquet", "jsonl.gz", "jsonl.zst", "dolma"])
def test_duckdb_reads_every_format_of_rows(corpora: Path, form: str) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed here: run `make contracts`")
    folder = corpora / form / ("documents" if form == "dolma" else "data")
    read = f"'{folder}/*.parquet'" if form == "parquet" else f"read_json('{folder}/*')"
    prefix = "metadata." if form == "dolma" else ""
    query = f"SELECT count(*), count({prefix}reliability_score), count_if(metadata.title <> '') FROM {read}"
    assert duckdb.connect().execute(query).fetchone() == (ROWS, 80_000, 80_000)


def test_the_cleaned_corpus_reads_the_same_from_both_of_its_formats(corpora: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed here: run `make contracts`")
    folder = corpora / "clean" / "documents"
    query = "SELECT id, text, tags FROM {} ORDER BY id"
    connection = duckdb.connect()
    parquet = connection.execute(query.format(f"'{folder}/*.parquet'")).fetchall()
    assert parquet == connection.execute(query.format(f"read_json('{folder}/*.jsonl.gz')")).fetchall()
