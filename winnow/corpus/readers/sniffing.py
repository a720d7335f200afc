"""HTML told from text by its markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from winnow.corpus.raw import HTML, TEXT

SNIFFED_BYTES: Final = 100_000  # that are looked at; some pages begin with 10 kB of white space
BYTE_ORDER_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"
BEFORE_MARKUP: Final = re.compile(rb"(?:\s+|<!--.{0,100000}?(?:-->|\Z))+", re.DOTALL)
# What nothing but a page, or another document made of markup, begins with
PAGE_START: Final = re.compile(
    rb"<(?:\?xml|!doctype\s+html|html|head|script|style|meta|iframe|frameset)[\s>/]", re.IGNORECASE
)
BLOCKS: Final = frozenset(
    b"address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    b" h4 h5 h6 header hr li main nav ol option p pre section select summary table tbody td tfoot th thead title tr"
    b" ul".split()
)
OPEN_ENDED: Final = frozenset(b"dd dt li option p td th tr".split())  # whose end tags may be left out
INLINE: Final = frozenset(
    b"a abbr b big br button cite code del dfn em font i img input ins kbd label mark q s samp small span strike"
    b" strong sub sup tt u var".split()
)
TAG: Final = re.compile(
    rb"<(/?)([a-zA-Z][\w:-]{0,40})((?:\s+[^\s<>=\"'/]{1,60}(?:\s*=\s*(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'"
    rb"|[^\s\"'<>]{1,500}))?){0,40})\s*/?>"
)
QUOTED_BEFORE: Final = b"`\"'([{"
QUOTED_AFTER: Final = b"`\"')]},.;:"
SPOKEN: Final = re.compile(rb"[ \t]+[a-z]")  # behind a tag that begins a sentence
MARKDOWN: Final = re.compile(
    rb"^(?:#{1,6} \S|```|~~~|\s{0,3}[-*+] \S|\s{0,3}\d{1,3}\. \S|> |\|[^\n]{1,2000}\|[ \t]*$)", re.MULTILINE
)
MIN_INSIDE_SHARE: Final = (
    0.5  # of the text, inside blocks: of a page; a text with some markup has more outside
)
MIN_LINE_BREAKS: Final = 2  # `br` elements that make a page of a text without blocks
MAX_UNKNOWN_SHARE: Final = 0.2  # of the tags; elements that HTML does not have are other markup


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag that is no word of a sentence."""

    name: bytes  # lower case
    is_end: bool
    start: int
    end: int


def sniffed_type(content: bytes) -> str:
    """HTML if the content is a page or a piece of one by its markup, else TEXT.

    What begins as only pages do is one. Any other content is one if more than half of its text stands in elements such
    as paragraphs; if it has more `br` than line ends; or if it is one line with elements such as links. Tags in quotes,
    or that are words of a sentence, do not count; nor does markup with elements that HTML does not have.

    >>> sniffed_type(b" <!DOCTYPE html><p>"), sniffed_type(b"1 < 2"), sniffed_type(b"Use <p> and </p>.")
    ('text/html', 'text/plain', 'text/plain')
    """
    head = content[:SNIFFED_BYTES].replace(b"\0", b"").lstrip(BYTE_ORDER_MARKS)  # UTF-16 read as ASCII
    before = BEFORE_MARKUP.match(head)
    body = head[before.end() :] if before else head
    if PAGE_START.match(body) or (not body and b"<!--" in head):
        return HTML
    return HTML if b"<" in body and _is_fragment(body) else TEXT


def _is_fragment(body: bytes) -> bool:
    tags = list(_tags(body))
    known = [tag for tag in tags if tag.name in BLOCKS or tag.name in INLINE]
    custom = sum(b"-" in tag.name for tag in tags)  # elements of a page's own
    if not known or len(tags) - len(known) - custom > MAX_UNKNOWN_SHARE * len(tags):
        return False
    blocks = [tag for tag in known if tag.name in BLOCKS]
    if blocks and _inside_share(body, known) >= MIN_INSIDE_SHARE:
        return True
    if MARKDOWN.search(body) or b"`" in body:
        return False
    line_ends = body.strip().count(b"\n")
    line_breaks = sum(tag.name == b"br" for tag in known)
    return line_breaks >= max(MIN_LINE_BREAKS, line_ends) or (not line_ends and _has_pair(known))


def _tags(body: bytes) -> Iterator[_Tag]:
    """The tags of markup, without those that a sentence speaks of."""
    for match in TAG.finditer(body):
        before, after = body[match.start() - 1 : match.start()], body[match.end() : match.end() + 1]
        is_quoted = bool(before) and before in QUOTED_BEFORE and bool(after) and after in QUOTED_AFTER
        is_word = not match[3] and _is_word(body, before, after, match.end())
        if not (is_quoted or is_word):
            yield _Tag(match[2].lower(), bool(match[1]), match.start(), match.end())


def _is_word(body: bytes, before: bytes, after: bytes, end: int) -> bool:
    """Whether a tag without attributes has the spaces and signs around it that a word has."""
    if before in (b" ", b"\t"):
        return not after or after in b" \t.,;:!?"
    return (not before or before == b"\n") and bool(SPOKEN.match(body, end))


def _inside_share(body: bytes, tags: list[_Tag]) -> float:
    """The share of a text, tags and white space left out, that stands inside blocks."""
    inside = outside = depth = 0
    is_in_open_ended, at = False, 0
    for tag in tags:
        chars = len(b"".join(body[at : tag.start].split()))
        inside, outside = (
            (inside + chars, outside) if depth or is_in_open_ended else (inside, outside + chars)
        )
        at = tag.end
        if tag.name in OPEN_ENDED:
            is_in_open_ended = not tag.is_end
        elif tag.name in BLOCKS and tag.name != b"hr":
            depth = max(0, depth - 1) if tag.is_end else depth + 1
            is_in_open_ended = False
    chars = len(b"".join(body[at:].split()))
    inside, outside = (inside + chars, outside) if depth or is_in_open_ended else (inside, outside + chars)
    return inside / max(1, inside + outside) if inside else float(not outside)


def _has_pair(tags: list[_Tag]) -> bool:
    """Whether an element inside a line has both of its tags."""
    opened = {tag.name for tag in tags if not tag.is_end}
    return any(tag.is_end and tag.name in opened for tag in tags)
