"""Other extractors, each a function from a page's bytes to its main content."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version

import trafilatura
from lxml.html import fromstring

from winnow.corpus.decode import decode

Extract = Callable[[bytes], str]


def rivals() -> Mapping[str, Extract]:
    """The extractors that are installed, at their default and their best settings."""
    extract = trafilatura.extract
    extractors: dict[str, Extract] = {
        "trafilatura": lambda html: extract(html) or "",
        "trafilatura without comments": lambda html: extract(html, include_comments=False) or "",
        "trafilatura fast": lambda html: extract(html, fast=True, include_comments=False) or "",
        "trafilatura for precision": lambda html: extract(html, favor_precision=True) or "",
        "trafilatura for recall": lambda html: extract(html, favor_recall=True) or "",
    }
    if is_installed("resiliparse"):
        extractors["resiliparse"] = _resiliparse
    if is_installed("readability-lxml"):
        extractors["readability-lxml"] = _readability
    if is_installed("justext"):
        extractors["jusText"] = _justext
    return extractors


def is_installed(package: str) -> bool:
    """Whether a rival can be measured; says so where it cannot."""
    try:
        return bool(version(package))
    except PackageNotFoundError:
        print(f"{package} is not installed, and not measured; pip install {package}")
        return False


def _resiliparse(html: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    plain = partial(extract_plain_text, main_content=True, alt_texts=False)
    return str(plain(decode(html, html=True)))


def _readability(html: bytes) -> str:
    from readability import Document

    return str(fromstring(Document(decode(html, html=True)).summary()).text_content())


def _justext(html: bytes) -> str:
    import justext

    paragraphs = justext.justext(html, justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
