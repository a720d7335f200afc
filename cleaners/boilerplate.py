"""What page extraction leaves out: menus, teasers, footers, and all else that is not the document."""

from collections.abc import Iterator

from corpus.document import CONTENT_SHARE, Document, Removal


def boilerplate(document: Document) -> Iterator[Removal]:
    """Remove the blocks that extraction judged not to be content; the rule names who judged.

    >>> from corpus.document import Block, clean
    >>> page = Document("Home\\nRain fell.\\n", (Block(0, 5, content=0.1), Block(5, 16)))
    >>> clean(page, [boilerplate]).text
    'Rain fell.\\n'
    """
    for block in document.blocks:
        if block.content < CONTENT_SHARE:
            yield Removal(block.start, block.end, "boilerplate", document.extractor, 1 - block.content)
