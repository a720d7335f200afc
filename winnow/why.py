"""What the score of one source rests on, for ``winnow score --why``."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from corpus.domains import site_host
from corpus.errors import UsageError
from models.reliability.flags import FLAGS
from models.reliability.meanings import feature_meanings
from models.reliability.passages import Article, best_passages
from models.reliability.sums import SCORED_LANGUAGE

READ_DOCUMENTS: Final = 200  # of the source, for quotations: those of the smallest ids
NEAR_NAMES: Final = 5  # of sources, in a message


def explained_source(folder: Path, domain: str) -> dict[str, Any]:
    """A source's row of a clean corpus; each signal names its ``document``, and is quoted.

    A feature is quoted where there is most of it, also one that counts by being rare.
    Raises UsageError where the corpus has no such source.
    """
    rows = pq.read_table(folder / "sources.parquet").to_pylist()
    found = {row["domain"]: row for row in rows}
    row = found.get(domain) or found.get(site_host(domain))
    if row is None:
        near = [name for name in found if domain in name or name in domain][:NEAR_NAMES]
        raise UsageError(
            f"no source is called {domain!r}; {'near: ' + ', '.join(near) if near else 'winnow score lists them'}"
        )
    missing = [signal["name"] for signal in row["signals"] if not signal["evidence"]]
    passages = best_passages(missing, _articles(folder, row["domain"]))
    for signal in row["signals"]:
        if passage := passages.get(signal["name"]):
            signal |= {"evidence": passage.quote, "document_id": passage.document_id}
    places = _places(folder, {signal["document_id"] for signal in row["signals"]})
    for signal in row["signals"]:
        signal["document"] = places.get(signal["document_id"], "")
    return dict(row)


def why_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The row as lines for people."""
    yield f"{row['domain']}: {_verdict(row, 'reliability_')}, {row['reliability_label']} ({row['reliability_basis']})"
    yield f"  {row['documents']} documents, {row['originals']} of them originals"
    if len(row["hosts"]) > 1:
        yield "  hosts: " + ", ".join(f"{at['host']} {at['documents']}" for at in row["hosts"])
    if row["reviewed_by"]:
        yield f"  decided by {row['reviewed_by']}, {row['reviewed_at']}: {row['note']}"
    for rating in row["ratings"]:
        mapped = "" if rating["score"] is None else f" = {rating['score']:.2f}, {rating['label']}"
        yield f"  list {rating['list']}: {rating['rating']}{mapped} ({rating['date'] or 'no date'})"
    if row["reliability_basis"] in ("human", "list"):
        yield f"  model: {_verdict(row, 'model_')}"
    for flag in row["flags"]:
        yield f"  flag {flag}: {FLAGS.get(flag, '')}"
    scored = sorted((s for s in row["signals"] if s["contribution"]), key=lambda s: -abs(s["contribution"]))
    yield from _section("for", [s for s in scored if s["contribution"] > 0])
    yield from _section("against", [s for s in scored if s["contribution"] < 0])
    yield from _section("seen, not scored", [s for s in row["signals"] if not s["contribution"]])


def _section(head: str, signals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if signals:
        yield f"{head}:"
    for signal in signals:
        contribution = f"{signal['contribution']:+.3f} " if signal["contribution"] else ""
        meaning = feature_meanings().get(signal["name"])
        yield f"  {contribution}{signal['name']} {signal['value']:.3g}{f' ({meaning.text})' if meaning else ''}"
        if signal["evidence"]:
            yield f"    “{signal['evidence']}”"
        if signal["document_id"]:
            yield f"    {signal['document']} ({signal['document_id']})"


def _verdict(row: Mapping[str, Any], prefix: str) -> str:
    score, low, high = (row[f"{prefix}{name}"] for name in ("score", "low", "high"))
    if score is None:
        return "no score"
    return f"{score:.2f}" if low is None else f"{score:.2f}, 80 % interval {low:.2f} – {high:.2f}"


def _articles(folder: Path, domain: str) -> list[Article]:
    """Originals of a source in the language that is scored."""
    table = _documents(folder).scanner(
        columns={"id": pc.field("id"), "title": pc.field("metadata", "title"), "text": pc.field("text")},
        filter=(pc.field("domain") == domain)
        & (pc.field("language") == SCORED_LANGUAGE)
        & (pc.field("metadata", "dup_of") == ""),
    )
    rows = sorted(table.to_table().to_pylist(), key=lambda row: row["id"])[:READ_DOCUMENTS]
    return [Article(row["id"], row["title"], row["text"]) for row in rows]


def _places(folder: Path, ids: set[str]) -> dict[str, str]:
    """Where documents are from, by id: their URL, or without one the path of their raw file."""
    table = _documents(folder).scanner(
        columns={
            "id": pc.field("id"),
            "url": pc.field("url"),
            "path": pc.field("metadata", "raw_path"),
        },
        filter=pc.field("id").isin(sorted(ids)),
    )
    return {row["id"]: row["url"] or row["path"] for row in table.to_table().to_pylist()}


def _documents(folder: Path) -> ds.Dataset:
    return ds.dataset(sorted((folder / "documents").glob("*.parquet")), format="parquet")
