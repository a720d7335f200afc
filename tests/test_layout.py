"""Layout of HTML and text as blocks: all that a reader would see, in order, without gaps."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.document import Block
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import lay_out_page, lay_out_text, parse_page, write_page
from winnow.corpus.layout.html import MAX_ATTRIBUTES, MAX_TAGS
from winnow.corpus.layout.page_blocks import MAX_BLOCKS


def page_text(html: str) -> str:
    return write_page(lay_out_page(parse_page(html))).text


# HTML: text.
CASES = {
    "<p>Rain <b>fell</b> on\n  Monday.</p><p>Sun.</p>": "Rain fell on Monday.\nSun.\n",
    "<p>One<br>two<br/><br>three</p>": "One\ntwo\nthree\n",
    "<h1>Title</h1>loose text<div>more</div>": "Title\nloose text\nmore\n",
    "<ul><li>a</li><li>b <a href='/'>c</a></li></ul>": "a\nb c\n",
    "<table><tr><th>Year</th><th>Rain</th></tr><tr><td>2024</td><td>812</td></tr></table>": "Year | Rain\n2024 | 812\n",
    "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>": "a b | c\n",
    "<pre>for x:\n    print(x)\n</pre>": "for x:\n    print(x)\n",
    "<p>kept</p><script>gone()</script><style>p{}</style><template><p>gone</p></template>": "kept\n",
    "<p>kept</p><p hidden>gone</p><div style='DISPLAY : none'><p>gone</p></div>": "kept\n",
    "<p>a<span hidden>gone</span> tail</p>": "a tail\n",
    "<p>a<!-- gone -->b<?php gone ?></p>": "ab\n",
    "<noscript>gone</noscript><p>kept</p>": "kept\n",
    "<details><summary>More</summary><p>inside</p></details>": "More\ninside\n",
    "<p>one</p></body></html><p>two</p>": "one\ntwo\n",
    "<body><p>one</p></body></html><html><head><title>gone</title></head><body><p>two</p></body></html>": "one\ntwo\n",
    "<head><title>gone</title><x-shop><p>kept</p></x-shop></head><body><p>too</p></body>": "kept\ntoo\n",
    "<head><script>gone</script><script'><div><p>kept</p></div>": "kept\n",
    "<frameset><noframes><p>gone</p></noframes></frameset><p>kept</p>": "kept\n",
    "<textarea>gone</textarea><select><option>gone</option></select><p>kept</p>": "kept\n",
    "<p>a&#1;b&#8232;c&#xFEFF;d</p>": "ab cd\n",
    "<p>Fish &amp; chips &lt;cheap&gt;&nbsp;!</p>": "Fish & chips <cheap>\xa0!\n",
}


@pytest.mark.parametrize("html", CASES)
def test_a_page_reads_as_a_reader_sees_it(html: str) -> None:
    assert page_text(html) == CASES[html]


def test_a_block_knows_its_place_its_tag_and_its_links() -> None:
    html = "<body><div class='promo big'><p>Buy <a href='/'>now!</a></p></div></body>"
    [block] = lay_out_page(parse_page(html)).blocks
    assert block == Block(0, 9, "body/div.promo.big/p", "p", 0.5)


def test_what_scripts_would_uncover_is_laid_out_when_asked_for() -> None:
    html = "<div hidden><p>streamed</p></div><noscript><p>plain</p></noscript><script>gone</script>"
    assert lay_out_page(parse_page(html)).text == ""
    assert lay_out_page(parse_page(html), with_hidden=True).text == "streamed\nplain\n"


@pytest.mark.parametrize("tag", ["div", "b", "table", "font", "blockquote", "a"])
def test_a_hundred_thousand_nested_tags_do_not_hide_the_text(tag: str) -> None:
    began = time.process_time()
    text = page_text(f"<p>before</p>{f'<{tag}>' * 100_000}inside{f'</{tag}>' * 100_000}<p>after</p>")
    assert time.process_time() - began < 5
    assert text == "before\ninside\nafter\n"


def test_of_a_page_nested_too_deeply_only_what_a_reader_would_see_is_kept() -> None:
    html = (
        "<div>" * 3000
        + "<p>Fish &amp; <b>chips</b><!-- <p>gone</p> --></p><script>gone()</script><svg>gone</svg>"
    )
    assert page_text(html) == "Fish & chips\n"


def test_a_page_cut_in_the_middle_keeps_what_is_there() -> None:
    assert page_text("<html><body><p>Rain fell.</p><p class='x") == "Rain fell.\n"


def test_a_path_stays_short_however_deep_the_page_is() -> None:
    html = "".join(f"<div class='{'very-long-class-name-' * 9}{i}'>" for i in range(200)) + "text"
    [block] = lay_out_page(parse_page(html)).blocks
    assert len(block.path) <= 300


def test_plain_text_is_left_as_it_is_with_a_block_a_line() -> None:
    text, blocks = lay_out_text("  Rain.\n\n\tSun. \n")
    assert text == "  Rain.\n\n\tSun. \n"
    assert [text[b.start : b.end] for b in blocks] == ["  Rain.\n", "\n", "\tSun. \n"]


def test_white_space_is_no_text() -> None:
    with pytest.raises(UnreadableError, match="empty"):
        lay_out_text(" \n\t\n")


TAGS = "p /p div /div b /b td tr table /table pre /pre br li script /script a|href=x /a p|hidden".split()
PIECES = [*(f"<{tag}>".replace("|", " ") for tag in TAGS), "text ", "\n", "字", "&lt;", "<"]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def assert_blocks_cover(text: str, blocks: Sequence[Block]) -> None:
    """Assert that each block of a page is a line, and that they follow each other from its start to its end."""
    assert [b.start for b in blocks] == [0, *(b.end for b in blocks)][: len(blocks)]
    assert "".join(text[b.start : b.end] for b in blocks) == text
    assert all(text[b.end - 1] == "\n" and "\n" not in text[b.start : b.end - 1] for b in blocks)
    assert all(0 <= b.link_share <= 1 for b in blocks)


@given(MARKUP.filter(lambda html: html.strip()), st.booleans())
def test_blocks_cover_the_text_without_gaps(html: str, with_hidden: bool) -> None:
    try:
        page = lay_out_page(parse_page(html), with_hidden=with_hidden)
    except UnreadableError:
        return
    assert_blocks_cover(page.text, page.blocks)


@given(st.text(min_size=1).filter(lambda t: t.strip()))
def test_blocks_of_a_text_cover_it_without_gaps(text: str) -> None:
    laid_out, blocks = lay_out_text(text)
    assert laid_out == text
    assert "".join(text[b.start : b.end] for b in blocks) == text


@pytest.mark.parametrize(
    ("more", "last"), [(0, "Rain."), (1, "Rain. Rain."), (3, "Rain. Rain. Rain. Rain.")]
)
def test_what_follows_the_first_50_000_blocks_of_a_page_is_part_of_the_last(more: int, last: str) -> None:
    page = lay_out_page(parse_page("<p>Rain." * (MAX_BLOCKS + more)))
    assert (len(page.blocks), page.text.count("Rain.")) == (MAX_BLOCKS, MAX_BLOCKS + more)
    assert page.text[page.blocks[-1].start : page.blocks[-1].end] == f"{last}\n"
    assert page.blocks[-1].end == len(page.text)


def test_behind_its_first_500_000_tags_a_page_is_read_as_text_without_scripts() -> None:
    html = "<p>" + "<b></b>" * (MAX_TAGS // 2) + "a<p>b</p><script>gone()</script>c"
    assert page_text(html) == "a b c\n"


def test_the_tags_of_a_page_count_up_to_500_000() -> None:
    assert page_text("<b></b>" * (MAX_TAGS // 2 - 1) + "<p>a<p>b") == "a\nb\n"


@pytest.mark.parametrize("form", [" a{}", " a{}=b", " a{}='b > c'", ' a{}="b < c"', "\n/a{}\t=\tb"])
def test_an_element_keeps_its_first_500_attributes(form: str) -> None:
    attributes = "".join(form.format(number) for number in range(MAX_ATTRIBUTES + 1))
    [element] = parse_page(f"<div{attributes} id=c>Rain</div>").iter("div")
    assert [*element.attrib] == [f"a{number}" for number in range(MAX_ATTRIBUTES)]
    assert element.text == "Rain"


def test_a_long_attribute_is_read_whole() -> None:
    [element] = parse_page(f"<div data-page='{'a=1 ' * 5000}' id=c>Rain</div>").iter("div")
    assert (len(element.attrib), len(element.get("data-page") or "")) == (2, 20_000)


def test_a_script_is_no_tag_with_many_attributes() -> None:
    script = f"if (a<b) {{ {'c '.join(map(str, range(1000)))} }}"
    many = "".join(f" a{number}" for number in range(MAX_ATTRIBUTES + 1))
    tree = parse_page(f"<script>{script}</script><div{many}>Rain</div><SCRIPT>{script}</SCRIPT><p>Sun</p>")
    assert [element.text for element in tree.iter("script")] == [script, script]
    assert lay_out_page(tree).text == "Rain\nSun\n"
