"""Runs of short lines that a site prints above and below its texts."""

from dataclasses import replace

import pytest

from tests.runs import STORY, distinct
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.document import Block, Document, clean
from winnow.corpus.lines import split_lines
from winnow.models.site_line_keys import SITE_RULE

BODY = [distinct(STORY, number) for number in range(2)]
TITLE = "Dredgers arrive at the inner basin"
MENU = [
    "Front page of the Courier",
    "Harbours and ferries",
    "The weather at sea",
    "Books and music",
    "On the water",
]
FOOT = ["Subscribe to the Courier", "All stories of this week"]
FORMULA = ["Done at the town hall", "For the Council of the islands", "The President of the Council"]


def text_with(above: list[str], below: list[str], shared: dict[str, int]) -> Document:
    """A text of two paragraphs with lines above and below, some of which stand on other pages of its site."""
    lines = [*above, *BODY, *below]
    text = "".join(f"{line}\n" for line in lines)
    blocks = [Block(start, end) for start, end in split_lines(text)]
    marked = (
        replace(block, site_pages=shared.get(line, 0)) for block, line in zip(blocks, lines, strict=True)
    )
    return Document(text, tuple(marked), extractor="layout")


def removed(document: Document) -> list[str]:
    removals = clean(document, [boilerplate]).removals
    assert all(removal.rule in {SITE_RULE, "layout"} for removal in removals)
    return [document.text[one.start : one.end].strip() for one in removals if one.rule == SITE_RULE]


@pytest.mark.parametrize(
    ("above", "below", "pages", "expected"),
    [
        ([], FOOT, 4, FOOT),
        ([], FOOT, 3, []),
        ([], FOOT[:1], 12, []),
        ([], FORMULA, 12, []),
        ([], [*FORMULA, *FOOT], 12, [*FORMULA, *FOOT]),
        ([*MENU, TITLE], [], 4, MENU[:4]),
        ([*MENU[1:], TITLE], [], 4, []),
        (MENU[:2], [], 12, []),
        ([], [FOOT[0], "Sports", FOOT[1]], 4, [FOOT[0], "Sports", FOOT[1]]),
        ([], ["The work begins on Monday, she said", *FOOT], 4, FOOT),
        ([], [*FOOT, "The work begins on Monday, she said"], 4, []),
        ([], ["Sports", "Money", *FOOT], 4, FOOT),
        ([], ['"We shall see."', *FOOT], 4, FOOT),
    ],
)
def test_a_run_at_an_edge_goes_where_enough_pages_show_it(
    above: list[str], below: list[str], pages: int, expected: list[str]
) -> None:
    assert removed(text_with(above, below, dict.fromkeys([*MENU, *FOOT, *FORMULA], pages))) == expected


def test_a_title_that_other_pages_list_stays_below_the_menu() -> None:
    document = text_with([*MENU, TITLE], [], dict.fromkeys([*MENU, TITLE], 12))
    assert removed(document) == MENU


def test_an_entry_that_other_pages_list_stays_in_a_text_without_paragraphs() -> None:
    lines = [*MENU, *FOOT]
    text = "".join(f"{line}\n" for line in lines)
    blocks = tuple(Block(start, end, site_pages=12) for start, end in split_lines(text))
    assert removed(Document(text, blocks, extractor="layout")) == []
