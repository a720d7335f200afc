"""Measures of a page that several groups of features share."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

import numpy as np

from winnow.corpus.layout import Page
from winnow.corpus.layout.laid_out import Names
from winnow.models.blocks.block_facts import FACTS, block_facts
from winnow.models.blocks.block_tokens import MARKS
from winnow.models.blocks.outline import Floats, Outline, outline
from winnow.models.blocks.token_weights import UNKNOWN, Weights, element_scores
from winnow.native import native_twin

PROSE_WORDS: Final = 10  # of a block of running text
PROSE_LINK_SHARE: Final = 0.4
SHORT_WORDS: Final = 30  # what a longer block counts in a mean of scores
SCORES: Final = ("element_score", "parent_score", "above_score", "least_score", "greatest_score", "score")
ADDENDS: Final = ("words", "prose", "linked", "blocks", "scores", "short_words")

CALLS: Final = SimpleNamespace(marks=MARKS, element_scores=element_scores)


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """Measures of a page of n blocks and m elements."""

    page: Page
    outline: Outline
    facts: Floats  # (n, len(FACTS))
    links: Floats  # (n,): share of the characters inside links
    scores: Floats  # (n, len(SCORES)): sums of token weights, of its elements and in all
    name_scores: Floats  # (m + 1,): of an element as one further out
    addends: Floats  # (n, len(ADDENDS)); `prose` is the words of a block of running text, 0 for others
    element_sums: Floats  # (m + 1, len(ADDENDS)): the sums of `addends` over the blocks inside an element

    def fact(self, name: str) -> Floats:
        """One of `FACTS` for each block, (n,)."""
        return self.facts[:, FACTS.index(name)]

    def score(self, name: str) -> Floats:
        """One of `SCORES` for each block, (n,)."""
        return self.scores[:, SCORES.index(name)]

    def addend(self, name: str) -> Floats:
        """One of `ADDENDS` for each block, (n,)."""
        return self.addends[:, ADDENDS.index(name)]


def measure(page: Page, title: str, weights: Weights) -> PageMeasures:
    """Measure a page that has blocks."""
    tree, facts = outline(page), block_facts(page, title, weights)
    links = np.array([block.link_share for block in page.blocks])
    by_role = name_scores(page.elements.tags, page.elements.names, weights)
    scores = _scores(tree, by_role, facts[:, FACTS.index("text_score")])
    addends = _addends(facts, links)
    return PageMeasures(page, tree, facts, links, scores, by_role[2], addends, tree.sums(addends))


@native_twin(CALLS)
def name_scores(tags: Sequence[str], names: Sequence[Names], weights: Weights) -> Floats:
    """What the tags and names of m elements weigh in each of their roles, (3, m + 1); the last is no element."""
    named = [*zip(tags, names, strict=True)]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(named))}  # a quarter differ
    scores = np.array([*(element_scores(weights, *key) for key in numbers), UNKNOWN])
    return scores[[*map(numbers.__getitem__, named), -1]].T


def _scores(tree: Outline, by_role: Floats, text_scores: Floats) -> Floats:
    element, parent = by_role[0][tree.level(0)], by_role[1][tree.level(1)]
    above = by_role[2][tree.above]
    beyond = above[2:].sum(axis=0)
    everything = text_scores + element + parent + beyond
    return np.stack([element, parent, beyond, above.min(axis=0), above.max(axis=0), everything], axis=1)


def _addends(facts: Floats, links: Floats) -> Floats:
    words, text_scores = facts[:, FACTS.index("words")], facts[:, FACTS.index("text_score")]
    runs_on = (
        (words >= PROSE_WORDS) & (links < PROSE_LINK_SHARE) & (facts[:, FACTS.index("sentences")] >= 1)
    )
    short = np.minimum(words, SHORT_WORDS)
    return np.stack(
        [words, words * runs_on, words * links, np.ones_like(words), text_scores * short, short], 1
    )
