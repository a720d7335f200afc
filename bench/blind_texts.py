"""Texts that were labelled blind, rebuilt from ``../shared/data`` and checked by hash.

A text is an article as a collection holds it, or what an extractor makes of a page: what people clean who did not
extract the text themselves. Another version of an extractor may break lines elsewhere; that text is then skipped.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from bench.results import SHARED
from bench.unseen import Label, sha256
from winnow.corpus.decode import decode
from winnow.training.lines.judged_texts import RESILIPARSE, TRAFILATURA

DATA: Final = SHARED / "data"
# Where the rows of each source lie: the file, the column with their names, the column with page or text.
SOURCES: Final[Mapping[str, tuple[Path, str, str]]] = {
    "wcxb": (DATA / "wcxb" / "dev.parquet", "file_id", "html"),
    "news2011": (DATA / "pages" / "news2011.parquet", "file_id", "html"),
    "chinese": (DATA / "pages" / "chinese.parquet", "file_id", "html"),
    "html_pc1": (DATA / "reliability" / "html_pc1.parquet", "file", "html"),
    "articles": (DATA / "reliability" / "articles.parquet", "doc_id", "text"),
    "more_articles": (DATA / "reliability" / "more_articles.parquet", "doc_id", "text"),
}
UNCHANGED: Final = "none"  # the extractor of an article, which is a text already
UNSEEN_ELEMENTS: Final = "//script | //style | //noscript | //template"


def rebuilt(records: Iterable[Label]) -> dict[str, str]:
    """Texts by the identifier of their record, for the records whose text is found with the hash that was labelled."""
    by_source: defaultdict[str, list[Label]] = defaultdict(list)
    for record in records:
        if record["extractor"] == UNCHANGED or find_spec(PACKAGES.get(record["extractor"], "lxml")):
            by_source[record["source"]].append(record)
    texts: dict[str, str] = {}
    for source, members in by_source.items():
        values = read_rows(source, {record["row"] for record in members})
        for record in filter(lambda record: record["row"] in values, members):
            text = text_of(values[record["row"]], record["extractor"], record["max_lines"])
            if sha256(text) == record["sha256"]:
                texts[record["id"]] = text
    return texts


def read_rows(source: str, rows: set[str]) -> dict[str, Any]:
    """The pages (bytes) or texts of a source by the name of their row."""
    path, key, column = SOURCES[source]
    table = pq.read_table(path, columns=[key, column], filters=[(key, "in", sorted(rows))])
    return dict(zip(table[key].to_pylist(), table[column].to_pylist(), strict=True))


def text_of(value: Any, extractor: str, max_lines: int | None) -> str:
    """What an extractor makes of a page, or an article as it is; the first lines of it where a number is given."""
    text = value if extractor == UNCHANGED else EXTRACTORS[extractor](decode(value, html=True))
    return "\n".join(text.split("\n")[:max_lines])


def _by_trafilatura(html: str) -> str:
    return str(import_module("trafilatura").extract(html) or "")


def _by_trafilatura_for_recall(html: str) -> str:
    return str(import_module("trafilatura").extract(html, **TRAFILATURA) or "")


def _by_resiliparse(html: str) -> str:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return str(extract(html, **RESILIPARSE))


def _by_readability(html: str) -> str:
    summary = import_module("readability").Document(html).summary()
    return _lines(document_fromstring(summary))


def _by_get_text(html: str) -> str:
    return _lines(document_fromstring(html.encode(), parser=HTMLParser(encoding="utf-8")))


def _lines(root: HtmlElement) -> str:
    """Each piece of text of a tree on a line of its own, as ``get_text("\\n", strip=True)`` gives it."""
    for element in root.xpath(UNSEEN_ELEMENTS):
        element.drop_tree()
    return "\n".join(piece.strip() for piece in root.itertext() if piece.strip())


EXTRACTORS: Final[Mapping[str, Callable[[str], str]]] = {
    "trafilatura": _by_trafilatura,
    "trafilatura for recall": _by_trafilatura_for_recall,
    "resiliparse": _by_resiliparse,
    "readability": _by_readability,
    "get_text": _by_get_text,
}
PACKAGES: Final = {"resiliparse": "resiliparse", "readability": "readability"}
