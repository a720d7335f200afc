"""Quotations: for each feature that moves a source's score most, the passage that shows it best.

A few documents of each scored source are chosen by their ids, so that the order of shards cannot matter; these are
read again, and quoted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from winnow.models.reliability.passages import can_show, is_quotable
from winnow.models.reliability.source_score import NAME_SIGNAL
from winnow.models.reliability.sums import SCORED_LANGUAGE, SourceSums, measured_names
from winnow.pipeline.shards.shards import Place, ShardParts, read_rows
from winnow.pipeline.sources.quotation_cache import QuotationCache
from winnow.pipeline.sources.scores import ScoredSource

# Documents of a source, those of the smallest ids; and one for each feature that they do not show. Twice the features
# that move a score one way, so that most can be quoted from a document of their own.
CANDIDATES: Final = 10
TEXT_COLUMNS: Final = ["id", "url", "text", "metadata.title", "metadata.raw_path"]

Quotation = tuple[str, str]  # and the id of its document
DocumentChoice = Mapping[
    Place, Sequence[str]
]  # documents of a source, with the features to quote from each


@dataclass(frozen=True, slots=True)
class FeatureRequest:
    """The features of a source that need a quotation, the strongest first, with their means over its documents."""

    means: Mapping[str, float]

    @classmethod
    def of(cls, source: ScoredSource) -> "FeatureRequest":
        """The request for a source: features of which it has more than usual, for only what is there can be quoted."""
        scored = (c for c in source.score.contributions if c.contribution and c.name != NAME_SIGNAL)
        ranked = sorted(scored, key=lambda c: -abs(c.contribution))
        names = [c.name for c in ranked if c.is_more and is_quotable(c.name)]
        return cls(_means(source.sums, names))

    def shown_by(self, sums: SourceSums) -> tuple[str, ...]:
        """The features for which a document with these sums can be quoted."""
        values = _means(sums, self.means)
        return tuple(name for name, mean in self.means.items() if can_show(name, values[name], mean))


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A document that may be quoted, and the features that it shows."""

    id: str
    place: Place
    features: tuple[str, ...]


def choose_documents(source: ScoredSource, rows: Iterable[Mapping[str, Any]]) -> DocumentChoice:
    """The documents of a source that are quoted or named, by their places, with the features to quote from each.

    ``rows`` are all its documents, as `winnow.pipeline.sources.source_scoring` reads them. Quoted are originals in the
    language that is scored; those that show a signal are only named.
    """
    request, candidates = FeatureRequest.of(source), list[Candidate]()
    evidence_ids = {c.document_id for c in source.score.contributions}
    chosen = dict[Place, list[str]]()
    for row in rows:
        place = row["shard"], row["row"]
        if row["id"] in evidence_ids:
            chosen[place] = []
        is_original = row["same_source"] is None
        if not (request.means and is_original and row["language"] == SCORED_LANGUAGE):
            continue
        if (sums := SourceSums.from_json(row["sums"])).scored:
            candidate = Candidate(row["id"], place, request.shown_by(sums))
            candidates = _select_candidates([*candidates, candidate])
    return chosen | _spread(candidates, request.means)


def quote_sources(
    parts: Iterable[ShardParts],
    sources: Mapping[str, tuple[ScoredSource, DocumentChoice]],
    cache: QuotationCache,
) -> dict[str, ScoredSource]:
    """The sources with a passage for each of their strongest features, and the address of every quoted document.

    Holds a few hundred bytes for each candidate and quotation: memory grows with the sources, not with
    their documents.
    """
    chosen = {
        place: (key, names) for key, (_, places) in sources.items() for place, names in places.items()
    }
    quotations, addresses = _read_quotations(parts, chosen, cache)
    cache.keep()
    return {
        key: _with_quotations(source, quotations.get(key, {}), addresses)
        for key, (source, _) in sources.items()
    }


def _select_candidates(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates of the smallest ids, and any other that shows a feature which no earlier one shows."""
    selected, features = list[Candidate](), set[str]()
    for candidate in sorted(candidates):
        if len(selected) < CANDIDATES or not features.issuperset(candidate.features):
            selected.append(candidate)
            features.update(candidate.features)
    return selected


def _spread(candidates: Sequence[Candidate], names: Iterable[str]) -> dict[Place, list[str]]:
    """Documents with the features to quote from each: every feature from that with fewest quotations so far.

    Five quotations of one article say less of a source than five of five.
    """
    chosen = dict[Place, list[str]]()
    for name in names:
        showing = [each for each in candidates if name in each.features]
        if showing:
            best = min(showing, key=lambda each: (len(chosen.get(each.place, ())), each))
            chosen.setdefault(best.place, []).append(name)
    return chosen


def _read_quotations(
    parts: Iterable[ShardParts],
    chosen: Mapping[Place, tuple[str, Sequence[str]]],
    cache: QuotationCache,
) -> tuple[dict[str, dict[str, Quotation]], dict[str, str]]:
    """The quotations by source and feature, and the address of each chosen document by its id."""
    quotations, addresses = defaultdict[str, dict[str, Quotation]](dict), dict[str, str]()
    shards = {shard for shard, _ in chosen}
    for part in (part for part in parts if part.number in shards):
        for place, row in read_rows(part, TEXT_COLUMNS):
            if place not in chosen:
                continue
            addresses[row["id"]] = row["url"] or row["metadata"]["raw_path"]
            key, names = chosen[place]
            if names:
                passages = cache.passages(row["metadata"]["title"], row["text"], names)
                quotations[key] |= {name: (text, row["id"]) for name, text in passages.items()}
    return quotations, addresses


def _with_quotations(
    source: ScoredSource, quotations: Mapping[str, Quotation], addresses: Mapping[str, str]
) -> ScoredSource:
    """A source whose features and signals carry their quotations and the addresses of the documents."""
    quotations_by_feature = (
        (each, *quotations.get(each.name, (each.evidence, each.document_id)))
        for each in source.score.contributions
    )
    contributions = tuple(
        replace(each, evidence=text, document_id=document_id, document=addresses.get(document_id, ""))
        for each, text, document_id in quotations_by_feature
    )
    return replace(source, score=replace(source.score, contributions=contributions))


def _means(sums: SourceSums, names: Iterable[str]) -> dict[str, float]:
    """The means of some features over the documents that were summed up."""
    means = dict(zip(measured_names(), sums.means().tolist(), strict=True))
    return {name: means[name] for name in names}
