"""The words of elements and of declared values, on one line and within bounds."""

import re
from html import unescape
from itertools import islice
from typing import Final

from lxml.etree import iterwalk

from winnow.corpus.layout.html import INLINE, UNSEEN, PageTree
from winnow.corpus.normal_form import plain_text
from winnow.corpus.word_breaks import words_in

MAX_CHARS: Final = 2_000  # of a value or an element that is looked at
MAX_EVENTS: Final = 400  # starts and ends of elements inside one whose text is read
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
SPACE: Final = re.compile(r"\s+")
DIRECTIONS: Final = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # marks that turn a text around
UNREAD: Final = UNSEEN | {"rt", "rp"}  # how a word is read stands above it


def one_line(value: str) -> str:
    r"""A declared value as a reader would see it: no entities, tags or control characters, one line.

    >>> one_line("Rain &amp;amp; <b>sun</b>\n today")
    'Rain & sun today'
    """
    text = value[:MAX_CHARS]
    if "&" in text:
        text = unescape(unescape(text))  # content systems escape what is escaped already
    if "<" in text:
        text = TAG.sub(" ", text)
    text = plain_text(text)
    if not text.isascii():
        text = DIRECTIONS.sub("", text)
    return SPACE.sub(" ", text).strip()


def element_lines(element: PageTree) -> list[str]:
    """The visible text of an element, a line for each block inside it."""
    pieces: list[str] = []
    skipped: PageTree | None = None  # the element that hides what is inside it
    for event, inner in islice(iterwalk(element, events=("start", "end")), MAX_EVENTS):
        edge = "" if inner.tag in INLINE else "\n"
        if event == "start" and skipped is None:
            skipped = inner if inner.tag in UNREAD else None
            pieces += (edge, "" if inner.tag in UNREAD else (inner.text or "")[:MAX_CHARS])
        elif event == "end" and skipped in (None, inner):
            skipped = None
            pieces += (edge, (inner.tail or "")[:MAX_CHARS] if inner is not element else "")
    lines = map(one_line, "".join(pieces)[:MAX_CHARS].split("\n"))
    return [line for line in lines if line]


def folded(text: str) -> str:
    """The words of a text in lower case with single spaces, to compare texts by.

    >>> folded("Rain, again!")
    'rain again'
    """
    return " ".join(words_in(text.casefold()))
