"""The layout of any page: its blocks cover its text, hidden parts shown or not, and its metadata are texts."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Final

from tests.fuzz.target import Target, as_bytes, expect
from tests.test_layout import CASES, PIECES, assert_blocks_cover
from winnow.corpus.decode import decode
from winnow.corpus.document import Metadata
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import lay_out_page, lay_out_text, parse_page, write_page
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.layout.scripts import script_content

RAW: Final = Path(__file__).parents[2] / "raw"
ENCODINGS: Final = ("", "utf-8", "cp1252", "utf-16", "shift_jis", "no-such")
MARKUP: Final = (
    "<html>", "<head>", "</head>", "<body>", "</body></html>", "<title>", "</title>", "<h1>", "</h1>", "<ul>", "</ul>",
    "<ol start=3>", "<nav>", "<article>", "<blockquote>", "<details>", "<template>", "<noscript>", "</noscript>", "<svg>",
    "<iframe>", "<textarea>", "<select><option>", "<!--", "-->", "<![CDATA[", "<?xml version='1.0'?>", "<!doctype html>",
    "<meta charset=utf-16>", "<meta property='article:published_time' content='2024-05-03'>", "<time datetime='", "'>",
    "<meta name=author content='Ada Moss'>", "<link rel=canonical href='https://a.example/b'>", "<base href='//x'>",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle", "author": [{"name": "Ada Moss"}], "@graph": [', "]}",
    "<script>window.__STATE__ = ", "<script id=__NEXT_DATA__ type=application/json>", "JSON.parse('", "\\u0041", "\\x3c",
    " style='display:none'", " class='hidden comment byline'", " itemprop=articleBody", "&nbsp;", "&#0;", "&#x110000;",
    "&amp;amp;", "\0", "\x0c", "\r", "\u2028", "\ufeff", "By Ada Moss", "3 May 2024", "rowspan=9", "<frameset>", "<plaintext>",
)  # fmt: skip


def check(data: bytes) -> None:
    """Lay out a page, and the same bytes as a plain text; the first byte names an encoding."""
    declared = ENCODINGS[data[0] % len(ENCODINGS)] if data else ""
    for read in (_read_page, _read_text):
        try:
            read(data[1:], declared)
        except UnreadableError as error:
            expect(error.detail, "a reason is given")


def _read_page(content: bytes, declared: str) -> None:
    html = decode(content, declared, html=True)
    tree = parse_page(html)
    _check_metadata(page_metadata(tree))
    for paragraph in script_content(tree).paragraphs:
        expect(paragraph and "\n" not in paragraph, "a paragraph is a line")
    for with_hidden in (False, True):
        page = lay_out_page(tree, with_hidden=with_hidden)
        assert_blocks_cover(page.text, page.blocks)
        written = write_page(page)
        lines = "".join(written.text[block.start : block.end] for block in written.blocks)
        expect(lines == written.text, "blocks cover a written page")


def _read_text(content: bytes, declared: str) -> None:
    text, blocks = lay_out_text(decode(content, declared, html=False))
    text.encode()
    expect("".join(text[b.start : b.end] for b in blocks) == text, "blocks cover a text")


def _check_metadata(metadata: Metadata) -> None:
    """A page's metadata can be written."""
    for value in astuple(metadata):
        for text in value if isinstance(value, tuple) else (value,):
            text.encode()
            expect("\0" not in text, "metadata hold no NUL")


def _pages() -> Iterator[bytes]:
    yield from (b"\0" + page.encode() for page in CASES)
    yield from (b"\0" + path.read_bytes() for path in sorted(RAW.glob("**/*.*htm*")))


TARGET: Final = Target(check, _pages, as_bytes(PIECES, MARKUP), max_bytes=4096)
