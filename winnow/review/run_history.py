"""Earlier runs in the index, and the figures of the present run for plots."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from winnow.review.index_rows import SCORE_BINS

STEPS: Final = 10  # of the whole scale, in which changes of scores are counted
CHANGED_SCORE: Final = 0.05  # a smaller step between two runs shows in no figure that a person reads


def carry_history(index: sqlite3.Connection, old: Path) -> None:
    """Copy the history of runs from an earlier index, its own run included."""
    index.commit()
    index.execute("attach ? as old", [str(old)])
    for table in ("runs", "scores"):
        index.execute(f"insert into {table} select * from old.{table}")  # noqa: S608  # two names of ours
    index.commit()
    index.execute("detach old")


def add_run(index: sqlite3.Connection, run_id: str, labels: Mapping[str, int]) -> None:
    """Add the present run to the history, and mark the sources that changed since the one before."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    index.execute("insert or replace into runs values (?, ?, ?)", [run_id, now, json.dumps(labels)])
    index.execute(
        "insert or replace into scores select source, ?, ?, score, label from sources", [run_id, now]
    )
    before = "from scores s where s.source = sources.source and s.run_id = :run"
    index.execute(
        "update sources set changed = exists (select 1 "  # noqa: S608  # parts are ours
        f"{before} and (s.label != sources.label "
        "or abs(coalesce(s.score, -1) - coalesce(sources.score, -1)) >= :least)), "
        f"moved = (select cast(round((sources.score - s.score) * :steps) as int) {before})",
        {"run": _run_before(index, run_id), "least": CHANGED_SCORE, "steps": STEPS},
    )


def figures(index: sqlite3.Connection, report: Mapping[str, Any]) -> dict[str, object]:
    """Figures of the whole run: pairs of name and number for plots, values of filters, orphaned decisions."""
    removals = [(r["kind"], r["chars"]) for r in report["removals"] if r["kind"] != "layout"]
    choices = {
        name: index.execute(f"select {name}, count(*) from {table} group by 1 order by 1").fetchall()  # noqa: S608  # names are ours
        for name, table in (
            ("label", "sources"),
            ("basis", "sources"),
            ("language", "sources"),
            ("flag", "flags"),
        )
    }
    return {
        "choices": choices,
        "moved": _score_steps(index),
        "orphans": report["text_decisions"]["orphaned"],
        "removals": removals,
        "scores": _scores(index),
    }


def _run_before(index: sqlite3.Connection, run_id: str) -> str:
    before = index.execute(
        "select run_id from runs where run_id != ? order by at desc limit 1", [run_id]
    ).fetchone()
    return str(before[0]) if before else ""


def _scores(index: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """Sources by the bin of their score: its number and limits, and how many."""
    statement = "select bin, count(*) from sources where bin is not null group by 1"
    counts = dict(index.execute(statement).fetchall())
    return [
        (n, f"{n / SCORE_BINS:.2f} – {(n + 1) / SCORE_BINS:.2f}", counts.get(n, 0))
        for n in range(SCORE_BINS)
    ]


def _score_steps(index: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """Sources by the change of their score since the run before: tenths, in words, and how many."""
    steps = index.execute("select moved, count(*) from sources where moved is not null group by 1")
    return [(step, f"{step / STEPS:+.1f}", number) for step, number in steps]
