"""What stands in a page keeps its meaning in a line: cases, and whole pages, as plain text and as Markdown."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from winnow.corpus.document import Cleaned, Document
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import lay_out_page, parse_page, write_page
from winnow.corpus.lines import PLAIN_RUN
from winnow.corpus.markdown import to_markdown
from winnow.corpus.packed import pack, unpack

FOLDER = Path(__file__).parent / "cases"
CASES = [json.loads(line) for line in (FOLDER / "layout.jsonl").read_text(encoding="utf8").splitlines()]
PAGES = sorted((FOLDER / "pages").glob("*.html"))
READER = MarkdownIt("commonmark", {"maxNesting": 200}).enable(["table", "strikethrough"])
MIN_NEGATIVE_SHARE = 1 / 3


def document_of(html: str) -> Document:
    page = write_page(lay_out_page(parse_page(html)))
    return Document(page.text, page.blocks, content_type="text/html", code=page.code)


def markdown_of(document: Document) -> str:
    return to_markdown(Cleaned(document, ()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_page_is_laid_out_so_that_it_keeps_its_meaning(case: Mapping[str, str]) -> None:
    assert document_of(case["html"]).text == case["text"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_markdown_keeps_the_meaning_of_the_layout(case: Mapping[str, str]) -> None:
    assert markdown_of(document_of(case["html"])) == case["markdown"]


def test_a_third_of_the_cases_look_like_others_and_stay() -> None:
    assert sum(not case["changes"] for case in CASES) >= MIN_NEGATIVE_SHARE * len(CASES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_whole_page_reads_as_it_did(path: Path) -> None:
    document = document_of(path.read_text(encoding="utf8"))
    assert document.text == path.with_suffix(".txt").read_text(encoding="utf8")
    assert markdown_of(document) == path.with_suffix(".md").read_text(encoding="utf8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_that_was_packed_is_written_alike(path: Path) -> None:
    document = document_of(path.read_text(encoding="utf8"))
    assert unpack(pack(document)) == document


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_reader_of_the_markdown_shows_each_case_word_by_word(case: Mapping[str, str]) -> None:
    assert read_again(case["markdown"]) == PLAIN_RUN.findall(case["text"])


def read_again(markdown: str) -> list[str]:
    """The words of a Markdown text that was read, and laid out again."""
    html = READER.render(markdown)
    return PLAIN_RUN.findall(document_of(html).text) if html.strip() else []


OPENED = (
    "p div h2 li ul ol|start=3 ol|type=a ol|reversed blockquote pre code b q x-y table tr td td|colspan=2 th caption sup sub"
    " ruby rt section del ins"
).split()
TAGS = [form for tag in OPENED for form in (f"<{tag.replace('|', ' ')}>", f"</{tag.partition('|')[0]}>")]
TEXTS = [
    "rain ",
    "sun",
    " | ",
    "|",
    "1. ",
    "2) x",
    "10",
    "*",
    "_a_",
    "`",
    "\\",
    "&lt;b&gt;",
    "# ",
    "- ",
    "\n",
    "字",
    "$x_i$",
    "<br>",
]
MARKUP = st.lists(st.sampled_from([*TAGS, *TEXTS, *TEXTS]), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(MARKUP.filter(str.strip))
def test_markdown_that_is_read_and_laid_out_again_gives_the_same_words_in_order(html: str) -> None:
    try:
        document = document_of(html)
    except UnreadableError:
        return
    assert read_again(markdown_of(document)) == PLAIN_RUN.findall(document.text)


@settings(max_examples=200, deadline=None)
@given(MARKUP.filter(str.strip))
def test_blocks_of_a_written_page_cover_its_text_and_its_code_lies_inside(html: str) -> None:
    try:
        document = document_of(html)
    except UnreadableError:
        return
    assert "".join(document.text[b.start : b.end] for b in document.blocks) == document.text
    assert all(document.text[b.end - 1] == "\n" for b in document.blocks)
    assert all(document.text[a:b].strip() for a, b in document.code)
