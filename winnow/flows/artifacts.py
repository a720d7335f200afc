"""Prefect artifacts of a run: its report, sources that moved, removals by kind, quarantine by reason."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from winnow.corpus.run_thresholds import RunShare

SHOWN_SOURCES: Final = 50
MARKDOWN: Final = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~&"})

Rows = list[dict[str, Any]]


def show_report(report: Mapping[str, Any], folder: str) -> None:
    """Put the numbers of a ``report.json`` on Prefect's page, under the same four keys for every run."""
    name = f"Run {report['run_id']}"
    create_markdown_artifact(key="report", markdown=report_text(report, folder), description=name)
    for key, rows in tables(report).items():
        create_table_artifact(key=key, table=rows, description=name)


def tables(report: Mapping[str, Any]) -> dict[str, Rows]:
    """The tables by key, empty ones included, so that each key always shows the last run."""
    reasons = report["quarantine_reasons"].items()
    removals = [{name: row[name] for name in ("kind", "pieces", "chars")} for row in report["removals"]]
    return {
        "moved-sources": [_moved(move) for move in report["drift"][:SHOWN_SOURCES]],
        "removals": removals,
        "quarantine": [{"reason": reason, "documents": count} for reason, count in reasons],
    }


def report_text(report: Mapping[str, Any], folder: str) -> str:
    """The report as Markdown: counts and seconds by stage; names are escaped, texts of documents are left out."""
    counts: Rows = [{"": name, "count": f"{count:,}"} for name, count in report["counts"].items()]
    stages: Rows = [{"stage": name, "seconds": f"{s:.1f}"} for name, s in report["seconds"].items()]
    return "\n\n".join(
        [
            f"# {escaped(folder)}",
            f"Run `{report['run_id']}`, Winnow {escaped(report['pipeline_version'])}.",
            *(escaped(text) for text in missed_thresholds(report)),
            _table(counts),
            _table(stages),
        ]
    )


def missed_thresholds(report: Mapping[str, Any]) -> list[str]:
    """A sentence for each threshold that the run missed."""
    values = (
        {name: each[name] for name in ("name", "limit", "part", "whole")} for each in report["thresholds"]
    )
    return [f"Missed {share}" for share in (RunShare(**each) for each in values) if share.is_missed]


def escaped(text: str) -> str:
    r"""A text that Markdown and HTML show as it is.

    >>> escaped("<b>|a")
    '\\<b\\>\\|a'
    """
    return text.translate(MARKDOWN)


def _moved(move: Mapping[str, Any]) -> dict[str, Any]:
    before, now = move["before"], move["now"]
    return {
        "source": move["domain"],
        "before": before["score"],
        "now": now["score"],
        "label before": before["label"],
        "label": now["label"],
        "basis": now["basis"],
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "none"
    head = [*rows[0]]
    lines = [head, ["---"] * len(head), *([escaped(str(row[name])) for name in head] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
