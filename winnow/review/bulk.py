"""The preview of a decision on several sources at once."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from winnow.corpus.decisions.events import Event

SHOWN_ROWS: Final = 200  # of a preview; the queue lists all


@dataclass(frozen=True, slots=True)
class Change:
    """The sources that would be decided on."""

    sources: int
    documents: int  # of all of them
    labels: Sequence[tuple[str, int]]  # that they have now, the most frequent first
    decided: int  # sources that people decided on already
    rows: Sequence[sqlite3.Row]  # the first ones
    overrides: Mapping[str, Event]  # what counts now, by source


def named(index: sqlite3.Connection, sources: Iterable[str]) -> list[sqlite3.Row]:
    """The rows of the sources with these names, each once; unknown names are left out."""
    rows = (
        index.execute("select * from sources where source = ?", [name]).fetchone()
        for name in dict.fromkeys(sources)
    )
    return [row for row in rows if row]


def change_of(rows: Sequence[sqlite3.Row], overrides: Mapping[str, Event]) -> Change:
    """The preview of a decision on the sources of these rows."""
    now = (overrides[row["source"]].label if row["source"] in overrides else row["label"] for row in rows)
    labels = Counter(now).most_common()
    documents = sum(row["documents"] for row in rows)
    return Change(len(rows), documents, labels, len(overrides), rows[:SHOWN_ROWS], overrides)
