"""The presets gopher, c4 and fineweb take the documents that datatrove's own filters take, in 99 of 100 cases or more."""

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("datatrove", reason="datatrove is not installed here: run `make contracts`")
pytest.importorskip(
    "spacy", reason="spaCy, by which datatrove parts words, is not installed here: run `make contracts`"
)
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

import duckdb  # after the skips
import pyarrow as pa
import pyarrow.parquet as pq
from datatrove.data import Document as Read
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)

from winnow.corpus.document import Cleaned, Document
from winnow.corpus.selection.selection_settings import PRESETS
from winnow.corpus.text_quality import text_quality

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT.parent / "shared" / "data" / "reliability" / "articles.parquet"
TEXTS = 5_000
AGREEMENT = 0.99
FILTERS = {
    "gopher": (GopherQualityFilter, GopherRepetitionFilter),
    "c4": (C4QualityFilter,),
    "fineweb": (FineWebQualityFilter,),
}
SHORT = "the of and to a in that with have be it is for on was by an not their who which when would about".split()
ODD = "Mr. Low|the U.S.|didn't|can’t|Ada's|1,200|£3.50|(1866)|“old|rope”|https://a.example/b|11-year-old|Dr.|e.g.|$4.2|—|co-op|&".split(
    "|"
)
SYLLABLES = "ba den kor mi ster lu tra fen go shi wol per na ric tan el".split()
ENDS = [".", ".", ".", ".", "!", "?", '."', ".”", "…", "...", "", ":", " -"]
Damage = Callable[[random.Random, list[str]], list[str]]


def word(chance: random.Random) -> str:
    """A short English word, an invented one, or an odd one."""
    if (share := chance.random()) < 0.45:
        return chance.choice(SHORT)
    return (
        chance.choice(ODD) if share > 0.95 else "".join(chance.choices(SYLLABLES, k=chance.randrange(1, 5)))
    )


def sentence(chance: random.Random, end: str = "") -> str:
    """A sentence of some twelve words."""
    words = [word(chance) for _ in range(chance.randrange(4, 20))]
    return " ".join([words[0].capitalize(), *words[1:]]) + (end or chance.choice(ENDS))


def again(chance: random.Random, lines: list[str]) -> list[str]:
    """Some lines once more."""
    return lines + chance.choices(lines, k=chance.randrange(1, len(lines) + 1))


def listed(chance: random.Random, lines: list[str]) -> list[str]:
    """Lines as a list."""
    return [f"{chance.choice('•-')} {line}" if chance.random() < 0.9 else line for line in lines]


def cut(chance: random.Random, lines: list[str]) -> list[str]:
    """Lines of a few words."""
    pieces = (line.split()[: chance.randrange(1, 9)] for line in lines for _ in range(3))
    return [" ".join(piece) for piece in pieces]


def marked(chance: random.Random, lines: list[str]) -> list[str]:
    """Lines with tags and words that C4 does not take."""
    odd = [
        "#harbour #ferry",
        "{ x }",
        "Please enable JavaScript.",
        "We use cookies.",
        "lorem ipsum",
        "§ § §",
        "12 34 56",
    ]
    return [f"{line} {chance.choice(odd)}" if chance.random() < 0.3 else line for line in lines]


def babbled(chance: random.Random, lines: list[str]) -> list[str]:
    """Lines with a phrase that comes again."""
    phrase = sentence(chance, " ")
    return [phrase * chance.randrange(1, 4) + line if chance.random() < 0.5 else line for line in lines]


DAMAGES: list[Damage] = [again, listed, cut, marked, babbled]


def made_texts() -> Iterator[str]:
    """Texts of all lengths with up to two sorts of damage."""
    chance = random.Random(7)
    for _ in range(TEXTS):
        end = chance.choice(["", "", "", "."])
        lines = [
            " ".join(sentence(chance, end) for _ in range(chance.randrange(1, 6)))
            for _ in range(chance.randrange(1, 16))
        ]
        for damage in chance.sample(DAMAGES, chance.choice([0, 1, 1, 2])):
            lines = damage(chance, lines)
        yield chance.choice(["\n", "\n\n"]).join(lines)


def real_texts() -> list[str]:
    """Every second article of the collection beside the repository."""
    if not ARTICLES.exists():
        pytest.skip("the articles are not beside the repository")
    texts: list[str] = pq.read_table(ARTICLES, columns=["text"])["text"].to_pylist()
    return texts[::2][:TEXTS]


@cache
def texts_of(kind: str) -> list[str]:
    return list(made_texts()) if kind == "made" else [text for text in real_texts() if text.strip()]


def taken_by_preset(preset: str, texts: list[str]) -> list[bool]:
    """Which texts the expression of a preset takes, by their quality."""
    rows = [{"quality": asdict(text_quality(Cleaned(Document(text), ())))} for text in texts]
    documents = pa.Table.from_pylist(rows)
    with duckdb.connect() as connection:
        connection.register("documents", documents)
        query = f"SELECT {PRESETS[preset]} AS taken FROM documents"  # our own
        return [bool(row) for (row,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize("kind", ["made", "real"])
@pytest.mark.parametrize("preset", FILTERS)
def test_a_preset_takes_what_the_filters_of_datatrove_take(preset: str, kind: str) -> None:
    texts, filters = texts_of(kind), [each() for each in FILTERS[preset]]
    expected = [all(each.filter(Read(text=text, id="")) is True for each in filters) for text in texts]
    given = taken_by_preset(preset, texts)
    assert 0.02 < sum(expected) / len(expected) < 0.99  # else there is nothing to agree on
    agreement = sum(map(bool.__eq__, given, expected)) / len(texts)
    assert agreement >= AGREEMENT, f"{preset} on {len(texts)} {kind} texts: {agreement:.4f}"
