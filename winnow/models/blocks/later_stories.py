"""Other stories that a page shows below the one that it is about."""

from collections.abc import Iterable
from typing import Final

from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.headlines import HEADINGS, TITLE_LETTERS, block_text, is_title, letters_of

OTHER_HEADINGS: Final = HEADINGS | {"h3", "h4"}
LEAST: Final = 0.2  # of the content, in the story that a page is about


def later_stories(content: ContentChars, title: str) -> set[int]:
    """The blocks of ``article`` elements with headlines of their own, behind the one that the page is about.

    Its headline is the page's title (``title``, letters only) and stands in it. So the entries of a live blog, the
    items of a list and the posts of a thread stay: none of them has that.
    """
    tags = content.page.elements.tags
    stories = [content.blocks(element) for element in content.elements if tags[element] == "article"]
    least = LEAST * content.total
    main = next((s for s in stories if content.chars(s) >= least and _has_title(content, s, title)), None)
    if main is None:
        return set()
    later, end = set[int](), main.stop
    for story in stories:  # in the page's order, outer ones first
        if story.start >= end and _has_headline(content, story):
            later.update(story)
            end = story.stop
    return later


def _has_title(content: ContentChars, story: range, title: str) -> bool:
    return any(is_title(heading, title) for heading in _headings(content, story, HEADINGS))


def _has_headline(content: ContentChars, story: range) -> bool:
    return any(len(heading) >= TITLE_LETTERS for heading in _headings(content, story, OTHER_HEADINGS))


def _headings(content: ContentChars, story: range, tags: frozenset[str]) -> Iterable[str]:
    """The letters of the headings in a story."""
    blocks = content.page.blocks
    return (letters_of(block_text(content.page, n)) for n in story if blocks[n].tag in tags)
