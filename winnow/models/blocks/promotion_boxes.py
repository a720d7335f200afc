"""Boxes inside an article or below it that lead to other pages, by what pages call them."""

from typing import Final

from winnow.corpus.layout.laid_out import NAMELESS
from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.name_words import name_words

# Names like "box", "callout", "inline", "more", "cta" and "ad" stand on content, too: WCXB dev loses by each.
NAMES: Final = frozenset(
    "advert advertisement affiliate alsoread disclaimer donate donation linklist newsletter newsletters popup promo"
    " promos promotion readmore recirc recirculation recommended related seealso signup sponsor sponsored subscribe"
    " teaser teasers trending".split()
)
MOST: Final = 0.2  # of the content that such boxes hold; a page with more of it is made of them


def promotion_boxes(content: ContentChars) -> set[int]:
    """The blocks of boxes named for promotion, behind the first content of an article."""
    first = next((number for number, kept in enumerate(content.is_content) if kept), 0)
    elements = content.page.elements
    boxes = [
        element
        for element, (classes, *_) in enumerate(elements.names)
        if classes
        and elements.first_blocks[element] > first
        and not NAMES.isdisjoint(name_words((classes, *NAMELESS[1:])))
        and content.inside(element) <= MOST * content.total
    ]
    return content.blocks_within(boxes, MOST)
