"""Writers: files are whole or absent, equal rows give equal bytes, and the output folder is replaced as one."""

import ast
import csv
import errno
import gzip
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.errors import UsageError
from winnow.corpus.output import MARK, open_output
from winnow.corpus.record import Record, RecordMetadata, RemovedSpan, Signal
from winnow.corpus.schema import DOCUMENTS, QUARANTINE, REJECTED, document_row
from winnow.corpus.writers import (
    Row,
    csv_line,
    plain_cell,
    replacing,
    write_csv,
    write_parquet,
    write_rows,
    write_text,
)

ROOT = Path(__file__).parents[1]
# What a spreadsheet calculates, or takes its sign from: https://owasp.org/www-community/attacks/CSV_Injection
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CELLS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from([*CALCULATED, "'", '"', ","]))


def record(text: str = "Rain fell.", **metadata: object) -> Record:
    record_metadata = RecordMetadata(**metadata)  # type: ignore[arg-type]  # a test names the fields it needs
    return Record("0" * 32, text, "raw", "", "", "", "", "en", 0.99, len(text), len(text), record_metadata)


FULL = record(
    authors=("Ada Moss",),
    removed=(RemovedSpan(0, 2, "ad_marker", "ad.word", "ads", "AD", 0.95),),
    signals=(Signal("dateline", 1.0, "PORT ELLEN —"),),
)


def test_every_column_of_the_schema_is_in_a_record() -> None:
    assert set(document_row(FULL)) == {*REJECTED.names, "host", "masked"}  # for the run alone
    assert REJECTED.names == [*DOCUMENTS.names, "reason"]


def test_reading_what_was_written_gives_it_back(tmp_path: Path) -> None:
    rows = [document_row(record()), document_row(FULL)]
    assert write_rows(rows, DOCUMENTS, parquet=tmp_path / "a.parquet", jsonl=tmp_path / "a.jsonl.gz") == 2
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.schema.equals(DOCUMENTS)
    assert table.schema.metadata == DOCUMENTS.metadata
    from_json = [
        json.loads(line) for line in gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).splitlines()
    ]
    assert from_json[1]["metadata"]["removed"][0]["text"] == "AD"
    assert [r["metadata"]["authors"] for r in table.to_pylist()] == [[], ["Ada Moss"]]
    assert [list(r) for r in from_json] == [DOCUMENTS.names] * 2


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_rows(
            [document_row(FULL)],
            DOCUMENTS,
            parquet=tmp_path / f"{name}.parquet",
            jsonl=tmp_path / f"{name}.jsonl.gz",
        )
    for suffix in (".parquet", ".jsonl.gz"):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@given(st.text(), st.floats(0, 1))
