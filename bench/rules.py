"""Count how often every rule fires on 12,646 real articles, and show firings to judge it by.

    python -m bench.rules                      counts, into bench/results/rules.json and docs/rules.md
    python -m bench.rules --samples RULE 20    the same, and 20 firings of a rule with the lines around them

The articles are clean texts, so a rule that fires often here is either useful or wrong: read it.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq

from bench.noise import plain_document
from bench.results import ROOT, SHARED, require, write_results
from cleaners import CLEANERS
from corpus.document import Cleaned, Removal, clean

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
TABLE = ROOT / "docs" / "rules.md"
SEED = 2
SHOWN_CHARS = 300

Rule = tuple[str, str, str]  # cleaner, kind, name


def articles() -> Iterator[str]:
    """The texts, in the order of the file."""
    for batch in pq.ParquetFile(ARTICLES).iter_batches(256, columns=["text"]):
        yield from (text for text in batch.column("text").to_pylist() if text)


def main() -> None:
    """Count, write, and show what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", nargs=2, metavar=("RULE", "NUMBER"), default=("", "0"))
    shown_rule, shown_number = parser.parse_args().samples
    require(ARTICLES)
    counts: Counter[Rule] = Counter()
    chars: Counter[str] = Counter()
    firings: list[str] = []
    began, documents = time.perf_counter(), 0
    for text in articles():
        cleaned = clean(plain_document(text), CLEANERS)
        documents += 1
        chars["all"] += len(text)
        for removal in cleaned.removals:
            counts[removal.cleaner, removal.kind, removal.rule.partition(":")[0]] += 1
            chars[removal.kind] += removal.end - removal.start
            if removal.rule == shown_rule:
                firings.append(shown(cleaned, removal))
    seconds = time.perf_counter() - began
    for firing in Random(SEED).sample(firings, min(len(firings), int(shown_number))):
        print(firing)
    figures = summary(counts, chars, documents, seconds)
    write_results("rules", [ARTICLES], figures)
    write_table(TABLE, figures)


def shown(cleaned: Cleaned, removal: Removal) -> str:
    """A firing with the line before and after."""
    text = cleaned.document.text
    before = text[: removal.start].rstrip().rpartition("\n")[2][-SHOWN_CHARS:]
    after = text[removal.end :].lstrip().partition("\n")[0][:SHOWN_CHARS]
    piece = text[removal.start : removal.end].strip()[:SHOWN_CHARS]
    return f"--- {removal.kind} {removal.rule}\n    {before}\n>>> {piece}\n    {after}"


def summary(
    counts: Mapping[Rule, int], chars: Mapping[str, int], documents: int, seconds: float
) -> dict[str, Any]:
    """Firings per 1,000 articles by rule, and the share of characters removed by kind."""
    return {
        "articles": documents,
        "milliseconds_per_article": round(1000 * seconds / documents, 2),
        "removed_char_share": round(sum(n for k, n in chars.items() if k != "all") / chars["all"], 5),
        "by_kind_char_share": {
            k: round(n / chars["all"], 6) for k, n in sorted(chars.items()) if k != "all"
        },
        "firings_per_1000": {
            "/".join(rule): round(1000 * n / documents, 2) for rule, n in sorted(counts.items())
        },
    }


def write_table(path: Path, figures: Mapping[str, Any]) -> None:
    """Write the counts as a table for readers."""
    lines = [
        "# How often the rules fire on real articles",
        "",
        f"Written by `python -m bench.rules` over {figures['articles']:,} articles; "
        f"{100 * figures['removed_char_share']:.2f} % of their characters are removed. Do not edit by hand.",
        "",
        "| cleaner | kind | rule | firings per 1,000 articles |",
        "|---|---|---|---|",
    ]
    for rule, rate in figures["firings_per_1000"].items():
        cleaner, kind, name = rule.split("/")
        lines.append(f"| {cleaner} | {kind} | {name} | {rate} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
