"""Generated author blocks found inside real articles, and alarms in real texts; writes the card.

Usage: python -m bench.authors [--blocks N] [--show N]

Blocks of `bench.generated` are put between two lines of a real article. Alarms are counted in the articles and in the
labelled texts that are real people's biographies and contacts; each is printed, to be read.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from bench.generated import GeneratedBlock, blocks
from bench.results import ROOT, SHARED, require, write_results
from winnow.models.identity.detector import Identity, find_identities
from winnow.training.identity.train_identity import is_for_training

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
NOISE = SHARED / "data" / "noise"
CARD = ROOT / "winnow" / "models" / "cards" / "identity.md"
SEED = 7
TIMED = 500  # articles

Lines = Sequence[str]


def main() -> None:
    """Place blocks, look for them, look for alarms, and write figures and card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--blocks", type=int, default=3000)
    parser.add_argument("--show", type=int, default=0, help="print so many missed blocks")
    options = parser.parse_args()
    require(ARTICLES)
    texts = list(pd.read_parquet(ARTICLES, columns=["text"]).text)
    unseen = [_lines(text) for text in texts if not is_for_training(text)]
    figures = {
        "blocks": options.blocks,
        **placed_blocks(unseen, options.blocks, options.show),
        **alarms(texts),
        "milliseconds_an_article": _milliseconds(unseen[:TIMED]),
    }
    write_results("authors", [ARTICLES], figures)
    CARD.write_text(CARD_TEXT.format(**figures, tables=_tables(figures)), encoding="utf8")


def placed_blocks(articles: Sequence[Lines], count: int, show: int = 0) -> dict[str, object]:
    """The share of blocks found, of their lines removed, and of the article's lines taken along."""
    chance = random.Random(SEED)
    hits, placed, lines = Counter[str](), Counter[str](), Counter[str]()
    for block in blocks(count, SEED):
        article = chance.choice(articles)
        at = chance.randint(0, len(article))
        removed_lines = _identity_lines([*article[:at], *block.lines, *article[at:]])
        inside = removed_lines & {*range(at, at + len(block.lines))}
        show -= _print_if_missed(block, bool(inside)) if show > 0 else 0
        for name in ("all", f"layout {block.layout}", f"lineage {block.lineage}", f"locale {block.locale}"):
            placed[name] += 1
            hits[name] += bool(inside)
            lines[name] += len(block.lines)
            lines[f"{name} removed"] += len(inside)
        lines.update({"article": len(article), "article lost": len(removed_lines - inside)})
    return {
        "found": {name: round(hits[name] / placed[name], 3) for name in sorted(placed)},
        "lines_removed": {
            name: round(lines[f"{name} removed"] / lines[name], 3) for name in sorted(placed)
        },
        "article_lines_lost": round(lines["article lost"] / lines["article"], 5),
    }


def alarms(texts: Sequence[str]) -> dict[str, object]:
    """Alarms in articles, of both halves and of the half that weighed nothing, and in real biographies."""
    by_text = {text: identities for text in texts if (identities := find_identities(_lines(text)))}
    for text, identities in by_text.items():
        _print_alarms(_lines(text), identities)
    real = [
        path for path in sorted((NOISE / "documents").glob("n*.txt")) if find_identities(_lines_of(path))
    ]
    return {
        "articles": len(texts),
        "articles_with_an_alarm": len(by_text),
        "unseen_articles": sum(not is_for_training(text) for text in texts),
        "unseen_articles_with_an_alarm": sum(not is_for_training(text) for text in by_text),
        "biographies_with_an_alarm": len(real),
    }


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _lines_of(path: Path) -> list[str]:
    return _lines(path.read_text(encoding="utf8"))


def _identity_lines(lines: Lines) -> set[int]:
    return {n for identity in find_identities(lines) for n in range(identity.first, identity.last + 1)}


