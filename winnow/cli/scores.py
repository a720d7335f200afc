"""The scores of sources in a terminal: all of them as a table, or what one rests on."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from winnow.cli.terminal import terminal_safe, warn
from winnow.cli.why import explained_source, why_lines
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.pipeline.run import run_here, score_inputs
from winnow.pipeline.shards.progress import document_bar
from winnow.pipeline.sources.scores import source_row
from winnow.pipeline.workers.isolation import open_children


def score(inputs: Sequence[str], settings: Settings, *, as_json: bool, why: str = "") -> None:
    """Print the sources of a clean corpus, or those of raw inputs after cleaning them; or why one has its score.

    Raises UsageError for options that a clean corpus was made with or without, and a source that is not there.
    """
    shaping = settings.ratings or settings.overrides or settings.name_prior or settings.cleaners
    if _is_clean(inputs) and shaping:
        raise UsageError(
            f"{inputs[0]}: is scored already; give --ratings, --overrides, --name-prior and --cleaner to winnow clean"
        )
    if why:
        _show_why(_explained(inputs, settings, why), as_json=as_json)
        return
    rows = _source_rows(inputs, settings)
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        Console().print(_sources_table(rows))


def _source_rows(inputs: Sequence[str], settings: Settings) -> list[Row]:
    """The sources of a corpus that was cleaned before, or of raw inputs."""
    if _is_clean(inputs):
        return list(pq.read_table(Path(inputs[0]) / "sources.parquet").to_pylist())
    with document_bar() as tick, open_children() as clean:
        sources, quarantined = score_inputs(inputs, settings, clean=clean, tick=tick)
    if quarantined:
        warn(f"{len(quarantined)} documents could not be cleaned; `winnow clean` says which, and why")
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
        with document_bar() as tick, open_children() as clean:
            result = run_here(inputs, Path(folder) / "clean", settings, clean=clean, tick=tick)
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
