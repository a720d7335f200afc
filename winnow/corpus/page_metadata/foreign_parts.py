"""Parts of a page that are not its own text: comments, embedded posts, events, related texts, its foot."""

import re
from functools import lru_cache
from typing import Final

from winnow.corpus.layout.html import PageTree

MAX_NAME_CHARS: Final = 500
ASIDE_TAGS: Final = ("aside", "nav", "footer")
ASIDE: Final = re.compile(
    r"comment|related|sidebar|footer|recent|popular|trending|recommend|testimonial|review|quote|reference|calendar",
    re.IGNORECASE,
)
# What stands among the lines of a text and is another's: pictures, quotations, embedded posts, comments, events
FOREIGN_TAGS: Final = tuple(
    "blockquote q figure figcaption twitter-widget amp-twitter amp-instagram".split()
)
FOREIGN: Final = re.compile(
    r"(?<![a-z-])(?:events?|tweet|twitter-tweet|instagram-media|fb-post|embed|embed(?:ded)?-(?:tweet|post|media)"
    r"|comment(?:-(?:body|item|list|text))?|commentlist|comments-(?:area|section)|wp-caption)(?![a-z-])"
    r"|related-|most-popular|trending",
    re.IGNORECASE,
)
FOREIGN_TYPE: Final = re.compile(r"schema\.org/[A-Za-z]{0,40}Event\b")
OWN_META: Final = re.compile(r"meta|date|publish|byline")  # of an aside that belongs to the text


def is_foreign(element: PageTree) -> bool:
    """Whether an element holds what is not the page's own: a quotation, a picture, an embedded post, an event."""
    if element.tag in FOREIGN_TAGS or FOREIGN_TYPE.search(element.get("itemtype") or ""):
        return True
    return _names_foreign(element.get("class"), element.get("id"))


@lru_cache(maxsize=4096)
def _names_foreign(class_name: str | None, identifier: str | None) -> bool:
    """Whether a class or an identifier is one of something foreign; a page repeats few."""
    name = f"{class_name or ''} {identifier or ''}"[:MAX_NAME_CHARS]
    return len(name) > 1 and FOREIGN.search(name) is not None


def is_aside(element: PageTree) -> bool:
    """Whether an element is by its tag or name a part of the page beside its text."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return ASIDE.search(name) is not None or (element.tag in ASIDE_TAGS and not OWN_META.search(name))
