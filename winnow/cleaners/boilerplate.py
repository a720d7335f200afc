"""Boilerplate that page extraction leaves out: menus, teasers, footers, and all else around the document."""

from collections.abc import Iterator

from winnow.cleaners._site_edges import site_edges
from winnow.cleaners._site_paragraphs import site_paragraphs
from winnow.corpus.document import CONTENT_SHARE, Document, Removal
from winnow.models.blocks.comment_blocks import is_comment
from winnow.models.site_line_keys import SITE_RULE, content_with_site


def boilerplate(document: Document) -> Iterator[Removal]:
    """Remove the blocks that extraction judged not to be content; the rule names who judged.

    It is ``site_lines`` where a block would stay, were it not on so many pages of its site, or a line or
    paragraph of a text that stands on many.

    Those inside elements named for comments are `reader_comment`, so that the action of that kind,
    or ``--comments``, keeps them.

    >>> from winnow.corpus.document import Block, clean
    >>> page = Document("Home\\nRain fell.\\n", (Block(0, 5, content=0.1), Block(5, 16)))
    >>> clean(page, [boilerplate]).text
    'Rain fell.\\n'
    """
    for block in document.blocks:
        content = content_with_site(block, document.extractor)
        if content < CONTENT_SHARE:
            kind = "reader_comment" if is_comment(block) else "boilerplate"
            rule = document.extractor if block.content < CONTENT_SHARE else SITE_RULE
            yield Removal(block.start, block.end, kind, rule, round(1 - content, 3))
    yield from site_paragraphs(document)
    yield from site_edges(document)
