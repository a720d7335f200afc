"""Natural labels where content stands among menus: excerpts of whole pages, which hold little else than either."""

from collections.abc import Iterator
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.document import Document
from winnow.corpus.lines import bare_words, text_weight
from winnow.training.lines.line_examples import UNKNOWN, Example, content_labels, plain_document

MAX_DUMP_CHARS: Final = 200_000
MAX_DUMP_LINES: Final = 3_000
FOUND_SHARE: Final = 0.6  # of the reference's weight that stands in a dump; with less it shows another page
EXCERPT_LINES: Final = range(8, 121)  # of an excerpt: what people copy, or cut off
MIN_JUDGED: Final = 5  # lines of an excerpt with a label
HEADING_WORDS: Final = 0.8  # of a line's words that stand in title or content, which may be a heading of it
MIN_HEADING_WORDS: Final = 3
NEAR: Final = 12  # lines above the content, in which a sentence may be its standfirst
HEAD_MARGIN: Final = 4  # lines above the content, where its own headings and data may stand
FOOT_LINES: Final = 20  # at the end of a page, where its footer stands whatever it is for
FOOT_MARGIN: Final = 12  # lines below the content, where more of it may stand
PARTS: Final = ("head", "head", "foot", "edge", "window")
SOURCE: Final = "dump"

Labels = NDArray[np.int64]


def dump_labels(document: Document, content: str, title: str, *, is_article: bool) -> Labels | None:
    """The labels of a whole page's lines; None where it does not show its reference.

    On a page that is no article only what stands well above its content, and at its very end, is surely noise:
    references of shops and forums leave lines out that are content.
    """
    labels = content_labels(document, content)
    weights = np.array([line.weight for line in document.lines])
    body = np.flatnonzero(labels == 0)
    if weights[body].sum() < FOUND_SHARE * text_weight(content):
        return None
    first, last, places = int(body[0]), int(body[-1]), np.arange(len(labels))
    if not is_article:
        is_foot = (places >= len(labels) - FOOT_LINES) & (places > last + FOOT_MARGIN)
        labels[(labels == 1) & ~is_foot & (places >= first - HEAD_MARGIN)] = UNKNOWN
    body_words = frozenset(word for at in body for word in document.lines[at].key.split())
    known = (frozenset(bare_words(title.casefold()).split()), body_words)
    for index in np.flatnonzero(labels == 1):
        line = document.lines[index]
        is_near_sentence = first - NEAR <= index < first and line.is_sentence
        if is_near_sentence or (index <= last and _says_the_same(line.key.split(), known)):
            labels[index] = UNKNOWN
    return labels


def _says_the_same(words: list[str], known: tuple[frozenset[str], ...]) -> bool:
    """Whether a line says what title or content say: titles, standfirsts and headings that a reference leaves out."""
    shared = max(sum(word in others for word in words) for others in known)
    return len(words) >= MIN_HEADING_WORDS and shared >= HEADING_WORDS * len(words)


def dump_excerpts(name: str, site: str, document: Document, labels: Labels) -> Iterator[Example]:
    """One part of a whole page, chosen by the hash of its name: its head, its foot, or lines from its middle."""
    chance = crc32(name.encode())
    part, size = PARTS[chance % len(PARTS)], EXCERPT_LINES[(chance >> 8) % len(EXCERPT_LINES)]
    body, count = np.flatnonzero(labels == 0), len(document.lines)
    starts = {
        "head": 0,
        "foot": count - size,
        "edge": int(body[0]) - size // 2,
        "window": (chance >> 16) % max(1, count - size),
    }
    start = max(0, starts[part])
    lines = document.lines[start : start + size]
    excerpt = plain_document(document.text[lines[0].start : lines[-1].stop])
    part_labels = labels[start : start + size]
    if len(excerpt.lines) == len(part_labels) and (part_labels != UNKNOWN).sum() >= MIN_JUDGED:
        yield Example(name, site, SOURCE, excerpt, part_labels)


def reference_excerpts(name: str, site: str, content: str) -> Iterator[Example]:
    """Lines of the reference of a page that is no article, all body: lists, tables, posts, products."""
    document = plain_document(content)
    chance = crc32(name.encode())
    size = EXCERPT_LINES[(chance >> 8) % len(EXCERPT_LINES)]
    start = (chance >> 16) % max(1, len(document.lines) - size)
    lines = document.lines[start : start + size]
    excerpt = plain_document(document.text[lines[0].start : lines[-1].stop])
    if len(excerpt.lines) >= MIN_JUDGED:
        yield Example(name, site, SOURCE, excerpt, np.zeros(len(excerpt.lines), dtype=np.int64))


def page_excerpts(row: dict[str, Any], site: str, extractors: list[str]) -> Iterator[Example]:
    """The excerpts of a page that `page_texts` wrote, labelled."""
    is_article = row["kind"] == "article"
    for extractor in extractors:
        text = row["texts"][extractor]
        if len(text) > MAX_DUMP_CHARS or not text.strip():
            continue
        document = plain_document(text)
        if len(document.lines) <= MAX_DUMP_LINES:
            labels = dump_labels(document, row["content"], row["title"], is_article=is_article)
            if labels is not None:
                yield from dump_excerpts(f"{row['page']}/{extractor}", site, document, labels)
    if not is_article:
        yield from reference_excerpts(f"{row['page']}/reference", site, row["content"])
