"""Texts for machines and error pages: how many are told, and how often a real page or article is taken for one.

    python -m bench.machine_text

Pages are those of the Web Content Extraction Benchmark, articles those of public research collections; each document
that is rejected is printed, for a person to see whether it is one. The texts for machines are the style sheets,
scripts, data files and pictures that the installed packages bring, and the documentation in them is what must stay.
"""

import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from bench.results import SHARED, require, write_results
from winnow.api import raw_document
from winnow.corpus.error_pages import MAX_TITLED_CHARS
from winnow.corpus.errors import UnreadableError
from winnow.corpus.machine_text import machine_format
from winnow.corpus.raw import HTML, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import clean_raw
from winnow.pipeline.documents.rejection import own_rejection

PAGES: Final = SHARED / "data" / "wcxb" / "dev.parquet"
ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
MACHINE_SUFFIXES: Final = (".css", ".js", ".mjs", ".json", ".svg")
PEOPLE_SUFFIXES: Final = (".rst", ".md", ".txt", ".html")
FILES_PER_SUFFIX: Final = 800
MAX_FILE_BYTES: Final = 1_000_000
SETTINGS: Final = Settings()
SHOWN_CHARS: Final = 200


def main() -> None:
    """Count, and write the results."""
    require(PAGES)
    require(ARTICLES)
    figures = {
        "pages": _rejected(_pages()),
        "articles": _rejected(_articles()),
        "machine texts told": _told(MACHINE_SUFFIXES),
        "documentation taken for them": _told(PEOPLE_SUFFIXES),
    }
    write_results("machine_text", [PAGES, ARTICLES], figures)


def _pages() -> Iterator[RawDocument]:
    for html in pq.read_table(PAGES, columns=["html"])["html"].to_pylist():
        yield RawDocument("", html if isinstance(html, bytes) else html.encode(), HTML, "", "")


def _articles() -> Iterator[RawDocument]:
    return (raw_document(text) for text in pq.read_table(ARTICLES, columns=["text"])["text"].to_pylist())


def _rejected(documents: Iterator[RawDocument]) -> dict[str, object]:
    """How many documents are rejected for what they are, by reason."""
    total, reasons = 0, Counter[str]()
    for raw in documents:
        total += 1
        if reason := _reason(raw):
            reasons[reason] += 1
            print(f"{reason}: {raw.content[:SHOWN_CHARS]!r}")
    return {"documents": total, "rejected": dict(reasons), "share": round(reasons.total() / total, 5)}


def _reason(raw: RawDocument) -> str:
    """The reason to reject a document; a long text without markup is no message, and need not be cleaned."""
    if raw.content_type != HTML and len(raw.content) > 4 * MAX_TITLED_CHARS:
        return machine_format(raw.content)
    try:
        return own_rejection(raw, clean_raw(raw, SETTINGS))
    except UnreadableError:
        return ""


def _told(suffixes: tuple[str, ...]) -> dict[str, str]:
    """For each suffix how many of the files that installed packages bring are taken for texts for machines."""
    root = Path(sysconfig.get_path("purelib")).resolve()
    counts = {
        suffix: [bool(machine_format(content)) for content in _contents(root, suffix)]
        for suffix in suffixes
    }
    return {suffix: f"{sum(told)} of {len(told)}" for suffix, told in counts.items() if told}


def _contents(root: Path, suffix: str) -> Iterator[bytes]:
    paths = (path for path in sorted(root.rglob(f"*{suffix}")) if path.is_file())
    sizes = ((path, path.stat().st_size) for path in paths if path.name != "robots.txt")
    fitting = [path for path, size in sizes if 0 < size <= MAX_FILE_BYTES]
    step = max(1, len(fitting) // FILES_PER_SUFFIX)
    return (path.read_bytes() for path in fitting[::step])


if __name__ == "__main__":
    main()
