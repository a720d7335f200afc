"""Facts of each block by itself: its words, their weights, and how they relate to the page's title."""

import math
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.layout import Page
from winnow.corpus.word_breaks import SENTENCE_ENDS, words_of
from winnow.models.blocks.token_weights import Weights
from winnow.native import native_twin

FACTS: Final = (
    "words",
    "log_chars",
    "text_score",
    "sentences",
    "ends_sentence",
    "copies",
    "since_copy",
    "title_cover",
    "title_share",
)
TITLE_WORDS: Final = 40  # a longer block is no title
Facts = tuple[float, ...]
ENDINGS: Final = (*SENTENCE_ENDS, *'"”»」』）')
PAUSE_SIGNS: Final = "。，、।۔،"
PAUSES: Final = (". ", ", ", *PAUSE_SIGNS)  # behind which a text goes on
CALLS: Final = SimpleNamespace(words_of=words_of, endings="".join(ENDINGS), pause_signs=PAUSE_SIGNS)


def block_facts(page: Page, title: str, weights: Weights) -> NDArray[np.float64]:
    """Facts of a page's blocks, (n, len(FACTS)).

    ``text_score`` is the sum of the weights of its tokens; ``sentences`` counts full stops and commas
    inside it; ``since_copy`` is the distance in blocks to the first equal block, 0 for that itself;
    ``title_cover`` and ``title_share`` are the shares of the title's words that it has and of its
    words that are the title's.
    """
    texts = [page.text[block.start : block.end - 1] for block in page.blocks]
    return facts_of_texts(texts, frozenset(words_of(title)), weights)


@native_twin(CALLS)
def facts_of_texts(texts: Sequence[str], title: frozenset[str], weights: Weights) -> NDArray[np.float64]:
    """Facts of the texts of a page's blocks beside the words of its title, (n, len(FACTS)); see `block_facts`."""
    copies = Counter(texts)
    # a page repeats a quarter
    facts_by_text = {text: _text_facts(text, title, weights) for text in copies}
    first: dict[str, int] = {}
    rows = []
    for index, text in enumerate(texts):
        inside, beside_title = facts_by_text[text]
        rows.append((*inside, copies[text], index - first.setdefault(text, index), *beside_title))
    return np.array(rows, dtype=np.float64).reshape(len(texts), len(FACTS))


def _text_facts(text: str, title: frozenset[str], weights: Weights) -> tuple[Facts, Facts]:
    """Facts of a text by itself, and its shares of the title's words."""
    words = words_of(text)
    inside = (
        len(words),
        math.log1p(len(text)),
        weights.text_score(words),
        sum(map(text.count, PAUSES)),
        text.endswith(ENDINGS),
    )
    return inside, _title_shares(words, title)


def _title_shares(words: list[str], title: frozenset[str]) -> tuple[float, float]:
    if len(words) >= TITLE_WORDS or not words or not title:
        return 0.0, 0.0
    common = len(title.intersection(words))
    return common / len(title), common / len(words)
