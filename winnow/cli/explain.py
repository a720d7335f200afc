"""The command ``winnow explain``: shows what is removed from one document, and why."""

import json
from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.option_settings import make_settings
from winnow.cli.options import DecisionsFile, Encoding, KindActions, OwnCleaners
from winnow.cli.printing import items_of, only_item
from winnow.corpus.errors import UnreadableError
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings


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
    item = only_item(items_of(file, settings), file, "explain shows one")
    if isinstance(item, Quarantined):
        raise UnreadableError(item.reason, f"{file}: {item.detail}")
    assert isinstance(item, RawDocument)
    return item
