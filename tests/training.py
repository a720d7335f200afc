"""Small sets of rated articles for tests of training: sober and shrill sources of two collections."""

from pathlib import Path
from random import Random

import pandas as pd

from tests.runs import OTHER, STORY

SOBER = (
    *STORY.split(". "),
    *OTHER.split(", "),
    "The council approved the repair of the sea wall on Tuesday, according to its minutes",
    "“The work begins in March,” said Ada Moss, a spokeswoman for the harbour board, which owns the wall",
    "It will cost 3.4 million pounds, and the ferry may be late, officials said on Friday",
)
SHRILL = (
    "They LIED to you again!!! The corrupt media will never admit the shocking truth",
    "Wake up! These evil globalists hate you, and they are destroying everything we love",
    "Share this before they delete it! Everyone knows that it is all a hoax",
    "You won't believe what the liberal elites did to our children this time",
    "The fake news never told you that, did they? I am sick of their lies!",
)
SENTENCES = 8  # of an article


def article(is_good: bool, random: Random) -> str:
    """An article that is mostly sober, or mostly shrill."""
    pools = (SOBER, SHRILL) if is_good else (SHRILL, SOBER)
    return ". ".join(random.choice(random.choices(pools, (4, 1))[0]) for _ in range(SENTENCES)) + "."


def rated_articles(sources: int = 240) -> pd.DataFrame:
    """One article of each source, half of them reliable, in two collections; runs need 100 sources to be counted."""
    random = Random(0)
    rows = []
    for number in range(sources):
        is_good = number % 2 == 0
        rating = 0.6 + 0.3 * random.random() if is_good else 0.1 + 0.3 * random.random()
        title = "Council approves repair of wall" if is_good else "You WON'T Believe What They Hide!"
        collection = "first" if number % 4 < 2 else "second"
        rows.append(
            (f"site{number}.example", title, article(is_good, random), collection, "en", round(rating, 3))
        )
    return pd.DataFrame(rows, columns=["domain", "title", "text", "dataset", "language", "pc1"])


def write_rated_articles(folder: Path) -> Path:
    """The path of a file with `rated_articles`."""
    path = folder / "articles.parquet"
    rated_articles().to_parquet(path)
    return path
