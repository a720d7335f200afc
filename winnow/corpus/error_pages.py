"""Pages that hold nothing but a message: not found, JavaScript or cookies wanted, consent walls, a way onwards."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from winnow.corpus.document import Cleaned
from winnow.corpus.lines import text_weight
from winnow.corpus.raw import HTML
from winnow.corpus.word_breaks import SENTENCE_ENDS

# Characters, as `text_weight` counts them, of the text that is left of a page whose title is that of a message; with
# more, it is a page about messages
MAX_TITLED_CHARS: Final = 2000
MAX_MESSAGE_CHARS: Final = 600  # of the text that is left of one whose title is not
MAX_STUB_CHARS: Final = 300  # of one that leads on at once
FIRST_LINES: Final = 3  # that may be the heading of a message
MESSAGE_SHARE: Final = 0.3  # of the characters, in lines with a sentence of a message
TITLE_BREAK: Final = re.compile(r"\s+[|–—·•»-]+\s+|\s*[|»]\s*")  # between a page and its site
COLON: Final = re.compile(
    r"\s*:\s+"
)  # "Error 404: page not found"; "Not found: the film of the week" is an article
ENDS: Final = f" \t\n,;:|-–—()[]\"'«»“”{SENTENCE_ENDS}"
SPACES: Final = re.compile(r"\s+")
# <meta http-equiv="refresh" content="0; url=…"> in the head of a page, with seconds of one digit
REFRESH: Final = re.compile(
    rb"""<meta\s[^>]{0,100}?http-equiv\s*=\s*["']?refresh\b[^>]{0,100}?content\s*=\s*["']?\s*\d(?:\.\d+)?\s*[;,]\s*url""",
    re.IGNORECASE,
)
HEAD_BYTES: Final = 1 << 13


def is_error_page(cleaned: Cleaned, content: bytes) -> bool:
    """Whether a page holds nothing but a message, by its title, its first lines, its sentences, or where it leads.

    A long text is never one; ``content`` is the raw page. Plain texts have no titles, and only sentences tell.
    """
    text, is_page = cleaned.text.strip(), cleaned.document.content_type == HTML
    if len(text) > MAX_TITLED_CHARS or (weight := text_weight(text)) > MAX_TITLED_CHARS:
        return False
    if is_page and _is_title(cleaned.document.metadata.title):
        return True
    if weight > MAX_MESSAGE_CHARS:
        return False
    if is_page and weight <= MAX_STUB_CHARS and REFRESH.search(content, 0, HEAD_BYTES):
        return True
    lines = [
        _plain(line)
        for line in (text or cleaned.document.text[:MAX_TITLED_CHARS]).split("\n")
        if line.strip()
    ]
    if is_page and any(line in _words("titles") for line in lines[:FIRST_LINES]):
        return True
    return _message_share(lines) >= MESSAGE_SHARE


def _message_share(lines: Iterable[str]) -> float:
    """The share of the characters that stand in lines with a sentence of a message."""
    sizes = [(len(line), any(sentence in line for sentence in _words("sentences"))) for line in lines]
    return sum(size for size, is_message in sizes if is_message) / max(1, sum(size for size, _ in sizes))


def _is_title(title: str) -> bool:
    """Whether a title, or one of its parts, is that of a message."""
    plain = _plain(title)
    parts = (COLON.split(part) for part in (plain, *TITLE_BREAK.split(plain)))
    return any(all(piece.strip(ENDS) in _words("titles") for piece in pieces) for pieces in parts)


def _plain(text: str) -> str:
    """A text in lower case, with single spaces and straight apostrophes, without marks at its ends."""
    return SPACES.sub(" ", text.casefold().replace("’", "'")).strip(ENDS)


@cache
def _words(table: str) -> frozenset[str]:
    """The titles or sentences of all languages, as `_plain` has them."""
    lists = tomllib.loads(
        (files("winnow.corpus") / "words" / "error_pages.toml").read_text(encoding="utf8")
    )
    return frozenset(_plain(words) for language in lists[table].values() for words in language)
