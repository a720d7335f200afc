"""The reasons for the score of one source, for ``winnow score --why``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.models.reliability.flags import FLAGS
from winnow.models.reliability.reason_groups import rate_of, reason_groups
from winnow.models.reliability.reasons import LIMITS, WIDTH, signed

NEAR_NAMES: Final = 5  # of sources, in a message
BASES: Final = {
    "human": "decided by a person",
    "list": "by rating lists",
    "model": "by the model",
    "none": "not scored",
}


def explained_source(folder: Path, domain: str) -> dict[str, Any]:
    """The row of a source in a clean corpus. Raises UsageError where the corpus has no such source."""
    rows = pq.read_table(folder / "sources.parquet").to_pylist()
    rows_by_domain = {row["domain"]: row for row in rows}
    row = rows_by_domain.get(domain) or rows_by_domain.get(site_host(domain))
    if row is None:
        near = [name for name in rows_by_domain if domain in name or name in domain][:NEAR_NAMES]
        raise UsageError(
            f"no source is called {domain!r}; {'near: ' + ', '.join(near) if near else 'winnow score lists them'}"
        )
    older = {
        "reliability_verdict": row["reliability_label"],
        "model_verdict": "its score",
        "model_summary": "",
    }
    return {**older, **row}


def why_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The row of a source as lines for people: its score, its judgements, and the steps that lead to the score."""
    basis = row["reliability_basis"]
    yield f"{row['domain']}: {row['reliability_verdict']}, {BASES[basis]}{_numbers(row, 'reliability_')}"
    if row["model_reason"]:
        yield f"  the model gives no score: {row['model_reason']}"
    elif basis != "model":
        yield f"  the model alone: {row['model_verdict']}{_numbers(row, 'model_')}"
    if row["model_summary"]:
        yield f"  {row['model_summary']}"
        yield f"  {LIMITS}; {WIDTH}."
    yield f"  documents: {row['documents']}, originals: {row['originals']}"
    if len(row["hosts"]) > 1:
        yield "  hosts: " + ", ".join(f"{at['host']} {at['documents']}" for at in row["hosts"])
    if row["reviewed_by"]:
        yield f"  decided by {row['reviewed_by']}, {row['reviewed_at']}: {row['note']}"
    yield from _ratings_and_flags(row)
    yield from _steps(row)
    yield from _seen(row)


def _ratings_and_flags(row: Mapping[str, Any]) -> Iterator[str]:
    for rating in row["ratings"]:
        mapped = "" if rating["score"] is None else f" = {rating['score']:.2f}, {rating['label']}"
        yield f"  list {rating['list']}: {rating['rating']}{mapped} ({rating['date'] or 'no date'})"
    for flag in row["flags"]:
        yield f"  flag {flag}: {FLAGS.get(flag, '')}"


def _steps(row: Mapping[str, Any]) -> Iterator[str]:
    """The steps from the average source to this one, each with the features that move it most."""
    groups = [*reason_groups(row)]
    if groups:
        whose = "" if row["reliability_basis"] == "model" else " (the model, which does not decide here)"
        yield f"from the average source to this one{whose}:"
    for place, group in enumerate(groups):
        change = f"{signed(group.change)}  {group.group}, " if place else f"       {group.group} "
        yield f"  {change}{group.level:.2f}"
        for signal in group.signals:
            yield from _signal(signal)
        if group.rest:
            yield f"    {signed(group.rest)} all other features of this group together"


def _signal(signal: Mapping[str, Any]) -> Iterator[str]:
    """A feature with what it adds, its rate beside the usual one, and the passage that shows it."""
    rate = rate_of(signal)
    yield f"    {signed(signal['points'])} {signal['meaning']}{rate and f' ({rate})'} [{signal['name']}]"
    yield from _evidence(signal)


def _seen(row: Mapping[str, Any]) -> Iterator[str]:
    """What was seen in its documents, and moves no score."""
    signals = [signal for signal in row["signals"] if not signal["contribution"]]
    if signals:
        yield "seen, not scored:"
    for signal in signals:
        yield f"    {signal['value']:.0%} of documents: {signal['meaning']} [{signal['name']}]"
        yield from _evidence(signal)


def _evidence(signal: Mapping[str, Any]) -> Iterator[str]:
    if signal["evidence"]:
        yield f"      “{signal['evidence']}”"
    if signal["document_id"]:
        yield f"      {signal['document']} ({signal['document_id']})"


def _numbers(row: Mapping[str, Any], prefix: str) -> str:
    score, low, high = (row[f"{prefix}{name}"] for name in ("score", "low", "high"))
    if score is None:
        return ""
    return f": {score:.2f}" if low is None else f": {score:.2f}, 80 % interval {low:.2f} – {high:.2f}"
