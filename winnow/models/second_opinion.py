"""Trafilatura's verdict on the few pages on which the block model finds no content."""

import logging
from collections import Counter
from functools import cache
from typing import Final

from winnow.corpus.layout import Page
from winnow.corpus.layout.html import bounded_markup
from winnow.corpus.word_breaks import words_of
from winnow.models.alignment import aligned_places

# Of a page that trafilatura is asked about: each paragraph is compared with all before it (12,500 took 54 s).
# On none of the 1,476 pages of WCXB dev it is asked at all.
MAX_BLOCKS: Final = 1_000
MAX_TAGS: Final = 20_000
MIN_EXTRACTED_WORDS: Final = 5  # with fewer, trafilatura found no content either


def trafilatura_shares(html: str, page: Page) -> list[float]:
    """The share of each block's words that trafilatura extracts from the page, in order.

    None if it finds none, and none of a page that is so long that it would take minutes.
    """
    if len(page.blocks) > MAX_BLOCKS or html.count("<") > MAX_TAGS:
        return []
    words = words_of(_trafilatura_text(bounded_markup(html)))
    if len(words) < MIN_EXTRACTED_WORDS:
        return []
    texts = [page.text[block.start : block.end] for block in page.blocks]
    placed = [(word, number) for number, text in enumerate(texts) for word in words_of(text)]
    matches = aligned_places([word for word, _ in placed], words)
    totals, hits = Counter(number for _, number in placed), Counter(placed[place][1] for place in matches)
    return [hits[number] / max(1, totals[number]) for number in range(len(texts))] if matches else []


def _trafilatura_text(html: str) -> str:
    """Trafilatura's text of a page with its default settings."""
    # Its import takes longer than most pages, and hardly one of them needs it.
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Extracted

    _hush_extractor()
    extracted = bare_extraction(html)
    return (extracted.text or "") if isinstance(extracted, Extracted) else ""


@cache
def _hush_extractor() -> None:
    """Keep trafilatura's messages about pages without content off the error stream; they are no errors here."""
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
