"""A selection: splits, caps, formats, card and manifest; the folder is replaced whole or not at all."""

import csv
import gzip
import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
import yaml
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.cleaned import STORY, document, write_clean
from winnow.cli.commands import app
from winnow.corpus.errors import UsageError, WinnowError
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.formats import FORMATS, RowFormat, TextFormat, Write, markdown_file
from winnow.corpus.selection.select import select
from winnow.corpus.selection.selection_settings import SPLITS, Selection, parse_split
from winnow.corpus.selection.writing import STRETCH_ROWS
from winnow.corpus.writers import write_parquet

ROOT = Path(__file__).parents[1]
SPLIT = (60, 20, 20)
MANY = [document(f"d{number}", f"source{number % 37}.example") for number in range(400)]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clean(tmp_path_factory.mktemp("select") / "clean", MANY[:150], [], MANY[150:])


def parquet_rows(corpus: Path, split: str = "*") -> list[dict[str, Any]]:
    return [
        row
        for file in sorted(corpus.glob(f"data/{split}-*.parquet"))
        for row in pq.read_table(file).to_pylist()
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_everything_is_taken_in_its_order_if_nothing_is_said(clean: Path, tmp_path: Path) -> None:
    selected = select(clean, tmp_path / "corpus")
    rows = parquet_rows(tmp_path / "corpus")
    assert [row["id"] for row in rows] == [row["id"] for row in MANY]
    assert (selected.documents, selected.sources, selected.splits) == (
        400,
        37,
        {"train": 400, "validation": 0, "test": 0},
    )
    assert pq.read_schema(tmp_path / "corpus" / "data" / "train-00000.parquet").equals(DOCUMENTS)


def test_what_was_removed_is_left_out_unless_asked_for(clean: Path, tmp_path: Path) -> None:
    select(clean, tmp_path / "a")
    select(clean, tmp_path / "b", Selection(with_removed=True))
    assert {len(row["metadata"].pop("removed")) for row in parquet_rows(tmp_path / "a")} == {0}
    assert parquet_rows(tmp_path / "b") == MANY


def test_no_source_is_in_two_splits_and_none_is_lost(clean: Path, tmp_path: Path) -> None:
    select(clean, tmp_path / "corpus", Selection(split=SPLIT))
    domains = {
        split: {row["domain"] for row in parquet_rows(tmp_path / "corpus", split)} for split in SPLITS
    }
    assert all(domains.values())
    assert sum(map(len, domains.values())) == len(set.union(*domains.values())) == 37
    assert len(parquet_rows(tmp_path / "corpus")) == 400


def test_a_larger_test_set_keeps_the_sources_of_a_smaller_one(clean: Path, tmp_path: Path) -> None:
    sources = []
    for percent in (10, 30):
        folder = tmp_path / str(percent)
        select(clean, folder, Selection(split=(100 - percent, 0, percent)))
        sources.append({row["domain"] for row in parquet_rows(folder, "test")})
    assert sources[0] < sources[1]


def test_documents_without_a_domain_stay_with_their_collection(tmp_path: Path) -> None:
    rows = [document(f"d{number}", source=f"folder{number % 20}") for number in range(100)]
    select(write_clean(tmp_path / "clean", rows), tmp_path / "corpus", Selection(split=SPLIT))
    sources = [{row["source"] for row in parquet_rows(tmp_path / "corpus", split)} for split in SPLITS]
    assert sum(map(len, sources)) == 20


def test_a_cap_takes_as_many_of_each_source_and_a_larger_one_keeps_them(
    clean: Path, tmp_path: Path
) -> None:
    ids_by_cap = []
    for most in (2, 5):
        select(clean, tmp_path / str(most), Selection(per_source=most))
        rows = parquet_rows(tmp_path / str(most))
        assert all(len([r for r in rows if r["domain"] == d]) == most for d in {r["domain"] for r in rows})
        ids_by_cap.append({row["id"] for row in rows})
    assert ids_by_cap[0] < ids_by_cap[1] and len(ids_by_cap[0]) == 74


def test_the_draw_does_not_depend_on_how_the_rows_lie_in_files(clean: Path, tmp_path: Path) -> None:
    other = write_clean(tmp_path / "other", MANY[:10], MANY[10:390], MANY[390:])
    selection = Selection(split=SPLIT, per_source=3)
    select(clean, tmp_path / "a", selection)
    select(other, tmp_path / "b", selection)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_command_gives_the_same_bytes_and_the_manifest_their_hashes(
    clean: Path, tmp_path: Path, form: str
) -> None:
    selection = Selection("language = 'en'", "balanced", SPLIT, 4, form)
    select(clean, tmp_path / "a", selection)
    select(clean, tmp_path / "b", selection)
    select(clean, tmp_path / "b", selection)
    files = contents(tmp_path / "a")
    assert files == contents(tmp_path / "b")
    manifest = json.loads(files.pop("manifest.json"))
    assert {f["path"]: (f["bytes"], f["sha256"]) for f in manifest["files"]} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    }
    assert (
        manifest["documents"]
        == sum(manifest["splits"].values())
        == sum(manifest["sources"].values())
        == 148
    )
    assert manifest["runs"] == [{"run_id": "r1", "pipeline_version": "0", "documents": 148}]
    assert manifest["selection"]["where"] == "language = 'en'"


