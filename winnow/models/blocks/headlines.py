"""Headings that are the title of their page."""

from typing import Final

from winnow.corpus.layout import Page
from winnow.corpus.word_breaks import words_of

HEADINGS: Final = frozenset({"h1", "h2"})
TITLE_LETTERS: Final = 12  # of a headline and a title that are compared, at least
TITLE_START: Final = 24  # letters of a title that a longer headline has


def is_title(heading: str, title: str) -> bool:
    """Whether a heading is the title of its page, a part of it or longer than it, both as letters only.

    >>> is_title(letters_of("Ferry stays in harbour"), letters_of("Ferry stays in harbour | Island News"))
    True
    """
    if min(len(heading), len(title)) < TITLE_LETTERS:
        return False
    return heading in title or title[:TITLE_START] in heading


def letters_of(text: str) -> str:
    """The words of a text in lower case, without what parts them.

    >>> letters_of("Rain fell, 3 mm.")
    'rainfell3mm'
    """
    return "".join(words_of(text))


def block_text(page: Page, block: int) -> str:
    """The text of a block."""
    return page.text[page.blocks[block].start : page.blocks[block].end - 1]
