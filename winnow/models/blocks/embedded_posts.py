"""Posts of networks inside an article, and the boxes that ask before they load one."""

import re
from functools import lru_cache
from itertools import takewhile
from typing import Final

from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.name_words import elements_around

# Classes that networks and publishing systems give to what they embed. A quotation without one is the article's own.
POSTS: Final = frozenset(
    "twitter-tweet twitter-video instagram-media fb-post fb-video tiktok-embed mastodon-embed bluesky-embed"
    " reddit-card reddit-embed reddit-embed-bq telegram-post text-post-media imgur-embed-pub".split()
) | {
    f"{block}-{network}"
    for block in ("embed", "wp-block-embed")
    for network in "twitter x instagram facebook tiktok mastodon bluesky reddit telegram tumblr threads".split()
}
MOST_POSTS: Final = 0.5  # of an article's content; one with more is about them
# What a box says in place of a post or a player, for as long as nobody agreed.
CONSENT: Final = re.compile(
    r"\b(?:load|show|display|allow|view|enable|unblock)\w*\b.{0,30}"
    r"\b(?:external|embedded|third.party) (?:content|media|post|video)"
    r"|\bthis (?:content|post|video|map|player|tweet|element)\b.{0,20}"
    r"\bis (?:loaded|embedded) (?:from|by|on|via)\b"
    r"|\baccept\w*\b.{0,40}\b(?:third.party|marketing|social media|functional) cookies"
    r"|\bexterne[nrs]? (?:redaktionelle[nr]? )?inhalt|\bredaktionelle[nrs]? inhalt"
    r"|\binhalte? (?:von|aus) .{0,30}(?:laden|anzeigen|eingebunden)"
    r"|\bcontenus? externe|\bcontenus? tiers|\bcookies tiers|\bcontenidos? externo|\bcookies de terceros"
    r"|\bcontenut[oi] estern|\bcookie di terze parti|\bconteúdos? externo|\bexterne inhoud|\bzewnętrzn\w+ treści"
    r"|\bexternt innehåll|\beksternt ind?h[oå]ld",
    re.IGNORECASE,
)
# One of these is in each such text; they are found in a tenth of the time.
CONSENT_STEMS: Final = (
    "extern",
    "cookie",
    "embedded",
    "third",
    "loaded",
    "inhalt",
    "tiers",
    "estern",
    "zewn",
    "ekstern",
)
BOXES: Final = frozenset({"div", "section", "aside", "figure"})
BOX_CHARS: Final = 600  # of the content in a box that asks for consent, at most
BOX_SHARE: Final = 0.5  # of the page's content, at most


def embedded_posts(content: ContentChars) -> set[int]:
    """The blocks of an article's embedded posts, and of boxes that ask for consent to load them.

    References of WCXB leave them out (on all three of its development pages that have some). Posts that make
    up most of an article are its content.
    """
    names = content.page.elements.names
    posts = [element for element in content.elements if _is_post(names[element][0] or "")]
    return content.blocks_within(posts, MOST_POSTS) | _consent_boxes(content)


@lru_cache(maxsize=10_000)  # the elements of pages share few classes
def _is_post(classes: str) -> bool:
    return not POSTS.isdisjoint(classes.lower().split())


def _consent_boxes(content: ContentChars) -> set[int]:
    """The blocks of the boxes in which a text asks for consent; a line of the body that speaks of it stays."""
    elements, boxes = content.page.elements, set[int]()
    most = min(BOX_CHARS, BOX_SHARE * content.total)
    for number in content.content:
        block = content.page.blocks[number]
        if block.end - block.start <= BOX_CHARS and _asks(content.page.text[block.start : block.end]):
            around = elements_around(content.page, number)
            small = [*takewhile(lambda element: content.inside(element) <= most, around)]
            if small and elements.tags[small[-1]] in BOXES:
                boxes.update(content.blocks(small[-1]))
    return boxes


def _asks(text: str) -> bool:
    """Whether a text asks for consent."""
    plain = text.lower()
    return any(stem in plain for stem in CONSENT_STEMS) and CONSENT.search(plain) is not None
