"""Heads of tables and loose text go with what they stand beside; what merely looks alike does not."""

import pytest

from winnow.corpus.layout import lay_out_page, parse_page
from winnow.models.blocks.whole_parts import LOOSE_SHARE, MOST_ALIKE, with_whole_parts

HEADED = "<table><caption>Landings</caption><tr><th>Year</th><th>Herring</th></tr><tr><td>1998</td><td>1,204 tonnes</td></tr></table>"
LOOSE = "<section><p>Opening words</p>This line stands loose<div><p>More words</p></div></section>"

# What the page is, shares by the model, shares with whole parts.
CASES = [
    ("the head and the caption of a table of content", HEADED, [0.2, 0.3, 0.9], [0.5, 0.5, 0.9]),
    ("surer shares stay", HEADED, [0.6, 0.7, 0.9], [0.6, 0.7, 0.9]),
    ("a table that is no content by weight", HEADED, [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
    ("loose text beside content", LOOSE, [0.1, LOOSE_SHARE, 0.9], [0.1, 0.5, 0.9]),
    ("loose text that the model rules out", LOOSE, [0.1, LOOSE_SHARE - 0.01, 0.9], [0.1, LOOSE_SHARE - 0.01, 0.9]),
    ("loose text beside no content", LOOSE, [0.1, 0.4, 0.2], [0.1, 0.4, 0.2]),
    ("a paragraph between paragraphs", "<div><p>a</p><p>b</p><p>c</p></div>", [0.9, 0.4, 0.9], [0.9, 0.4, 0.9]),
    ("a loose link", "<div><p>a</p><a href='/'>b</a><p>c</p></div>", [0.9, 0.4, 0.9], [0.9, 0.4, 0.9]),
    ("preformatted text between paragraphs", "<p>a</p><pre>b</pre><p>c</p>", [0.9, 0.1, 0.9], [0.9, 0.5, 0.9]),
    ("preformatted lines", "<p>a</p><pre>b\nc</pre><p>d</p>", [0.9, 0.1, 0.6, 0.9], [0.9, 0.5, 0.6, 0.9]),
    ("a button beside them", "<p>a</p><div><i>b</i><pre>c</pre></div><p>d</p>", [0.9, 0, 0, 0.9], [0.9, 0, 0.5, 0.9]),
    ("preformatted text at the end", "<p>a</p><pre>b</pre><p>c</p>", [0.9, 0.1, 0.4], [0.9, 0.1, 0.4]),
    ("preformatted text at the start", "<pre>a</pre><p>b</p>", [0.1, 0.9], [0.1, 0.9]),
    ("lines of one paragraph", "<p>a<br>b<br>c</p>", [0.9, 0.4, 0.9], [0.9, 0.4, 0.9]),
]  # fmt: skip


@pytest.mark.parametrize(("label", "html", "shares", "expected"), CASES, ids=[case[0] for case in CASES])
def test_parts_of_a_page_go_with_what_they_stand_beside(
    label: str, html: str, shares: list[float], expected: list[float]
) -> None:
    page = lay_out_page(parse_page(html))
    assert len(page.blocks) == len(shares), label
    assert with_whole_parts(page, shares) == expected


@pytest.mark.parametrize(("texts", "share"), [(MOST_ALIKE, 0.5), (MOST_ALIKE + 1, 0.4)])
def test_many_loose_texts_of_one_name_are_lines_of_a_list(texts: int, share: float) -> None:
    page = lay_out_page(parse_page("<div><p>post</p>2 points</div>" * texts))
    assert with_whole_parts(page, [0.9, 0.4] * texts) == [0.9, share] * texts
