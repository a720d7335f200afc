"""What the terminal always says of rating lists: how many sources each matches, and what of it was passed over."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from winnow.cli.terminal import terminal_safe, warn
from winnow.corpus.locations import published_path

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def print_reported_matches(folder: Path, lists: Sequence[str]) -> None:
    """Print a line for each rating list of the last run into a folder, also where this one changed nothing."""
    if not lists:
        return
    try:
        for line in _reported(folder):
            print(terminal_safe(line))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        warn(f"{folder / 'report.json'}: does not say what the rating lists match ({error!r})")


def matches_said() -> "AbstractContextManager[list[str]]":
    """The lines about rating lists that are logged while the block lasts."""
    from winnow.pipeline.sources.list_matches import LINE, MATCHED
    from winnow.pipeline.tables.journal import collecting

    return collecting(MATCHED, LINE)


def _reported(folder: Path) -> Iterator[str]:
    from winnow.pipeline.sources.list_matches import match_line

    report = json.loads(published_path(folder, "report.json").read_text(encoding="utf8"))
    yield from map(match_line, report["rating_lists"])
