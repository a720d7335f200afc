"""Entities that a page escaped twice, so that its readers saw ``&eacute;``."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Final

# What is not resolved: in code, and what scripts, styles and forms hold
VERBATIM: Final = re.compile(
    r"<(/?)(?:pre|code|kbd|samp|tt|var|textarea|script|style|xmp|template)\b", re.IGNORECASE
)
# A tag, whose attributes stay as they are, or an entity
TWICE: Final = re.compile(r"<[^<>]{1,2000}>|&amp;(#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,30});")
MAYBE_LETTER: Final = re.compile(r"&amp;([a-zA-Z]{2,8});")
# A page that speaks of entities, or shows escaped markup
ABOUT: Final = re.compile(
    r"\bentit(?:y|ies|é|és|ät|äten|à)\b|\bescap(?:e|ed|es|ing)\b|\bHTML|\bXML\b|\bampersand|&amp;(?:lt|gt|amp;amp);",
    re.IGNORECASE,
)
TAG: Final = re.compile(r"<[^<>]{0,2000}>")


def resolved(html: str) -> str:
    """A page with entities resolved that it escaped twice, where that is certain.

    So it is where one stands for a letter inside a word, outside code, and the page does not speak of entities or
    show escaped markup: then it escaped all of its text twice.

    >>> resolved("<p>The caf&amp;eacute; &amp;ndash; at last</p>")
    '<p>The café – at last</p>'
    >>> resolved("<p>Write &amp;eacute; for é</p>")
    '<p>Write &amp;eacute; for é</p>'
    """
    if "&amp;" not in html or not _has_letter(html):
        return html
    pieces = list(_pieces(html))
    text = TAG.sub(" ", "".join(piece for piece, is_text in pieces if is_text))
    if ABOUT.search(text) or not _has_letter(text):
        return html
    return "".join(TWICE.sub(_resolve, piece) if is_text else piece for piece, is_text in pieces)


def _has_letter(html: str) -> bool:
    """Whether a letter of a word was escaped twice: no text about entities has them inside words."""
    return any(map(_is_letter, MAYBE_LETTER.finditer(html)))


def _is_letter(match: re.Match[str]) -> bool:
    """Whether an entity stands beside a letter and is one."""
    html, start, end = match.string, *match.span()
    is_inside_word = html[max(0, start - 1) : start].isalpha() or html[end : end + 1].isalpha()
    return is_inside_word and html5.get(f"{match[1]};", "").isalpha()


def _resolve(match: re.Match[str]) -> str:
    """The character of an entity; a tag, and an entity without one, as it is."""
    character = unescape(f"&{match[1]};") if match[1] else ""
    if character == "&":
        return "&amp;"
    return character if len(character) == 1 and character not in "<>" else match[0]


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a page, each with whether it is outside of code, scripts, styles and forms."""
    at = depth = 0
    for tag in VERBATIM.finditer(html):
        yield html[at : tag.start()], depth == 0
        depth = max(0, depth - 1) if tag[1] else depth + 1
        at = tag.start()
    yield html[at:], depth == 0
