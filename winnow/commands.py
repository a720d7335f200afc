"""What the commands do, once their options are settings."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from corpus.errors import UnreadableError, UsageError
from corpus.inputs import InputFile, find_files
from corpus.raw import Quarantined, RawDocument
from corpus.readers import Item
from corpus.schema import DOCUMENTS
from corpus.settings import Settings
from corpus.writers import Row
from flows.document import clean_raw
from flows.isolation import clean_in_child
from flows.plan import STDIN, standard_input
from flows.progress import document_bar
from flows.shards import read_items
from flows.sources import source_row
from flows.stages import RunResult, run_here, score_inputs, stream_rows
from winnow.explain import explanation, explanation_record

DONE: Final = 0
QUARANTINED: Final = 3


def clean_stream(settings: Settings) -> int:
    """Clean what comes in on standard input and print a JSON row a document; give the exit code."""
    code = DONE
    for row in stream_rows(_items(STDIN, settings), settings):
        if isinstance(row, Quarantined):
            code = QUARANTINED
            print(f"winnow: {row.path}: {row.reason}: {row.detail}", file=sys.stderr)
        else:
            print(json.dumps({name: row[name] for name in DOCUMENTS.names}, ensure_ascii=False))
    return code


def clean_folder(inputs: Sequence[str], output: Path | None, settings: Settings, *, flow: bool) -> int:
    """Clean inputs into a folder, say in a few lines what came of it, and give the exit code."""
    if output is None:
        raise UsageError("no output folder; name one with -o (only `winnow clean -` prints instead)")
    result = _run_flow(inputs, output, settings) if flow else _run_here(inputs, output, settings)
    _say(result)
    return QUARANTINED if result.quarantined else DONE


def explain(file: str, settings: Settings, *, as_json: bool) -> None:
    """Print a document with what cleaning removes of it, for people or as JSON.

    Raises UsageError where there is not one document, UnreadableError where it cannot be read.
    """
    cleaned = clean_raw(_only_document(file, settings), settings)
    if as_json:
        print(
            json.dumps(explanation_record(cleaned, settings), indent=1)
        )  # ASCII: nothing steers a terminal
    else:
        explanation(cleaned, Console(), settings)


def score(inputs: Sequence[str], settings: Settings, *, as_json: bool) -> None:
    """Print the sources of a clean corpus, or those of raw inputs after cleaning them."""
    rows = _source_rows(inputs, settings)
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        Console().print(_sources_table(rows))


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


def _say(result: RunResult) -> None:
    """The run in a line or two; the second only when something needs a look."""
    print(
        f"{result.documents} documents, {result.rejected} rejected, {result.quarantined} in quarantine; "
        f"read {result.folder / 'report.html'}"
    )
    if result.quarantined:
        print(
            f"winnow: look at {result.folder / 'quarantine'} for what could not be cleaned, and why",
            file=sys.stderr,
        )


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
    files = [standard_input()] if file == STDIN else find_files([file])
    return read_items([f for f in files if isinstance(f, InputFile)], settings)


def _source_rows(inputs: Sequence[str], settings: Settings) -> list[Row]:
    """The sources of a corpus that was cleaned before, or of raw inputs."""
    table = Path(inputs[0]) / "sources.parquet"
    if len(inputs) == 1 and table.is_file():
        return list(pq.read_table(table).to_pylist())
    with document_bar() as tick:
        return [source_row(s) for s in score_inputs(inputs, settings, clean=clean_in_child, tick=tick)]


def _sources_table(rows: Sequence[Row]) -> Table:
    """Sources as a table for the terminal, names of hostile pages shown as plain text."""
    table = Table(
        Column("source", overflow="fold"), "documents", "score", "80 % interval", "label", "basis"
    )
    for row in rows:
        scored = row["reliability_score"] is not None
        interval = f"{row['reliability_low']:.2f} – {row['reliability_high']:.2f}" if scored else ""
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


TRAINERS: Final = {"reliability": "models.reliability.train", "identity": "models.identity.train"}


def train(what: str, articles: Path, output: Path | None) -> None:
    """Train a model and write its artifact. Raises UsageError for an unknown model or a missing file."""
    if what not in TRAINERS:
        raise UsageError(f"no model is called {what!r}; there are: {', '.join(TRAINERS)}")
    if not articles.is_file():
        raise UsageError(f"{articles}: no such file")
    trainer = import_module(TRAINERS[what])
    print(f"wrote {trainer.train(articles, output or trainer.ARTIFACT)}")
