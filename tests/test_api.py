"""The Python API: the names and signatures that programs rely on, and what the functions return."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import pyarrow.compute as pc
import pytest

import winnow
from tests.runs import OTHER, STORY, run, write_inputs
from winnow.corpus.schema import DOCUMENTS, QUARANTINE, REJECTED, SOURCES

# What programs rely on. A name may be added; one that is changed or taken away breaks somebody's program.
SIGNATURES = {
    "clean": "(content: str | bytes, *, url: str = '', title: str = '', settings: Settings = ..., "
    "cleaners: Iterable[Callable[[Document], Iterable[Removal]]] = ()) -> Cleaned",
    "explain": "(cleaned: Cleaned, *, settings: Settings = ...) -> PageExplanation",
    "extract": "(filecontent: str | bytes | None, url: str | None = None, record_id: str | None = None, "
    "**options) -> str | None",
    "read": "(folder: str | PathLike[str]) -> Corpus",
    "run": "(inputs: str | PathLike[str] | Sequence[str | PathLike[str]], output: str | PathLike[str], *, "
    "settings: Settings = ..., decisions: str | PathLike[str] | None = None, "
    "progress: Callable[[RunProgress], object] | None = None, progress_seconds: float = 1.0, "
    "cancel: CancelRequest | None = None) -> RunResult",
    "select": "(clean: str | Path, output: str | Path, selection: Selection = ...) -> Selected",
    "score": "(documents: Iterable[Cleaned]) -> SourceScore",
    "Corpus.documents": "(self, where: Expression | None = None) -> Iterator[DocumentRow]",
    "Corpus.rejected": "(self, where: Expression | None = None) -> Iterator[DocumentRow]",
    "Corpus.quarantine": "(self) -> Iterator[QuarantineRow]",
    "Corpus.sources": "(self, where: Expression | None = None) -> Iterator[SourceRow]",
    "Corpus.batches": "(self, table: str = 'documents', columns: Sequence[str] | None = None, "
    "where: Expression | None = None) -> Iterator[RecordBatch]",
    "Corpus.counts": "(self) -> dict[str, int]",
    "Corpus.to_arrow": "(self, table: str = 'documents', columns: Sequence[str] | None = None, "
    "where: Expression | None = None) -> Table",
    "Corpus.to_pandas": "(self, table: str = 'documents', columns: Sequence[str] | None = None, "
    "where: Expression | None = None) -> 'DataFrame'",
    "Corpus.to_polars": "(self, table: str = 'documents', columns: Sequence[str] | None = None, "
    "where: Expression | None = None) -> 'PolarsFrame'",
}
FIELDS = {
    "Block": "start end path tag link_share content site_pages",
    "Cleaned": "document removals",
    "Document": "text blocks metadata content_type extractor",
    "ExplainedRemoval": "text kind meaning rule score action cleaner start end",
    "PageExplanation": "cleaned removed",
    "Metadata": "url domain title authors published site_name host",
    "Removal": "start end kind rule score cleaner",
    "RunProgress": "doing documents total seconds",
    "RunResult": "folder run_id documents rejected quarantined orphaned unchanged",
    "Selected": "folder documents sources splits",
    "Selection": "where preset split per_source format shard_mb with_removed",
    "SourceScore": "score low high probability label basis",
}
ERRORS = {"CancelledError", "CleanerError", "UnreadableError", "UsageError", "WinnowError"}
ALIASES = {"Cleaner"}  # of types, which hold no text: docs/reference.md describes them
ROWS = {"DocumentRow", "QuarantineRow", "SourceRow"}  # pinned by the schemas, below


def test_the_public_names_are_these() -> None:
    functions = {name for name in SIGNATURES if "." not in name}
    assert set(winnow.__all__) == {
        *functions,
        *FIELDS,
        *ERRORS,
        *ROWS,
        *ALIASES,
        "Corpus",
        "Fields",
        "Settings",
        "__version__",
    }


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_signatures_are_these(name: str) -> None:
    assert _signature(attrgetter(name)(winnow)) == SIGNATURES[name]


@pytest.mark.parametrize("name", FIELDS)
def test_the_fields_are_these_and_new_ones_come_last(name: str) -> None:
    assert " ".join(field.name for field in fields(getattr(winnow, name))).startswith(FIELDS[name])


def test_every_public_name_says_what_it_is() -> None:
    described = {name for name in winnow.__all__ if inspect.getdoc(getattr(winnow, name))}
    reference = (Path(__file__).parents[1] / "docs" / "reference.md").read_text(encoding="utf8")
    assert set(winnow.__all__) - described <= {
        alias for alias in ALIASES if f"`winnow.{alias}`" in reference
    }


def test_rows_have_the_columns_of_the_schemas() -> None:
    assert [f.name for f in fields(winnow.DocumentRow)] == REJECTED.names == [*DOCUMENTS.names, "reason"]
    assert [f.name for f in fields(winnow.SourceRow)] == SOURCES.names
    assert [f.name for f in fields(winnow.QuarantineRow)] == QUARANTINE.names


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    files = {f"ledger.example/{n}.txt": f"{STORY} It is text {n}.\n\nADVERTISEMENT\n" for n in range(4)}
    run(folder, {**files, "ledger.example/copy.txt": files["ledger.example/0.txt"], "other.example/a.txt": OTHER, "b.html": b"\0" * 40})  # fmt: skip
    return folder / "clean"


def test_a_corpus_is_read_as_typed_rows(folder: Path) -> None:
    corpus = winnow.read(folder)
    documents = list(corpus.documents())
    assert {document.domain for document in documents} == {"ledger.example", "other.example"}
    assert len(documents) == 5
    removed = next(d for d in documents if d.domain == "ledger.example").metadata.removed
    assert {span.kind for span in removed} == {"ad_marker", "layout"}
    assert [row.reason for row in corpus.rejected()] == ["duplicate"]
    assert [lost.reason for lost in corpus.quarantine()] == ["binary"]
    [ledger] = corpus.sources(pc.field("domain") == "ledger.example")
    assert ledger.documents == 5 and ledger.hosts[0].host == "ledger.example"


def test_rows_are_chosen_by_an_expression_over_columns(folder: Path) -> None:
    chosen = winnow.read(folder).documents(where=pc.field("domain") == "other.example")
    assert [document.text for document in chosen] == [OTHER]


def test_a_few_columns_are_read_without_the_others(folder: Path) -> None:
    batches = list(winnow.read(folder).batches(columns=["id", "domain"]))
    assert {tuple(batch.schema.names) for batch in batches} == {("id", "domain")}
    assert sum(batch.num_rows for batch in batches) == 5


def test_rows_are_streamed(folder: Path) -> None:
    assert isinstance(winnow.read(folder).documents(), Iterator)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"table": "pages"}, "no table is called 'pages'; there are: documents"),
        ({"columns": ["title"]}, "documents has no column 'title'; there are: id"),
        ({"where": pc.field("titel") == "x"}, "titel"),
    ],
)
def test_what_is_not_there_is_named(folder: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(winnow.UsageError, match=message):
        list(winnow.read(folder).batches(**arguments))  # type: ignore[arg-type]  # wrong on purpose


def test_a_folder_that_no_run_wrote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(winnow.UsageError, match="no run has written there"):
        winnow.read(tmp_path)


def test_a_script_runs_winnow_and_reads_what_came_of_it(tmp_path: Path) -> None:
    write_inputs(tmp_path, {"ledger.example/a.txt": f"{STORY}\n\nADVERTISEMENT\n"})
    script = tmp_path / "script.py"
    script.write_text(
        "import winnow\n"
        "if __name__ == '__main__':\n"
        "    result = winnow.run('raw', 'clean')\n"
        "    print(result.documents, *(d.text for d in winnow.read(result.folder).documents()))\n"
    )
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": ""}
    done = subprocess.run(
        [sys.executable, script.name], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == (f"1 {STORY}", 0), done.stderr


def test_inputs_that_are_not_there_are_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(winnow.UsageError, match=r"nothing\.txt"):
        winnow.run(tmp_path / "nothing.txt", tmp_path / "clean")


def _signature(function: Callable[..., object]) -> str:
    """A signature in short: types without their modules, objects as defaults shown as dots."""
    signature = inspect.signature(function)
    parameters = [_plain(parameter) for parameter in signature.parameters.values()]
    text = str(signature.replace(parameters=parameters)).replace("Ellipsis", "...")
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text)


def _plain(parameter: inspect.Parameter) -> inspect.Parameter:
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:  # Pythons write what is unpacked in different ways
        return parameter.replace(annotation=inspect.Parameter.empty)
    return (
        parameter.replace(default=...)
        if isinstance(parameter.default, winnow.Settings | winnow.Selection)
        else parameter
    )
