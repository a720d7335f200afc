"""Quotations: for each feature that moves a source's score most, the passage that shows it best.

Two passes over the intermediate rows. The first chooses a few documents of each scored source by their
ids, so that the order of shards cannot matter; the second reads these and quotes them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from winnow.models.reliability.passages import can_show, is_quotable
from winnow.models.reliability.source_score import NAME_SIGNAL
from winnow.models.reliability.sums import SCORED_LANGUAGE, SourceSums, measured_names
from winnow.pipeline.shards.shards import Place, ShardParts, read_rows
from winnow.pipeline.sources.copies import read_copies
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.sources.quotation_cache import QuotationCache
from winnow.pipeline.sources.scores import ScoredSource

# Documents of a source, those of the smallest ids; and one for each feature that they do not show. Twice the features
# that move a score one way, so that most can be quoted from a document of their own.
CANDIDATES: Final = 10
TEXT_COLUMNS: Final = ["id", "url", "text", "metadata.title", "metadata.raw_path"]

Quotation = tuple[str, str]  # and the id of its document


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


def quote_sources(
    parts: Sequence[ShardParts],
    separate_hosts: SeparateHosts,
    sources: Mapping[str, ScoredSource],
    work: Path,
    cache: QuotationCache,
) -> dict[str, ScoredSource]:
    """The sources with a passage for each of their strongest features, and the address of every quoted document.

    Holds a few hundred bytes for each candidate and quotation: memory grows with the sources, not with
    their documents.
    """
    all_requests = {key: FeatureRequest.of(source) for key, source in sources.items()}
    requests = {key: request for key, request in all_requests.items() if request.means}
    chosen = {
        place: (key, names)
        for key, candidates in _candidates(parts, separate_hosts, requests, work).items()
        for place, names in _spread(candidates, requests[key].means).items()
    }
    quotations, addresses = _read_quotations(parts, chosen, sources, cache)
    cache.keep()
    return {
        key: _with_quotations(source, quotations.get(key, {}), addresses) for key, source in sources.items()
    }


def _candidates(
    parts: Iterable[ShardParts],
    separate_hosts: SeparateHosts,
    requests: Mapping[str, FeatureRequest],
    work: Path,
) -> dict[str, list[Candidate]]:
    """For each source some of its originals in the language that is scored, sorted by id."""
    candidates_by_source: dict[str, list[Candidate]] = {}
    for part in parts:
        copies = read_copies(part.number, work)
        for place, row in read_rows(part, ["id", "source_key", "host", "language", "sums"]):
            key = separate_hosts.key(row)
            if key not in requests or place in copies or row["language"] != SCORED_LANGUAGE:
                continue
            if (sums := SourceSums.from_json(row["sums"])).scored:
                features = requests[key].shown_by(sums)
                candidates_by_source[key] = _select_candidates(
                    [*candidates_by_source.get(key, ()), Candidate(row["id"], place, features)]
                )
    return candidates_by_source


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
    sources: Mapping[str, ScoredSource],
    cache: QuotationCache,
) -> tuple[dict[str, dict[str, Quotation]], dict[str, str]]:
    """The quotations by source and feature, and the address of each quoted document by its id."""
    evidence_ids = {c.document_id for source in sources.values() for c in source.score.contributions}
    quotations, addresses = defaultdict[str, dict[str, Quotation]](dict), dict[str, str]()
    for part in parts:
        for place, row in read_rows(part, TEXT_COLUMNS):
            if place in chosen or row["id"] in evidence_ids:
                addresses[row["id"]] = row["url"] or row["metadata"]["raw_path"]
            if place in chosen:
                key, names = chosen[place]
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
    # The features have served their purpose.
    bare = replace(source.sums, features=())
    return replace(source, sums=bare, score=replace(source.score, contributions=contributions))


def _means(sums: SourceSums, names: Iterable[str]) -> dict[str, float]:
    """The means of some features over the documents that were summed up."""
    means = dict(zip(measured_names(), sums.means().tolist(), strict=True))
    return {name: means[name] for name in names}
