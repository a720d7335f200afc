"""Days that elements of a page are marked with: microdata, RDFa and hAtom, wherever they stand."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.element_scan import elements_with
from winnow.corpus.page_metadata.element_texts import element_lines
from winnow.corpus.page_metadata.shown import STAMPS, VisibleBylines, VisibleLine

PUBLISHED: Final = frozenset(  # properties without their prefix, in lower case
    "datepublished datecreated dateissued issued created published published_time pubdate".split()
)
NAMING: Final = ("itemprop", "property")
MARKING: Final = frozenset({*NAMING, "pubdate"})
MAX_MARKED: Final = 500  # elements that are looked at


def marked_values(bylines: VisibleBylines) -> Iterator[VisibleLine]:
    """The elements whose property says that they hold the day of publication, in the page's order.

    Those of comments, of embedded posts and of events are left out.
    """
    for element in islice(_published_elements(bylines.tree), MAX_MARKED):
        if (distance := bylines.distance(element)) is not None:
            names = f"{element.tag} {element.get('class') or ''}"
            yield VisibleLine((), tuple(_values(element)), names, distance)


def _published_elements(tree: PageTree) -> Iterator[PageTree]:
    for element in elements_with(tree, MARKING):
        names = " ".join(element.get(name) or "" for name in NAMING).lower().split()
        if element.get("pubdate") is not None or any(re.split("[:/]", n)[-1] in PUBLISHED for n in names):
            yield element


def _values(element: PageTree) -> list[str]:
    """What an element gives as its value: attributes, else its text."""
    return [stamp for key in STAMPS if (stamp := element.get(key))] or element_lines(element)[:1]
