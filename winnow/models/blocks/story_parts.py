"""Parts of a page that the model alone gets wrong, for they look like something else."""

from collections.abc import Sequence
from typing import Final

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import Page
from winnow.corpus.layout.html import PageTree
from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.embedded_posts import embedded_posts
from winnow.models.blocks.headlines import letters_of
from winnow.models.blocks.later_stories import later_stories
from winnow.models.blocks.promotion_boxes import promotion_boxes
from winnow.models.blocks.standfirsts import standfirsts

DESCRIPTIONS: Final = frozenset(
    {"description", "og:description", "twitter:description", "dc.description", "dcterms.abstract"}
)
TITLE_CHARS: Final = 500  # of a page's title that are read


def with_story_parts(
    tree: PageTree, page: Page, title: str, shares: Sequence[float], *, is_article: bool
) -> list[float]:
    """Content shares of a page's blocks, where the standfirst is content.

    Of an article embedded posts, promotion and other stories below it are not, unless they are all that there is.
    """
    letters = letters_of(title[:TITLE_CHARS])
    changed = _without_other_parts(page, letters, shares) if is_article else [*shares]
    for number in standfirsts(page, letters, page_descriptions(tree), changed):
        changed[number] = max(CONTENT_SHARE, changed[number])
    return changed


def _without_other_parts(page: Page, title: str, shares: Sequence[float]) -> list[float]:
    content = ContentChars.of(page, shares)
    others = embedded_posts(content) | promotion_boxes(content) | later_stories(content, title)
    changed = [0.0 if number in others else share for number, share in enumerate(shares)]
    return changed if any(share >= CONTENT_SHARE for share in changed) else [*shares]


def page_descriptions(tree: PageTree) -> list[str]:
    """What a page says of itself, for search engines and for sharing; in its body only where its head does not."""
    head = tree.find("head")
    return (_descriptions(head) if head is not None else []) or _descriptions(tree)


def _descriptions(element: PageTree) -> list[str]:
    return [
        meta.get("content") or ""
        for meta in element.iter("meta")
        if (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower() in DESCRIPTIONS
    ]
