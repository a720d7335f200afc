"""Earlier runs in the index, and the figures of the present run for plots."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

BINS: Final = 20  # of the scores
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
    index.execute(
        "update sources set changed = 1 where exists (select 1 from scores s where s.source = sources.source "
        "and s.run_id = ? and (s.label != sources.label "
        "or abs(coalesce(s.score, -1) - coalesce(sources.score, -1)) >= ?))",
        [_run_before(index, run_id), CHANGED_SCORE],
    )


def figures(index: sqlite3.Connection, report: Mapping[str, Any]) -> dict[str, object]:
    """Figures of the whole run: pairs of name and number for plots, values of filters, orphaned decisions."""
    removals = [(r["kind"], r["chars"]) for r in report["removals"] if r["kind"] != "layout"]
    choices = {
        name: [row[0] for row in index.execute(f"select distinct {name} from {table} order by 1")]  # noqa: S608  # names are ours
        for name, table in (
            ("label", "sources"),
            ("basis", "sources"),
            ("language", "sources"),
            ("flag", "flags"),
        )
    }
    return {
        "choices": choices,
        "moved": _score_steps(index, report["run_id"]),
        "orphans": report["text_decisions"]["orphaned"],
        "removals": removals,
        "scores": _scores(index),
    }


def _run_before(index: sqlite3.Connection, run_id: str) -> str:
    before = index.execute(
        "select run_id from runs where run_id != ? order by at desc limit 1", [run_id]
    ).fetchone()
    return str(before[0]) if before else ""


def _scores(index: sqlite3.Connection) -> list[tuple[str, int]]:
    """Sources by score."""
    statement = "select min(cast(score * ? as int), ? - 1), count(*) from sources where score is not null group by 1"
    counts = dict(index.execute(statement, [BINS, BINS]).fetchall())
    return [(f"{n / BINS:.2f} – {(n + 1) / BINS:.2f}", counts.get(n, 0)) for n in range(BINS)]


def _score_steps(index: sqlite3.Connection, run_id: str) -> list[tuple[str, int]]:
    """Sources by the change of their score since the run before, in steps of a tenth."""
    steps = index.execute(
        "select cast(round((s.score - b.score) * 10) as int), count(*) from scores b join sources s "
        "on s.source = b.source where b.run_id = ? and b.score is not null and s.score is not null group by 1",
        [_run_before(index, run_id)],
    )
    return [(f"{step / 10:+.1f}", number) for step, number in steps]
