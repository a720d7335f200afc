"""Parts of an article that the model alone gets wrong, for they look like something else."""

from collections.abc import Iterator, Sequence
from typing import Final

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import Page
from winnow.corpus.layout.html import PageTree
from winnow.models.blocks.block_tokens import page_title
from winnow.models.blocks.standfirsts import standfirsts

DESCRIPTIONS: Final = frozenset(
    {"description", "og:description", "twitter:description", "dc.description", "dcterms.abstract"}
)


def with_story_parts(tree: PageTree, page: Page, shares: Sequence[float]) -> list[float]:
    """Content shares of the blocks of an article, where its standfirst is content."""
    completed = [*shares]
    for number in standfirsts(page, page_title(tree), [*page_descriptions(tree)], shares):
        completed[number] = max(CONTENT_SHARE, completed[number])
    return completed


def page_descriptions(tree: PageTree) -> Iterator[str]:
    """What a page says of itself, for search engines and for sharing."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in DESCRIPTIONS:
            yield meta.get("content") or ""
