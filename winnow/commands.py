"""What the commands do, once their options are settings."""

import getpass
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from corpus.dates import iso_instant
from corpus.decisions.log import NAME
from corpus.errors import UnreadableError, UsageError
from corpus.inputs import find_files
from corpus.raw import Quarantined, RawDocument
from corpus.readers import Item, read_stream, stream_suffix
from corpus.schema import DOCUMENTS
from corpus.settings import Settings
from corpus.writers import Row
from flows.document import decide_raw
from flows.isolation import clean_in_child
from flows.progress import document_bar
from flows.shards import read_items
from flows.sources import source_row
from flows.stages import RunResult, run_here, score_inputs, stream_rows
from winnow.explain import explanation, explanation_record, terminal_safe
from winnow.why import explained_source, why_lines

TRAINED: Final = ("blocks", "identity", "reliability")
STDIN: Final = "-"  # as the name of an input
DONE: Final = 0
QUARANTINED: Final = 3


def clean_stream(settings: Settings) -> int:
    """Clean what comes in on standard input and print a JSON row a document; give the exit code.

    A document that is dropped (nothing is left of it) or quarantined is named on the error stream.
    Raises UsageError for judgements of sources, which are not known before the stream ends.
    """
    if settings.ratings or settings.overrides:
        raise UsageError(
            "--ratings and --overrides judge sources, which a stream does not; name a folder with -o"
        )
    code = DONE
    for row in stream_rows(_items(STDIN, settings), settings):
        if isinstance(row, Quarantined):
            code = QUARANTINED
            _warn(f"{row.path}: {row.reason}: {row.detail}")
        elif row["reason"]:
            _warn(f"{row['metadata']['raw_path']}: rejected: {row['reason']}")
        else:
            print(json.dumps({name: row[name] for name in DOCUMENTS.names}, ensure_ascii=False))
    return code


def clean_folder(inputs: Sequence[str], output: Path | None, settings: Settings, *, flow: bool) -> int:
    """Clean inputs into a folder, say in a few lines what came of it, and give the exit code."""
    if output is None:
        raise UsageError("no output folder; name one with -o (only `winnow clean -` prints instead)")
    with _spooled(inputs, settings) as files:
        result = _run_flow(files, output, settings) if flow else _run_here(files, output, settings)
    print(
        f"{result.documents} documents, {result.rejected} rejected, {result.quarantined} in quarantine; "
        f"read {result.folder / 'report.html'}"
    )
    if result.orphaned:
        _warn(f"{result.orphaned} decisions of people found no place; the report lists them")
    if result.quarantined:
        _warn(f"look at {result.folder / 'quarantine'} for what could not be cleaned, and why")
    return QUARANTINED if result.quarantined else DONE


@contextmanager
def _spooled(inputs: Sequence[str], settings: Settings) -> Iterator[list[str]]:
    """The inputs with standard input as a file, which can be read again and cut into shards."""
    if STDIN not in inputs:
        yield [*inputs]
        return
    with TemporaryDirectory(prefix="winnow-") as folder:
        suffix, stream = stream_suffix(_standard_input(), settings)
        path = Path(folder) / "stdin" / f"stdin{suffix}"
        path.parent.mkdir()
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        yield [str(path) if name == STDIN else name for name in dict.fromkeys(inputs)]


def explain(file: str, settings: Settings, *, as_json: bool) -> None:
    """Print a document with what cleaning removes of it, for people or as JSON.

    Raises UsageError where there is not one document, UnreadableError where it cannot be read.
    """
    decided = decide_raw(_only_document(file, settings), settings)
    if as_json:
        print(
            json.dumps(explanation_record(decided, settings), indent=1)
        )  # ASCII: nothing steers a terminal
    else:
        explanation(decided, Console(), settings)


def score(inputs: Sequence[str], settings: Settings, *, as_json: bool, why: str = "") -> None:
    """Print the sources of a clean corpus, or those of raw inputs after cleaning them; or why one has its score.

    Raises UsageError for judgements beside a clean corpus, and a source that is not there.
    """
    if _is_clean(inputs) and (settings.ratings or settings.overrides):
        raise UsageError(f"{inputs[0]}: is scored already; give --ratings and --overrides to winnow clean")
    if why:
        _show_why(_explained(inputs, settings, why), as_json=as_json)
        return
    rows = _source_rows(inputs, settings)
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        Console().print(_sources_table(rows))


def review(
    clean: Path, port: int, log: Path | None, raw: Path | None, reviewer: str, *, read_only: bool
) -> None:
    """Serve the review page until interrupted. Raises UsageError for a folder, log or port that cannot be used."""
    from review.desk import open_desk  # here, because no other command needs a server
    from review.index import is_current
    from review.server import HOST, bind, serve

    if not is_current(clean):
        _warn(f"reading {clean} for the first time since its run; a million documents take about a minute")
    folder = clean.absolute().parent
    who = " ".join(reviewer.split()) or getpass.getuser()
    desk = open_desk(clean, log or folder / NAME, raw or folder, who, read_only=read_only)
    listener = bind(port)
    print(f"http://{HOST}:{listener.getsockname()[1]}/ shows {clean}; stop with Ctrl-C", flush=True)
    serve(desk, listener)