def test_json_lines_hold_the_same_rows_as_parquet(tmp_path: Path) -> None:
    strange = 'a "quoted" \\ text,\nwith\ttabs, \x00, \u2028, é and 😀'
    rows = [
        document("d1", "a.example", text=strange, tags=["lang:en", strange], reliability_score=0.25),
        document("d2", "b.example", metadata={"title": strange, "authors": [strange, ""]}),
    ]
    clean = write_clean(tmp_path / "clean", rows)
    for form in ("jsonl.gz", "jsonl.zst"):
        select(clean, tmp_path / form, Selection(format=form, with_removed=True))
    packed = (tmp_path / "jsonl.gz" / "data" / "train-00000.jsonl.gz").read_bytes()
    lines = gzip.decompress(packed)
    with zstandard.open(tmp_path / "jsonl.zst" / "data" / "train-00000.jsonl.zst", "rb") as stream:
        assert stream.read() == lines
    assert [json.loads(line) for line in lines.split(b"\n") if line] == rows
    assert packed[3:8] == b"\0" * 5  # neither name nor time


def test_dolma_has_its_keys_at_the_top_and_the_others_in_the_metadata(tmp_path: Path) -> None:
    row = document(
        "d1", "sub.a.example", created="2025-03-14", metadata={"domain": "a.example", "title": "Rain"}
    )
    select(write_clean(tmp_path / "clean", [row]), tmp_path / "corpus", Selection(format="dolma"))
    packed = (tmp_path / "corpus" / "documents" / "train-00000.jsonl.gz").read_bytes()
    record = json.loads(gzip.decompress(packed))
    assert list(record) == ["id", "text", "source", "added", "created", "metadata"]
    assert (record["text"], record["created"], record["metadata"]["title"]) == (
        row["text"],
        "2025-03-14",
        "Rain",
    )
    assert record["metadata"]["domain"] == "sub.a.example"
    assert record["metadata"]["language"] == "en"


def test_text_is_a_file_a_document(tmp_path: Path) -> None:
    row = document("d1", text="Rain fell.\r\nThe sun shöne.\n")
    select(write_clean(tmp_path / "clean", [row]), tmp_path / "corpus", Selection(format="text"))
    [file] = (tmp_path / "corpus" / "train").glob("*/*.txt")
    assert file.read_bytes().decode() == row["text"] and file.stem == row["id"]


@contextmanager
def csv_file(stream: BinaryIO) -> Iterator[Write]:
    """A file of ids and texts, as CSV."""
    with pacsv.CSVWriter(stream, pa.schema({"id": pa.string(), "text": pa.string()})) as writer:
        yield writer.write_table


def test_a_format_that_is_registered_writes_files_of_rows_and_stands_in_the_card(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = RowFormat("tables", ".csv", csv_file, lambda table: table.select(["id", "text"]))
    monkeypatch.setitem(FORMATS, "csv", form)
    select(clean, tmp_path / "corpus", Selection(format="csv"))
    with (tmp_path / "corpus" / "tables" / "train-00000.csv").open(newline="") as stream:
        rows = [*csv.DictReader(stream)]
    assert rows == [{"id": row["id"], "text": row["text"]} for row in MANY]
    header = (tmp_path / "corpus" / "README.md").read_text(encoding="utf8").split("---\n")[1]
    fields = yaml.safe_load(header)
    assert fields["configs"][0]["data_files"] == [{"split": "train", "path": "tables/train-*.csv"}]
    assert [feature["name"] for feature in fields["dataset_info"]["features"]] == ["id", "text"]
    with pytest.raises(UsageError, match=r"there are: parquet, .*, markdown, csv"):
        Selection(format="xml")


def test_a_format_that_is_registered_writes_a_file_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "words", TextFormat(".words", lambda row: "\n".join(row["text"].split())))
    row = document("d1", text="Rain fell.")
    select(write_clean(tmp_path / "clean", [row]), tmp_path / "corpus", Selection(format="words"))
    [file] = (tmp_path / "corpus" / "train").glob("*/*.words")
    assert (file.stem, file.read_text()) == (row["id"], "Rain\nfell.")


