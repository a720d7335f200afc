"""Cleaning one file, or standard input, onto standard output: as text, Markdown or JSON."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from winnow.cli.standard_input import STDIN, standard_input_items
from winnow.cli.terminal import DONE, QUARANTINED, json_line, terminal_safe, warn
from winnow.corpus.errors import UsageError
from winnow.corpus.raw import PassedOver, Quarantined
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.corpus.readers import Item

FORMATS: Final = ("text", "markdown", "json", "jsonl")
JSON_LINES: Final = "jsonl"  # of any number of documents; all others take one
PRINTS_ONE: Final = "--format jsonl prints a line for each, and -o names a folder for them"


def is_printable(inputs: Sequence[str]) -> bool:
    """Whether inputs are one file, or standard input, whose documents can be printed."""
    return len(inputs) == 1 and (inputs[0] == STDIN or Path(inputs[0]).is_file())


def print_cleaned(name: str, settings: Settings, form: str) -> int:
    """Clean a file or standard input, print it in a format, and return the exit code.

    Without a format, a file is printed as text, and each document of standard input as a JSON row. A document that is
    dropped (nothing is left of it) or quarantined is named on the error stream. Raises UsageError for an unknown
    format, for judgements of sources, which need all documents, and for several documents in a format for one.
    """
    form = form or (JSON_LINES if name == STDIN else "text")
    if form not in FORMATS:
        raise UsageError(f"--format {form}: there are: {', '.join(FORMATS)}")
    if settings.ratings or settings.overrides:
        raise UsageError(
            "--ratings and --overrides judge sources, which one file or a stream does not;"
            " name a folder with -o"
        )
    if settings.limit or settings.sample:
        raise UsageError("--limit and --sample are for a run; name its folder with -o")
    if form == "markdown":
        settings = replace(settings, text_format="markdown")
    items = items_of(name, settings)
    if form == JSON_LINES:
        return _print_rows(items, settings)
    return _print_document(only_item(items, name, PRINTS_ONE), settings, form)


def items_of(name: str, settings: Settings) -> "Iterator[Item]":
    """The documents of a file, or of standard input; without records of archives that are none."""
    from winnow.corpus.inputs import find_files
    from winnow.corpus.readers import read_file

    if name == STDIN:
        yield from standard_input_items(settings)
        return
    for file in find_files([name]):
        if isinstance(file, Quarantined):
            yield file
        else:
            yield from (item for item in read_file(file, settings) if not isinstance(item, PassedOver))


def only_item(items: "Iterator[Item]", name: str, advice: str) -> "Item":
    """The only item there is. Raises UsageError, with advice, where there is none, or another."""
    found = [*islice(items, 2)]
    if len(found) != 1:
        raise UsageError(f"{name}: holds {'more than one document' if found else 'no document'}; {advice}")
    return found[0]


def _print_document(item: "Item", settings: Settings, form: str) -> int:
    """Print a document as text or as one JSON object."""
    from winnow.pipeline.in_memory import stream_rows

    [row] = stream_rows([item], settings)
    if problem := _problem(row):
        warn(problem)
        return QUARANTINED if isinstance(row, Quarantined) else DONE
    columns = _columns(row)
    if form == "json":
        print(json_line(columns, indent=1))
    else:
        text = columns["text"].removesuffix("\n")
        print(terminal_safe(text) if sys.stdout.isatty() else text)
    return DONE


def _print_rows(items: "Iterator[Item]", settings: Settings) -> int:
    """Print a JSON row for each document, as they come."""
    from winnow.pipeline.in_memory import stream_rows

    code = DONE
    for row in stream_rows(items, settings):
        if problem := _problem(row):
            warn(problem)
            code = QUARANTINED if isinstance(row, Quarantined) else code
        else:
            print(json_line(_columns(row)))
    return code


def _problem(row: "dict[str, Any] | Quarantined") -> str:
    """Why a document is not printed; "" where it is."""
    if isinstance(row, Quarantined):
        return f"{row.path}: {row.reason}: {row.detail}"
    return f"{row['metadata']['raw_path']}: rejected: {row['reason']}" if row["reason"] else ""


def _columns(row: "dict[str, Any] | Quarantined") -> dict[str, Any]:
    """The columns of a document."""
    from winnow.corpus.schema import DOCUMENTS

    assert not isinstance(row, Quarantined)
    return {name: row[name] for name in DOCUMENTS.names}
