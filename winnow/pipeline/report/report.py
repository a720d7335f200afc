"""The report of a run: ``report.json`` for programs, ``report.html`` for people."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, select_autoescape

from winnow.corpus.decisions.events import Event
from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.overrides import override_row
from winnow.corpus.raw import PASSED_OVER_REASONS
from winnow.corpus.run_thresholds import RunShare
from winnow.corpus.taxonomy import KINDS, LAYOUT
from winnow.corpus.visible import visible
from winnow.corpus.writers import write_text
from winnow.models.reliability.ratings import PASSED_OVER
from winnow.models.reliability.reason_groups import rate_of
from winnow.models.reliability.reasons import LIMITS, WIDTH, signed
from winnow.native import running
from winnow.pipeline.report.charts import document_parts, flow, histogram, log_shares
from winnow.pipeline.report.finish import CorpusFacts
from winnow.pipeline.report.quarantine_table import QuarantineSummary
from winnow.pipeline.report.run_cost import RunCost
from winnow.pipeline.report.source_table import (
    SHOWN_SOURCES,
    shown_sources,
    source_lists,
    uncertain_sources,
)
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.sources.drift import Drift
from winnow.pipeline.sources.list_matches import match_lists
from winnow.pipeline.sources.precedence import strongest_score
from winnow.pipeline.sources.scores import ScoredSource
from winnow.pipeline.state.plan import Plan

# Of each sort; all of them are in the log of decisions, or in the files of overrides.
SHOWN_DECISIONS: Final = 200
OPEN_SOURCES: Final = 25  # rows that are not folded


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """All that the report of a run is made from."""

    plan: Plan
    inputs: int  # documents that came in, and inputs that could not be listed
    tally: RunTally
    facts: CorpusFacts
    quarantined: QuarantineSummary
    drift: Sequence[Drift]
    orphans: Sequence[Event]  # decisions about texts that no document of the run has
    seconds: Mapping[str, float]  # by stage
    cost: RunCost
    damaged: Sequence[str] = ()  # what of earlier runs was damaged or missing, and was made again
    passed_over: Mapping[str, int] = field(default_factory=dict)  # records of archives, by reason
    shares: Sequence[RunShare] = ()  # those with a threshold


def write_report(work: Path, run: ReportedRun) -> None:
    """Write both forms of the report into a folder."""
    numbers = report_numbers(run)
    write_text(work / "report.json", json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    ribbons = flow(
        document_parts(*(numbers[n] for n in ("counts", "statuses", "rejected", "quarantine_reasons")))
    )
    lengths, marks = log_shares(row["chars"] for row in numbers["removals"])
    page = (
        _templates()
        .get_template("report.html")
        .render(
            **numbers,
            kinds=KINDS,
            limits=LIMITS,
            width=WIDTH,
            reasons=QUARANTINE_REASONS,
            passed_over_reasons=PASSED_OVER_REASONS,
            passed_over_rows=PASSED_OVER,
            flow=ribbons,
            open_sources=OPEN_SOURCES,
            source_lists=source_lists(run.facts),
            lengths=lengths,
            marks=marks,
            told_thresholds=run.shares,
        )
    )
    write_text(work / "report.html", page)


def report_numbers(run: ReportedRun) -> dict[str, Any]:
    """The report as plain values, ready for JSON."""
    tally, facts, quarantined = run.tally, run.facts, run.quarantined
    return {
        "run_id": run.plan.run_id,
        "pipeline_version": run.plan.pipeline_version,
        "core": running(),
        "counts": _counts(run.inputs, tally, quarantined.inputs, len(facts.sources)),
        "rejected": dict(tally.rejected.most_common()),
        "statuses": dict(tally.statuses.most_common()),
        "labels": dict(tally.labels.most_common()),
        "languages": dict(tally.languages.most_common()),
        "removals": _removals(tally),
        "rules": dict(tally.rules.most_common()),
        "contacts_masked": dict(tally.masked),
        "flags": dict(Counter(f for source in facts.sources.values() for f in source.flags).most_common()),
        "sources": shown_sources(facts),
        "scores": histogram(s.score.score for s in facts.sources.values() if s.score.score is not None),
        "uncertain": uncertain_sources(facts),
        **_judgements(run),
        "moved": len(run.drift),
        "drift": [asdict(move) for move in run.drift[:SHOWN_SOURCES]],
        "quarantine_reasons": dict(quarantined.reasons.most_common()),
        "quarantine": [asdict(row) for row in quarantined.first],
        "passed_over": dict(run.passed_over),
        "damaged": [*run.damaged],
        "thresholds": [share.to_json() for share in run.shares],
        "slowest": [asdict(timing) for timing in reversed(tally.slowest)],
        "seconds": {stage: round(value, 3) for stage, value in run.seconds.items()},
        "cost": asdict(run.cost),
    }


def _counts(inputs: int, tally: RunTally, quarantined: int, sources: int) -> dict[str, int]:
    """Documents, sources and characters that went in and came out."""
    return {
        "inputs": inputs,
        "documents": tally.documents,
        "rejected": tally.rejected.total(),
        "quarantined": quarantined,
        "sources": sources,
        "chars_in": tally.chars_in,
        "chars_out": tally.chars_out,
    }


def _judgements(run: ReportedRun) -> dict[str, Any]:
    """What rating lists and decisions changed, and which decisions concern nothing in this run."""
    overridden = [source for source in run.facts.sources.values() if source.override]
    unused = sorted(run.plan.judgements.overrides.keys() - run.facts.sources.keys())
    return {
        "rating_lists": _rating_lists(run.plan, run.facts),
        "decided": len(overridden),
        "decisions": [_decision(source) for source in overridden[:SHOWN_DECISIONS]],
        "unused": len(unused),
        "unused_decisions": unused[:SHOWN_DECISIONS],
        "text_decisions": {
            "placed": len(run.tally.placed),
            "orphans": len(run.orphans),
            "orphaned": [_orphan(event) for event in run.orphans[:SHOWN_DECISIONS]],
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


def _rating_lists(plan: Plan, facts: CorpusFacts) -> list[dict[str, Any]]:
    """Each rating list: what it holds, and how many sources of the run it rates."""
    ratings_by_source = (source.ratings for source in facts.sources.values())
    return [each.to_json() for each in match_lists(plan.judgements.lists, ratings_by_source)]


def _decision(source: ScoredSource) -> dict[str, Any]:
    """What a person decided about a source, and its score without the decision."""
    without = strongest_score(source.model, source.ratings, None)
    score_without = {"score": without.score, "label": without.label, "basis": without.basis}
    return {**(override_row(source.override) if source.override else {}), "without": score_without}


@cache
def _templates() -> Environment:
    """The templates, with every value escaped and nothing hidden: titles, texts and names come from hostile pages."""
    templates = Environment(
        loader=PackageLoader("winnow.pipeline.report"),
        autoescape=select_autoescape(default=True),
        finalize=visible,
    )
    templates.filters |= {"signed": signed, "rate": rate_of}
    return templates
