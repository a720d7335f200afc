"""What needs more than one document: copies of the same text, and the score of each source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from corpus.writers import Row
from flows.shards import Place, ShardParts, read_rows
from models.reliability.model import ReliabilityModel, SourceScore, unscored
from models.reliability.sums import SourceSums

NO_DATE: Final = "9999"  # sorts after every date: a dated document is the original of an undated copy


@dataclass(frozen=True, slots=True)
class Copy:
    """A document whose text an earlier document already has."""

    original: str  # its id
    same_source: bool


@dataclass(frozen=True, slots=True)
class ScoredSource:
    """A source with its score and the number of documents behind it."""

    key: str
    documents: int
    sums: SourceSums  # of its originals only: copies would count one voice twice
    score: SourceScore


def find_copies(parts: Sequence[ShardParts]) -> dict[Place, Copy]:
    """Map the place of each copy to its original: the earliest published, then obtained, then by id.

    A copy of a document of its own source names that one, else the first of all. Texts are compared
    by their key. Holds about 500 bytes a document.
    """
    first: dict[tuple[str, str], tuple[str, str, str, Place]] = {}  # (key, source), and (key, "") for any
    for place, row in _all_rows(parts, ["id", "text_key", "created", "added", "source_key"]):
        mine = (row["created"] or NO_DATE, row["added"], row["id"], place)
        for scope in (row["source_key"], "") if row["text_key"] else ():
            first[row["text_key"], scope] = min(first.get((row["text_key"], scope), mine), mine)
    copies = {}
    for place, row in _all_rows(parts, ["text_key", "source_key"]):
        for scope in (row["source_key"], "") if row["text_key"] else ():
            *_, original, original_place = first[row["text_key"], scope]
            if original_place != place:
                copies[place] = Copy(original, same_source=bool(scope))
                break
    return copies


def score_sources(
    parts: Sequence[ShardParts], copies: Mapping[Place, Copy], model: ReliabilityModel
) -> dict[str, ScoredSource]:
    """Score every site from its originals; the order of shards cannot matter, because sums are exact.

    Documents whose site is unknown stand under their collection's name, and are not scored: a
    folder of texts from anywhere is nobody's style.
    """
    sums: dict[str, SourceSums] = {}
    documents: Counter[str] = Counter()
    sites: set[str] = set()
    for place, row in _all_rows(parts, ["source_key", "domain", "sums"]):
        key = row["source_key"]
        documents[key] += 1
        sites |= {key} if row["domain"] else set()
        mine = SourceSums() if place in copies else SourceSums.from_json(row["sums"])
        sums[key] = sums.get(key, SourceSums()) + mine
    scores = {key: model.score(sums[key]) if key in sites else unscored(sums[key]) for key in sorted(sums)}
    return {key: ScoredSource(key, documents[key], sums[key], score) for key, score in scores.items()}


def _all_rows(parts: Sequence[ShardParts], columns: list[str]) -> Iterator[tuple[Place, dict[str, Any]]]:
    return chain.from_iterable(read_rows(part, columns) for part in parts)


def source_row(source: ScoredSource) -> Row:
    """A source as a row of `corpus.schema.SOURCES`."""
    score = source.score
    signals = [
        {
            "name": c.name,
            "value": c.value,
            "contribution": c.contribution,
            "evidence": c.evidence,
            "document_id": c.document_id,
        }
        for c in score.contributions
    ]
    return {
        "domain": source.key,
        "documents": source.documents,
        "originals": source.sums.documents,
        **reliability_columns(score),
        "flags": [],
        "signals": signals,
        "ratings": [],
        "reviewed_by": "",
        "reviewed_at": "",
        "note": "",
    }


def reliability_columns(score: SourceScore) -> Row:
    """The reliability columns that documents and sources share."""
    return {
        "reliability_score": score.score,
        "reliability_low": score.low,
        "reliability_high": score.high,
        "reliability_probability": score.probability,
        "reliability_label": score.label,
        "reliability_basis": score.basis,
    }
