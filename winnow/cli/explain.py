"""The command ``winnow explain``: shows what is removed from one document, and why."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.cli.options import DecisionsFile, Encoding, KindActions, OwnCleaners, make_settings
from winnow.cli.standard_input import STDIN, standard_input_items
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.corpus.readers import Item


def explain_command(
    file: Annotated[str, typer.Argument(help="One HTML or text file, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the removals as JSON.")] = False,
    kind: KindActions = [],  # noqa: B006
    cleaner: OwnCleaners = [],  # noqa: B006
    encoding: Encoding = "",
    decisions: DecisionsFile = None,
) -> None:
    """Show a document with its removed parts struck through: kind, rule and score of each.

    What a person decided is removed by the rule `person`, and listed with name and reason.

    **Examples**

    `winnow explain page.html`

    `winnow explain page.html --json | jq '.removed[].rule'`
    """
    from winnow.pipeline.sources.judgements import with_decisions

    settings = with_decisions(make_settings(kind, encoding=encoding, cleaners=cleaner), decisions, Path())
    explain(file, settings, as_json=as_json)


def explain(file: str, settings: Settings, *, as_json: bool) -> None:
    """Print a document with what cleaning removes of it, for people or as JSON.

    Raises UsageError where there is not one document, UnreadableError where it cannot be read.
    """
    from rich.console import Console

    from winnow.cli.explanation import explanation, explanation_record
    from winnow.pipeline.documents.clean import decide_raw

    decided = decide_raw(_only_document(file, settings), settings)
    if as_json:
        # ASCII only, so that no character can control the terminal.
        print(json.dumps(explanation_record(decided, settings), indent=1))
    else:
        explanation(decided, Console(), settings)


def _only_document(file: str, settings: Settings) -> RawDocument:
    documents = (item for item in _items(file, settings) if not isinstance(item, PassedOver))
    items = [*islice(documents, 2)]
    if len(items) != 1:
        raise UsageError(
            f"{file}: holds {'more than one document' if items else 'no document'}; explain shows one"
        )
    if isinstance(items[0], Quarantined):
        raise UnreadableError(items[0].reason, f"{file}: {items[0].detail}")
    return items[0]


def _items(file: str, settings: Settings) -> "Iterator[Item]":
    """The documents of a file, or of standard input."""
    from winnow.corpus.inputs import find_files
    from winnow.corpus.readers import read_file

    if file == STDIN:
        yield from standard_input_items(settings)
        return
    for input_file in find_files([file]):
        if isinstance(input_file, Quarantined):
            yield input_file
        else:
            yield from read_file(input_file, settings)
