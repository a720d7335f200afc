"""Prose among the strings of a page's state, and strings as lines of plain text."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Final

import regex

from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout.embedded import nested_json
from winnow.corpus.layout.html import parse_page
from winnow.corpus.layout.page import lay_out_page
from winnow.corpus.layout.written import write_page
from winnow.corpus.normal_form import plain_text
from winnow.corpus.word_breaks import (
    CLOSING,
    MARK,
    SENTENCE_ENDS,
    UNPUNCTUATED,
    is_marked,
    spaceless_count,
    word_count,
)

# The thresholds were set on the states of the 178 WCXB dev pages that have one with 40 words of prose.
MAX_NODES: Final = 500_000  # of a page's state that are looked at
MAX_TEXT_CHARS: Final = 1_000_000  # of one string
MAX_NAME_CHARS: Final = 80
MAX_NESTED: Final = 3  # strings of JSON inside each other; Discourse has one
MIN_PROSE_WORDS: Final = 25  # of a string without markup, to be a paragraph and no label
MIN_MARKUP_WORDS: Final = 12  # of one with paragraphs in markup
# Letters with the marks on them, of what is not white space; code, tokens and coordinates have fewer
MIN_LETTER_SHARE: Final = 0.6
MEAN_WORD_CHARS: Final = 15  # more, without spaces between: base64, addresses, class names
LETTERS: Final = regex.compile(rf"(?:\p{{L}}{MARK}*+)++", regex.VERSION1)
# In scripts that put spaces between sentences something follows the sign, or it ends an abbreviation or a number
SENTENCE_END: Final = re.compile(rf"[{SENTENCE_ENDS}](?:[{re.escape(CLOSING)}<]|\s|\Z)|[。！？｡]")
MARKUP: Final = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote|pre|table|tr|td|section|article|aside|span|a|b|strong|em|i|u|code"
    r"|img|figure)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
PARAGRAPHS: Final = re.compile(r"<(?:p|br|li|h[1-6])[\s/>]", re.IGNORECASE)
CODE: Final = re.compile(
    r"[{};]\s{0,9}(?:\n|\}|[\w.#-]{1,40}\s{0,3}[:{(=])|=>|\bfunction\b.{0,40}\(|\b(?:var|const|return) "
)
PLACEHOLDER: Final = re.compile(r"%[sd]\b|[{%$]\{?\w{1,40}\}|<[0-9]>")  # in texts that code completes
NAME_PART: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LEFT_OUT: Final = frozenset(  # parts of names: what a page is made with, its frame, other pages, and forms
    "css style styles theme themes script scripts icon icons svg token tokens schema jsonld query queries"
    " translation translations locale locales i18n intl strings copy label labels error errors"
    " config configs configuration settings flags toggles features experiments env analytics tracking"
    " consent cookie cookies gdpr privacy legal policy policies terms disclaimer seo meta metadata og"
    " footer header nav navigation menu menus sidebar breadcrumb breadcrumbs banner banners popup popups modal"
    " modals dialog newsletter related recommended recommendations suggested trending similar sponsored ad ads"
    " adverts variant variants signature author authors bio biography contributor contributors"
    " account auth login password form forms".split()
)
PIECES: Final = ("content", "children")  # of a paragraph in an editor's rich text
PIECE_TEXTS: Final = ("text", "value")  # Slate, ProseMirror, Portable Text; Contentful
Named = tuple[str, object]


def state_strings(values: Iterable[object]) -> list[tuple[str, str]]:
    """The strings of a page's state that may be content, in order, each with the name of its key.

    >>> state_strings([{"post": {"title": "Rain", "tags": ["hills"]}, "theme": "dark"}])
    [('title', 'Rain'), ('tags', 'hills')]
    """
    strings: list[tuple[str, str]] = []
    stack: list[tuple[str, object, int]] = [("", list(values), 0)]
    for _ in range(MAX_NODES):
        if not stack:
            break
        name, node, nested = stack.pop()
        inner = nested_json(node) if isinstance(node, str) and nested < MAX_NESTED else None
        if inner is not None:
            stack.append((name, inner, nested + 1))
        elif isinstance(node, str):
            strings.append((name, node))
        else:
            stack.extend((n, child, nested) for n, child in reversed(_children(name, node)))
    return strings


def is_prose(text: str) -> bool:
    """Whether a string is a paragraph of running text, or paragraphs in markup; code and tokens are not.

    >>> is_prose("padding:0;margin:0"), is_prose("<p>" + "Rain fell on the hills. " * 5 + "</p>")
    (False, True)
    """
    text = text[:MAX_TEXT_CHARS]
    bare = MARKUP.sub(" ", text)
    words = word_count(bare)
    if words < (MIN_MARKUP_WORDS if PARAGRAPHS.search(text) else MIN_PROSE_WORDS):
        return False
    if CODE.search(bare) or PLACEHOLDER.search(bare) or not _has_sentence(text):
        return False
    pieces = bare.split()
    chars = sum(map(len, pieces))
    has_letters = _letters(bare) >= MIN_LETTER_SHARE * chars
    return has_letters and chars <= MEAN_WORD_CHARS * max(len(pieces), spaceless_count(bare))


def _has_sentence(text: str) -> bool:
    """Whether a sentence ends in a text, or its script has no sign for that."""
    return SENTENCE_END.search(text) is not None or (
        is_marked(text) and UNPUNCTUATED.search(text) is not None
    )


def _letters(text: str) -> int:
    """How many letters a text has, vowel signs and other marks on them counted."""
    return sum(map(len, LETTERS.findall(text))) if is_marked(text) else sum(map(str.isalpha, text))


def text_lines(text: str) -> list[str]:
    r"""A string as a reader would see it, one line a paragraph; markup in it is laid out, escaped or not.

    >>> text_lines("<p>Fish &amp; chips</p><p>Rain</p>"), text_lines("&lt;p&gt;Sun&lt;/p&gt;\n")
    (['Fish & chips', 'Rain'], ['Sun'])
    """
    text = plain_text(text[:MAX_TEXT_CHARS])
    if "&" in text and not MARKUP.search(text):
        text = unescape(text)
    text = plain_text(_markup_text(text) if MARKUP.search(text) else text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]


def _markup_text(markup: str) -> str:
    try:
        return write_page(lay_out_page(parse_page(markup))).text
    except UnreadableError:
        return ""


def _children(name: str, node: object) -> list[Named]:
    """The children of a node that may be content; the pieces of an editor's paragraph become one string."""
    if isinstance(node, list):
        return [(name, item) for item in node[:MAX_NODES] if isinstance(item, (str, list, dict))]
    if not isinstance(node, dict):
        return []
    if paragraph := _rich_text(node):
        return [(name, paragraph)]
    children = ((str(n), v) for n, v in node.items() if isinstance(v, (str, list, dict)))
    return [(n, v) for n, v in children if not _is_left_out(n)]


def _is_left_out(name: str) -> bool:
    """Whether a name says that its value is not content."""
    parts = NAME_PART.findall(name[:MAX_NAME_CHARS])
    return not LEFT_OUT.isdisjoint(part.lower() for part in parts)


def _rich_text(node: Mapping[str, object]) -> str:
    """The text of an editor's paragraph, put together from its pieces; "" for any other node."""
    pieces = next((node[name] for name in PIECES if isinstance(node.get(name), list)), None)
    if not isinstance(pieces, list) or not all(isinstance(piece, dict) for piece in pieces):
        return ""
    texts = (piece.get(name) for piece in pieces for name in PIECE_TEXTS)
    return "".join(text for text in texts if isinstance(text, str))
