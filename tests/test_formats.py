"""Every format of a corpus holds the rows that were chosen, read by programs that share no code with the writers."""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
import zstandard

from tests.cleaned import document, write_clean
from tests.runs import STORY, rows, run
from winnow.corpus.selection.formats import FORMATS, JSON_ROWS
from winnow.corpus.selection.select import select
from winnow.corpus.selection.selection_settings import Selection

Row = dict[str, Any]
STRANGE = 'a "quoted" \\ text,\nwith\ttabs, \u2028, é and 😀'
ROWS = [
    document(
        f"d{number}", f"s{number % 7}.example", text=f"{number}. {STRANGE}", created="2025-03-14", n_chars_in=number,
        url=f"https://s.example/{number}", tags=["lang:en", STRANGE], reliability_score=number / 1024,
        metadata={"title": f"Rain: {number}", "authors": ["Ada Moss", STRANGE], "removed": []},
    )
    for number in range(2 * JSON_ROWS + 1)
]  # fmt: skip
HEADER = ("id", "url", "domain", "created", "language", "tags", "reliability_label")


def read_parquet(corpus: Path) -> list[Row]:
    relation = duckdb.sql(f"SELECT * FROM read_parquet('{corpus}/data/train-*.parquet')")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def json_lines(files: Iterable[Path]) -> list[Row]:
    return [
        json.loads(line)
        for file in sorted(files)
        for line in gzip.decompress(file.read_bytes()).splitlines()
    ]


def read_gzip(corpus: Path) -> list[Row]:
    return json_lines(corpus.glob("data/*.jsonl.gz"))


def read_zstandard(corpus: Path) -> list[Row]:
    [file] = corpus.glob("data/*.jsonl.zst")
    with zstandard.open(file, "rt", encoding="utf8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def read_dolma(corpus: Path) -> list[Row]:
    return json_lines(corpus.glob("documents/*.jsonl.gz"))


def read_text(corpus: Path) -> list[Row]:
    files = (corpus / "train").glob("??/*.txt")
    return [{"id": file.stem, "text": file.read_bytes().decode()} for file in files]


def read_markdown(corpus: Path) -> list[Row]:
    return [_markdown_row(file.read_bytes().decode()) for file in (corpus / "train").glob("??/*.md")]


def _markdown_row(page: str) -> Row:
    _, header, text = page.split("---\n", 2)
    return {**yaml.safe_load(header), "text": text.removeprefix("\n")}


def dolma_row(row: Row) -> Row:
    top = ("id", "text", "source", "added", "created")
    others = {name: value for name, value in row.items() if name not in {*top, "metadata"}}
    return {**{name: row[name] for name in top}, "metadata": {**row["metadata"], **others}}


def markdown_row(row: Row) -> Row:
    metadata = {name: row["metadata"][name] for name in ("title", "authors")}
    return {**metadata, **{name: row[name] for name in HEADER}, "text": row["text"]}


def whole_row(row: Row) -> Row:
    return row


READERS: dict[str, tuple[Callable[[Path], list[Row]], Callable[[Row], Row]]] = {
    "parquet": (read_parquet, whole_row),
    "jsonl.gz": (read_gzip, whole_row),
    "jsonl.zst": (read_zstandard, whole_row),
    "dolma": (read_dolma, dolma_row),
    "text": (read_text, lambda row: {"id": row["id"], "text": row["text"]}),
    "markdown": (read_markdown, markdown_row),
}


def test_every_format_has_a_reader() -> None:
    assert [*READERS] == [*FORMATS]


@pytest.mark.parametrize("form", READERS)
def test_a_format_holds_all_rows_and_all_that_they_say(form: str, tmp_path: Path) -> None:
    read, expected = READERS[form]
    select(write_clean(tmp_path / "clean", ROWS), tmp_path / "corpus", Selection(format=form))
    found = sorted(read(tmp_path / "corpus"), key=lambda row: str(row["id"]))
    assert found == sorted(map(expected, ROWS), key=lambda row: str(row["id"]))


def test_the_tables_of_a_run_hold_the_same_rows_in_each_of_their_forms(tmp_path: Path) -> None:
    run(tmp_path, {f"s{n}.example/{n}.txt": f"{STORY} Part {n}, “quoted”.\n" for n in range(5)})
    clean = tmp_path / "clean"
    lines = json_lines(clean.glob("documents/*.jsonl.gz"))
    assert [*map(canonical, lines)] == [*map(canonical, rows(tmp_path, "documents"))]
    with (clean / "sources.csv").open(encoding="utf8", newline="") as stream:
        table = [*csv.DictReader(stream)]
    assert [cells(canonical(row)) for row in rows(tmp_path, "sources")] == [
        cells({name: canonical(_value(cell)) for name, cell in row.items()}) for row in table
    ]


def canonical(value: Any) -> Any:
    """A value with the digits that a float32 holds, which Parquet has and text has not, and names in order."""
    match value:
        case float():
            return float(f"{value:.6g}")
        case list():
            return [canonical(item) for item in value]
        case dict():
            return {name: canonical(value[name]) for name in sorted(value)}
    return value


def _value(cell: str) -> object:
    """What a cell of a spreadsheet holds: lists as JSON, numbers with a point."""
    return json.loads(cell) if cell.startswith("[") or re.fullmatch(r"-?\d+\.\d+(e-\d+)?", cell) else cell


def cells(row: Row) -> dict[str, str]:
    """A row as a spreadsheet shows it: lists as JSON, nothing for None."""
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
