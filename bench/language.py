"""How long a text must be for langdetect: share of prefixes named like the whole article, by length.

Usage: python -m bench.language
"""

import collections

import pandas as pd

from bench.results import SHARED, require, write_results
from winnow.models.language import detect_language

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
LETTERS = (20, 30, 40, 60, 80, 120, 200)
SAMPLE = 200  # articles a language at most


def prefix_with_letters(text: str, letters: int) -> str:
    """The shortest beginning of a text that holds so many letters."""
    count = 0
    for at, character in enumerate(text):
        count += character.isalpha()
        if count == letters:
            return text[: at + 1]
    return text


def main() -> None:
    """Measure on the articles' beginnings; the reference is the data set's own language column."""
    require(ARTICLES)
    articles = pd.read_parquet(ARTICLES, columns=["text", "language"])
    articles = articles[articles.text.str.len() > 600]
    sample = articles.groupby("language").sample(frac=1, random_state=0).groupby("language").head(SAMPLE)
    right: dict[int, collections.Counter[str]] = {n: collections.Counter() for n in LETTERS}
    for text, name in zip(sample.text, sample.language, strict=True):
        for n in LETTERS:
            language, _ = detect_language(prefix_with_letters(text, n), min_letters=0)
            right[n][name] += language == name
    totals = {k: n for k, n in collections.Counter(sample.language).items() if n >= SAMPLE // 10}
    shares = {n: {k: round(right[n][k] / v, 3) for k, v in totals.items()} for n in LETTERS}
    mean = {n: round(sum(right[n].values()) / len(sample), 3) for n in LETTERS}
    write_results("language", [ARTICLES], {"right_by_letters": mean, "by_language": shares})


if __name__ == "__main__":
    main()
