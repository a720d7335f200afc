"""Labels that cost nobody an hour: what extractors made of pages, aligned line by line with the pages' references.

Excerpts of whole pages are among them, which `dump_excerpts` labels; their source is ``dump``.

Usage: python -m winnow.training.lines.natural_labels EXTRACTORS_PYTHON TEXTS.jsonl.gz OUT.npz PAGES.parquet ...

EXTRACTORS_PYTHON is the interpreter of an environment that has the packages of ``extractors.txt`` beside this file; it
writes TEXTS, what they make of PAGES. TEXTS that are there are used as they are. OUT holds tokens, features and labels
of lines, and sites as hashes; of tokens that fewer than three sites use it holds hashes, so that no text can be read
from it. `train_lines` leaves out the sites that have texts labelled by hand.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.document import Document
from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UnreadableError
from winnow.training.lines import page_texts
from winnow.training.lines.dump_excerpts import page_excerpts
from winnow.training.lines.line_examples import (
    UNKNOWN,
    Example,
    content_labels,
    plain_document,
    site_hash,
)
from winnow.training.lines.prepared_lines import prepare, write_prepared

MIN_CONTENT_CHARS: Final = 400  # of a reference; a shorter one is often a part of the content
MIN_BODY_SHARE: Final = 0.5  # of a text's weight; with less it is another text than the reference
MAX_TEXT_CHARS: Final = 60_000
LINES: Final = range(3, 301)  # of a text
TEXTS_A_PAGE: Final = 4  # those with most lines that no other has
MIN_NEW_LINES: Final = 2  # that a further text of a page has
TITLE_WORDS: Final = 0.8  # of a line that stand in the page's title
TITLE_SHARE: Final = 0.4  # of the title's words, as many as which the line has
MIN_TITLE_WORDS: Final = 3
HEADING_WORDS: Final = (
    4  # of a line above the text that may be its heading: most of its words are the text's
)

WHOLE_PAGES: Final = [name for name in page_texts.EXTRACTORS if name.startswith("page_")]
CONTENT_EXTRACTORS: Final = [name for name in page_texts.EXTRACTORS if name not in WHOLE_PAGES]

Labels = NDArray[np.int64]


def read_natural(texts: Path) -> Iterator[Example]:
    """The texts of a file that `page_texts` wrote, labelled by alignment; their source is ``natural``."""
    with gzip.open(texts, "rt", encoding="utf8") as file:
        for row in map(json.loads, file):
            if len(row["content"]) >= MIN_CONTENT_CHARS:
                yield from _most_different(list(_page_examples(row)))
                yield from page_excerpts(row, _site(row), [*filter(row["texts"].get, WHOLE_PAGES)])


def _page_examples(row: dict[str, Any]) -> Iterator[Example]:
    """The texts of a page that are about its reference, with labels."""
    for extractor in filter(row["texts"].get, CONTENT_EXTRACTORS):
        text = row["texts"][extractor]
        document = _document(text if len(text) <= MAX_TEXT_CHARS else "")
        if len(document.lines) not in LINES:
            continue
        labels = natural_labels(document, row["content"], row["title"])
        weights = np.array([line.weight for line in document.lines])
        if weights[labels == 0].sum() >= max(MIN_BODY_SHARE * weights.sum(), MIN_CONTENT_CHARS):
            if row["kind"] != "article":  # shops and forums leave lines out that are content
                labels = np.where(labels == 0, 0, UNKNOWN)
            yield Example(f"{row['page']}/{extractor}", _site(row), "natural", document, labels)


def _site(row: dict[str, Any]) -> str:
    return site_hash(registered_domain(row["site"]) or row["site"])


def natural_labels(document: Document, content: str, title: str) -> Labels:
    """`content_labels`, but that the title is body at the top and unknown elsewhere, and so are standfirsts there.

    References leave titles and standfirsts out, which are content.
    """
    labels = content_labels(document, content)
    title_words, content_words = _words(title), frozenset(_words(content))
    body = np.flatnonzero(labels == 0)
    first = int(body[0]) if len(body) else len(labels)
    for index in np.flatnonzero(labels == 1):
        line = document.lines[index]
        words = line.key.split()
        if _is_title(words, title_words):
            labels[index] = 0 if index < first else UNKNOWN
        elif index < first and (line.is_sentence or _is_heading(words, content_words)):
            labels[index] = UNKNOWN
    return labels


def _words(text: str) -> list[str]:
    return " ".join(line.key for line in _document(text).lines).split()


def _document(text: str) -> Document:
    """A text as the reader lays it out, without lines where there is nothing to read."""
    try:
        return plain_document(text)
    except UnreadableError:
        return Document("")


def _is_heading(words: list[str], content: frozenset[str]) -> bool:
    """Whether a line says what the content says, as a title does that the page does not declare."""
    return len(words) >= HEADING_WORDS and sum(word in content for word in words) >= TITLE_WORDS * len(
        words
    )


def _is_title(words: list[str], title: list[str]) -> bool:
    """Whether a line is the page's title, or most of one that has the site's name besides."""
    shared = sum(word in title for word in words)
    is_like = shared >= TITLE_WORDS * len(words) and len(words) >= TITLE_SHARE * len(title)
    return bool(words) and (words == title or (len(words) >= MIN_TITLE_WORDS and is_like))


def _most_different(examples: list[Example]) -> Iterator[Example]:
    """Texts of one page as long as each brings lines that those before it lack."""
    lines = {example.name: _judged_lines(example) for example in examples}
    seen, left = set[tuple[str, int]](), examples
    for _ in range(min(TEXTS_A_PAGE, len(examples))):
        best = max(left, key=lambda example: len(lines[example.name] - seen))
        if seen and len(lines[best.name] - seen) < MIN_NEW_LINES:
            return
        seen |= lines[best.name]
        left = [example for example in left if example is not best]
        yield best


def _judged_lines(example: Example) -> set[tuple[str, int]]:
    """The lines of a text that have a label, with it."""
    judged = zip(example.document.lines, example.labels.tolist(), strict=True)
    return {(line.key, label) for line, label in judged if label != UNKNOWN}


def make_texts(python: Path, texts: Path, pages: Iterable[Path]) -> None:
    """Run the extractors in their environment, unless their texts are there."""
    if not texts.exists():
        unfinished = texts.with_suffix(".unfinished")
        subprocess.run([python, page_texts.__file__, unfinished, *pages], check=True)
        unfinished.rename(texts)


def main(arguments: list[str]) -> None:
    """Write the labels from the paths of a command line, and print how many lines have which."""
    try:
        python, texts, target, *pages = map(Path, arguments)
    except ValueError:
        sys.exit("give EXTRACTORS_PYTHON TEXTS.jsonl.gz OUT.npz PAGES.parquet ...; see docs/training.md")
    make_texts(python, texts, pages)
    prepared = [prepare(example) for example in read_natural(texts)]
    write_prepared(target, prepared)
    labels = np.concatenate([one.labels for one in prepared])
    sites = len({one.site for one in prepared})
    print(
        f"{len(prepared)} texts of {sites} sites: {(labels == 1).sum()} lines of noise, {(labels == 0).sum()} of body"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
