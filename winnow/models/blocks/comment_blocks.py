"""Readers' comments under a text, known by the names of the elements around them."""

import re
from functools import lru_cache
from typing import Final

from winnow.corpus.document import Block

COMMENTS: Final = re.compile(r"(?:^|[_-])comments?(?:[_-]|$)", re.IGNORECASE)
# Parts of names that only say whether a page or an element has comments ("has-comments", "comments-open"), or whose
# comment it is that is no reader's ("editors-comment", "match-comment", "testimonial-comment").
STATES: Final = frozenset(
    "has have no with without allow allows allowed show shows hide hides hidden enable enabled disable disabled open"
    " opened close closed on off true false".split()
)
OTHERS: Final = frozenset(
    "admin author authors coach critic doctor editor editorial editors expert experts fdbk feedback judge live match"
    " product review reviews staff teacher testimonial testimonials ticker translator writer".split()
)
NAME_BREAK: Final = re.compile(r"[_-]+")
PAGE_LABELS: Final = re.compile(r"(?:html|body)(?:\.|\Z)")  # their classes are those of the whole page
LINK_SHARE: Final = 0.5  # of a line that counts comments or answers one, and is none


def is_comment(block: Block) -> bool:
    """Whether a block stands inside an element that is named for comments, and is no link or form there."""
    return block.link_share < LINK_SHARE and _is_among_comments(block.path)


@lru_cache(maxsize=10_000)  # the blocks of a page share few paths
def _is_among_comments(path: str) -> bool:
    labels = [label.split(".") for label in path.split("/") if not PAGE_LABELS.match(label)]
    if any(tag == "form" for tag, *_ in labels):
        return False
    return any(_is_for_comments(name) for _, *names in labels for name in names)


@lru_cache(maxsize=10_000)
def _is_for_comments(name: str) -> bool:
    """Whether a class is named for readers' comments."""
    if not COMMENTS.search(name):
        return False
    return (STATES | OTHERS).isdisjoint(NAME_BREAK.split(name.lower()))
