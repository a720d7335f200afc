"""Where a page shows a title: its headings, their parts, and elements that are marked as titles."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from winnow.corpus.domains import registered_domain
from winnow.corpus.layout.html import PageTree
from winnow.corpus.lines import text_weight
from winnow.corpus.page_metadata.element_texts import UNREAD, element_lines, one_line
from winnow.corpus.page_metadata.title_parts import title_key

MAX_HEADINGS: Final = 10  # that are compared
MAX_CHARS: Final = 300  # of a title
MAX_INNER: Final = 40  # elements of a heading
PLAIN_TAGS: Final = tuple("td div span p font b strong h1 h2 h3 h4 h5 h6 dt center a li".split())
MAX_PLAIN: Final = 3_000  # elements of these that are looked at
MIN_PLAIN_CHARS: Final = 8
MAX_SIGNS: Final = 40  # spaces and signs around the text of an element
MAX_HOME_CHARS: Final = 80  # of the address of a site's first page
MAX_LINKS: Final = 400  # that are looked at for one to the site's first page
HOME: Final = re.compile(
    r"\s*(?:(?:https?:)?//(?P<host>[^/?#]{1,100})/?|/)(?:(?:index|default|home)\.\w{2,5})?\s*"
)
LETTER: Final = re.compile(r"\w")
EDGES: Final = " |•·:/>»〉›-–—"  # signs between a part of a heading and the next
MIN_KEY_CHARS: Final = 4  # of an element that shows a part of a title
ANCHOR: Final = "¶#§ "  # links to a heading itself, at its end
HEADING_TAGS: Final = tuple("h1 h2 h3 h4 h5 h6".split())
TITLE_MARK: Final = re.compile(r"title|headline|heading|entry-name|subject", re.IGNORECASE)
SITE_MARK: Final = re.compile(r"(?:site|blog|brand)[-_]?(?:title|name|heading)|logo|brand", re.IGNORECASE)
BESIDE: Final = frozenset({"a", "nav", "footer", "li", "select", "form"})
MAX_LEVELS: Final = 5  # above an element that are looked at for what links it


class ShownTitle(NamedTuple):
    """A text that may be the title of a page and the element that shows it."""

    text: str
    element: PageTree


def headings(tree: PageTree, *levels: str) -> Iterator[ShownTitle]:
    """A page's headings of some levels."""
    for heading in islice(tree.iter(levels), MAX_HEADINGS):
        text = " ".join(element_lines(heading)).rstrip(ANCHOR)
        if 0 < len(text) <= MAX_CHARS:
            yield ShownTitle(text, heading)


def heading_parts(heading: PageTree) -> Iterator[str]:
    """The lines of a heading, then the texts of the elements inside it and between them."""
    yield from element_lines(heading)
    for element in islice(heading.iter(), MAX_INNER):
        if element.tag not in UNREAD:
            yield one_line(element.text or "").strip(EDGES)
            yield one_line(element.tail or "").strip(EDGES) if element is not heading else ""


def shown_texts(tree: PageTree, keys: Collection[str]) -> Iterator[ShownTitle]:
    """The elements whose text has one of some keys."""
    shortest = max(MIN_KEY_CHARS, min(map(len, keys), default=0))
    longest = max(map(len, keys), default=0) * 2 + MAX_SIGNS
    beginnings = {key[:1] for key in keys}
    for element in islice(tree.iter(PLAIN_TAGS), MAX_PLAIN):
        text = element.text
        if text and shortest <= len(text) <= longest:
            letter = LETTER.search(text)
            if letter and letter[0].casefold() in beginnings and title_key(text) in keys:
                yield ShownTitle(one_line(text), element)


def is_headed(element: PageTree) -> bool:
    """Whether an element, or the one right around it, is a heading or named as a title."""
    return has_heading_tag(element) or TITLE_MARK.search(_names(_with_parent(element))) is not None


def has_heading_tag(element: PageTree) -> bool:
    """Whether an element, or the one right around it, is a heading."""
    return any(e.tag in HEADING_TAGS for e in _with_parent(element))


def is_beside(element: PageTree) -> bool:
    """Whether an element is named as the site's name, is a link, or stands in a menu or a list."""
    if SITE_MARK.search(_names(_with_parent(element))):
        return True
    around = [element, *islice(element.iterancestors(), MAX_LEVELS)]
    return not is_headed(element) and any(e.tag in BESIDE for e in around)


def _with_parent(element: PageTree) -> list[PageTree]:
    parent = element.getparent()
    return [element] if parent is None else [element, parent]


def _names(elements: Iterable[PageTree]) -> str:
    return " ".join(element.get("class") or "" for element in elements)[:MAX_CHARS]


def home_names(tree: PageTree, url: str) -> Iterator[str]:
    """What the links to a site's first page say: its name, as a text, a logo's description or a title."""
    domain = registered_domain(url)
    for link in islice(tree.iter("a"), MAX_LINKS):
        href = link.get("href")
        home = HOME.fullmatch(href) if href and len(href) <= MAX_HOME_CHARS else None
        if home and (not home["host"] or home["host"].lower().endswith(domain)):
            yield from (link.get("title") or "", "".join(islice(link.itertext(), MAX_INNER)))
            yield from (image.get("alt") or "" for image in islice(link.iter("img"), 3))


def link_texts(tree: PageTree) -> Iterator[str]:
    """The texts of a page's links, each as far as the first element in it."""
    return (link.text for link in islice(tree.iter("a"), MAX_LINKS) if link.text)


def titled(tree: PageTree, titles: Collection[str]) -> PageTree | None:
    """The first element that is no heading and whose text a title begins with, with the ones that hold it alone."""
    for element in islice(tree.iter(PLAIN_TAGS), MAX_PLAIN):
        text = (element.text or "").strip()
        if (
            len(text) <= MAX_CHARS
            and text_weight(text) >= MIN_PLAIN_CHARS
            and any(t.startswith(one_line(text)) for t in titles)
        ):
            return _outermost(element)
    return None


def _outermost(element: PageTree) -> PageTree:
    """The element around another, and around that one, as long as they hold nothing else."""
    parent = element.getparent()
    while (
        parent is not None and len(parent) == 1 and not (parent.text or "").strip() and parent.tag != "body"
    ):
        element, parent = parent, parent.getparent()
    return element
