"""Paragraphs that a site prints under many texts: which of them go, and which are read as content on every page."""

from dataclasses import replace

import pytest

from tests.runs import STORY, distinct
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.document import Block, Document, clean
from winnow.corpus.lines import split_lines
from winnow.models.site_line_keys import MAX_PAGES, MIN_PAGES, SITE_RULE

APPEAL = (
    "Sign up for our newsletter to receive the latest stories of the coast in your inbox every morning. You can"
    " unsubscribe at any time, and by signing up you agree to our terms of use and to our privacy policy."
)
FORM = (
    "Help us report on the ferries. Are you a captain, a passenger or a mechanic who knows what happened? Tell us more,"
    " and help make sure that our journalism stays focused on the right questions. This form is read by our team alone."
)
ABOUT = (
    "The Lighthouse Courier is the oldest newspaper of the coast, and its journalists report on harbours, fishing and"
    " the weather. Support our work by becoming a member, and get inside access to all that we publish."
)
BACKGROUND = (
    "The harbour was closed in March after a freighter had run aground at its mouth, and some four hundred people who"
    " worked at the docks lost their jobs; the owner of the ship has denied that her captain was to blame."
)
LAW = (
    "We review the ruling of a lower court without deference, viewing the evidence in the light most favourable to the"
    " party against whom it was given, and affirm where no material fact is in dispute between the parties."
)
SPOKEN = (
    "“We have waited for this day for eleven years, and I do not know a family in this town that has not lost somebody"
    " to the sea; when the new boat comes in, I shall stand on the pier with all of them,” said the mayor on Friday."
)
STEPS = (
    "Let the butter come to room temperature before you begin, line the tin with paper and sift the flour, because cold"
    " butter does not take up the sugar, and the cake will be dense and heavy in the middle when you cut it."
)
OWN = tuple(distinct(STORY, number) for number in range(3))


def text_with(paragraph: str, place: int, pages: int, own: tuple[str, ...] = OWN) -> Document:
    """A text of three paragraphs and one that stands on some pages of its site, at a place among them."""
    paragraphs = [*own[:place], paragraph, *own[place:]]
    text = "".join(f"{one}\n" for one in paragraphs)
    blocks = tuple(Block(start, end) for start, end in split_lines(text))
    shared = replace(blocks[place], site_pages=pages)
    return Document(text, (*blocks[:place], shared, *blocks[place + 1 :]), extractor="layout")


@pytest.mark.parametrize(
    ("paragraph", "place", "pages", "goes"),
    [
        (APPEAL, 3, MIN_PAGES, True),
        (APPEAL, 0, MIN_PAGES, True),
        (APPEAL, 3, MIN_PAGES - 1, False),
        (APPEAL, 3, 0, False),
        (ABOUT, 3, MIN_PAGES, False),
        (ABOUT, 3, MAX_PAGES, True),
        (BACKGROUND, 1, MAX_PAGES, False),
        (BACKGROUND, 3, MAX_PAGES, False),
        (LAW, 1, MAX_PAGES, False),
        (LAW, 2, MAX_PAGES, False),
        (SPOKEN, 2, MAX_PAGES, False),
        (STEPS, 1, MAX_PAGES, False),
    ],
)
def test_a_paragraph_goes_for_its_pages_and_its_words_together(
    paragraph: str, place: int, pages: int, goes: bool
) -> None:
    removals = clean(text_with(paragraph, place, pages), [boilerplate]).removals
    assert [removal.rule for removal in removals] == [SITE_RULE] * goes


def test_between_paragraphs_of_the_text_more_is_needed_than_below_them() -> None:
    below, between = (len(clean(text_with(FORM, place, 4), [boilerplate]).removals) for place in (3, 1))
    assert (below, between) == (1, 0)


def test_a_version_of_a_story_that_stands_elsewhere_stays_whole() -> None:
    document = text_with(APPEAL, 1, MAX_PAGES)
    blocks = tuple(replace(block, site_pages=MAX_PAGES) for block in document.blocks[:3])
    assert clean(replace(document, blocks=(*blocks, *document.blocks[3:])), [boilerplate]).removals == ()
