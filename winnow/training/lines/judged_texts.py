"""Texts with labelled lines, rebuilt from their sources and checked by hash, because they cannot be published."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from winnow.training.lines.line_examples import Example, plain_document

# The extractors whose text of a page was labelled; another version may break lines elsewhere, and that text is skipped.
RESILIPARSE: Final = {
    "main_content": True,
    "alt_texts": False,
    "list_bullets": False,
    "links": False,
    "preserve_formatting": True,
}
TRAFILATURA: Final = {"favor_recall": True, "include_comments": True}

Record = dict[str, Any]


def is_blind(site: str) -> bool:
    """Whether the blindly labelled texts of a site only measure: nobody reads or trains on them; told by its hash."""
    return int(site, 16) % 2 == 1


def read_judged(labels: Path, pages: Path, articles: Path) -> Iterator[Example]:
    """The texts of a file of labels that can be rebuilt with the same hash; their source is ``labelled``.

    A label record has ``id, source, row, domain_hash, sha256`` and ``noise``, the numbers of lines by kind;
    lines that it does not name are body. ``row`` is a key of ``pages`` (`file_id`) or ``articles`` (`doc_id`).
    """
    by_source: defaultdict[str, list[Record]] = defaultdict(list)
    for line in labels.read_text(encoding="utf8").splitlines():
        record = json.loads(line)
        by_source[record["source"]].append(record)
    for source, records in sorted(by_source.items()):
        texts = source_texts(source, {record["row"] for record in records}, pages, articles)
        for record in records:
            text = texts.get(record["row"], "")
            if hashlib.sha256(text.encode()).hexdigest() == record["sha256"]:
                yield _example(record, text)


def _example(record: Record, text: str) -> Example:
    document = plain_document(text)
    kinds = {number: kind for kind, numbers in record["noise"].items() for number in numbers}
    numbers = [1 + text.count("\n", 0, line.start) for line in document.lines]
    labels = np.array([int(number in kinds) for number in numbers], dtype=np.int64)
    names = tuple(kinds.get(number, "body") for number in numbers)
    return Example(record["id"], record["domain_hash"], "labelled", document, labels, names)


def source_texts(source: str, rows: set[str], pages: Path, articles: Path) -> dict[str, str]:
    """Texts by their row: of ``articles``, or what an extractor makes of ``pages``; none if it is not installed."""
    if source == "articles":
        return _column(articles, "doc_id", "text", rows)
    if find_spec(source) is None:
        return {}
    extract = EXTRACTORS[source]
    return {row: extract(html) for row, html in _column(pages, "file_id", "html", rows).items()}


def _column(path: Path, key: str, column: str, rows: set[str]) -> dict[str, Any]:
    table = pq.read_table(path, columns=[key, column], filters=[(key, "in", sorted(rows))])
    return dict(zip(table[key].to_pylist(), table[column].to_pylist(), strict=True))


def _by_resiliparse(html: bytes) -> str:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return str(extract(html.decode("utf8", "replace"), **RESILIPARSE))


def _by_trafilatura(html: bytes) -> str:
    return import_module("trafilatura").extract(html, **TRAFILATURA) or ""


EXTRACTORS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "resiliparse": _by_resiliparse,
    "trafilatura": _by_trafilatura,
}
