"""The sources as the report shows them: their scores, who says so, and what moves them."""

import heapq
from dataclasses import asdict
from typing import Any, Final

from winnow.corpus.overrides import override_row
from winnow.models.reliability.ratings import Rating
from winnow.models.reliability.reason_groups import reason_groups
from winnow.models.reliability.reasons import summary
from winnow.pipeline.report.finish import CorpusFacts
from winnow.pipeline.sources.scores import SHOWN_HOSTS, ScoredSource, signal_rows

SHOWN_UNCERTAIN: Final = 10
SHOWN_SOURCES: Final = 200  # all of them are in sources.parquet


def shown_sources(facts: CorpusFacts) -> list[dict[str, Any]]:
    """The sources with most documents."""
    first = heapq.nsmallest(SHOWN_SOURCES, facts.sources.values(), key=lambda s: (-s.documents, s.key))
    return [
        {
            "domain": source.key,
            "documents": source.documents,
            "originals": source.sums.documents,
            "score": source.score.score,
            "low": source.score.low,
            "high": source.score.high,
            "label": source.score.label,
            "verdict": source.score.verdict,
            "basis": source.score.basis,
            "flags": list(source.flags),
            "ratings": [_rating(rating) for rating in source.ratings],
            "model": {name: getattr(source.model, name) for name in ("score", "low", "high", "reason")},
            "decision": override_row(source.override) if source.override else None,
            "hosts": dict(source.hosts[:SHOWN_HOSTS]),
            "signals": signal_rows(source),
            **_reasons(source),
        }
        for source in first
    ]


def _reasons(source: ScoredSource) -> dict[str, Any]:
    """What moves the model, in one sentence and by steps, and what was only seen."""
    signals = signal_rows(source)
    row = {"model_steps": [asdict(step) for step in source.model.steps], "signals": signals}
    seen = [signal for signal in signals if not signal["contribution"]]
    groups = [asdict(group) for group in reason_groups(row)]
    return {"summary": summary(source.model.steps), "groups": groups, "seen": seen}


def _rating(rating: Rating) -> dict[str, Any]:
    """What a list says of a source."""
    return {
        "list_name": rating.list_name,
        "said": rating.verdict,
        "date": rating.date,
        "score": rating.score,
        "is_satire": rating.is_satire,
        "label": rating.label,
    }


def uncertain_sources(facts: CorpusFacts) -> list[dict[str, Any]]:
    """The scored sources whose label is most in doubt: here a person's look would help most."""
    scored = (s for s in facts.sources.values() if s.score.probability is not None)
    widest = heapq.nsmallest(SHOWN_UNCERTAIN, scored, key=lambda s: (_distance(s), s.key))
    return [
        {"domain": s.key, "documents": s.documents, "label": s.score.verdict, "score": s.score.score}
        | {"low": s.score.low, "high": s.score.high}
        for s in widest
    ]


def _distance(source: ScoredSource) -> float:
    """How far the probability of a source lies from one half."""
    return abs((source.score.probability or 0.0) - 0.5)