def test_every_format_is_in_the_help_of_the_command() -> None:
    help_text = (
        CliRunner().invoke(app, ["select", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    )
    assert f"One of {', '.join(FORMATS)}." in help_text


@settings(max_examples=200)
@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=3))
def test_the_header_of_markdown_says_what_the_row_says(title: str, tags: list[str]) -> None:
    row = document("d1", tags=tags, url=title, metadata={"title": title, "authors": tags})
    _, header, body = markdown_file(row).split("---\n", 2)
    fields = yaml.safe_load(header)
    assert (fields["title"], fields["url"], fields["tags"], fields["authors"]) == (title, title, tags, tags)
    assert body == f"\n{row['text']}"


def test_an_id_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    clean = write_clean(tmp_path / "clean", [document("d1") | {"id": "../../../etc/passwd"}])
    with pytest.raises(WinnowError, match="is no id of a document"):
        select(clean, tmp_path / "corpus", Selection(format="text"))
    assert [p.name for p in tmp_path.iterdir()] == ["clean"]


def test_a_file_that_is_long_enough_ends(tmp_path: Path) -> None:
    rows = [
        document(f"d{number}", text=hashlib.shake_256(b"%d" % number).hexdigest(600))
        for number in range(16_000)
    ]
    select(write_clean(tmp_path / "clean", rows), tmp_path / "corpus", Selection(shard_mb=1))
    sizes = [file.stat().st_size for file in sorted((tmp_path / "corpus" / "data").iterdir())]
    assert len(sizes) > 1 and all(size > 1_000_000 for size in sizes[:-1])
    assert [row["id"] for row in parquet_rows(tmp_path / "corpus")] == [row["id"] for row in rows]


