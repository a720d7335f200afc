"""The words in the names of elements, by which pages say what stands in them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.layout.laid_out import NAMING, Names
from winnow.models.blocks.block_tokens import CAMEL, LETTERS

READ: Final = tuple(NAMING.index(name) for name in ("class", "id", "itemprop"))
MAX_CHARS: Final = 300  # of an attribute that are read
STATE: Final = re.compile(
    r"(?<![a-z])(?:has|no|with|without)[-_]+[a-z]+"
)  # what an element has, and is not


@lru_cache(maxsize=20_000)  # elements side by side are often alike
def name_words(names: Names) -> frozenset[str]:
    """The words in an element's classes, id and property, in lower case, without what it only has in it.

    >>> sorted(name_words(("leadText story__intro", "top2", None, None, None, None, None)))
    ['intro', 'lead', 'story', 'text', 'top']
    >>> sorted(name_words(("article has-teaser", None, None, None, None, None, None)))
    ['article']
    """
    value = " ".join((names[place] or "")[:MAX_CHARS] for place in READ)
    return frozenset(LETTERS.findall(STATE.sub(" ", CAMEL.sub("-", value).lower())))


def elements_around(page: Page, block: int) -> Iterator[int]:
    """The elements around a block, from the inside."""
    element = page.runs.elements[block]
    while element != NO_PARENT:
        yield element
        element = page.elements.parents[element]


def holds(page: Page, element: int, block: int) -> bool:
    """Whether a block stands inside an element."""
    return page.elements.first_blocks[element] <= block < page.elements.end_blocks[element]
