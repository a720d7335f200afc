"""Boxes inside an article or below it that lead to other pages, by what pages call them."""

from functools import lru_cache
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
    page, first = content.page, content.content[0] if content.content else 0
    boxes = [
        element
        for element in content.elements
        if _is_named_so(page.elements.names[element][0])
        and page.elements.first_blocks[element] > first
        and content.inside(element) <= MOST * content.total
    ]
    return content.blocks_within(boxes, MOST)


@lru_cache(maxsize=10_000)  # the elements of pages share few classes
def _is_named_so(classes: str | None) -> bool:
    """Whether the classes of an element name promotion; ids of headings have words of the text in them."""
    return classes is not None and not NAMES.isdisjoint(name_words((classes, *NAMELESS[1:])))
