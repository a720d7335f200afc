"""Scores of sources, each from the sums over all of its documents, and a source as a row of the tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from winnow.corpus.decisions.events import Event
from winnow.corpus.writers import Row
from winnow.models.language import UNDETERMINED
from winnow.models.reliability.flags import SourceFacts, source_flags
from winnow.models.reliability.meanings import feature_meanings, in_words
from winnow.models.reliability.ratings import Rating
from winnow.models.reliability.reasons import summary
from winnow.models.reliability.signal_shares import unscored
from winnow.models.reliability.source_model import ReliabilityModel
from winnow.models.reliability.source_score import NAME_SIGNAL, NOT_SCORED, Contribution, SourceScore
from winnow.models.reliability.sums import SCORED_LANGUAGE, SourceSums
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.sources.judgements import Judgements
from winnow.pipeline.sources.precedence import strongest_score

NO_SITE: Final = "the site of its documents is unknown"
SHOWN_HOSTS: Final = 20  # of a source, those with most documents


@dataclass(slots=True)
class SourceTotals:
    """Counts and sums over the documents of a source."""

    documents: int = 0
    repeated: int = 0  # copies of other documents of the source
    syndicated: int = 0  # copies of other sources' documents
    foreign: int = 0  # originals in a known language that is not scored
    # Of originals only: a copy says nothing of the style of its source.
    sums: SourceSums = field(default_factory=SourceSums)
    hosts: Counter[str] = field(default_factory=Counter)  # host -> documents
    is_site: bool = False

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a document of the source, as `winnow.pipeline.sources.source_scoring` reads it."""
        is_original = row["same_source"] is None
        self.documents += 1
        self.repeated += row["same_source"] is True
        self.syndicated += row["same_source"] is False
        self.foreign += is_original and row["language"] not in (SCORED_LANGUAGE, UNDETERMINED)
        self.sums += SourceSums.from_json(row["sums"]) if is_original else SourceSums()
        self.is_site |= bool(row["domain"])
        if row["host"]:
            self.hosts[row["host"]] += 1


@dataclass(frozen=True, slots=True)
class ScoredSource:
    """A source with its score, its judgements, and how many documents the score rests on."""

    key: str
    documents: int
    sums: SourceSums  # of its originals only, without the features, which only the score needs
    score: SourceScore
    model: SourceScore = NOT_SCORED  # what the model alone says, whatever the basis
    ratings: tuple[Rating, ...] = ()  # of each list
    override: Event | None = None
    flags: tuple[str, ...] = ()
    hosts: tuple[tuple[str, int], ...] = ()  # with their documents, most first


def scored_source(
    key: str,
    totals: SourceTotals,
    separate_hosts: SeparateHosts,
    model: ReliabilityModel,
    judgements: Judgements,
) -> ScoredSource:
    """A source with its score by people or lists, where they judge it, else by the model.

    Documents whose site is unknown stand under their collection's name, and are not scored: a
    folder of texts from many places has no style of its own.
    """
    by_model = model.score(totals.sums, key) if totals.is_site else unscored(totals.sums, NO_SITE)
    likeness = model.likeness(key) if totals.is_site else ""
    if likeness:
        signals = (*by_model.contributions, Contribution(likeness, 1.0, 0.0))
        by_model = replace(by_model, contributions=signals)
    ratings = judgements.ratings(key) if totals.is_site else ()
    override = judgements.overrides.get(key) if totals.is_site else None
    score = strongest_score(by_model, ratings, override)
    articles = totals.documents - totals.repeated
    is_planted = key in separate_hosts.planted
    facts = SourceFacts(
        sums=totals.sums,
        articles=articles,
        syndicated=totals.syndicated,
        foreign=totals.foreign,
        is_planted=is_planted,
        ratings=ratings,
        is_scored=by_model.score is not None,
        is_imitation=bool(likeness),
    )
    return ScoredSource(
        key=key,
        documents=totals.documents,
        sums=totals.sums if score.contributions else replace(totals.sums, features=()),
        score=score,
        model=by_model,
        ratings=ratings,
        override=override,
        flags=source_flags(facts),
        hosts=tuple(sorted(totals.hosts.items(), key=lambda item: (-item[1], item[0]))),
    )


def source_row(source: ScoredSource) -> Row:
    """A source as a row of `winnow.corpus.schema.SOURCES`."""
    override = source.override
    return {
        "domain": source.key,
        "documents": source.documents,
        "originals": source.sums.documents,
        **reliability_columns(source.score),
        "flags": list(source.flags),
        "signals": signal_rows(source),
        "ratings": [
            {"list": r.list_name, "rating": r.verdict, "date": r.date, "score": r.score, "label": r.label}
            for r in source.ratings
        ],
        "reviewed_by": override.who if override else "",
        "reviewed_at": override.when if override else "",
        "note": override.why if override else "",
        "model_score": source.model.score,
        "model_low": source.model.low,
        "model_high": source.model.high,
        "model_probability": source.model.probability,
        "model_reason": source.model.reason,
        "hosts": [{"host": host, "documents": n} for host, n in source.hosts[:SHOWN_HOSTS]],
        "model_verdict": source.model.verdict,
        "model_summary": summary(source.model.steps),
        "model_steps": [asdict(step) for step in source.model.steps],
    }


def signal_rows(source: ScoredSource) -> list[Row]:
    """The strongest features for and against a source, and its signals, as tables and the report show them."""
    return [
        {
            "name": c.name,
            "meaning": in_words(c.name, is_more=c.is_more),
            "value": c.value,
            "contribution": c.contribution,
            "evidence": c.evidence,
            "document_id": c.document_id,
            "document": c.document,
            **_rates(c),
        }
        for c in source.score.contributions
    ]


def _rates(contribution: Contribution) -> Row:
    """The group and points of a signal, and its rate beside the usual one where it is a feature."""
    name, usual = contribution.name, contribution.usual
    meaning = feature_meanings().get(name)
    columns = {"group": "name" if name == NAME_SIGNAL else "", "points": contribution.points}
    if meaning is None or usual is None:
        return columns | {"rate": None, "usual_rate": None, "unit": ""}
    rates = {"rate": contribution.rate, "usual_rate": usual, "unit": meaning.unit}
    return columns | rates | {"group": meaning.group}


def reliability_columns(score: SourceScore) -> Row:
    """The reliability columns that documents and sources share."""
    return {
        "reliability_score": score.score,
        "reliability_low": score.low,
        "reliability_high": score.high,
        "reliability_probability": score.probability,
        "reliability_label": score.label,
        "reliability_basis": score.basis,
        "reliability_verdict": score.verdict,
    }
