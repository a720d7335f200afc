"""The sources as the report shows them: their scores, who says so, and what moves them."""

import heapq
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final

from winnow.corpus.overrides import override_row
from winnow.models.reliability.ratings import Rating
from winnow.models.reliability.reason_groups import reason_groups
from winnow.models.reliability.reasons import summary
from winnow.pipeline.report.finish import CorpusFacts
from winnow.pipeline.sources.scores import SHOWN_HOSTS, ScoredSource, signal_rows

SHOWN_UNCERTAIN: Final = 10
SHOWN_SOURCES: Final = 200  # all of them are in sources.parquet
LISTED_SOURCES: Final = 1000  # by name, a line each, folded


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


def source_lists(facts: CorpusFacts) -> list[dict[str, Any]]:
    """The sources in other orders, a line each: by name under their first letter, and by score, the lowest first.

    Each list has its ``groups`` of lines, and how many sources are ``more`` than it shows.
    """
    sources = facts.sources.values()
    named = heapq.nsmallest(LISTED_SOURCES, sources, key=lambda s: (-s.documents, s.key))
    ordered = sorted(named, key=lambda s: (_letter(s), s.key))
    groups = [(letter, [*map(_line, group)]) for letter, group in groupby(ordered, key=_letter)]
    scored = [source for source in sources if source.score.score is not None]
    lowest = heapq.nsmallest(SHOWN_SOURCES, scored, key=lambda s: (s.score.score, s.key))
    by_score = [("", [*map(_line, lowest)])] if lowest else []
    return [
        {"id": "by-name", "title": "Sources by name", "groups": groups, "more": len(sources) - len(named)},
        {
            "id": "by-score",
            "title": "Sources by score, the lowest first",
            "groups": by_score,
            "more": len(scored) - len(lowest),
        },
    ]


def _line(source: ScoredSource) -> dict[str, Any]:
    score = source.score
    return {
        "domain": source.key,
        "documents": source.documents,
        "score": score.score,
        "verdict": score.verdict,
    }


def _letter(source: ScoredSource) -> str:
    """The letter under which a source stands; all that is none of a to z and 0 to 9 stands under one sign."""
    first = source.key[:1].lower()
    return first if first.isascii() and first.isalnum() else "…"


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