def _run_here(inputs: Sequence[str], output: Path, settings: Settings) -> RunResult:
    with document_bar() as tick:
        return run_here(inputs, output, settings, clean=clean_in_child, tick=tick)


def _run_flow(inputs: Sequence[str], output: Path, settings: Settings) -> RunResult:
    """Run under Prefect. It is imported here, because that takes longer than cleaning a page."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "240")
    from flows.clean import run_flow

    return run_flow(inputs, output, settings)


def _warn(message: str) -> None:
    """Say something on the error stream; nothing in it steers a terminal."""
    print(f"winnow: {terminal_safe(message)}", file=sys.stderr)


def _only_document(file: str, settings: Settings) -> RawDocument:
    items = [*islice(_items(file, settings), 2)]
    if len(items) != 1:
        raise UsageError(
            f"{file}: holds {'more than one document' if items else 'no document'}; explain shows one"
        )
    if isinstance(items[0], Quarantined):
        raise UnreadableError(items[0].reason, f"{file}: {items[0].detail}")
    return items[0]


def _items(file: str, settings: Settings) -> Iterator[Item]:
    """The documents of a file, or of standard input, which were obtained now."""
    if file == STDIN:
        now = iso_instant(time.time())
        for item in read_stream(_standard_input(), settings):
            yield replace(item, added=item.added or now) if isinstance(item, RawDocument) else item
        return
    for found in find_files([file]):
        if isinstance(found, Quarantined):
            yield found
        else:
            yield from read_items([found], settings)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("standard input is closed; pipe a document to it")
    return sys.stdin.buffer


def _source_rows(inputs: Sequence[str], settings: Settings) -> list[Row]:
    """The sources of a corpus that was cleaned before, or of raw inputs."""
    if _is_clean(inputs):
        return list(pq.read_table(Path(inputs[0]) / "sources.parquet").to_pylist())
    with document_bar() as tick:
        sources, quarantined = score_inputs(inputs, settings, clean=clean_in_child, tick=tick)
    if quarantined:
        _warn(f"{len(quarantined)} documents could not be cleaned; `winnow clean` says which, and why")
    return [source_row(source) for source in sources]


def _is_clean(inputs: Sequence[str]) -> bool:
    """Whether the input is a corpus that was cleaned before."""
    return len(inputs) == 1 and (Path(inputs[0]) / "sources.parquet").is_file()


def _show_why(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(row, ensure_ascii=False))
    else:
        Console().print(Text(terminal_safe("\n".join(why_lines(row)))))


def _explained(inputs: Sequence[str], settings: Settings, domain: str) -> dict[str, Any]:
    """One source with quotations; raw inputs are cleaned into a folder for it, gone afterwards."""
    if _is_clean(inputs):
        return explained_source(Path(inputs[0]), domain)
    with TemporaryDirectory(prefix="winnow-") as folder:
        result = _run_here(inputs, Path(folder) / "clean", settings)
        return explained_source(result.folder, domain)


def _sources_table(rows: Sequence[Row]) -> Table:
    """Sources as a table for the terminal, names of hostile pages shown as plain text."""
    table = Table(
        Column("source", overflow="fold"), "documents", "score", "80 % interval", "label", "basis"
    )
    for row in rows:
        scored = row["reliability_score"] is not None
        low, high = row["reliability_low"], row["reliability_high"]
        interval = "" if low is None else f"{low:.2f} – {high:.2f}"
        cells = (
            row["domain"],
            row["documents"],
            f"{row['reliability_score']:.2f}" if scored else "–",
            interval,
            row["reliability_label"],
            row["reliability_basis"],
        )
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def calibrate(what: str, folder: Path | None, labels: Path, output: Path | None) -> None:
    """Write how the sources of a cleaned folder lie to the labels that a user gives them.

    Raises UsageError for another model than reliability, and for labels or a folder that cannot be used.
    """
    if what != "reliability" or folder is None or output is None:
        raise UsageError(
            "give `winnow train reliability FOLDER --calibrate LABELS.csv -o CALIBRATION.json`,"
            " FOLDER as winnow clean wrote it"
        )
    trainer = _trainer(what)
    found = trainer.calibrate(folder / "sources.parquet", labels, output)
    print(f"wrote {output}: {found.sources} labelled sources, log-odds moved by {found.shift:+.2f}")


def train(what: str, examples: Path | None, output: Path | None, *, force: bool = False) -> None:
    """Train a model and write its artifact.

    Raises UsageError for an unknown model, a missing file, and where the packages for it are missing.
    """
    if what not in TRAINED:
        raise UsageError(f"no model is called {what!r}; there are: {', '.join(TRAINED)}")
    if examples is None or not examples.is_file():
        raise UsageError(
            f"{examples or 'no file named'}: {what} is trained from a Parquet file; see docs/training.md"
        )
    trainer = _trainer(what)
    options = {"force": force} if what == "reliability" else {}
    print(f"wrote {trainer.train(examples, output or trainer.ARTIFACT, **options)}")


def _trainer(what: str) -> Any:
    """The module that trains a model. It is imported here, because training needs packages that a run does not."""
    try:
        return import_module(f"models.{what}.train")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"training needs the package {error.name}; pip install 'winnow-corpus[train]'"
        ) from error
