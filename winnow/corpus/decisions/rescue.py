"""Rescue of a damaged log: what is as it was written goes into a new one, the rest is told."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from winnow.corpus.decisions.chain import CHANGED, Break, Link, is_unchanged, read_links
from winnow.corpus.decisions.log import FILE_ERRORS, copy_events, open_log
from winnow.corpus.errors import UsageError

TARGET_LOST: Final = "undoes an event that is lost"


def rescue_events(log: Path, new: Path) -> tuple[int, list[Break]]:
    """Write the events of a log that are as they were written into a new one; gives their number, and the others.

    An undo of an event that is lost is left out as well. Raises UsageError where ``new`` exists, and
    DamagedLogError where nothing can be read.
    """
    if new.exists():
        raise UsageError(f"{new}: is there already; name a file that is not")
    with open_log(log, read_only=True) as connection:
        links = _readable_links(connection)
    whole, lost = _sorted_out(links)
    with open_log(new) as connection:
        copy_events(connection, (link.event for link in whole))
    return len(whole), lost


def _readable_links(connection: sqlite3.Connection) -> list[Link]:
    """The rows that can be read from the beginning and from the end: a damaged page may stand in between."""
    links: dict[int, Link] = {}
    for backwards in (False, True):
        try:
            for link in read_links(connection, backwards=backwards):
                links.setdefault(link.number, link)
        except FILE_ERRORS:
            if backwards and not links:
                raise
    return [links[number] for number in sorted(links)]


def _sorted_out(links: Iterable[Link]) -> tuple[list[Link], list[Break]]:
    """The rows that are as they were written, and why others are not among them."""
    whole: list[Link] = []
    lost: list[Break] = []
    ids: set[str] = set()
    for link in links:
        if not is_unchanged(link):
            lost.append(Break(link, CHANGED))
        elif link.event.undoes and link.event.undoes not in ids:
            lost.append(Break(link, TARGET_LOST))
        else:
            whole.append(link)
            ids.add(link.event.id)
    return whole, lost
