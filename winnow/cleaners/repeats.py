"""Text that the template prints twice: titles, paragraphs, captions of a gallery."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Final

from winnow.cleaners._places import is_story
from winnow.cleaners._rules import whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line, text_weight

TITLE_LINES: Final = 4  # a title stands in one of these
HEAD_LINES: Final = 12  # and is repeated within these
MIN_TITLE_CHARS: Final = 20
MIN_PARAGRAPH_CHARS: Final = 60
MIN_PARAGRAPH_WORDS: Final = 6
NEAR_LINES: Final = 2  # a paragraph is repeated by the template within these lines
END_LINES: Final = 4  # or in these last ones
REPETITIVE_SHARE: Final = 0.35  # of lines that occur twice: in lyrics, tables, forums that is the content
MIN_LINES: Final = 25  # of a text that can be repetitive
MIN_REPEATED: Final = 4  # of a shorter one: two paragraphs that alternate, as on pages of tests
ALTERNATING_SHARE: Final = 0.5  # of its lines
MAX_PRINTINGS: Final = 2  # of a paragraph: what stands three times is an entry, a refrain or a test
MAX_SITE_CHARS: Final = 30  # of the name of a site behind a title
SITE_SUFFIX: Final = re.compile(r" [-|–—·] [^-|–—·]{2,30}\Z")
ENTRY: Final = re.compile(r"\W{0,5}\d|\s{0,9}[-–—•*] ?|.{0,24}\w: ")  # points of a list, specifications
CODE_TOKEN: Final = re.compile(r"[{}\\_<>=|]|\w\(")
CODE: Final = re.compile(r"[:;=|{}()\\_<>]")
SENTENCE_BEFORE: Final = re.compile(r"[.!?…\"”।۔؟]\s{1,3}\Z|[。！？」』]\s{0,3}\Z")
CAPTION_CHARS: Final = range(10, 91)
MIN_GALLERY_LINES: Final = 4
BODY_WEIGHT: Final = 300  # characters of a paragraph that is no caption or comment
SCORE: Final = 0.95
GALLERY_SCORE: Final = 0.9


def repeats(document: Document) -> Iterator[Removal]:
    r"""Find second printings of titles and paragraphs, and the titles of a gallery printed twice.

    Refrains, tables and lists repeat themselves legitimately: texts with many repeated lines are
    left alone, and so are short lines inside the text.

    >>> from winnow.corpus.document import Block, clean
    >>> title, story = "Rain falls on the hills", "Rain fell on us. " * 10
    >>> text = f"{title}\nMay 1\n{title}\n{story}\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [repeats]).text == f"{title}\nMay 1\n{story}\n"
    True
    """
    counts = Counter(line.key for line in document.lines if line.key)
    if len(counts) == len(document.lines):
        yield from _site_title(document)
        return
    repeated = sum(count for count in counts.values() if count > 1)
    yield from _site_title(document)
    is_repetitive = len(document.lines) > MIN_LINES and repeated > REPETITIVE_SHARE * len(document.lines)
    if is_repetitive or not is_story(document):
        return
    yield from _second_printings(document, counts)
    yield from _gallery(document)


def _alternates(document: Document, counts: Mapping[str, int]) -> bool:
    """Whether a text repeats so many of its paragraphs that they are no template's: tests, refrains, forms."""
    again = sum(counts[line.key] > 1 and _is_repeated_paragraph(line) for line in document.lines)
    return again >= MIN_REPEATED and again > ALTERNATING_SHARE * len(document.lines)


def _second_printings(document: Document, counts: Mapping[str, int]) -> Iterator[Removal]:
    """Titles and paragraphs that stood in the text before; ``counts`` says how often each line stands there."""
    last_places: dict[str, int] = {}
    may_repeat = not _alternates(document, counts)
    for index, line in enumerate(document.lines):
        before = last_places.get(line.key)
        last_places[line.key] = index
        if not line.key or before is None:
            continue
        in_head = before < TITLE_LINES and index <= min(document.first_paragraph, HEAD_LINES)
        if in_head and line.weight >= MIN_TITLE_CHARS and _is_prose(line):
            yield whole_line(line, "repeated_text", "title", SCORE)
        elif (
            may_repeat
            and counts[line.key] <= MAX_PRINTINGS
            and _is_repeated_paragraph(line)
            and (index - before <= NEAR_LINES or len(document.lines) - index <= END_LINES)
        ):
            yield whole_line(line, "repeated_text", "paragraph", SCORE)


def _is_repeated_paragraph(line: Line) -> bool:
    is_long_enough = line.weight >= MIN_PARAGRAPH_CHARS and line.word_count >= MIN_PARAGRAPH_WORDS
    return is_long_enough and _is_prose(line)


def _is_prose(line: Line) -> bool:
    """Neither code nor an entry of a list, nor the second half of a broken sentence."""
    return (
        ENTRY.match(line.raw) is None
        and CODE_TOKEN.search(line.text) is None
        and not line.text[0].islower()
    )


def _site_title(document: Document) -> Iterator[Removal]:
    """The browser's title, "Title - Site", above the title."""
    if not document.lines or not SITE_SUFFIX.search(document.lines[0].text[-40:]):
        return
    first, *others = document.lines[:6]
    if any(_is_title_of(other, first) for other in others):
        yield whole_line(first, "repeated_text", "site_title", SCORE)


def _is_title_of(title: Line, site_title: Line) -> bool:
    is_opening = site_title.key.startswith(title.key + " ") and text_weight(title.key) >= MIN_TITLE_CHARS
    return is_opening and text_weight(site_title.key[len(title.key) :]) < MAX_SITE_CHARS


def _gallery(document: Document) -> Iterator[Removal]:
    """Titles of pictures right under the last paragraph, each printed at least twice there."""
    body = [i for i, line in enumerate(document.lines) if line.weight >= BODY_WEIGHT]
    if not body:
        return
    lines = tuple(takewhile(_is_caption_like, document.lines[body[-1] + 1 :]))
    counts = Counter(line.key for line in lines)
    repeated = tuple(takewhile(lambda line: counts[line.key] > 1, lines))
    if len(repeated) >= MIN_GALLERY_LINES:
        for line in repeated:
            yield whole_line(line, "image_caption", "gallery", GALLERY_SCORE)
        yield from _glued_title(document.lines[body[-1]], repeated)


def _glued_title(paragraph: Line, lines: tuple[Line, ...]) -> Iterator[Removal]:
    """A title of the gallery at the end of the last paragraph, printed at least twice more under it."""
    body = paragraph.raw.rstrip()
    for text in dict.fromkeys(line.text for line in lines):
        if body.endswith(text) and SENTENCE_BEFORE.search(body.removesuffix(text)[-6:]):
            start = paragraph.start + len(body) - len(text)
            yield Removal(start, paragraph.end, "image_caption", "glued_title", GALLERY_SCORE)


def _is_caption_like(line: Line) -> bool:
    return (
        line.weight in CAPTION_CHARS
        and line.word_count > 1
        and not line.is_sentence
        and not CODE.search(line.text)
    )
