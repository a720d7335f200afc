"""Which blocks of a page are the document: trafilatura's verdict, aligned to the layout."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from corpus.dates import iso_date
from corpus.decode import decode
from corpus.document import Block, Document, Metadata
from corpus.domains import registered_domain
from corpus.errors import UnreadableError
from corpus.layout import lay_out_page, lay_out_text, parse_page
from corpus.layout.metadata import json_ld_url
from corpus.raw import HTML, RawDocument
from corpus.settings import Settings
from models.alignment import aligned_places

MIN_EXTRACTED_WORDS: Final = 5  # with fewer, trafilatura found no content
COVERED_SHARE: Final = 0.5  # of the extracted words; with fewer in what is visible, the content is hidden
DATES: Final = {"extensive_search": False}  # without it, a footer's "© 2025" dates a page
WORD: Final = re.compile(r"\w+")

# Without a handler, logging would print an error for each page without content.

Laid = tuple[str, tuple[Block, ...]]


def read_document(raw: RawDocument, settings: Settings) -> Document:
    """Decode and lay out a document; for a page, tell its content and what it says of itself.

    Raises UnreadableError for content that is no text, in no encoding, or shows nothing.
    """
    text = decode(raw.content, raw.encoding or settings.encoding, html=raw.content_type == HTML)
    if raw.content_type != HTML:
        return Document(*lay_out_text(text), _metadata(raw, Extracted()), raw.content_type)
    tree = parse_page(text)
    extracted = _extracted(text)
    extracted.url = extracted.url or json_ld_url(tree)
    laid_out, extractor = _lay_out_content(tree, extracted.text or "")
    if not laid_out[0]:
        raise UnreadableError("empty", "the page shows no text; its content may be made by scripts")
    return Document(*laid_out, _metadata(raw, extracted), raw.content_type, extractor)


def _extracted(text: str) -> Extracted:
    """What trafilatura makes of a page with its default settings: text and metadata."""
    _hush_extractor()
    extracted = bare_extraction(text, with_metadata=True, date_extraction_params=DATES)
    return extracted if isinstance(extracted, Extracted) else Extracted()


@cache
def _hush_extractor() -> None:
    """Keep trafilatura's word about pages without content off the error stream; they are no errors here."""
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def _lay_out_content(tree: HtmlElement, extracted: str) -> tuple[Laid, str]:
    """The layout of a page with its content marked, and the name of what marked it.

    Where most of what trafilatura extracted is not visible, scripts would uncover it (pages sent
    in pieces, ``noscript``), and the layout takes hidden elements in. Where it extracted next to
    nothing, all that is visible is content: never nothing.
    """
    words = WORD.findall(extracted.casefold())
    text, blocks = lay_out_page(tree)
    if len(words) < MIN_EXTRACTED_WORDS:
        return (text, blocks) if text else lay_out_page(tree, with_hidden=True), "layout"
    judged, covered = _judged(text, blocks, words)
    if covered >= COVERED_SHARE * len(words):
        return (text, judged), "trafilatura"
    text, blocks = lay_out_page(tree, with_hidden=True)
    all_judged, all_covered = _judged(text, blocks, words)
    return (text, all_judged if all_covered else blocks), "trafilatura+hidden"


def _judged(text: str, blocks: tuple[Block, ...], words: Sequence[str]) -> tuple[tuple[Block, ...], int]:
    """Blocks with the share of their words that are among the given ones, in order; and how many are."""
    page = [
        (word, i) for i, b in enumerate(blocks) for word in WORD.findall(text[b.start : b.end].casefold())
    ]
    found = aligned_places([word for word, _ in page], words)
    totals, hits = Counter(i for _, i in page), Counter(page[place][1] for place in found)
    judged = tuple(replace(b, content=round(hits[i] / max(1, totals[i]), 3)) for i, b in enumerate(blocks))
    return judged, len(found)


def _metadata(raw: RawDocument, page: Extracted) -> Metadata:
    """What the record says, else the page, else the folder."""
    known = raw.metadata
    url = known.url or page.url or ""
    authors = tuple(name.strip() for name in (page.author or "").split(";") if name.strip())
    return Metadata(
        url=url,
        domain=known.domain or registered_domain(url) or raw.folder_domain,
        title=known.title or page.title or "",
        authors=known.authors or authors,
        published=known.published or iso_date(page.date or ""),
        site_name=known.site_name or page.sitename or "",
    )