@pytest.mark.slow
def test_a_large_corpus_is_written_side_by_side_and_comes_out_in_its_order(tmp_path: Path) -> None:
    few = pa.Table.from_pylist([document("", f"s{n}.example", text="Rain.") for n in range(500)], DOCUMENTS)
    many = pa.concat_tables([few] * (2 * STRETCH_ROWS // len(few)))
    ids = pc.utf8_lpad(pa.array(range(len(many))).cast(pa.string()), 32, "0")
    (tmp_path / "clean" / "documents").mkdir(parents=True)
    pq.write_table(many.set_column(0, "id", ids), tmp_path / "clean" / "documents" / "part-00000.parquet")
    for name in ("a", "b"):
        select(tmp_path / "clean", tmp_path / name, Selection(split=SPLIT, shard_mb=1))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    tables = {
        split: pq.read_table(sorted((tmp_path / "a" / "data").glob(f"{split}-*"))) for split in SPLITS
    }
    assert sum(map(len, tables.values())) == len(many)
    for table in tables.values():
        assert pc.all(pc.less(table["id"][:-1], table["id"][1:])).as_py()


def test_the_card_says_what_is_in_the_corpus_and_leaves_the_licence_to_the_user(
    clean: Path, tmp_path: Path
) -> None:
    select(clean, tmp_path / "corpus", Selection("text <> '`|\n'", split=SPLIT, per_source=3))
    card = (tmp_path / "corpus" / "README.md").read_text(encoding="utf8")
    _, header, body = card.split("---\n", 2)
    fields = yaml.safe_load(header)
    assert "license" not in fields and "# license:" in header and "**No licence is set.**" in body
    assert fields["language"] == ["en"] and fields["size_categories"] == ["n<1K"]
    assert [f["split"] for f in fields["configs"][0]["data_files"]] == [*SPLITS]
    assert sum(split["num_examples"] for split in fields["dataset_info"]["splits"]) == 111
    assert [feature["name"] for feature in fields["dataset_info"]["features"]] == DOCUMENTS.names
    assert (
        "| `source7.example` | 3 |" in body and "| `unknown` | 111 |" in body and "| `en` | 111 |" in body
    )
    assert "| where | `text <> ''\\| '` |" in body


REFUSED = [
    (Selection, {"preset": "loose"}, "no preset is called 'loose'; there are: all, balanced, strict"),
    (Selection, {"format": "csv"}, "no format is called 'csv'; there are: parquet"),
    (
        Selection,
        {"split": (90, 5, 4)},
        "--split 90,5,4: give percents of train, validation, test that add up to 100",
    ),
    (Selection, {"split": (120, -10, -10)}, "add up to 100"),
    (Selection, {"per_source": -1}, "--per-source is 0 or more"),
    (parse_split, {"text": "90,10"}, "--split 90,10: give three whole percents"),
    (parse_split, {"text": "a,b,c"}, "give three whole percents"),
]


@pytest.mark.parametrize(("make", "arguments", "says"), REFUSED)
def test_a_setting_that_makes_no_sense_is_refused(make: Any, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("|", r"\|")):
        make(**arguments)


def test_no_document_that_passes_leaves_no_folder(clean: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no document of .* passes; nothing was written"):
        select(clean, tmp_path / "corpus", Selection("language = 'fr'"))
    assert [p.name for p in tmp_path.iterdir()] == []


def test_what_is_no_cleaned_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no corpus that `winnow clean` wrote"):
        select(tmp_path, tmp_path / "corpus")
    write_parquet(tmp_path / "documents" / "a.parquet", DOCUMENTS.remove(0), [])
    with pytest.raises(UsageError, match="has other columns"):
        select(tmp_path, tmp_path / "corpus")


def test_a_folder_that_is_not_ours_or_was_changed_is_refused_and_left_alone(
    clean: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    select(clean, corpus)  # empty
    card = (corpus / "README.md").read_text(encoding="utf8")
    (corpus / "README.md").write_text(card.replace("# license:", "license: cc-by-4.0"), encoding="utf8")
    with pytest.raises(UsageError, match=r"README.md: was changed since Winnow wrote it"):
        select(clean, corpus)
    (corpus / "README.md").write_text(card, encoding="utf8")
    (corpus / "data" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes.txt: Winnow did not write that"):
        select(clean, corpus)
    (corpus / "data" / "notes.txt").unlink()
    select(clean, corpus)
    with pytest.raises(UsageError, match="holds files that Winnow did not write"):
        select(clean, clean)
    with pytest.raises(UsageError, match="is no folder"):
        select(clean, corpus / "README.md")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus"]


def test_an_error_leaves_the_earlier_corpus_as_it_was(clean: Path, tmp_path: Path) -> None:
    select(clean, tmp_path / "corpus")
    before = contents(tmp_path / "corpus")
    broken = write_clean(tmp_path / "clean", MANY[:5], [document("x") | {"id": "none"}])
    with pytest.raises(WinnowError):
        select(broken, tmp_path / "corpus", Selection(format="markdown"))
    assert contents(tmp_path / "corpus") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clean", "corpus"]


HELD = """
import sys, time
from winnow.corpus.selection import folder
with folder.replacing_folder(folder.Path(sys.argv[1])) as work:
    (work / "half").write_text("written")
    print("open", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_the_earlier_corpus_and_the_next_one_clears_up(
    clean: Path, tmp_path: Path
) -> None:
    select(clean, tmp_path / "corpus")
    before = contents(tmp_path / "corpus")
    command = [sys.executable, "-c", HELD, str(tmp_path / "corpus")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout and held.stdout.readline() == "open\n"
        with pytest.raises(UsageError, match="another run is writing there"):
            select(clean, tmp_path / "corpus")
        held.send_signal(signal.SIGKILL)
    assert contents(tmp_path / "corpus") == before
    select(clean, tmp_path / "corpus", Selection(per_source=1))
    assert len(parquet_rows(tmp_path / "corpus")) == 37
    assert [p.name for p in tmp_path.iterdir()] == ["corpus"]


def test_a_run_that_was_killed_between_its_two_renames_loses_nothing(clean: Path, tmp_path: Path) -> None:
    corpus, beside = tmp_path / "corpus", tmp_path / ".corpus.winnow"
    select(clean, corpus)
    before = contents(corpus)
    (beside / "new").mkdir(parents=True)
    corpus.rename(beside / "old")
    with pytest.raises(UsageError, match="no document"):
        select(clean, corpus, Selection("false"))
    with pytest.raises(WinnowError, match="no id"):
        broken = write_clean(tmp_path / "clean", [document("x") | {"id": "none"}])
        select(broken, corpus, Selection(format="text"))
    assert contents(corpus) == before
    assert not beside.exists()


def test_the_command_says_what_it_took_and_that_a_licence_is_missing(clean: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "winnow",
        "select",
        str(clean),
        "-o",
        str(tmp_path / "corpus"),
        "--split",
        "90,5,5",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("400 documents from 37 sources (") and "README.md" in done.stdout
    assert "no licence is set" in done.stderr
    one = subprocess.run(
        [*command, "--where", "domain = 'source7.example'"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "no source fell into " in one.stderr and " and " in one.stderr.split("so there")[0]
    wrong = subprocess.run(
        [*command, "--where", "nope = 1"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert wrong.returncode == 2 and "no column is called 'nope'; columns: id" in wrong.stderr


def test_the_text_of_documents_is_what_was_cleaned(clean: Path, tmp_path: Path) -> None:
    select(clean, tmp_path / "corpus", Selection("id = '" + MANY[7]["id"] + "'"))
    assert [row["text"] for row in parquet_rows(tmp_path / "corpus")] == [f"{STORY} d7"]
