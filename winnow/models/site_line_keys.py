"""Lines that a site repeats on several pages: their keys, and the evidence of noise in the repetition.

The evidence is soft, because sites repeat headings, series and notices that are content, too: each doubling of
the pages beyond two moves the odds by a step. On the 26 larger sites of the benchmark (bench.site_lines) .71 fits
pages best, and 1.15 raw dumps; smaller steps are taken, because those sites are mostly shops.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from winnow.corpus.document import CONTENT_SHARE, Block, Cleaned, Document
from winnow.corpus.lines import bare_words, text_weight

MIN_PAGES: Final = 3  # distinct pages of a site, before which a repetition says nothing
MAX_PAGES: Final = 12  # more say no more, and are not counted
PAGE_STEP: Final = 0.42  # log-odds a doubling for a block of a page, of which the markup is known
TEXT_STEP: Final = 0.84  # likewise for a line of a text
# characters of a line that is counted; "Features:" and "Note" are labels of content as well
MIN_WEIGHT: Final = 12
SITE_RULE: Final = "site_lines"  # of removals that this decides
KEY_BYTES: Final = 4  # of a line's hash: within a site of 4,096 lines no two are likely to meet


def site_line_key(text: str) -> int:
    """A number that is equal for two printings of a line, 32 bits; 0 for a line too short to be told from others.

    >>> site_line_key("Share this page!") == site_line_key("SHARE  this page"), site_line_key("Features:")
    (True, 0)
    """
    words = bare_words(text.casefold())
    if text_weight(words) < MIN_WEIGHT:
        return 0
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=KEY_BYTES).digest())


def block_keys(text: str, blocks: Sequence[Block]) -> list[int]:
    """The key of each block; 0, too, where a document has a line twice, because then it structures the content."""
    keys = [site_line_key(text[block.start : block.end]) for block in blocks]
    times = Counter(keys)
    return [key if times[key] == 1 else 0 for key in keys]


def noise_odds(pages: int, step: float) -> float:
    """Log-odds against a line that stands on a number of pages of its site; 0 below `MIN_PAGES`.

    >>> noise_odds(2, 1.0), noise_odds(4, 1.0), noise_odds(8, 1.0)
    (0.0, 1.0, 2.0)
    """
    return step * math.log2(min(pages, MAX_PAGES) / 2) if pages >= MIN_PAGES else 0.0


def content_with_site(block: Block, extractor: str) -> float:
    """The content share of a block, 0 to 1, lowered by the pages of its site that repeat it.

    A text whose content no model has judged (``layout``) is left to the line model.
    """
    if not block.site_pages or not _has_content_shares(extractor):
        return block.content
    return min(
        block.content, shifted_probability(block.content, -noise_odds(block.site_pages, _step(extractor)))
    )


def line_odds(document: Document) -> dict[int, float]:
    """Log-odds for noise of those lines of a text that its site repeats, by their place in `Document.lines`.

    Empty for a document whose content a model has judged: its blocks are weighed already.
    """
    pages = {block.start: block.site_pages for block in document.blocks if block.site_pages}
    if not pages or _has_content_shares(document.extractor):
        return {}
    counts = ((index, pages.get(line.start, 0)) for index, line in enumerate(document.lines))
    return {index: odds for index, count in counts if (odds := noise_odds(count, TEXT_STEP))}


def shifted_probability(probability: float, odds: float) -> float:
    """A probability after evidence of some log-odds.

    >>> shifted_probability(0.5, 0.0), round(shifted_probability(0.5, 1.0), 3)
    (0.5, 0.731)
    """
    return 1 / (1 + math.exp(-_log_odds(probability) - odds)) if odds else probability


def with_site_pages(document: Document, site_lines: Mapping[int, int]) -> Document:
    """A document with the number of pages of its site that show each block; ``site_lines`` is by `site_line_key`."""
    if not site_lines:
        return document
    keys = block_keys(document.text, document.blocks)
    blocks = (
        replace(block, site_pages=site_lines.get(key, 0))
        for key, block in zip(keys, document.blocks, strict=True)
    )
    return replace(document, blocks=tuple(blocks))


def site_lines_of(cleaned: Cleaned) -> dict[int, int]:
    """The key of each line of a document, with the number of repeating pages from which the line would be removed.

    0 stands for never: the line is removed already, or is too surely content.
    """
    document, removed_starts = cleaned.document, {removal.start for removal in cleaned.removals}
    return {
        key: 0 if block.start in removed_starts else _pages_needed(document, block)
        for key, block in zip(block_keys(document.text, document.blocks), document.blocks, strict=True)
        if key
    }


def _pages_needed(document: Document, block: Block) -> int:
    if not _has_content_shares(document.extractor):
        return MIN_PAGES  # their words decide, which are not weighed before
    if block.content < CONTENT_SHARE:
        return 0
    odds = _log_odds(block.content)
    return next((pages for pages, against in _noise_odds(_step(document.extractor)) if against > odds), 0)


@cache
def _noise_odds(step: float) -> tuple[tuple[int, float], ...]:
    return tuple((pages, noise_odds(pages, step)) for pages in range(MIN_PAGES, MAX_PAGES + 1))


def _has_content_shares(extractor: str) -> bool:
    return extractor != "layout"


def _step(extractor: str) -> float:
    return TEXT_STEP if extractor == "dump" else PAGE_STEP


def _log_odds(share: float) -> float:
    inside = min(max(share, 0.001), 0.999)
    return math.log(inside / (1 - inside))
