"""What other extractors make of pages, so that the line model learns from the noise that they leave.

Usage: python -m winnow.training.lines.page_texts OUT.jsonl.gz PAGES.parquet ...

It runs in an environment of its own, which has the packages of ``extractors.txt`` beside this file and needs nothing of
Winnow's: some of the extractors pin what Winnow uses at another version. `natural_labels` starts it.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import pyarrow.parquet as pq
from lxml import etree
from lxml.html import HTMLParser, fromstring

MAX_PAGE_BYTES: Final = 1_000_000  # of HTML; some extractors take minutes for more
PAGES_READ: Final = 32  # at a time
MIN_SUMMARY_CHARS: Final = 200  # of HTML, below which readability has found no article
# what extractors raise on pages that they cannot read
FAILURES: Final = (
    *(ValueError, TypeError, AttributeError, LookupError, AssertionError, RuntimeError, ArithmeticError),
    ImportError,  # newspaper wants further packages for some languages
    etree.LxmlError,
)
UNSEEN_ELEMENTS: Final = ("script", "style", "noscript", "template")
STOP_WORDS: Final = {"en": "English", "el": "Greek", "pl": "Polish", "ru": "Russian"}  # of jusText

Extract = Callable[[str, str], str]  # the HTML and the language of a page -> its text


def _package(name: str) -> Any:
    return import_module(name)


def _trafilatura(**settings: bool) -> Extract:
    return lambda html, _: _package("trafilatura").extract(html, **settings) or ""


def _resiliparse(**settings: bool) -> Extract:
    return lambda html, _: str(
        _package("resiliparse.extract.html2text").extract_plain_text(html, main_content=True, **settings)
    )


def _resiliparse_page(html: str, _: str) -> str:
    return str(_package("resiliparse.extract.html2text").extract_plain_text(html, list_bullets=False))


@cache
def _summary(html: str) -> str:
    """What readability takes for the article, as HTML."""
    summary = str(_package("readability").Document(html).summary())
    return summary if len(summary) > MIN_SUMMARY_CHARS else "<p></p>"


def _readable_text(html: str, _: str) -> str:
    return str(_package("html_text").extract_text(_summary(html)))


def _readable_inscription(html: str, _: str) -> str:
    return str(_package("inscriptis").get_text(_summary(html)))


def _readable_paragraphs(html: str, language: str) -> str:
    return _paragraphs(_summary(html), language)


def _readable_markdown(html: str, language: str) -> str:
    return _markdown(_summary(html), language)


def _inscription(html: str, _: str) -> str:
    return str(_package("inscriptis").get_text(html))


def _markdown(html: str, _: str) -> str:
    writer = _package("html2text").HTML2Text(bodywidth=0)
    writer.ignore_links = writer.ignore_images = writer.ignore_emphasis = True
    return str(writer.handle(html))


def _all_text(html: str, _: str) -> str:
    """Each piece of text of a page on a line of its own, as ``get_text("\n", strip=True)`` gives it."""
    root = fromstring(html, parser=_parser())
    etree.strip_elements(root, *UNSEEN_ELEMENTS, with_tail=False)
    etree.strip_tags(root, etree.Comment)
    return "\n".join(piece.strip() for piece in root.itertext() if piece.strip())


def _paragraphs(html: str, _: str) -> str:
    """The text of every `p`, a line each."""
    texts = (" ".join(p.text_content().split()) for p in fromstring(html, parser=_parser()).iter("p"))
    return "\n".join(filter(None, texts))


def _parser() -> HTMLParser:
    return HTMLParser(encoding=None, recover=True)


def _justext(html: str, language: str) -> str:
    justext = _package("justext")
    stop_words = justext.get_stoplist(STOP_WORDS[language]) if language in STOP_WORDS else frozenset()
    paragraphs = justext.justext(html, stop_words)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _boilerpy(extractor: str) -> Extract:
    return lambda html, _: str(
        getattr(_package("boilerpy3.extractors"), extractor)(raise_on_failure=False).get_content(html)
    )


def _newspaper(html: str, _: str) -> str:
    newspaper = _package("newspaper")
    settings = newspaper.Config()
    settings.fetch_images = settings.memorize_articles = False
    article = newspaper.Article("https://example.org/page", config=settings)
    errors = _package("newspaper.exceptions")
    try:
        article.download(input_html=html)
        article.parse()
    except (errors.ArticleException, errors.ArticleBinaryDataException) as error:
        raise ValueError("newspaper does not take the page for an article") from error
    return str(article.text)


def _goose(html: str, _: str) -> str:
    goose = _package("goose3").Goose({"enable_image_fetching": False})
    return str(goose.extract(raw_html=html).cleaned_text or "")


# Name -> the extractor, and the pages it reads: one of so many by their hash, so that slow ones cost no more than
# others; 0 stands for no pages but articles' (the second number is for pages of other kinds).
EXTRACTORS: Final[Mapping[str, tuple[Extract, int, int]]] = {
    "trafilatura": (_trafilatura(), 1, 2),
    "trafilatura_recall": (_trafilatura(favor_recall=True, include_comments=True), 3, 0),
    "trafilatura_fast": (_trafilatura(fast=True, include_comments=False, include_tables=False), 3, 0),
    "resiliparse": (
        _resiliparse(alt_texts=False, list_bullets=False, links=False, preserve_formatting=True),
        1,
        2,
    ),
    "resiliparse_bullets": (_resiliparse(), 2, 0),
    "readability_text": (_readable_text, 1, 0),
    "readability_inscriptis": (_readable_inscription, 2, 0),
    "readability_paragraphs": (_readable_paragraphs, 2, 0),
    "readability_markdown": (_readable_markdown, 3, 0),
    "newspaper": (_newspaper, 5, 0),
    "goose": (_goose, 5, 0),
    "justext": (_justext, 2, 0),
    "boilerpy_article": (_boilerpy("ArticleExtractor"), 2, 0),
    "boilerpy_default": (_boilerpy("DefaultExtractor"), 5, 0),
    "paragraphs": (_paragraphs, 1, 0),
    # whole pages: content among menus
    "page_pieces": (_all_text, 2, 2),
    "page_inscriptis": (_inscription, 3, 3),
    "page_markdown": (_markdown, 3, 3),
    "page_resiliparse": (_resiliparse_page, 3, 3),
}


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """Pages of a Parquet file, columns as WCXB has them, or ``file_id, site, lang, html, gold``; articles first."""
    names = pq.ParquetFile(path).schema_arrow.names
    wanted = [True, False] if "page_type" in names else [True]
    for articles in wanted:
        for batch in pq.ParquetFile(path).iter_batches(PAGES_READ):
            for row in batch.to_pylist():
                if (row.get("page_type", "article") == "article") == articles:
                    yield row


def texts_of(
    html: str, language: str, page: str, is_article: bool, failures: Counter[str]
) -> dict[str, str]:
    """The texts of a page by the name of the extractor; which ones read it depends on the hash of its name alone."""
    texts = {}
    for name, (extract, share, other_share) in EXTRACTORS.items():
        one_in = share if is_article else other_share
        if not one_in or crc32(f"{page} {name}".encode()) % one_in:
            continue
        try:
            text = extract(html, language)
        except FAILURES as error:
            failures[f"{name}: {type(error).__name__}"] += 1
            continue
        if text.strip():
            texts[name] = text
    _summary.cache_clear()
    return texts


def record(row: Mapping[str, Any], failures: Counter[str]) -> dict[str, Any]:
    """One page: its name, address or site, kind, title, reference and the extractors' texts."""
    encodings = _package("resiliparse.parse.encoding")
    encoding = encodings.detect_encoding(row["html"], from_html_meta=True)
    html = str(encodings.bytes_to_str(row["html"], encoding))
    kind, language = row.get("page_type", "article"), row.get("lang", "en")
    page = str(row["file_id"])
    return {
        "page": page,
        "site": row.get("site") or row.get("url") or page,
        "kind": kind,
        "language": language,
        "title": row.get("title") or _title(html),
        "content": row.get("main_content", row.get("gold")) or "",
        "texts": texts_of(html, language, page, kind == "article", failures),
    }


def _title(html: str) -> str:
    try:
        return " ".join((fromstring(html, parser=_parser()).findtext(".//title") or "").split())
    except FAILURES:
        return ""


def write_texts(target: Path, pages: Iterable[Path]) -> Counter[str]:
    """Write one JSON record a page; gives how often each extractor failed, and how many pages were read."""
    counts: Counter[str] = Counter()
    with gzip.open(target, "wt", encoding="utf8", compresslevel=3) as file:
        for path in pages:
            for row in read_pages(path):
                if len(row["html"]) <= MAX_PAGE_BYTES:
                    counts["pages"] += 1
                    file.write(json.dumps(record(row, counts), ensure_ascii=False) + "\n")
                    if counts["pages"] % 100 == 0:
                        print(f"{counts['pages']} pages", flush=True)
    return counts


if __name__ == "__main__":
    print(write_texts(Path(sys.argv[1]), map(Path, sys.argv[2:])))
