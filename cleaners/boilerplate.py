"""What page extraction leaves out: menus, teasers, footers, and all else that is not the document."""

from collections.abc import Iterator

from corpus.document import CONTENT_SHARE, Document, Removal
from models.blocks.comments import is_comment


def boilerplate(document: Document) -> Iterator[Removal]:
    """Remove the blocks that extraction judged not to be content; the rule names who judged.

    Those inside elements named for comments are `reader_comment`, so that the action of that kind,
    or ``--comments``, keeps them.

    >>> from corpus.document import Block, clean
    >>> page = Document("Home\\nRain fell.\\n", (Block(0, 5, content=0.1), Block(5, 16)))
    >>> clean(page, [boilerplate]).text
    'Rain fell.\\n'
    """
    for block in document.blocks:
        if block.content < CONTENT_SHARE:
            kind = "reader_comment" if is_comment(block) else "boilerplate"
            yield Removal(block.start, block.end, kind, document.extractor, round(1 - block.content, 3))
