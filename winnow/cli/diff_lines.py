"""The lines of ``winnow diff``: what changed between two runs, for people and for programs."""

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
        counts = (f"{run['counts'].get(n, 0)} {n}" for n in ("documents", "rejected", "quarantined"))
        yield f"{name + ':':8}{run['folder']}, run {run['run_id']}, Winnow {run['version']}: {', '.join(counts)}"
    if changed_settings := _changed_settings(comparison.before.settings, comparison.now.settings):
        yield f"settings that differ: {', '.join(changed_settings)}"
    yield "documents: " + ", ".join(f"{count} {change}" for change, count in summary["documents"].items())
    if summary["documents"]["changed"]:
        aspects = ", ".join(f"{name} {count}" for name, count in summary["aspects"].items() if count)
        yield f"  changed: {aspects or 'nothing that comes out'}; of {summary['content']} the page itself"
    for rule, count in summary["rules"].items():
        yield f"  removals {rule}: {count['came']} came, {count['went']} went"


def _changed_settings(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """The names of settings that differ and can change the output; none where a run did not keep its settings."""
    if not before or not now:
        return []
    return sorted(name for name in now.keys() - NEUTRAL if before.get(name) != now[name])


def _sources(comparison: Comparison, limit: int | None) -> Iterator[str]:
    new, gone, moved = comparison.sources()
    yield f"sources: {len(new)} new, {len(gone)} gone, {len(moved)} moved further than their intervals"
    lines = [*(f"new   {d}" for d in new), *(f"gone  {d}" for d in gone), *map(_moved, moved)]
    yield from (f"  {line}" for line in lines[:limit])
    yield from _more(len(lines), limit)


def _moved(move: Drift) -> str:
    was, now = move.before, move.now
    return f"moved {move.domain}: {was.score:.2f} {was.label} → {now.score:.2f} {now.label}"


def _documents(comparison: Comparison, summary: Mapping[str, Any], limit: int | None) -> Iterator[str]:
    """The documents that differ; those of which only the score of the source differs are only counted."""
    documents = (d for d in comparison.documents() if not _follows_source(d))
    shown_documents = 0
    for document in islice(documents, limit):
        shown_documents += 1
        yield _document(document)
    if more := sum(summary["documents"].values()) - shown_documents - summary["source_only"]:
        yield f"  {more} more; --all shows them"
    if summary["source_only"]:
        yield f"{summary['source_only']} changed in nothing but what is said of their source"


def _follows_source(document: Mapping[str, Any]) -> bool:
    """Whether only the label or score of its source changed."""
    aspects = set(document["aspects"])
    return bool(aspects) and aspects <= {*OF_SOURCE} and not document["content_changed"]


def _document(document: Mapping[str, Any]) -> str:
    before, now = document["before"], document["now"]
    if document["change"] != "changed":
        side = now or before
        status = side["reason"] or side["status"]
        return f"{document['change']:8}{document['path']} ({status}, {side['chars']} characters)"
    changes = [
        _aspect(name, before, now) for name in ASPECTS if name in document["aspects"] and name != "removals"
    ]
    changes += [_removals(rule, count) for rule, count in document["removals"].items()]
    return f"changed {document['path']}: {'; '.join(changes) or 'the page, but nothing that comes out'}"


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
