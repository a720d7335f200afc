"""The lines of ``winnow diff``: two runs beside each other, for people and for programs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from winnow.corpus.settings import NEUTRAL
from winnow.pipeline.report.differences import ASPECTS, OF_SOURCE, Comparison
from winnow.pipeline.sources.drift import Drift


def diff_records(comparison: Comparison) -> Iterator[str]:
    """JSON objects: the summary, then all sources and documents that differ."""
    new, gone, moved = comparison.sources()
    runs = {name: _run(comparison, name) for name in ("before", "now")}
    yield json.dumps({"summary": {**runs, **comparison.summary()}})
    for change, domains in (("new", new), ("gone", gone)):
        yield from (json.dumps({"source": {"change": change, "domain": domain}}) for domain in domains)
    yield from (json.dumps({"source": {"change": "moved", **asdict(move)}}) for move in moved)
    yield from (json.dumps({"document": document}) for document in comparison.documents())


def _run(comparison: Comparison, name: str) -> dict[str, Any]:
    run = comparison.before if name == "before" else comparison.now
    return {
        "folder": str(run.folder),
        "run_id": run.run_id,
        "version": run.pipeline_version,
        "counts": run.counts,
    }


def diff_lines(comparison: Comparison, limit: int | None) -> Iterator[str]:
    """Lines for people: the summary, then sources and documents, so many of each; None shows all."""
    summary = comparison.summary()
    yield from _summary(comparison, summary)
    yield from _sources(comparison, limit)
    yield from _documents(comparison, summary, limit)


def _summary(comparison: Comparison, summary: Mapping[str, Any]) -> Iterator[str]:
    for name in ("before", "now"):
        run = _run(comparison, name)
        told = ", ".join(f"{run['counts'].get(n, 0)} {n}" for n in ("documents", "rejected", "quarantined"))
        yield f"{name + ':':8}{run['folder']}, run {run['run_id']}, Winnow {run['version']}: {told}"
    then, later = comparison.before.settings, comparison.now.settings
    if then and later and (others := sorted(n for n in later.keys() - NEUTRAL if then.get(n) != later[n])):
        yield f"settings that differ: {', '.join(others)}"
    yield "documents: " + ", ".join(f"{count} {change}" for change, count in summary["documents"].items())
    if summary["documents"]["changed"]:
        told = ", ".join(f"{name} {count}" for name, count in summary["aspects"].items() if count)
        yield f"  changed: {told or 'nothing that comes out'}; of {summary['content']} the page itself"
    for rule, count in summary["rules"].items():
        yield f"  removals {rule}: {count['came']} came, {count['went']} went"


def _sources(comparison: Comparison, limit: int | None) -> Iterator[str]:
    new, gone, moved = comparison.sources()
    yield f"sources: {len(new)} new, {len(gone)} gone, {len(moved)} moved further than their intervals"
    listed = [*(f"new   {d}" for d in new), *(f"gone  {d}" for d in gone), *map(_moved, moved)]
    yield from (f"  {line}" for line in listed[:limit])
    yield from _more(len(listed), limit)


def _moved(move: Drift) -> str:
    was, now = move.before, move.now
    return f"moved {move.domain}: {was.score:.2f} {was.label} → {now.score:.2f} {now.label}"


def _documents(comparison: Comparison, summary: Mapping[str, Any], limit: int | None) -> Iterator[str]:
    """The documents that differ; those with another score of their source alone are only counted."""
    own = (d for d in comparison.documents() if not _follows_source(d))
    shown = 0
    for document in islice(own, limit):
        shown += 1
        yield _document(document)
    if more := sum(summary["documents"].values()) - shown - summary["source_only"]:
        yield f"  {more} more; --all shows them"
    if summary["source_only"]:
        yield f"{summary['source_only']} changed in nothing but what is said of their source"


def _follows_source(document: Mapping[str, Any]) -> bool:
    """Whether nothing but what is said of its source changed."""
    aspects = set(document["aspects"])
    return bool(aspects) and aspects <= {*OF_SOURCE} and not document["content_changed"]


def _document(document: Mapping[str, Any]) -> str:
    before, now = document["before"], document["now"]
    if document["change"] != "changed":
        side = now or before
        told = side["reason"] or side["status"]
        return f"{document['change']:8}{document['path']} ({told}, {side['chars']} characters)"
    told = [
        _aspect(name, before, now) for name in ASPECTS if name in document["aspects"] and name != "removals"
    ]
    told += [_removals(rule, count) for rule, count in document["removals"].items()]
    return f"changed {document['path']}: {'; '.join(told) or 'the page, but nothing that comes out'}"


def _aspect(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if name == "text":
        return f"text {before['chars']} → {now['chars']} characters"
    if name == "tags":
        then, later = {*before["tags"]}, {*now["tags"]}
        return " ".join(
            ["tags", *(f"+{t}" for t in sorted(later - then)), *(f"-{t}" for t in sorted(then - later))]
        )
    if name == "score":
        return f"score {_score(before)} → {_score(now)}"
    reasons = [
        f" {side['reason']}" if name == "status" and side["reason"] else "" for side in (before, now)
    ]
    return f"{name} {before[name]}{reasons[0]} → {now[name]}{reasons[1]}"


def _score(side: Mapping[str, Any]) -> str:
    return "–" if side["score"] is None else f"{side['score']:.2f}"


def _removals(rule: str, count: Mapping[str, int]) -> str:
    signs = [f"+{count['came']}"] * bool(count["came"]) + [f"-{count['went']}"] * bool(count["went"])
    return f"{rule} {' '.join(signs)}"


def _more(count: int, limit: int | None) -> Iterator[str]:
    if limit is not None and count > limit:
        yield f"  {count - limit} more; --all shows them"
