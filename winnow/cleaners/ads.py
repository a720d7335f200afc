"""Advertising: labels of ad slots, paid copy, and labels glued to the text that follows them."""

import re
from collections.abc import Iterator
from typing import Final

from winnow.cleaners._rules import phrase_removals
from winnow.corpus.document import Document, Removal

GLUED_LABEL: Final = re.compile(
    r"\s{0,9}(?:(?:story |article )?continue[sd] below(?: advertisement)?|advertisement) ?(?:\.{3}|…|:)\s{1,9}"
    r"(?=[A-Z“\"‘])",
    re.IGNORECASE,
)
GLUED_SCORE: Final = 0.95  # 6 of 6 firings read as right (prototype text/RESULTS.md)


def ads(document: Document) -> Iterator[Removal]:
    r"""Find labels of ad slots and paid copy.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Advertisement\nRain fell on the hills all night.\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [ads]).text
    'Rain fell on the hills all night.\n'
    """
    yield from phrase_removals(document, "ads")
    for line in document.lines:
        if line.is_long and (label := GLUED_LABEL.match(line.raw)):
            yield Removal(line.start, line.start + label.end(), "ad_marker", "glued_label", GLUED_SCORE)
