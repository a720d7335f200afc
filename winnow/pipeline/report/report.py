"""What a run did: ``report.json`` for programs, ``report.html`` for people."""

import heapq
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, select_autoescape

from winnow.corpus.decisions.events import Event
from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.overrides import override_row
from winnow.corpus.raw import Quarantined
from winnow.corpus.taxonomy import KINDS, LAYOUT
from winnow.corpus.writers import write_text
from winnow.pipeline.report.charts import document_parts, flow, histogram
from winnow.pipeline.report.finish import CorpusFacts
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.sources.drift import Drift
from winnow.pipeline.sources.precedence import decided
from winnow.pipeline.sources.scores import SHOWN_HOSTS, ScoredSource, signal_rows
from winnow.pipeline.state.plan import Plan

SHOWN_QUARANTINED: Final = 200  # rows in the page; all of them are in quarantine/
SHOWN_UNCERTAIN: Final = 10
SHOWN_SOURCES: Final = 200  # likewise in sources.parquet
SHOWN_DECISIONS: Final = (
    200  # of each sort; all of them are in the log of decisions, or the lists that were given
)


def write_report(
    work: Path,
    plan: Plan,
    inputs: int,
    tally: RunTally,
    knowledge: CorpusFacts,
    quarantined: Sequence[Quarantined],
    drift: Sequence[Drift],
    orphans: Sequence[Event],
    seconds: Mapping[str, float],
) -> None:
    """Write both forms of the report."""
    numbers = report_numbers(plan, inputs, tally, knowledge, quarantined, drift, orphans, seconds)
    write_text(work / "report.json", json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    drawn = flow(
        document_parts(*(numbers[n] for n in ("counts", "statuses", "rejected", "quarantine_reasons")))
    )
    page = (
        _templates()
        .get_template("report.html")
        .render(**numbers, kinds=KINDS, reasons=QUARANTINE_REASONS, flow=drawn)
    )
    write_text(work / "report.html", page)


def report_numbers(
    plan: Plan,
    inputs: int,
    tally: RunTally,
    knowledge: CorpusFacts,
    quarantined: Sequence[Quarantined],
    drift: Sequence[Drift],
    orphans: Sequence[Event],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """The report as plain values, ready for JSON."""
    return {
        "run_id": plan.run_id,
        "pipeline_version": plan.pipeline_version,
        "counts": _counts(inputs, tally, len(quarantined), len(knowledge.sources)),
        "rejected": dict(tally.rejected.most_common()),
        "statuses": dict(tally.statuses.most_common()),
        "labels": dict(tally.labels.most_common()),
        "languages": dict(tally.languages.most_common()),
        "removals": _removals(tally),
        "rules": dict(tally.rules.most_common()),
        "contacts_masked": dict(tally.masked),
        "flags": dict(
            Counter(f for source in knowledge.sources.values() for f in source.flags).most_common()
        ),
        "sources": _sources(knowledge),
        "scores": histogram(s.score.score for s in knowledge.sources.values() if s.score.score is not None),
        "uncertain": _uncertain(knowledge),
        **_people_said(plan, tally, knowledge, orphans),
        "moved": len(drift),
        "drift": [asdict(move) for move in drift[:SHOWN_SOURCES]],
        "quarantine_reasons": dict(Counter(q.reason for q in quarantined).most_common()),
        "quarantine": [asdict(q) for q in quarantined[:SHOWN_QUARANTINED]],
        "slowest": [asdict(timing) for timing in reversed(tally.slowest)],
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
    }


def _counts(inputs: int, tally: RunTally, quarantined: int, sources: int) -> dict[str, int]:
    """What went in and out."""
    return {
        "inputs": inputs,
        "documents": tally.documents,
        "rejected": tally.rejected.total(),
        "quarantined": quarantined,
        "sources": sources,
        "chars_in": tally.chars_in,
        "chars_out": tally.chars_out,
    }


def _people_said(
    plan: Plan, tally: RunTally, knowledge: CorpusFacts, orphans: Sequence[Event]
) -> dict[str, Any]:
    """What rating lists and decisions brought, and which decisions were about nothing in this run."""
    decisive = [source for source in knowledge.sources.values() if source.override]
    unused = sorted(plan.judgements.overrides.keys() - knowledge.sources.keys())
    return {
        "rating_lists": _rating_lists(plan, knowledge),
        "decided": len(decisive),
        "decisions": [_decision(source) for source in decisive[:SHOWN_DECISIONS]],
        "unused": len(unused),
        "unused_decisions": unused[:SHOWN_DECISIONS],
        "text_decisions": {
            "placed": len(tally.placed),
            "orphans": len(orphans),
            "orphaned": [_orphan(event) for event in orphans[:SHOWN_DECISIONS]],
        },
    }


def _orphan(event: Event) -> dict[str, str]:
    where = event.place or event.source
    return {name: getattr(event, name) for name in ("id", "action", "who", "when", "text")} | {
        "where": where
    }


def _removals(tally: RunTally) -> list[dict[str, Any]]:
    """Kinds of noise, those with most characters first; leftovers of layout last."""
    kinds = sorted(tally.removed, key=lambda kind: (kind == LAYOUT, -tally.removed_chars[kind], kind))
    return [
        {
            "kind": kind,
            "pieces": tally.removed[kind],
            "chars": tally.removed_chars[kind],
            "samples": [asdict(sample) for sample in tally.samples.get(kind, ())],
        }
        for kind in kinds
    ]


def _sources(knowledge: CorpusFacts) -> list[dict[str, Any]]:
    """The sources with most documents."""
    first = heapq.nsmallest(SHOWN_SOURCES, knowledge.sources.values(), key=lambda s: (-s.documents, s.key))
    return [
        {
            "domain": source.key,
            "documents": source.documents,
            "originals": source.sums.documents,
            "score": source.score.score,
            "low": source.score.low,
            "high": source.score.high,
            "label": source.score.label,
            "basis": source.score.basis,
            "flags": list(source.flags),
            "ratings": [asdict(rating) | {"label": rating.label} for rating in source.ratings],
            "model": {name: getattr(source.model, name) for name in ("score", "low", "high", "reason")},
            "decision": override_row(source.override) if source.override else None,
            "hosts": dict(source.hosts[:SHOWN_HOSTS]),
            "signals": signal_rows(source),
        }
        for source in first
    ]


def _uncertain(knowledge: CorpusFacts) -> list[dict[str, Any]]:
    """The scored sources with the widest intervals, of which a few documents more, or a look, tell most."""
    scored = (s for s in knowledge.sources.values() if s.score.low is not None and s.score.high is not None)
    widest = heapq.nsmallest(SHOWN_UNCERTAIN, scored, key=lambda s: (-_width(s), s.key))
    return [
        {"domain": s.key, "documents": s.documents, "label": s.score.label, "score": s.score.score}
        | {"low": s.score.low, "high": s.score.high}
        for s in widest
    ]


def _width(source: ScoredSource) -> float:
    """Of a source's interval."""
    return (source.score.high or 0.0) - (source.score.low or 0.0)


def _rating_lists(plan: Plan, knowledge: CorpusFacts) -> list[dict[str, Any]]:
    """Each rating list: what it holds, and how many sources of the run it rates."""
    used = Counter(rating.list_name for source in knowledge.sources.values() for rating in source.ratings)
    return [
        {
            "list": each.name,
            "sha256": each.sha256,
            "sites": len(each.ratings),
            "passed_over": each.passed_over,
            "sources": used[each.name],
        }
        for each in plan.judgements.lists
    ]


def _decision(source: ScoredSource) -> dict[str, Any]:
    """What a person decided about a source, and what it would be without."""
    without = decided(source.model, source.ratings, None)
    standing = {"score": without.score, "label": without.label, "basis": without.basis}
    return {**(override_row(source.override) if source.override else {}), "without": standing}


@cache
def _templates() -> Environment:
    """The templates, with every value escaped: titles, texts and names come from hostile pages."""
    return Environment(
        loader=PackageLoader("winnow.pipeline.report"), autoescape=select_autoescape(default=True)
    )
