"""The command ``winnow select``: writes documents of a clean corpus as a corpus that other tools load."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.terminal import json_line, warn
from winnow.corpus.selection.formats import FORMATS
from winnow.corpus.selection.selection_settings import (
    EVERYTHING,
    PRESETS,
    SPLITS,
    Selection,
    parse_split,
)


def select_command(
    clean: Annotated[Path, typer.Argument(metavar="CLEAN", help="Folder that `winnow clean` wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the corpus.")],
    where: Annotated[
        str, typer.Option(metavar="SQL", help="Expression over the columns of documents.")
    ] = "",
    preset: Annotated[
        str,
        typer.Option(
            help=f"What to start from: {', '.join(PRESETS)}; docs/select.md says what each takes."
        ),
    ] = EVERYTHING.preset,
    split: Annotated[
        str,
        typer.Option(metavar="PERCENTS", help="Sources for train, validation and test, such as 90,5,5."),
    ] = ",".join(map(str, EVERYTHING.split)),
    per_source: Annotated[int, typer.Option(min=0, help="Documents of a source at most; 0 takes all.")] = 0,
    form: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")
    ] = EVERYTHING.format,
    shard_mb: Annotated[
        int, typer.Option(min=1, help="A file that is longer than so many megabytes ends.")
    ] = EVERYTHING.shard_mb,
    with_removed: Annotated[
        bool, typer.Option("--with-removed", help="Keep what was cleaned out in metadata.removed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Select documents of a clean corpus into one that other tools load as it is, with card and manifest.

    The expression reads columns and nothing else. No source is in two splits. The same command over the same
    documents gives the same bytes.

    **Examples**

    `winnow select clean -o selected --where "reliability_label = 'reliable' and language = 'en'"`

    `winnow select clean -o selected --preset strict --split 90,5,5 --per-source 1000`

    `winnow select clean -o selected --format dolma`
    """
    from winnow.corpus.selection.select import select

    selection = Selection(where, preset, parse_split(split), per_source, form, shard_mb, with_removed)
    selected = select(clean, output, selection)
    counts = {"documents": selected.documents, "sources": selected.sources, "splits": selected.splits}
    splits = ", ".join(f"{documents} {split}" for split, documents in selected.splits.items() if documents)
    print(
        json_line({"folder": str(output), **counts})
        if as_json
        else f"{selected.documents} documents from {selected.sources} sources ({splits}); read {output / 'README.md'}"
    )
    requested_splits = (name for name, percent in zip(SPLITS, selection.split, strict=True) if percent)
    if empty := [name for name in requested_splits if not selected.splits[name]]:
        warn(f"no source fell into {' and '.join(empty)}, so there are no files of it; try other percents")
    warn("no licence is set: the texts belong to their authors; fill it in in README.md before you publish")
