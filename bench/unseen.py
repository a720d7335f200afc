"""Measure cleaning of plain text on sixty hand-labelled texts that no rule was written for.

    python -m bench.unseen

Thirty are scraped articles, thirty the text another extractor made of pages. ``bench/labels/unseen.jsonl`` holds
row, line numbers, kinds and hashes, never text: the texts are rebuilt from ``../shared``, and one whose hash does
not fit is counted as skipped. No line that was missed or lost is printed: who reads them can no longer use the set.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.noise import SCORER, measure
from bench.results import ROOT, SHARED, require, write_results
from winnow.training.lines.judged_texts import source_texts

LABELS = ROOT / "bench" / "labels" / "unseen.jsonl"
ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
# Another version than the one that was labelled (2.0.1) may break lines elsewhere; such texts are skipped.
EXTRACTORS = {"wcxb": "resiliparse"}

Label = dict[str, Any]


@cache
def labels() -> tuple[Label, ...]:
    """The labelled texts, one record each, in the order of the file."""
    return tuple(json.loads(line) for line in LABELS.read_text(encoding="utf8").splitlines())


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def rebuilt(records: Iterable[Label]) -> dict[str, str]:
    """Texts by the identifier of their record, for the records whose text is found with the hash that was labelled."""
    texts_by_id: dict[str, str] = {}
    by_source: defaultdict[str, list[Label]] = defaultdict(list)
    for record in records:
        by_source[record["from"]].append(record)
    for source, members in by_source.items():
        rows = {record["row"] for record in members}
        texts = source_texts(EXTRACTORS.get(source, source), rows, PAGES, ARTICLES)
        for record in members:
            lines = texts.get(record["row"], "").split("\n")
            text = "\n".join(lines[: record["max_lines"]])
            if sha256(text) == record["sha256"]:
                texts_by_id[record["id"]] = text
    return texts_by_id


def gold_lines(record: Label) -> list[Label]:
    """The labelled lines of a record in the form of the scorer: each with the spans inside it."""
    spans: defaultdict[int, list[Label]] = defaultdict(list)
    for span in record["spans"]:
        spans[span["line"]].append(span)
    return [{**line, "spans": spans[line["line"]]} for line in record["lines"]]


def score(records: Iterable[Label], texts: Mapping[str, str]) -> dict[str, Any]:
    """Figures of ``score_noise.py`` for the records whose text was rebuilt."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for record in records:
            if text := texts.get(record["id"]):
                (folder / f"{record['id']}.txt").write_text(text, encoding="utf8")
                gold = json.dumps({"lines": gold_lines(record)})
                (folder / f"{record['id']}.json").write_text(gold, encoding="utf8")
        return measure(folder)


def headline(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Recall, precision and loss out of a score; None for recall without noise and precision without removals."""
    removed_noise, noise = map(int, figures["noise"].split("/"))
    removed = removed_noise > 0 or figures["body_loss"] > 0
    return {
        "noise_recall": figures["noise_recall"] if noise else None,
        "noise": figures["noise"],
        "precision": figures["precision"] if removed else None,
        "body_loss": figures["body_loss"],
    }


def grouped(records: Iterable[Label], field: str, texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Recall, precision and loss for each value of a field of the records."""
    groups: defaultdict[str, list[Label]] = defaultdict(list)
    for record in records:
        if record["id"] in texts:
            groups[record[field]].append(record)
    return {
        value: {"texts": len(members), **headline(score(members, texts))}
        for value, members in sorted(groups.items())
    }


def main() -> None:
    """Write ``bench/results/unseen.json``."""
    for path in (ARTICLES, PAGES, SCORER):
        require(path)
    texts = rebuilt(labels())
    overall = score(labels(), texts)
    figures = {
        "texts": len(texts),
        "skipped": len(labels()) - len(texts),
        **headline(overall),
        "by_kind": overall["by_kind"],
        "by_source": grouped(labels(), "from", texts),
        "by_language": grouped(labels(), "language", texts),
    }
    write_results("unseen", [ARTICLES, PAGES], figures)


if __name__ == "__main__":
    main()
