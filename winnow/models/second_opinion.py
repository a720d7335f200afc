"""Trafilatura's verdict on the few pages on which the block model finds no content."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import local
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
EXTRACTOR: Final = "trafilatura"  # as its loggers are called, too


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
    """Trafilatura's text of a page with its default settings.

    Version 1 gives a dictionary, and fails for a page of which lxml makes nothing; version 2 gives an object. What they
    extract can differ in a few blocks: the version is part of a run's own (`winnow.pipeline.tables.version`).
    """
    # Its import takes longer than most pages, and hardly one of them needs it.
    from trafilatura import bare_extraction, load_html

    with _hushed():
        tree = load_html(html)
        extracted = None if tree is None else bare_extraction(tree)
    text = extracted["text"] if isinstance(extracted, dict) else getattr(extracted, "text", "")
    return str(text or "")


_asked = local()  # whether this thread asks


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep trafilatura's messages about pages without content out of all logs; they are no errors here."""
    _filter_messages()
    _asked.is_ours = True
    try:
        yield
    finally:
        _asked.is_ours = False


@cache
def _filter_messages() -> None:
    """Have trafilatura's loggers drop what they are given while this thread asks; others' calls are logged as ever."""
    for name in [EXTRACTOR, *logging.root.manager.loggerDict]:
        if name.partition(".")[0] == EXTRACTOR:
            logging.getLogger(name).addFilter(lambda _record: not getattr(_asked, "is_ours", False))
