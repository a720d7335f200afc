"""The commands with which people see why: ``winnow explain``, ``score`` and ``review``."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli import commands, scores
from winnow.cli.options import (
    DEFAULT_FIELDS,
    AsOf,
    Calibration,
    CleanFolder,
    DecisionsFile,
    Encoding,
    HtmlField,
    Inputs,
    KindActions,
    NamePrior,
    Overrides,
    OwnCleaners,
    Ratings,
    RawFolder,
    Reviewer,
    TextField,
    UrlField,
    Workers,
    make_settings,
)
from winnow.corpus.settings import Fields
from winnow.pipeline.sources.judgements import with_decisions


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
    settings = with_decisions(make_settings(kind, encoding=encoding, cleaners=cleaner), decisions, Path())
    commands.explain(file, settings, as_json=as_json)


def score_command(
    inputs: Inputs,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a source.")] = False,
    why: Annotated[
        str, typer.Option(metavar="DOMAIN", help="Show what the score of one source rests on.")
    ] = "",
    ratings: Ratings = [],  # noqa: B006
    overrides: Overrides = [],  # noqa: B006
    as_of: AsOf = "",
    cleaner: OwnCleaners = [],  # noqa: B006
    text_field: TextField = DEFAULT_FIELDS.text,
    html_field: HtmlField = DEFAULT_FIELDS.html,
    url_field: UrlField = DEFAULT_FIELDS.url,
    encoding: Encoding = "",
    calibration: Calibration = None,
    name_prior: NamePrior = False,
    workers: Workers = 0,
) -> None:
    """Show how reliable the sources of some documents are, or those of a corpus cleaned before.

    **Examples**

    `winnow score raw`

    `winnow score clean --why daily.example`

    `winnow score clean --json | jq 'select(.reliability_label == "unreliable") | .domain'`
    """
    settings = make_settings(
        fields=Fields(text_field, html_field, url_field),
        encoding=encoding,
        workers=workers,
        ratings=ratings,
        overrides=overrides,
        as_of=as_of,
        calibration=calibration,
        name_prior=name_prior,
        cleaners=cleaner,
    )
    scores.score(inputs, settings, as_json=as_json, why=why)


def review_command(
    clean: CleanFolder = Path("clean"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 takes a free one.")] = 8765,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, and decide nothing.")] = False,
    decisions: DecisionsFile = None,
    raw: RawFolder = None,
    reviewer: Reviewer = "",
) -> None:
    """Serve the review page: see why, decide on sources and removals, undo. The next run reads the decisions.

    **Examples**

    `winnow review`

    `winnow review news/clean --port 9000 --read-only`
    """
    commands.review(clean, port, decisions, raw, reviewer, read_only=read_only)
