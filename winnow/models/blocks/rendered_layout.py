"""The layout of a page that the model judges: what a reader sees, once scripts have run."""

import math
from typing import Final

from winnow.corpus.layout import Page, lay_out_page
from winnow.corpus.layout.html import PageTree
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.page_measures import PROSE_LINK_SHARE, PROSE_WORDS

FULL_WORDS: Final = 400  # of prose that is shown; with as many, nothing hidden can be the content
# of a word and the space behind it; hidden text of less a word has less prose than is shown
WORD_CHARS: Final = 4
MIN_PROSE_CHARS: Final = 2 * PROSE_WORDS  # a word has one, and something behind it
SHOWN_SHARE: Final = 0.5  # of all prose; where less is shown, scripts uncover the rest


def read_page(tree: PageTree) -> tuple[Page, bool]:
    """The visible page, and False; or the page with the text that scripts would uncover, and True.

    The latter where most of the prose is hidden: pages sent in pieces, whole bodies that fade in,
    `noscript`. On 39 of the 44 of 1,476 benchmark pages that this concerns, the reference text is hidden.
    """
    page = lay_out_page(tree)
    if not page.hidden_chars:
        return page, False
    shown_words = _prose_words(page, FULL_WORDS)
    if shown_words >= FULL_WORDS or page.hidden_chars < WORD_CHARS * shown_words:
        return page, False
    whole = lay_out_page(tree, with_hidden=True)
    is_hidden = shown_words < SHOWN_SHARE * _prose_words(whole) or not page.blocks
    return (whole, True) if is_hidden and whole.blocks else (page, False)


def _prose_words(page: Page, enough: float = math.inf) -> int:
    """Words of blocks of running text, counted until there are enough."""
    total = 0
    for block in page.blocks:
        if block.link_share >= PROSE_LINK_SHARE or block.end - block.start < MIN_PROSE_CHARS:
            continue
        words = len(words_of(page.text[block.start : block.end]))
        total += words if words >= PROSE_WORDS else 0
        if total >= enough:
            break
    return total
