"""The command ``winnow score``: shows the scores of sources as a table, or the reasons for one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from winnow.cli.option_settings import make_settings
from winnow.cli.options import (
    DEFAULT_FIELDS,
    AsOf,
    Calibration,
    Encoding,
    HtmlField,
    Inputs,
    NamePrior,
    Overrides,
    OwnCleaners,
    Ratings,
    TextField,
    UrlField,
    Workers,
)
from winnow.cli.rating_lines import matches_said
from winnow.cli.settings import is_option
from winnow.cli.terminal import json_line, print_table, tab_line, terminal_safe, warn
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Fields, Settings

if TYPE_CHECKING:
    from rich.table import Table

    from winnow.corpus.writers import Row


SOURCE: Final = "source"
# Name of an order -> column of sources.parquet.
ORDERS: Final = {
    SOURCE: "domain",
    "documents": "documents",
    "score": "reliability_score",
    "label": "reliability_label",
    "basis": "reliability_basis",
}
SOURCE_COLUMNS: Final = 12  # of a terminal, at least, for the name of a source


def score_command(
    context: typer.Context,
    inputs: Inputs,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a source.")] = False,
    sort: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help=f"Order by {', '.join(ORDERS)}; a minus before it turns the order: --sort -score.",
        ),
    ] = SOURCE,
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
    name_prior: NamePrior = True,
    workers: Workers = 0,
) -> None:
    """Show how reliable the sources of some documents are, or those of a corpus cleaned before.

    **Examples**

    `winnow score raw`

    `winnow score clean --why daily.example`

    `winnow score clean --sort -documents | cut -f 1,3` (source, documents, score, low, high, verdict, basis)

    `winnow score clean --json | jq 'select(.reliability_label == "unreliable") | .domain'`
    """
    if _is_clean(inputs):  # what settings say was for winnow clean; what options say is a mistake
        ratings, overrides = (
            value if is_option(context, name) else []
            for name, value in (("ratings", ratings), ("overrides", overrides))
        )
        name_prior = name_prior or not is_option(context, "name_prior")
        cleaner = cleaner if is_option(context, "cleaner") else []
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
    score(inputs, settings, as_json=as_json, why=why, sort=sort)


def score(
    inputs: Sequence[str], settings: Settings, *, as_json: bool, why: str = "", sort: str = SOURCE
) -> None:
    """Print the sources of a clean corpus, or of raw inputs after cleaning them; or the reasons for one score.

    Raises UsageError for options that come too late for a clean corpus, an unknown source, and an unknown order.
    """
    if sort.removeprefix("-") not in ORDERS:
        raise UsageError(
            f"--sort {sort}: there are: {', '.join(ORDERS)}, each with a minus for the other way"
        )
    shaping = settings.ratings or settings.overrides or not settings.name_prior or settings.cleaners
    if _is_clean(inputs) and shaping:
        raise UsageError(
            f"{inputs[0]}: is scored already; give --ratings, --overrides, --no-name-prior and --cleaner"
            " to winnow clean"
        )
    if why:
        _show_why(_source_row(inputs, settings, why), as_json=as_json)
    else:
        _show_sources(sorted_sources(_source_rows(inputs, settings), sort), as_json=as_json)


def _source_rows(inputs: Sequence[str], settings: Settings) -> "list[Row]":
    """The sources of a clean corpus, or of raw inputs."""
    import pyarrow.parquet as pq

    from winnow.pipeline.in_memory import score_inputs
    from winnow.pipeline.shards.progress import document_bar
    from winnow.pipeline.sources.scores import source_row
    from winnow.pipeline.workers.isolation import open_children

    if _is_clean(inputs):
        return list(pq.read_table(Path(inputs[0]) / "sources.parquet").to_pylist())
    with document_bar() as tick, open_children() as clean, matches_said() as matches:
        sources, quarantined = score_inputs(inputs, settings, clean=clean, tick=tick)
    for line in matches:
        warn(line)
    if quarantined:
        warn(f"{quarantined} documents could not be cleaned; `winnow clean` says which, and why")
    return [source_row(source) for source in sources]


def _is_clean(inputs: Sequence[str]) -> bool:
    """Whether the only input is a clean corpus."""
    return len(inputs) == 1 and (Path(inputs[0]) / "sources.parquet").is_file()


def _show_sources(rows: "Sequence[Row]", *, as_json: bool) -> None:
    from rich.console import Console

    console = Console()
    if as_json or not console.is_terminal:
        for row in rows:
            print(json_line(row) if as_json else tab_line(_plain_cells(row)))
    else:
        print_table(_sources_table(rows), console)


def sorted_sources(rows: "Sequence[Row]", order: str) -> "list[Row]":
    """Rows of sources by one of `ORDERS`, with a minus the other way; those without such a value last, by name."""
    column, is_turned = ORDERS[order.removeprefix("-")], order.startswith("-")

    def value(row: Mapping[str, Any]) -> Any:
        """What rows are ordered by: a text, or a number."""
        return row[column]

    by_name = sorted(rows, key=lambda row: str(row["domain"]))
    known = sorted((row for row in by_name if value(row) is not None), key=value, reverse=is_turned)
    return known + [row for row in by_name if value(row) is None]


def _show_why(row: dict[str, Any], *, as_json: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from winnow.cli.why import why_lines

    if as_json:
        print(json_line(row))
    else:
        console = Console()
        console.print(Text(terminal_safe("\n".join(why_lines(row)))), soft_wrap=not console.is_terminal)


def _source_row(inputs: Sequence[str], settings: Settings, domain: str) -> dict[str, Any]:
    """The row of one source with quotations; raw inputs are first cleaned into a temporary folder."""
    from winnow.cli.why import explained_source
    from winnow.pipeline.run import clean_corpus
    from winnow.pipeline.shards.progress import document_bar
    from winnow.pipeline.workers.isolation import open_children

    if _is_clean(inputs):
        return explained_source(Path(inputs[0]), domain)
    with TemporaryDirectory(prefix="winnow-") as folder:
        with document_bar() as tick, open_children() as clean, matches_said() as matches:
            result = clean_corpus(inputs, Path(folder) / "clean", settings, clean=clean, tick=tick)
        for line in matches:
            warn(line)
        return explained_source(result.folder, domain)


def _sources_table(rows: "Sequence[Row]") -> "Table":
    """Sources as a table for the terminal; names, which may come from hostile pages, are plain text."""
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(
        Column("source", overflow="fold", min_width=SOURCE_COLUMNS),
        "documents",
        "score",
        "80 % interval",
        "label",
        "basis",
    )
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in _source_cells(row)))
    return table


def _plain_cells(row: "Row") -> list[object]:
    """The cells of a source for programs: domain, documents, score, low, high, verdict, basis; "" for none."""
    numbers = (row[f"reliability_{name}"] for name in ("score", "low", "high"))
    rounded = ("" if number is None else f"{number:.2f}" for number in numbers)
    return [
        row["domain"],
        row["documents"],
        *rounded,
        _verdict(row),
        row["reliability_basis"],
    ]


def _source_cells(row: "Row") -> tuple[object, ...]:
    """The cells of a source: domain, documents, score, interval, label, basis."""
    score, low, high = (row[f"reliability_{name}"] for name in ("score", "low", "high"))
    return (
        row["domain"],
        row["documents"],
        "–" if score is None else f"{score:.2f}",
        "" if low is None else f"{low:.2f} – {high:.2f}",
        _verdict(row),
        row["reliability_basis"],
    )


def _verdict(row: "Row") -> object:
    """The verdict on a source; its label in corpora of schema 1.2, which have none."""
    return row.get("reliability_verdict") or row["reliability_label"]
