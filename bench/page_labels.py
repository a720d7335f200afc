"""Pages whose paragraphs were labelled by reading: which pages, which paragraphs, and where they stand in a layout.

``bench/labels/page_parts.jsonl`` holds files, numbers, hashes and roles, never text. The pages are those of
``html_pc1.parquet`` that `chosen_pages` names, of sites that no training page of Winnow comes from; three of
them are no articles to read (an index, a list of offers, a text that is scrambled) and have no labels. A
paragraph is a block of the layout that the labels were made on. It is found again by the hash of its letters, so
that another layout may space, break or join lines as it likes.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any, Final

import pyarrow.parquet as pq

from bench.results import ROOT, SHARED
from winnow.corpus.decode import decode
from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import Page, parse_page
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.language import detect_language

LABELS: Final = ROOT / "bench" / "labels" / "page_parts.jsonl"
PAGES: Final = SHARED / "data" / "reliability" / "html_pc1.parquet"
WCXB: Final = SHARED / "data" / "wcxb" / "dev.parquet"
NEWS: Final = SHARED / "data" / "pages" / "news2011.parquet"
TEST_PAGES: Final = "wcxb/"  # files of the benchmark's test set, which is never looked at
MIN_WORDS: Final = 80  # of running text; pages with less are indexes, players and error messages
PROSE_WORDS, PROSE_LINK_SHARE = 12, 0.5  # of a block of running text: words at least, links less than
PAGES_OF_SITE: Final = {"en": 1, "de": 1}  # at most; of the languages with few pages, `OTHER_PAGES`
OTHER_PAGES: Final = 2
HASH_DIGITS: Final = 16

# What a paragraph is to a reader. What has no label is around the article: menus, footers, lists of other pages.
ROLES: Final = (
    "headline",
    "standfirst",  # lead, deck or summary between headline and body
    "body",
    "subhead",
    "caption",
    "credit",  # of a picture, on a line of its own
    "byline",  # authors, days, places, reading times
    "promotion",  # teasers, newsletters, apps, appeals and advertisements inside the body or between its parts
    "embed",  # posts of networks, players and their texts inside the body
    "comment",  # readers' comments and what invites to them
    "aside",  # of the article, but conventions differ: kickers, biographies, sources, notes, boxes; not judged
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled paragraph: its number in the layout of that day, its letters' hash and count, and its role."""

    number: int
    sha: str
    letters: int
    role: str


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """The labels of one page."""

    file: str
    language: str
    paragraphs: tuple[Labelled, ...]


def letters_of(text: str) -> str:
    """The letters and digits of a text in lower case, and nothing else.

    >>> letters_of("Rain fell, 3 mm.")
    'rainfell3mm'
    """
    return "".join(filter(str.isalnum, text.lower()))


def letters_hash(letters: str) -> str:
    """The first `HASH_DIGITS` of the SHA-256 of letters."""
    return hashlib.sha256(letters.encode()).hexdigest()[:HASH_DIGITS]


@cache
def labelled_files() -> tuple[LabelledFile, ...]:
    """The labels of all pages, in the order of the file."""
    return tuple(map(_file_labels, LABELS.read_text(encoding="utf8").splitlines()))


def _file_labels(line: str) -> LabelledFile:
    record = json.loads(line)
    paragraphs = (Labelled(*values) for values in record["paragraphs"])
    return LabelledFile(record["file"], record["language"], tuple(paragraphs))


def block_texts(page: Page) -> list[str]:
    """The text of each block of a page."""
    return [page.text[block.start : block.end - 1] for block in page.blocks]


def find_paragraphs(labels: Sequence[Labelled], texts: Sequence[str]) -> dict[int, str]:
    """The text of each labelled paragraph that blocks hold, by its number: as a block, or as a part of their letters.

    Of blocks with equal letters the nearest to the number is meant.

    >>> label = Labelled(7, letters_hash("rainfell"), 8, "body")
    >>> find_paragraphs([label], ["Menu", "Rain fell."]), find_paragraphs([label], ["Menu Rain", "fell."])
    ({7: 'Rain fell.'}, {7: 'rainfell'})
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        places[letters_hash(letters_of(text))].append(number)
    found = {
        label.number: texts[min(places[label.sha], key=lambda place: abs(place - label.number))]
        for label in labels
        if label.sha in places
    }
    missing = [label for label in labels if label.number not in found]
    return found | _parts(missing, texts) if missing else found


def _parts(labels: Sequence[Labelled], texts: Sequence[str]) -> dict[int, str]:
    """Paragraphs that begin with a word anywhere and end anywhere, as their letters."""
    words = [letters_of(word) for text in texts for word in text.split()]
    letters, starts = "".join(words), [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    parts = {}
    for label in labels:
        stretches = (letters[start : start + label.letters] for start in starts)
        parts[label.number] = next((part for part in stretches if letters_hash(part) == label.sha), "")
    return {number: part for number, part in parts.items() if part}


def chosen_pages() -> list[Mapping[str, Any]]:
    """The pages to label, in the order of labelling: languages take turns, pages by the hash of their file's name."""
    trained = trained_sites()
    rows = (row for row in pq.read_table(PAGES).to_pylist() if not row["file"].startswith(TEST_PAGES))
    by_language: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    sites: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: hashlib.sha256(row["file"].encode()).hexdigest()):
        site = registered_domain(row["url"] or "") or row["domain"]
        prose = " ".join(_prose(row["html"])) if site not in trained else ""
        language = detect_language(prose)[0]
        is_enough = len(words_of(prose)) >= MIN_WORDS
        if is_enough and sites[site] < PAGES_OF_SITE.get(language, OTHER_PAGES):
            sites[site] += 1
            by_language[language].append({**row, "language": language})
    turns = zip_longest(*(by_language[language] for language in sorted(by_language)))
    return [row for turn in turns for row in turn if row]


@cache
def trained_sites() -> frozenset[str]:
    """The registered domains of all pages that Winnow's block model may be trained on."""
    urls = pq.read_table(WCXB, columns=["url"])["url"].to_pylist()
    hosts = pq.read_table(NEWS, columns=["site"])["site"].to_pylist()
    return frozenset(registered_domain(address or "") for address in (*urls, *hosts)) - {""}


def _prose(html: bytes) -> Iterator[str]:
    """The blocks of running text of a page."""
    try:
        page, _ = read_page(parse_page(decode(html, html=True)))
    except UnreadableError:
        return
    for block, text in zip(page.blocks, block_texts(page), strict=True):
        if block.link_share < PROSE_LINK_SHARE and len(words_of(text)) >= PROSE_WORDS:
            yield text


def record_line(file: str, language: str, paragraphs: Iterable[Labelled]) -> str:
    """The line of the label file for a page."""
    values = [[p.number, p.sha, p.letters, p.role] for p in paragraphs]
    return json.dumps({"file": file, "language": language, "paragraphs": values}, ensure_ascii=False)
