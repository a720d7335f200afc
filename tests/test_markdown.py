"""The cleaned text as Markdown: a Markdown parser gives what the page had."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from winnow.corpus.document import Block, Cleaned, Document, Removal
from winnow.corpus.layout import lay_out_page, parse_page, write_page
from winnow.corpus.markdown import MAX_CELLS, to_markdown
from winnow.corpus.normal_form import plain_text

READER = MarkdownIt("commonmark", {"maxNesting": 200}).enable(["table", "strikethrough"])
SECONDS = 5.0

# HTML: Markdown.
CASES = {
    "<h1>Rain</h1><p>It fell.</p><h6>Sun</h6>": "# Rain\n\nIt fell.\n\n###### Sun\n",
    "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>": "- a\n- b\n  - c\n- d\n",
    "<ol><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ol>": "1. a\n   - b\n     - c\n2. d\n",
    "<ul><li><p>a</p></li><li><div>b</div></li></ul><p>c</p>": "- a\n- b\n\nc\n",
    "<ul><li><ul><li>deep</li></ul></li></ul>": "- deep\n",
    "<li>a</li>": "- a\n",
    "<blockquote><p>a</p><p>b</p><ul><li>c</li></ul></blockquote><p>d</p>": "> a\n>\n> b\n>\n> - c\n\nd\n",
    "<blockquote>a<blockquote>b</blockquote></blockquote>": "> a\n\n> > b\n",
    "<pre>if a < b:\n    c  # *d*\n</pre>": "```\nif a < b:\n    c  # *d*\n```\n",
    "<pre>```\na ```` b</pre><p>c</p>": "`````\n```\na ```` b\n`````\n\nc\n",
    "<table><tr><th>Year</th><th>Rain</th></tr><tr><td>2024</td><td>8|12</td></tr></table>": (
        "| Year | Rain |\n| --- | --- |\n| 2024 | 8\\|12 |\n"
    ),
    "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>": "| a |  |\n| --- | --- |\n| b | c |\n",
    "<table><tr><td>only</td></tr><tr><td>one column</td></tr></table>": "only\n\none column\n",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; AT&amp;T</p>": "&lt;script>alert(1)&lt;/script> &amp;lt; AT&T\n",
    "<p># a</p><p>- b</p><p>+ c</p><p>1. d</p><p>&gt; e</p><p>---</p><p>| f</p>": (
        "\\# a\n\n\\- b\n\n\\+ c\n\n1\\. d\n\n\\> e\n\n\\---\n\n\\| f\n"
    ),
    "<p>-5 degrees, 1.5 m, snake_case, C# and a * b</p>": "-5 degrees, 1.5 m, snake_case, C# and a \\* b\n",
    "<p>[a](javascript:b) ![c](d) `e` _f_ ~~g~~ h\\*</p>": (
        "\\[a](javascript:b) !\\[c](d) \\`e\\` \\_f_ \\~\\~g\\~\\~ h\\\\\\*\n"
    ),
    "<h2>C #</h2><h3>C#</h3>": "## C \\#\n\n### C#\n",
    "<p> </p>": "",
}
PATHS = [
    "body/p", "body/h1", "body/h6", "body/ul/li", "body/ol.big/li", "body/ul/li/ol/li/ul/li", "body/ul/li/p",
    "body/blockquote/p", "body/blockquote/blockquote/ul/li", "body/blockquote/pre", "body/pre", "body/pre/div.line",
    "body/table.x/tr", "body/table/tbody/tr", "body/blockquote/table/tr", "body/table/tr/td/p", "li", "tr", "",
]  # fmt: skip
SCRAPS = [
    "rain", "sun", " ", "  ", " | ", "|", "*", "_", "__", "`", "```", "~~~", "[", "]", "(x)", "<b>", "</b>", "<!--", "<",
    ">", "#", "##", "-", "- ", "---", "+", "1.", "1) ", "\\", "\\|", "&", "&lt;", "&amp;", "&#35;", "=", "===", "!", ":",
    "[a]: b", "http://a.example/b_c", "字", "\t", "é", ";",
]  # fmt: skip
LINES = st.lists(
    st.sampled_from(SCRAPS) | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), max_size=8
)


@st.composite
def cleaned_pages(draw: st.DrawFn) -> Cleaned:
    text, blocks = "", []
    for path, pieces in draw(st.lists(st.tuples(st.sampled_from(PATHS), LINES), max_size=8)):
        line = "".join(pieces) + "\n"
        blocks.append(Block(len(text), len(text) + len(line), path, path.split("/")[-1].split(".")[0]))
        text += line
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    removals = tuple(Removal(a, b, "promo", "rule") for a, b in spans)
    return Cleaned(Document(text, tuple(blocks), content_type="text/html"), removals)


def markdown_of(html: str) -> str:
    page = write_page(lay_out_page(parse_page(html)))
    return to_markdown(
        Cleaned(Document(page.text, page.blocks, content_type="text/html", code=page.code), ())
    )


def words(text: str) -> list[str]:
    return re.findall(r"\w+", plain_text(text))


def rendered_words(markdown: str) -> list[str]:
    html = READER.render(markdown)
    return words(write_page(lay_out_page(parse_page(html))).text) if html.strip() else []


@pytest.mark.parametrize("html", CASES)
def test_a_page_is_written_with_its_structure(html: str) -> None:
    assert markdown_of(html) == CASES[html]


def test_what_was_removed_is_not_written() -> None:
    blocks = (
        Block(0, 5, "body/ul/li", "li"),
        Block(5, 10, "body/ul/li", "li"),
        Block(10, 14, "body/p", "p"),
    )
    document = Document("Rain\nGone\nSun\n", blocks, content_type="text/html")
    assert to_markdown(Cleaned(document, (Removal(5, 10, "promo", "rule"),))) == "- Rain\n\nSun\n"


def test_a_line_whose_break_was_removed_goes_on() -> None:
    document = Document(
        "Ra\nin\n", (Block(0, 3, "p", "p"), Block(3, 6, "p", "p")), content_type="text/html"
    )
    assert to_markdown(Cleaned(document, (Removal(2, 3, "promo", "rule"),))) == "Rain\n"


def test_a_plain_text_stays_as_it_is() -> None:
    text = "# Rain\n\n  * sun <b>\n"
    assert to_markdown(Cleaned(Document(text, (Block(0, len(text)),)), ())) == text


@settings(max_examples=300)
@given(cleaned_pages())
def test_a_markdown_reader_shows_the_words_of_the_kept_text_in_order(cleaned: Cleaned) -> None:
    assert rendered_words(to_markdown(cleaned)) == words(cleaned.text)


@settings(max_examples=300)
@given(cleaned_pages())
def test_no_document_brings_html_links_or_emphasis(cleaned: Cleaned) -> None:
    tokens = READER.parse(to_markdown(cleaned))
    inline = {child.type for token in tokens for child in token.children or ()}
    assert not {token.type for token in tokens} & {"html_block", "hr", "code_block"}
    assert inline <= {"text"}


@given(st.text())
def test_any_text_without_blocks_is_written_with_all_its_words(text: str) -> None:
    bare = plain_text(text)
    assert rendered_words(to_markdown(Cleaned(Document(bare, content_type="text/html"), ()))) == words(bare)


@pytest.mark.parametrize(
    "scrap", ["a", " ", "a ", "[", "*", "`", "_ ", "&", "&#", "1", "#", "-", " | ", "\\"]
)
@pytest.mark.parametrize("path", ["p", "h1", "ul/li", "pre", "table/tr"])
def test_a_line_of_a_million_characters_takes_seconds_at_most(scrap: str, path: str) -> None:
    text = scrap * (10**6 // len(scrap)) + "\n"
    block = Block(0, len(text), path, path.split("/")[-1])
    began = time.process_time()
    to_markdown(Cleaned(Document(text, (block,), content_type="text/html"), ()))
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(("columns", "last"), [(1000, f"| a |{'  |' * 999}"), (1001, "| a |")])
def test_a_table_is_filled_up_with_a_million_empty_cells_at_most(columns: int, last: str) -> None:
    rows = MAX_CELLS // 1000
    table = f"<table><tr>{'<td>b' * columns}{'<tr><td>a' * (rows - 1)}</table>"
    lines = markdown_of(table).splitlines()
    assert (len(lines), lines[0].count("b"), lines[-1]) == (rows + 1, columns, last)
