"""Documents from raw bytes: decoded and laid out, with main content marked and metadata read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from winnow.corpus.dates import is_by
from winnow.corpus.decode import decode
from winnow.corpus.document import CONTENT_SHARE, Block, Document, Metadata
from winnow.corpus.domains import registered_domain, site_host
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import Page, lay_out_text, parse_page, write_page
from winnow.corpus.layout.escaped_twice import resolved
from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.laid_out import Span
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.layout.scripts import ScriptContent, script_content
from winnow.corpus.packed import unpack
from winnow.corpus.raw import HTML, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.word_breaks import has_words
from winnow.models.blocks.block_model import BlockModel, load_model
from winnow.models.blocks.block_tokens import OLD, page_title, page_tokens
from winnow.models.blocks.comment_blocks import is_comment
from winnow.models.blocks.dumps import load_dump_model
from winnow.models.blocks.outline import Floats
from winnow.models.blocks.page_measures import PROSE_WORDS
from winnow.models.blocks.page_types import PAGE_TYPES, SURE, forced_type
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.blocks.story_parts import with_story_parts
from winnow.models.blocks.whole_parts import with_whole_parts
from winnow.models.second_opinion import trafilatura_shares
from winnow.models.site_line_keys import with_site_pages

ARTICLE: Final = "article"  # the policy, and the type of page that it takes each page for
# Probability of a page being an article from which it is judged as surely one: on 153 labelled pages half of the words
# of boilerplate go and none of bodies; WCXB dev stays within .0003.
LIKELY_ARTICLE: Final = 0.7
ARTICLE_SHARE: Final = 0.2  # probability of a page being an article; from it on, other parts are no content
ARTICLE_TYPE: Final = PAGE_TYPES.index(ARTICLE)
FORUM: Final = PAGE_TYPES.index("forum")
FORUM_SHARE: Final = 0.2  # probability of a page being a forum; below it, comments are no content
SHOWN_WORDS: Final = 50  # of a page; one with fewer may have its content in scripts only


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a page, how sure each of its blocks is to be content, and which extractor judged that."""

    text: str
    blocks: tuple[Block, ...]
    extractor: str
    code: tuple[Span, ...] = ()  # inline code


@dataclass(frozen=True, slots=True)
class PageHints:
    """What a page says of itself outside its text."""

    title: str
    kind: Floats  # (7,): the probability of each of `PAGE_TYPES`
    is_old: bool  # as pages were before 2013


def read_document(raw: RawDocument, settings: Settings) -> Document:
    """The document in some raw bytes; of a page with its main content marked and its metadata.

    Raises UnreadableError for content that is not text, cannot be decoded, or shows nothing.
    """
    document = unpack(raw.packed) if raw.packed else _lay_out(raw, settings)
    return with_site_pages(document, raw.site_lines)


def _lay_out(raw: RawDocument, settings: Settings) -> Document:
    """A document before the repeated lines of its site are marked."""
    text = decode(raw.content, raw.encoding or settings.encoding, html=raw.content_type == HTML)
    if raw.content_type != HTML:
        content = read_text(text)
        return _document(raw, content, Metadata())
    text = resolved(text)
    tree = parse_page(text)
    metadata = page_metadata(tree, raw.metadata.url, raw.latest_day)
    content = read_content(tree, text, settings.policy, load_model())
    if not content.text:
        raise UnreadableError("empty", "the page shows no text, and its scripts hold none")
    return _document(raw, content, metadata)


