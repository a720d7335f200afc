"""Examples to train the line model on: labelled documents, texts of known content, and clean articles."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from winnow.cleaners._rules import rule_phrases
from winnow.corpus.document import Document
from winnow.corpus.domains import registered_domain
from winnow.corpus.layout import lay_out_text
from winnow.models.alignment import aligned_places

# some addresses are names of stored files: HOST-WORD.html
FILE_NAME: Final = re.compile(r"^hard::|-\w{1,40}\.html$")
HASH_DIGITS: Final = 8
UNKNOWN: Final = -1  # label of a line that nobody judged
MAX_LINES: Final = 400  # of an article
BODY_SHARE: Final = 0.7  # of a line's words that stand in the page's content: body
NOISE_SHARE: Final = 0.2  # so few, or fewer: noise
ARTICLES_A_SITE: Final = 5  # so that no house style fills the sample
# of the sites of articles, one in so many is trained on; the others are for measuring
SITE_SHARE: Final = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A document with a label for each of `Document.lines`: 1 noise, 0 body, `UNKNOWN`."""

    name: str
    site: str  # as `site_hash` writes it
    source: str  # labelled, natural, article
    document: Document
    labels: NDArray[np.int64]
    kinds: tuple[str, ...] = ()  # of each line, for labelled documents


def site_hash(site: str) -> str:
    """A site as the files of labels name it: the first 8 hex digits of its SHA-256."""
    return hashlib.sha256(site.encode()).hexdigest()[:HASH_DIGITS]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a rule takes for noise: the ``whole`` of a line, what it ``opens`` with or ``mentions``."""

    text: str
    kind: str
    part: str


def read_labelled(folder: Path) -> Iterator[Example]:
    """Hand-labelled documents: ``NAME.txt`` and ``NAME.json`` (see the data beside the repository)."""
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf8"))
        text = path.with_suffix(".txt").read_text(encoding="utf8")
        document = plain_document(text)
        judged = {line["line"]: line for line in record["lines"]}
        numbers = [1 + text.count("\n", 0, line.start) for line in document.lines]
        labels = [_label(judged.get(number)) for number in numbers]
        kinds = [judged[number]["category"] if number in judged else "" for number in numbers]
        domain = registered_domain(FILE_NAME.sub("", record["url"]))
        site = domain if "." in domain else path.stem
        yield Example(path.stem, site_hash(site), "labelled", document, np.array(labels), tuple(kinds))


def _label(judged: dict[str, Any] | None) -> int:
    return UNKNOWN if judged is None else int(judged["action"] != "keep")


def content_labels(document: Document, content: str) -> NDArray[np.int64]:
    """Label each line by the share of its words that stand in ``content`` in the same order."""
    words = [line.key.split() for line in document.lines]
    flat = [word for line in words for word in line]
    content_words = [word for line in plain_document(content).lines for word in line.key.split()]
    is_aligned = np.zeros(len(flat) + 1)
    is_aligned[sorted(aligned_places(flat, content_words))] = 1
    sizes = np.array([len(line) for line in words])
    ends = np.cumsum(sizes)
    sums = np.concatenate([[0.0], np.cumsum(is_aligned)])
    shares = (sums[ends] - sums[ends - sizes]) / np.maximum(1, sizes)
    labels = np.where(shares >= BODY_SHARE, 0, np.where(shares <= NOISE_SHARE, 1, UNKNOWN))
    return np.where(sizes == 0, UNKNOWN, labels)


def read_articles(
    path: Path, skipped_sites: frozenset[str], apart_from: Sequence[Example]
) -> Iterator[Example]:
    """Articles (columns ``domain, text``) of one site in `SITE_SHARE`, all their lines taken for body.

    The skipped sites and all that has a paragraph of the documents ``apart_from`` are left out.
    """
    skipped = {line.key for example in apart_from for line in example.document.lines if line.is_long}
    table = pq.read_table(path, columns=["domain", "text"]).to_pylist()
    site_articles: Counter[str] = Counter()
    for number, row in enumerate(table):
        domain = row["domain"] or ""
        site = site_hash(domain)
        if site in skipped_sites or not is_trained_on(domain) or site_articles[site] == ARTICLES_A_SITE:
            continue
        if row["text"] and row["text"].strip():
            document = plain_document(row["text"])
            is_new = skipped.isdisjoint(line.key for line in document.lines)
            if is_new and len(document.lines) <= MAX_LINES:
                site_articles[site] += 1
                labels = np.zeros(len(document.lines), dtype=np.int64)
                yield Example(f"article-{number}", site, "article", document, labels)


def is_trained_on(site: str) -> bool:
    """Whether articles of a site may be trained on; the others measure the harm to clean text."""
    return crc32(site.encode()) % SITE_SHARE == 0


def noise_phrases() -> Iterator[Phrase]:
    """The phrases of the cleaners' rules, in thirty languages, as lines of noise."""
    for phrase, kind, part in rule_phrases():
        yield from (Phrase(text, kind, part) for text in _phrase_texts(phrase))


def _phrase_texts(phrase: str) -> Iterator[str]:
    """Texts that a phrase stands for, each alternative in one of them; numbers are 12."""
    choices = [word.rstrip("?").split("/") for word in phrase.split()]
    for turn in range(max(len(words) for words in choices)):
        words = (options[turn % len(options)] for options in choices)
        yield " ".join(words).replace("#", "12").replace("*", "").strip()


def plain_document(text: str) -> Document:
    """A document of plain text, as the reader lays it out."""
    return Document(*lay_out_text(text))
