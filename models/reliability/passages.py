"""The passage that shows a feature best, for people who ask what a score rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.reliability.features import document_features, feature_names
from models.reliability.sums import is_of_title
from models.reliability.tokens import read_tokens

QUOTED_CHARS: Final = 200
LEAST_CHARS: Final = 25  # of a passage; a rate over two words says nothing
MOST_PASSAGES: Final = 300  # of a document that are looked at
PASSAGE: Final = re.compile(r"[^\n]{1,400}?(?:[.!?…][\"'”’)]{0,3}(?=\s)|$)", re.MULTILINE)
OF_WHOLE_TEXTS: Final = frozenset({"words", "variety", "paragraph_words", "short_paragraph_share"})


@dataclass(frozen=True, slots=True)
class Article:
    """A document as far as its features need it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Where there is most of a feature."""

    document_id: str
    quote: str  # "" for a feature of whole texts


def best_passages(names: Sequence[str], articles: Sequence[Article]) -> dict[str, Passage]:
    """For each feature that some article has, the article with most of it, and in it the sentence with most.

    About 0.3 ms a sentence, of one article a feature. Names that are no features, and features that
    are 0 in all articles, are left out.
    """
    if not articles:
        return {}
    values = np.nan_to_num(np.array([document_features(a.title, read_tokens(a.text)) for a in articles]))
    place = {name: column for column, name in enumerate(feature_names())}
    shown = [name for name in names if name in place and values[:, place[name]].max() > 0]
    best = {name: articles[int(values[:, place[name]].argmax())] for name in shown}
    return {name: Passage(article.id, _quote(name, place[name], article)) for name, article in best.items()}


def _quote(name: str, column: int, article: Article) -> str:
    if is_of_title(name):
        return _short(article.title)
    if name in OF_WHOLE_TEXTS:
        return ""
    found = (match[0].strip() for match in PASSAGE.finditer(article.text))
    passages = [text for text in found if len(text) >= LEAST_CHARS][:MOST_PASSAGES]
    return _short(
        max(passages, key=lambda text: document_features("", read_tokens(text))[column], default="")
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:QUOTED_CHARS]
