"""The reasons for the score of one source, for ``winnow score --why``."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.models.reliability.flags import FLAGS

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
    return dict(row)


def why_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The row of a source as lines for people: its score, its judgements, and the signals for and against."""
    basis = row["reliability_basis"]
    yield f"{row['domain']}: {row['reliability_label']}, {BASES[basis]}{_numbers(row, 'reliability_')}"
    if row["model_reason"]:
        yield f"  the model gives no score: {row['model_reason']}"
    elif basis != "model":
        yield f"  the model alone{_numbers(row, 'model_')}"
    yield f"  documents: {row['documents']}, originals: {row['originals']}"
    if len(row["hosts"]) > 1:
        yield "  hosts: " + ", ".join(f"{at['host']} {at['documents']}" for at in row["hosts"])
    if row["reviewed_by"]:
        yield f"  decided by {row['reviewed_by']}, {row['reviewed_at']}: {row['note']}"
    yield from _ratings_and_flags(row)
    yield from _signals(row)


def _ratings_and_flags(row: Mapping[str, Any]) -> Iterator[str]:
    for rating in row["ratings"]:
        mapped = "" if rating["score"] is None else f" = {rating['score']:.2f}, {rating['label']}"
        yield f"  list {rating['list']}: {rating['rating']}{mapped} ({rating['date'] or 'no date'})"
    for flag in row["flags"]:
        yield f"  flag {flag}: {FLAGS.get(flag, '')}"


def _signals(row: Mapping[str, Any]) -> Iterator[str]:
    """The signals for and against a source, the strongest first, then those without a weight."""
    scored = sorted((s for s in row["signals"] if s["contribution"]), key=lambda s: -abs(s["contribution"]))
    whose = "" if row["reliability_basis"] == "model" else ", says the model, which does not decide here"
    yield from _section(f"for{whose}", [s for s in scored if s["contribution"] > 0])
    yield from _section(f"against{whose}", [s for s in scored if s["contribution"] < 0])
    yield from _section("seen, not scored", [s for s in row["signals"] if not s["contribution"]])


def _section(head: str, signals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if signals:
        yield f"{head}:"
    for signal in signals:
        weight = (
            f"{signal['contribution']:+.3f}"
            if signal["contribution"]
            else f"{signal['value']:.0%} of documents:"
        )
        yield f"  {weight} {signal['meaning']} ({signal['name']})"
        if signal["evidence"]:
            yield f"    “{signal['evidence']}”"
        if signal["document_id"]:
            yield f"    {signal['document']} ({signal['document_id']})"


def _numbers(row: Mapping[str, Any], prefix: str) -> str:
    score, low, high = (row[f"{prefix}{name}"] for name in ("score", "low", "high"))
    if score is None:
        return ""
    return f": {score:.2f}" if low is None else f": {score:.2f}, 80 % interval {low:.2f} – {high:.2f}"
