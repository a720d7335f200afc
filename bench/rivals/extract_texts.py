"""The text that other extractors make of pages, run in an environment of their own.

Usage: python extract_texts.py < PAGES > TEXTS. Pages are JSON lines with ``html``, ``url`` and ``lang``; texts are
JSON lines in the same order, an object each with a text by extractor, null where the extractor failed.
"""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Final

import justext
import newspaper
import trafilatura
from boilerpy3.extractors import ArticleExtractor
from lxml.html import fromstring
from readability import Document
from resiliparse.extract.html2text import extract_plain_text

STOP_LISTS: Final = {
    "el": "Greek",
    "en": "English",
    "pl": "Polish",
    "ru": "Russian",
}  # jusText has none of Chinese

Page = Mapping[str, str]


def _trafilatura(page: Page) -> str:
    return trafilatura.extract(page["html"]) or ""


def _resiliparse(page: Page) -> str:
    return str(extract_plain_text(page["html"], main_content=True, alt_texts=False))


def _readability(page: Page) -> str:
    return str(fromstring(Document(page["html"]).summary()).text_content())


def _justext(page: Page) -> str:
    if page["lang"] not in STOP_LISTS:
        return ""
    words = justext.get_stoplist(STOP_LISTS[page["lang"]])
    paragraphs = justext.justext(page["html"], words)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _boilerpy3(page: Page) -> str:
    return str(ArticleExtractor().get_content(page["html"]))


def _newspaper(page: Page) -> str:
    settings = newspaper.Config()
    settings.fetch_images = settings.memorize_articles = False
    article = newspaper.Article(page["url"] or "http://site.example/page", config=settings)
    article.download(input_html=page["html"])
    article.parse()
    return str(article.text)


EXTRACTORS: Final[Mapping[str, Callable[[Page], str]]] = {
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
    "readability-lxml": _readability,
    "jusText": _justext,
    "boilerpy3": _boilerpy3,
    "newspaper4k": _newspaper,
}


def text_or_none(extract: Callable[[Page], str], page: Page) -> str | None:
    """The text of a page; none where the extractor fails."""
    try:
        return extract(page)
    except Exception as error:  # noqa: BLE001  # rivals raise what they like; the page is counted as failed
        print(f"{page['url']}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def main() -> None:
    """Extract the text of each page on standard input."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        page = json.loads(line)
        print(json.dumps({name: text_or_none(extract, page) for name, extract in EXTRACTORS.items()}))


if __name__ == "__main__":
    main()
