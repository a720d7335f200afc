"""Count how often every rule fires on 12,646 real articles, and how many of the firings that were read are right.

    python -m bench.rules                      into bench/results/rules.json and docs/rules.md
    python -m bench.rules --samples RULE 20    the same, and 20 firings of a rule with the lines around them
    python -m bench.rules --samples all 300    the same, and 300 removals of all rules together

Samples are ordered by a hash of article and offsets, so that a rule that is narrowed keeps the firings that
were read before; a rule's sample takes sites in turn, because one site's template says little about others.
"""

import argparse
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from bench.judged import JUDGED, Key, tally, text_hash
from bench.noise import plain_document
from bench.results import ROOT, SHARED, require, write_results
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Removal, clean

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
TABLE: Final = ROOT / "docs" / "rules.md"
SHOWN_CHARS: Final = 300
LAYOUT: Final = "layout"  # blank lines left over: no rule to judge
ALL: Final = "all"

Rule = tuple[str, str, str]  # cleaner, kind, name


@dataclass(frozen=True, slots=True)
class Article:
    """An article with what tells it and its site from others."""

    key: str
    site: str
    text: str


@dataclass(frozen=True, slots=True)
class Firing:
    """A removal from an article."""

    article: Article
    removal: Removal

    @property
    def rule(self) -> Rule:
        """The rule without its details."""
        return self.removal.cleaner, self.removal.kind, self.removal.rule.partition(":")[0]

    @property
    def key(self) -> Key:
        """The removal's key in the file of judgements."""
        return self.article.key, self.removal.start, self.removal.end, self.removal.rule


def articles() -> Iterator[Article]:
    """The articles that have a text, in the order of the file."""
    for batch in pq.ParquetFile(ARTICLES).iter_batches(256, columns=["doc_id", "domain", "text"]):
        yield from (Article(r["doc_id"], r["domain"], r["text"]) for r in batch.to_pylist() if r["text"])


def main() -> None:
    """Count, write, and show what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", nargs=2, metavar=("RULE", "NUMBER"), default=("", "0"))
    shown_rule, shown_number = parser.parse_args().samples
    require(ARTICLES)
    firings: list[Firing] = []
    began, documents, chars = time.perf_counter(), 0, 0
    for article in articles():
        removals = clean(plain_document(article.text), CLEANERS).removals
        firings += (Firing(article, removal) for removal in removals)
        documents += 1
        chars += len(article.text)
    figures = summary(firings, documents, chars, time.perf_counter() - began)
    for firing in sample(firings, shown_rule)[: int(shown_number)]:
        print(firing_text(firing))
    write_results("rules", [ARTICLES, JUDGED], figures)
    write_table(TABLE, figures)


def sample(firings: Iterable[Firing], rule: str) -> list[Firing]:
    """The firings of a rule, one a site in turn, or of all rules, in the order of their hashes."""
    of_rule = [f for f in firings if f.rule[0] != LAYOUT and rule in (ALL, f.rule[2])]
    of_rule.sort(key=lambda f: hashlib.sha256(":".join(map(str, f.key[:3])).encode()).digest())
    if rule == ALL:
        return of_rule
    turns: Counter[str] = Counter()
    ordered: list[tuple[int, int, Firing]] = []
    for firing in of_rule:
        ordered.append((turns[firing.article.site], len(ordered), firing))
        turns[firing.article.site] += 1
    return [firing for _, _, firing in sorted(ordered, key=lambda entry: entry[:2])]


def firing_text(firing: Firing) -> str:
    """A firing with the line before and after, and what the file of judgements needs to know of it."""
    text, removal = firing.article.text, firing.removal
    before = text[: removal.start].rstrip().rpartition("\n")[2][-SHOWN_CHARS:]
    after = text[removal.end :].lstrip().partition("\n")[0][:SHOWN_CHARS]
    piece = text[removal.start : removal.end].strip()[:SHOWN_CHARS]
    key = f"{firing.article.key} {text_hash(text)} {removal.start} {removal.end}"
    return f"--- {removal.kind} {removal.rule} {key}\n    {before}\n>>> {piece}\n    {after}"


def summary(firings: Iterable[Firing], documents: int, chars: int, seconds: float) -> dict[str, Any]:
    """For each rule firings per 1,000 articles and verdicts, and the share of characters removed by kind."""
    keys: defaultdict[Rule, list[Key]] = defaultdict(list)
    removed: Counter[str] = Counter()
    for firing in firings:
        keys[firing.rule].append(firing.key)
        removed[firing.removal.kind] += firing.removal.end - firing.removal.start
    rules = {}
    for rule, of_rule in sorted(keys.items()):
        read_count, right_count = tally(of_rule)
        rules["/".join(rule)] = {
            "firings": len(of_rule),
            "per_1000": round(1000 * len(of_rule) / documents, 2),
            "read": read_count,
            "right": right_count,
        }
    return {
        "articles": documents,
        "milliseconds_per_article": round(1000 * seconds / documents, 2),
        "removed_char_share": round(removed.total() / chars, 5),
        "by_kind_char_share": {kind: round(n / chars, 6) for kind, n in sorted(removed.items())},
        "rules": rules,
    }


def write_table(path: Path, figures: Mapping[str, Any]) -> None:
    """Write the counts as a table for readers."""
    lines = [
        "# How often the rules fire on real articles",
        "",
        f"Written by `python -m bench.rules` over {figures['articles']:,} articles; "
        f"{100 * figures['removed_char_share']:.2f} % of their characters are removed. Do not edit by hand.",
        "",
        "Read: firings that were read with the lines around them, of as many sites as there are "
        "(`--samples`). Right: noise as [noise.md](noise.md) has it, or at least clearly not the article's own text. "
        "The verdicts are in `bench/labels/judged.jsonl`; those on firings that no longer happen do not count.",
        "",
        "| cleaner | kind | rule | firings | per 1,000 articles | read | right |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule, row in figures["rules"].items():
        cells = (*rule.split("/"), *(row[name] for name in ("firings", "per_1000", "read", "right")))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