def _print_if_missed(block: GeneratedBlock, is_found: bool) -> bool:
    """Whether a block is missed; a missed one is printed."""
    if not is_found:
        print(f"-- missed: {block.lineage}, {block.locale}, {block.layout}", *block.lines, sep="\n   ")
    return not is_found


def _print_alarms(lines: Lines, identities: Sequence[Identity]) -> None:
    for identity in identities:
        why = ", ".join(f"{kind.name} {kind.weight}" for kind in identity.evidence)
        print(f"-- alarm {identity.score:.1f}: {why}")
        print(*(f"   {line[:200]}" for line in lines[identity.first : identity.last + 1]), sep="\n")


def _milliseconds(articles: Sequence[Lines]) -> float:
    """Mean time of an article, in milliseconds of one core."""
    began = time.process_time()
    for lines in articles:
        find_identities(lines)
    return round((time.process_time() - began) / len(articles) * 1000, 2)


def _tables(figures: Mapping[str, object]) -> str:
    found_shares, lines = figures["found"], figures["lines_removed"]
    assert isinstance(found_shares, dict)
    assert isinstance(lines, dict)
    rows = [f"| {name} | {share} | {lines[name]} |" for name, share in found_shares.items()]
    return "\n".join(["| blocks | found | lines removed |", "|---|---|---|", *rows])


CARD_TEXT = """# Model card: generated identities

What it finds: author blocks of persons whom a program made up (Faker and its kin): name, user name, birth date,
address, company, job, dummy text. It sums log-likelihood ratios of coincidences that such programs leave. The kinds of
evidence stand in `winnow/models/identity/evidence.toml`, their weights and counts in
`winnow/models/artifacts/identity_weights.json`.

Evidence has four sides. *Specific* is what people never have: a postcode of another state, dummy Latin, words drawn
from a list, a user name and an address and a name of three people. *Odd* is what they seldom have together: a birth
date in ISO form, a domain of a stranger's surname. *Shared* are listed jobs and firms, which real people have too.
*Form* is what any contact shows (labels, telephone, address); it adds 3.5 at most. An alarm needs a sum of 7 and one
specific coincidence beside another telling one or a full form; or two odd ones, or an odd and two shared ones, in part
of a form. Shared and form evidence alone never suffice, however much of it there is: real contacts stay.
Blocks beside code, or beside words that announce sample data or output, belong to the text and stay.

## Where it comes from

The word lists are made from the packages Faker (PyPI) and @faker-js/faker (npm), both under the MIT licence, by
`python -m winnow.training.identity.generator_words`. The weights are counted by
`python -m winnow.training.identity.train_identity ARTICLES` in 4,000 training blocks
and in the half of 12,646 articles of public research collections whose text has an even hash.

## Figures

{blocks:,} blocks of 5 to 11 fields in 14 layouts, of three lineages, inside articles of the other half. Of their lines
{lines_removed[all]:.1%} are removed, and {article_lines_lost:.2%} of the articles' own lines beside them. In all
{articles:,} articles {articles_with_an_alarm} raise an alarm, in the {unseen_articles:,} of the unseen half
{unseen_articles_with_an_alarm}, and of the biographies and contacts among the labelled texts
{biographies_with_an_alarm}. An article takes {milliseconds_an_article} ms.

{tables}

Remade by `python -m bench.authors`. Training and measuring have layouts, labels, sentences and seeds of their own.
They share how a person is made (`winnow/training/identity/generated_persons.py`): Faker itself, and our imitations of
its kin in PHP and JavaScript, whose job titles for PHP are stand-ins. The rules were improved while looking at blocks
that the bench missed, and at alarms in articles of both halves, so these figures are not held out; other layouts will
do worse.

## Limits

An invented person who was not generated leaves no evidence in the text. Prose with few fields, and Japanese, Chinese,
Dutch and Polish blocks, are found least: their firms and jobs are real ones. What stands in code stays, also where it
is not meant to be read.
"""

if __name__ == "__main__":
    main()