def read_content(tree: PageTree, html: str, policy: str, model: BlockModel) -> Content:
    """The text of a page with the content share of each block, by the first extractor that finds content.

    The block model (``blocks``; ``blocks+hidden`` where scripts would uncover most of the page), without
    readers' comments unless the page is a forum; what the page holds for its scripts, behind what it
    shows (``scripts:`` and where they stood); trafilatura; and where none finds any, all of the page is
    content (``layout``), so that no page comes out empty.
    """
    page, is_uncovered = read_page(tree)
    if not has_words(page.text, SHOWN_WORDS) and (scripts := script_content(tree)).paragraphs:
        return _with_scripts(page, scripts)
    hints = _page_hints(tree, policy, model)
    shares = _model_shares(page, hints, model)
    if any(share >= CONTENT_SHARE for share in shares):
        is_article = hints.kind[ARTICLE_TYPE] >= ARTICLE_SHARE
        shares = with_whole_parts(page, shares)
        shares = with_story_parts(tree, page, hints.title, shares, is_article=is_article)
        return _written(page, shares, "blocks+hidden" if is_uncovered else "blocks")
    shares = trafilatura_shares(html, page)
    if any(share >= CONTENT_SHARE for share in shares):
        return _written(page, shares, "trafilatura")
    return _written(page, None, "layout")


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
    judged = (
        replace(block, content=next(of_lines)) if line else block
        for block, line in zip(blocks, lines, strict=True)
    )
    return Content(laid_out, tuple(judged), "dump")


def _page_hints(tree: PageTree, policy: str, model: BlockModel) -> PageHints:
    tokens = page_tokens(tree)
    kind = model.types.probabilities(tokens)
    article = kind[ARTICLE_TYPE]
    if article < SURE and (policy == ARTICLE or article >= LIKELY_ARTICLE):
        kind = forced_type(ARTICLE)
    return PageHints(page_title(tree), kind, OLD in tokens)


def _model_shares(page: Page, hints: PageHints, model: BlockModel) -> list[float]:
    """The model's probability of each block, rescaled so that the page's own cut lies at `CONTENT_SHARE`."""
    if not page.blocks:
        return []
    verdict = model.judge(page, hints.title, hints.kind, is_old=hints.is_old)
    at = [0.0, verdict.cut, 1.0]
    shares = np.interp(verdict.probabilities, at, [0.0, CONTENT_SHARE, 1.0])
    if hints.kind[FORUM] < FORUM_SHARE:
        shares = _without_comments(page, shares)
    return [round(share, 3) for share in shares.tolist()]


def _without_comments(page: Page, shares: Floats) -> Floats:
    """Shares with readers' comments out; as they are where nothing but lines without a sentence would be left."""
    comments = np.array([is_comment(block) for block in page.blocks])
    others = np.where(comments, 0.0, shares)
    is_left = any(
        has_words(page.text[page.blocks[number].start : page.blocks[number].end], PROSE_WORDS)
        for number in np.flatnonzero(others >= CONTENT_SHARE)
    )
    return others if is_left else shares


def _written(page: Page, shares: Sequence[float] | None, extractor: str) -> Content:
    """The content of a page, written in lines."""
    written = write_page(page, shares)
    return Content(written.text, written.blocks, extractor, written.code)


def _with_scripts(page: Page, scripts: ScriptContent) -> Content:
    """The visible blocks of a page, marked as no content, followed by the paragraphs that its scripts hold."""
    shown = write_page(page, [0.0] * len(page.blocks))
    end, blocks = len(shown.text), []
    for paragraph in scripts.paragraphs:
        blocks.append(Block(end, end + len(paragraph) + 1, tag="p"))
        end = blocks[-1].end
    text = shown.text + "".join(f"{paragraph}\n" for paragraph in scripts.paragraphs)
    return Content(text, (*shown.blocks, *blocks), f"scripts:{scripts.origin}", shown.code)


def _document(raw: RawDocument, content: Content, page: Metadata) -> Document:
    """A document of what was read."""
    metadata = _metadata(raw, page)
    return Document(
        content.text, content.blocks, metadata, raw.content_type, content.extractor, content.code
    )


def _metadata(raw: RawDocument, page: Metadata) -> Metadata:
    """Metadata of the record, completed by the page, then by the folder."""
    record = raw.metadata
    url = record.url or page.url
    return Metadata(
        url=url,
        domain=record.domain or registered_domain(url) or registered_domain(raw.folder_host),
        title=record.title or page.title,
        authors=record.authors or page.authors,
        published=(record.published if is_by(record.published, raw.latest_day) else "") or page.published,
        site_name=record.site_name or page.site_name,
        host=record.host or site_host(url) or raw.folder_host,
    )
