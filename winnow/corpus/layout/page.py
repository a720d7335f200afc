"""A page as a reader would see it: one line a paragraph, and the tree that it stands in."""

from typing import Final

from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout.html import UNSEEN, PageTree, parse_page
from winnow.corpus.layout.laid_out import Page
from winnow.corpus.layout.layout_walk import laid_out

WITH_NOSCRIPT: Final = UNSEEN - {"noscript"}


def lay_out_page(tree: PageTree, *, with_hidden: bool = False) -> Page:
    """The text of a page that is visible or can be opened by a reader, with its blocks and elements.

    ``with_hidden`` adds what scripts would uncover: all hidden elements and ``noscript``. Of a page of frames
    that shows nothing else, the text is what it holds for browsers without them.
    """
    page = laid_out(tree, WITH_NOSCRIPT if with_hidden else UNSEEN, with_hidden=with_hidden)
    if page.blocks or tree.find(".//frameset") is None:
        return page
    return next(filter(None, map(_without_frames, tree.iter("noframes"))), page)


def _without_frames(noframes: PageTree) -> Page | None:
    """The page that browsers without frames show, None for an empty one."""
    markup = noframes.text or ""  # libxml2 takes all of it for text
    try:
        page = laid_out(parse_page(markup), UNSEEN, with_hidden=False) if markup.strip() else Page()
    except UnreadableError:
        return None
    return page if page.blocks else None
