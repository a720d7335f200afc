"""The command ``winnow ratings``: what rating lists say of a corpus, of each other and of the model."""

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from winnow.cli.terminal import json_line, print_table, terminal_safe, warn
from winnow.corpus.errors import UsageError
from winnow.corpus.rating_option import FORM

if TYPE_CHECKING:
    from winnow.models.reliability.ratings import Rating, RatingList
    from winnow.pipeline.sources.list_comparison import ComparedSource

SHOWN: Final = 50  # sources in a terminal, without --all
DOMAIN_COLUMNS: Final = 12  # of a terminal, at least
COLUMNS: Final = ("domain", "documents", "model_score")  # of the table of sources


def ratings_command(
    lists: Annotated[
        list[str], typer.Argument(metavar="FILE...", help=f"Rating lists, as --ratings takes them: {FORM}")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder that `winnow clean` wrote; without it, all sites of the lists."
        ),
    ] = None,
    differing: Annotated[
        bool,
        typer.Option("--differing", help="Only sources about which the lists, or lists and model, differ."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show more than 50 sources in a terminal.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a source.")] = False,
) -> None:
    """Show what rating lists say of a corpus, and where they disagree with each other and with the model.

    A table in a terminal, tab-separated in a pipe. What of each list matches, and what was passed over, is said on the
    error stream. Nothing is changed: `winnow clean --ratings` lets lists count.

    **Examples**

    `winnow ratings newsguard.csv iffy.csv -o clean`

    `winnow ratings lists/*.csv -o clean --differing | cut -f1`

    `winnow ratings 'list.csv:domain=Site,rating=pc1,scale=0-1'`
    """
    show_ratings(lists, output, differing=differing, everything=everything, as_json=as_json)


def show_ratings(
    options: Sequence[str], folder: Path | None, *, differing: bool, everything: bool, as_json: bool
) -> None:
    """Print the sources that lists rate, of a clean corpus, or all sites of the lists where there is no folder.

    Raises UsageError for lists and folders that cannot be read.
    """
    from winnow.pipeline.sources.judgements import read_lists

    lists = read_lists(options)
    compared = [*_compared(lists, folder)]
    shown = [each for each in compared if each.differs] if differing else compared
    if as_json:
        for each in shown:
            print(json_line(each.to_json()))
    elif sys.stdout.isatty():
        _print_table(lists, shown, None if everything else SHOWN, with_corpus=folder is not None)
    else:
        _print_lines(lists, shown)
    warn(_summary(compared))


def _compared(lists: "Sequence[RatingList]", folder: Path | None) -> "Iterator[ComparedSource]":
    """What is compared, after a line about each list on the error stream."""
    from winnow.pipeline.sources.list_comparison import compare_lists, compare_sources
    from winnow.pipeline.sources.list_matches import list_line, match_line, match_lists

    rows = _sources(folder) if folder else []
    compared = [*compare_sources(lists, rows)]
    unrated = [()] * (len(rows) - len(compared))
    for match in match_lists(lists, [*(each.ratings for each in compared), *unrated]):
        values = match.to_json()
        line = match_line(values) if folder else f"{match.list}: {list_line(values)}"
        warn(f"{line}; read as {match.kind}")
        for example in match.examples:
            warn(f"  passed over first: {example}")
    return iter(compared) if folder else compare_lists(lists)


def _sources(folder: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    file = folder / "sources.parquet"
    if not file.is_file():
        raise UsageError(f"{folder}: holds no sources.parquet; name a folder that `winnow clean` wrote")
    missing = set(COLUMNS) - set(pq.read_schema(file).names)
    if missing:
        raise UsageError(f"{file}: has no column {min(missing)}; name a folder that `winnow clean` wrote")
    rows: list[dict[str, Any]] = pq.read_table(file, columns=[*COLUMNS]).to_pylist()
    return rows


def _print_table(
    lists: "Sequence[RatingList]",
    shown: "Sequence[ComparedSource]",
    limit: int | None,
    *,
    with_corpus: bool,
) -> None:
    """A table of people's columns; names, which may come from hostile files, are plain text."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    heads = ["documents"] if with_corpus else []
    names = [terminal_safe(each.name) for each in lists]
    ends = ["lists", "model", "differs"] if with_corpus else ["lists", "differs"]
    domain = Column("source", overflow="fold", min_width=DOMAIN_COLUMNS)
    columns = (Column(Text(head)) for head in [*heads, *names, *ends])
    table = Table(domain, *columns, box=None, pad_edge=False)
    ordered = sorted(shown, key=lambda each: (not each.differs, -each.documents, each.domain))
    for each in islice(ordered, limit):
        cells = [each.domain, *([str(each.documents)] if with_corpus else []), *_list_cells(lists, each)]
        cells += [_consensus_cell(each), *([_score_cell(each.model_score)] if with_corpus else [])]
        table.add_row(*(Text(terminal_safe(cell)) for cell in [*cells, ", ".join(each.differs)]))
    print_table(table, Console())
    if limit is not None and len(ordered) > limit:
        print(f"{len(ordered) - limit} more; --all shows them")


def _print_lines(lists: "Sequence[RatingList]", shown: "Sequence[ComparedSource]") -> None:
    """Tab-separated lines, with a heading; a cell is empty where there is nothing."""
    names = [" ".join(terminal_safe(each.name).split()) for each in lists]
    print(
        "\t".join(["source", "documents", *names, "lists_score", "lists_label", "model_score", "differs"])
    )
    for each in shown:
        consensus = each.consensus
        score, label = (f"{consensus.score:.4f}", consensus.label) if consensus else ("", "")
        model = "" if each.model_score is None else f"{each.model_score:.4f}"
        cells = [each.domain, str(each.documents), *_list_cells(lists, each)]
        print(terminal_safe("\t".join([*cells, score, label, model, ",".join(each.differs)])))


def _list_cells(lists: "Sequence[RatingList]", compared: "ComparedSource") -> list[str]:
    """What each list says: a score from 0 to 1, satire, or nothing."""
    ratings = {rating.list_name: rating for rating in compared.ratings}
    return [_rating_cell(ratings.get(each.name)) for each in lists]


def _rating_cell(rating: "Rating | None") -> str:
    if rating is None:
        return ""
    return "satire" if rating.is_satire else _score_cell(rating.score)


def _score_cell(score: float | None) -> str:
    return "" if score is None else f"{score:.2f}"


def _consensus_cell(compared: "ComparedSource") -> str:
    consensus = compared.consensus
    return f"{consensus.score:.2f} {consensus.label}" if consensus else ""


def _summary(compared: "Sequence[ComparedSource]") -> str:
    by_lists = sum("lists" in each.differs for each in compared)
    by_model = sum("model" in each.differs for each in compared)
    several = sum(len(each.ratings) > 1 for each in compared)
    scored = sum(each.consensus is not None and each.model_score is not None for each in compared)
    return (
        f"{len(compared)} rated; lists contradict each other on {by_lists} of {several} that several rate; "
        f"the model contradicts them on {by_model} of {scored} that it scores"
    )
