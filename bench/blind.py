"""Measure cleaning of plain text on 151 texts that were labelled before the rules that are measured by them.

    python -m bench.blind

Texts of nineteen languages: articles of research collections, and what five extractors make of pages. Two people
labelled each line without seeing what any cleaner does to it, by the conventions of docs/noise.md. Errors in the open
half may be read, and its labels trained on. Of the blind half only totals are printed: who reads its errors can no
longer use it. ``bench/labels/blind.jsonl`` holds rows, line numbers, kinds and hashes, never text; a text that cannot
be rebuilt with the hash that was labelled is counted as skipped.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from bench.blind_texts import SOURCES, rebuilt
from bench.noise import SCORER, plain_document
from bench.results import ROOT, require, write_results
from bench.scores import word_f1
from bench.unseen import Label, grouped, headline, score
from winnow.cleaners import CLEANERS
from winnow.corpus.document import clean
from winnow.corpus.taxonomy import KINDS
from winnow.training.lines.judged_texts import is_blind

LABELS: Final = ROOT / "bench" / "labels" / "blind.jsonl"
GROUPS: Final = ("language", "site_kind", "extractor")


@cache
def labels() -> tuple[Label, ...]:
    """The labelled texts, one record each, in the order of the file."""
    return tuple(json.loads(line) for line in LABELS.read_text(encoding="utf8").splitlines())


def half(record: Label) -> str:
    """Which half a text belongs to, ``open`` or ``blind``; told by the hash of its site."""
    return "blind" if is_blind(record["domain_hash"]) else "open"


def gold(record: Label, text: str) -> Label:
    """A record with every line that is not blank, as the scorer reads it: kind and action, and the pieces inside."""
    kinds = {number: kind for kind, numbers in record["noise"].items() for number in numbers}
    lines = [
        {"line": number, **_judged(kinds.get(number, "body"))}
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    spans = [
        {"line": line, "start": start, "end": end, **_judged(kind)}
        for line, start, end, kind in record["spans"]
    ]
    return {**record, "lines": lines, "spans": spans}


def _judged(kind: str) -> dict[str, str]:
    return {"category": kind, "action": "keep" if kind == "body" else KINDS[kind][0]}


def body_text(record: Label, text: str) -> str:
    """What should be left of a text, by a record that `gold` gave: its lines of body without the pieces inside."""
    lines = text.split("\n")
    for span in sorted(record["spans"], key=lambda span: -int(span["start"])):
        line = lines[span["line"] - 1]
        lines[span["line"] - 1] = line[: span["start"]] + line[span["end"] :]
    return "\n".join(lines[line["line"] - 1] for line in record["lines"] if line["action"] == "keep")


def word_scores(records: Iterable[Label], texts: Mapping[str, str]) -> dict[str, float]:
    """Mean F1 of the words, against those that should be left, of the raw texts and of the cleaned ones."""
    pairs = []
    for record in records:
        text = texts[record["id"]]
        cleaned = clean(plain_document(text), CLEANERS).text
        wanted = body_text(record, text)
        pairs.append((word_f1(text, wanted), word_f1(cleaned, wanted)))
    raw, cleaned_scores = np.mean(pairs, axis=0)
    return {"word_f1_raw": round(float(raw), 4), "word_f1": round(float(cleaned_scores), 4)}


def totals(records: list[Label], texts: Mapping[str, str]) -> dict[str, Any]:
    """What is printed of any half: recall, precision, loss, and words beside those of the raw texts."""
    return {"texts": len(records), **headline(score(records, texts)), **word_scores(records, texts)}


def main() -> None:
    """Write ``bench/results/blind.json``."""
    data = [path for path, _, _ in SOURCES.values()]
    for path in (*data, SCORER):
        require(path)
    texts = rebuilt(labels())
    records = [gold(record, texts[record["id"]]) for record in labels() if record["id"] in texts]
    readable = [record for record in records if half(record) == "open"]
    figures: dict[str, Any] = {
        "skipped": len(labels()) - len(records),
        "blind": totals([record for record in records if half(record) == "blind"], texts),
        "open": totals(readable, texts) | {"by_kind": score(readable, texts)["by_kind"]},
    }
    figures |= {f"open_by_{field}": grouped(readable, field, texts) for field in GROUPS}
    write_results("blind", data, figures)


if __name__ == "__main__":
    main()
