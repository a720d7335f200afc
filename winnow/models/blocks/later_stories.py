"""Other stories that a page shows below the one that it is about."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.headlines import HEADINGS, TITLE_LETTERS, block_text, is_title, letters_of

OTHER_HEADINGS: Final = HEADINGS | {"h3", "h4"}
# Of the content, in the story that a page is about. Where its parts are such elements, the first holds less: a recipe
# of WCXB dev, .1.
LEAST: Final = 0.4


def later_stories(content: ContentChars, title: str) -> set[int]:
    """The blocks of ``article`` elements with headlines of their own, behind the one that the page is about.

    Its headline is the page's title (``title``, letters only) and stands in it. So the entries of a live blog, the
    items of a list and the posts of a thread stay: none of them has that.
    """
    tags = content.page.elements.tags
    stories = [content.blocks(element) for element in content.elements if tags[element] == "article"]
    if len(stories) < 2:
        return set()
    titles, headlines = _headings(content, title)
    least = LEAST * content.total
    main = next((s for s in stories if _has_one(s, titles) and content.chars(s) >= least), None)
    later, end = set[int](), main.stop if main else len(content.page.blocks)
    for story in stories:  # in the page's order, outer ones before those inside them
        if story.start >= end and _has_one(story, headlines):
            later.update(story)
            end = story.stop
    return later


def _headings(content: ContentChars, title: str) -> tuple[list[int], list[int]]:
    """The blocks that are the page's title, and those that may be headlines of other stories, in order."""
    texts = [
        (number, block.tag, letters_of(block_text(content.page, number)))
        for number, block in enumerate(content.page.blocks)
        if block.tag in OTHER_HEADINGS
    ]
    titles = [number for number, tag, text in texts if tag in HEADINGS and is_title(text, title)]
    return titles, [number for number, _, text in texts if len(text) >= TITLE_LETTERS]


def _has_one(story: range, blocks: Sequence[int]) -> bool:
    """Whether one of some blocks stands in a story."""
    following = bisect_left(blocks, story.start)
    return following < len(blocks) and blocks[following] < story.stop