def test_any_text_survives_a_parquet_file(text: str, score: float) -> None:
    text = text.encode(errors="replace").decode()  # as the layout guarantees
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q.parquet"
        row = {**dict.fromkeys(QUARANTINE.names, text), "count": 1}
        write_parquet(path, QUARANTINE, [row])
        assert pq.read_table(path).to_pylist() == [row]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(OSError, match="No space left"), replacing(path) as stream:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_rows_that_break_off_leave_no_part(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield document_row(FULL)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_rows(rows(), DOCUMENTS, parquet=tmp_path / "a.parquet", jsonl=tmp_path / "a.jsonl.gz")
    assert not list(tmp_path.iterdir())


def test_a_cell_of_a_csv_holds_lists_as_json(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["domain", "flags"], [{"domain": "a.example", "flags": ["x", "é"]}])
    assert (tmp_path / "a.csv").read_bytes().decode() == 'domain,flags\r\na.example,"[""x"", ""é""]"\r\n'


def test_a_folder_of_someone_elses_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(UsageError, match="did not write"), open_output(tmp_path):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(
    "name",
    [
        "documents/notes.csv",
        "documents/part-00000.parquet.bak",
        "documents/old/part-00000.parquet",
        "rejected/part-1.parquet",
        "quarantine/two\nlines.txt",
        "report.html/notes.txt",
        "documents",
    ],
)
def test_a_file_of_a_person_in_the_place_of_an_output_is_refused(tmp_path: Path, name: str) -> None:
    with open_output(tmp_path):
        pass
    write_text(tmp_path / name, "mine")
    with (
        pytest.raises(UsageError, match="Winnow did not write that; move it away") as refused,
        open_output(tmp_path),
    ):
        pass
    assert name.replace("\n", "\\n") in str(refused.value) and "\n" not in str(refused.value)
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["notes.txt", "documents/.DS_Store", "mine/part-00000.parquet"])
def test_files_beside_the_outputs_are_nobodys_business(tmp_path: Path, name: str) -> None:
    with open_output(tmp_path):
        write_text(tmp_path / name, "mine")
    with open_output(tmp_path):
        assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        *("documents", "sources.csv"),
        *(MARK, f"{MARK}/work", f"{MARK}/shards", f"{MARK}/lock", f"{MARK}/current", f"{MARK}/versions"),
        f"{MARK}/versions/0123456789ab",
    ],
)
def test_no_link_is_followed_where_a_run_writes_or_deletes(tmp_path: Path, name: str) -> None:
    clean, elsewhere = tmp_path / "clean", tmp_path / "elsewhere"
    write_text(elsewhere / "old" / "README.md", "theirs")
    (clean / MARK).mkdir(parents=True)
    if name == MARK:
        (clean / MARK).rmdir()
    (clean / name).parent.mkdir(exist_ok=True)
    (clean / name).symlink_to(elsewhere if "lock" not in name else elsewhere / "old" / "README.md")
    with (
        pytest.raises(UsageError, match=f"{name}: (is a link|Winnow did not write that)"),
        open_output(clean),
    ):
        pass
    assert (elsewhere / "old" / "README.md").read_text() == "theirs"


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="is a file"), open_output(tmp_path / "out"):
        pass


def test_two_runs_do_not_write_in_one_folder(tmp_path: Path) -> None:
    with open_output(tmp_path), pytest.raises(UsageError, match="another run"), open_output(tmp_path):
        pass
    with open_output(tmp_path) as work:
        assert not list(work.iterdir())


@pytest.mark.parametrize("text", [*CALCULATED, "=1+1", "@SUM(A1)", "-5", "\t=1", "＝1", "'=1", "'"])
def test_a_text_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe(text: str) -> None:
    [[cell]] = csv.reader(io.StringIO(csv_line([text]), newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("cell", ["a=1", "1+1", " =1", -5, -0.25, None, "[]", "ledger.example"])
def test_other_texts_and_numbers_stay_as_they_are(cell: object) -> None:
    assert next(csv.reader([csv_line([cell, "end"])])) == ["" if cell is None else str(cell), "end"]


@given(st.lists(CELLS, min_size=1))
def test_every_row_of_a_csv_file_reads_back_as_the_same_texts(texts: list[str]) -> None:
    [row] = csv.reader(io.StringIO(csv_line(texts), newline=""), strict=True)
    assert [plain_cell(cell) for cell in row] == texts
    assert not any(cell.startswith(CALCULATED) for cell in row)


def test_a_site_cannot_put_a_formula_into_the_table_of_sources(tmp_path: Path) -> None:
    row = {"domain": "=1+1", "note": '=HYPERLINK("https://evil.example")', "model_score": -0.5}
    write_csv(tmp_path / "a.csv", [*row], [row])
    with (tmp_path / "a.csv").open(encoding="utf8", newline="") as stream:
        [_, cells] = csv.reader(stream)
    assert cells == ["'=1+1", '\'=HYPERLINK("https://evil.example")', "-0.5"]


def test_there_is_one_way_to_write_csv() -> None:
    names = {"writer", "DictWriter", "to_csv", "write_csv"}
    users = {
        path.relative_to(ROOT).as_posix(): {
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
            if (isinstance(node, ast.Attribute) and node.attr in names)
            or (isinstance(node, ast.ImportFrom) and node.module in {"csv", "pyarrow.csv"})
            or (isinstance(node, ast.Constant) and "FORMAT CSV" in str(node.value).upper())
        }
        for path in (ROOT / "winnow").rglob("*.py")
    }
    assert {name: calls for name, calls in users.items() if calls} == {
        "winnow/corpus/writers.py": {"csv.writer"}
    }
