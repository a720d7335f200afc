"""From raw bytes to a document: decoded, laid out, its main content told, its metadata read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np

from winnow.corpus.decode import decode
from winnow.corpus.document import CONTENT_SHARE, Block, Document, Metadata
from winnow.corpus.domains import registered_domain, site_host
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import Page, lay_out_text, parse_page
from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.layout.scripts import ScriptContent, script_content
from winnow.corpus.packed import unpack
from winnow.corpus.raw import HTML, RawDocument
from winnow.corpus.settings import Settings
from winnow.models.blocks.block_model import BlockModel, load_model
from winnow.models.blocks.block_tokens import WORD, page_title, page_tokens
from winnow.models.blocks.comment_blocks import is_comment
from winnow.models.blocks.dumps import load_dump_model
from winnow.models.blocks.page_types import PAGE_TYPES, forced_type
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.second_opinion import trafilatura_shares
from winnow.models.site_line_keys import with_site_pages

ARTICLE: Final = "article"  # the policy, and the type of page that it takes each page for
FORUM: Final = PAGE_TYPES.index("forum")
FORUM_SHARE: Final = 0.2  # probability of a page being a forum; below it, comments are no content
SHOWN_WORDS: Final = 50  # of a page; one with fewer may have its content in scripts only


@dataclass(frozen=True, slots=True)
class Content:
    """The layout of a page with the content of its blocks told, and what told it."""

    text: str
    blocks: tuple[Block, ...]
    extractor: str


def read_document(raw: RawDocument, settings: Settings) -> Document:
    """Decode and lay out a document; for a page, tell its content and what it says of itself.

    Raises UnreadableError for content that is no text, in no encoding, or shows nothing.
    """
    document = unpack(raw.packed) if raw.packed else _read(raw, settings)
    return with_site_pages(document, raw.site_lines)


def _read(raw: RawDocument, settings: Settings) -> Document:
    """A document before anything is known of its site's lines."""
    text = decode(raw.content, raw.encoding or settings.encoding, html=raw.content_type == HTML)
    if raw.content_type != HTML:
        found = read_text(text)
        return _document(raw, found, Metadata())
    tree = parse_page(text)
    metadata = page_metadata(tree, raw.metadata.url)
    content = read_content(tree, text, settings.policy, load_model())
    if not content.text:
        raise UnreadableError("empty", "the page shows no text, and its scripts hold none")
    return _document(raw, content, metadata)


def read_content(tree: PageTree, html: str, policy: str, model: BlockModel) -> Content:
    """The text of a page with each block's content told, by the first of these that finds any.

    The block model (``blocks``; ``blocks+hidden`` where scripts would uncover most of the page), without
    readers' comments unless the page is a forum; what the page holds for its scripts, behind what it
    shows (``scripts:`` and where they stood); trafilatura; and where nothing tells, all of the page is
    content (``layout``): never nothing.
    """
    page, is_uncovered = read_page(tree)
    if _is_short(page.text) and (found := script_content(tree)).paragraphs:
        return _with_scripts(page, found)
    judged = _judged(tree, page, policy, model)
    if any(block.content >= CONTENT_SHARE for block in judged):
        return Content(page.text, judged, "blocks+hidden" if is_uncovered else "blocks")
    shares = trafilatura_shares(html, page)
    if any(share >= CONTENT_SHARE for share in shares):
        return Content(page.text, _told(page, shares), "trafilatura")
    return Content(page.text, page.blocks, "layout")


def _is_short(text: str) -> bool:
    return sum(1 for _ in islice(WORD.finditer(text), SHOWN_WORDS)) < SHOWN_WORDS


def read_text(text: str) -> Content:
    """A plain text with all lines content (``layout``), but those of a raw dump as a model judges them (``dump``).

    Raises UnreadableError (``empty``) for white space.
    """
    laid_out, blocks = lay_out_text(text)
    lines = [laid_out[block.start : block.end].strip() for block in blocks]
    shares = load_dump_model().line_shares([line for line in lines if line])
    if shares is None:
        return Content(laid_out, blocks, "layout")
    of_lines = iter(shares.round(3).tolist())
    told = (
        replace(block, content=next(of_lines)) if line else block
        for block, line in zip(blocks, lines, strict=True)
    )
    return Content(laid_out, tuple(told), "dump")


def _judged(tree: PageTree, page: Page, policy: str, model: BlockModel) -> tuple[Block, ...]:
    """The blocks with the model's word on each, moved so that the page's own cut lies at `CONTENT_SHARE`."""
    if not page.blocks:
        return ()
    kind = forced_type(ARTICLE) if policy == ARTICLE else model.types.probabilities(page_tokens(tree))
    verdict = model.judge(page, page_title(tree), kind)
    at = [0.0, verdict.cut, 1.0]
    moved = np.interp(verdict.probabilities, at, [0.0, CONTENT_SHARE, 1.0])
    if kind[FORUM] < FORUM_SHARE:
        moved[[is_comment(block) for block in page.blocks]] = 0.0
    return _told(page, moved)


def _told(page: Page, shares: Iterable[float]) -> tuple[Block, ...]:
    """The blocks of a page with the share of content of each."""
    return tuple(
        Block(block.start, block.end, block.path, block.tag, block.link_share, round(float(share), 3))
        for block, share in zip(page.blocks, shares, strict=True)
    )


def _with_scripts(page: Page, found: ScriptContent) -> Content:
    """What a page shows, as no content, and behind it what its scripts hold."""
    shown = _told(page, [0.0] * len(page.blocks))
    end, blocks = len(page.text), []
    for paragraph in found.paragraphs:
        blocks.append(Block(end, end + len(paragraph) + 1, tag="p"))
        end = blocks[-1].end
    text = page.text + "".join(f"{paragraph}\n" for paragraph in found.paragraphs)
    return Content(text, (*shown, *blocks), f"scripts:{found.origin}")


def _document(raw: RawDocument, content: Content, page: Metadata) -> Document:
    """What was read as a document."""
    return Document(content.text, content.blocks, _metadata(raw, page), raw.content_type, content.extractor)


def _metadata(raw: RawDocument, page: Metadata) -> Metadata:
    """What the record says, else the page, else the folder."""
    known = raw.metadata
    url = known.url or page.url
    return Metadata(
        url=url,
        domain=known.domain or registered_domain(url) or registered_domain(raw.folder_host),
        title=known.title or page.title,
        authors=known.authors or page.authors,
        published=known.published or page.published,
        site_name=known.site_name or page.site_name,
        host=known.host or site_host(url) or raw.folder_host,
    )
