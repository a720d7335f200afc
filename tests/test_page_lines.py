"""Whole pages as text: their menus go, and lists, tables and songs of the same shape stay."""

import pytest

from tests.limit_texts import paragraph, paragraphs
from tests.test_cleaners import document_of
from winnow.cleaners._rule_removals import RULE_CLEANERS
from winnow.cleaners._whole_pages import MIN_PAGE_LINES
from winnow.cleaners.lines import lines

MENU = [
    *("Skip to content", "Home", "About us", "Our team", "Careers", "News", "Press releases", "Events", "Contact us"),
    *("Log in", "Register", "My account", "Search", "Products", "New arrivals", "Gift cards", "Size guide"),
    *("Customer support", "Track my order", "Shipping & returns", "FAQ", "Store locator", "Press room"),
    *("Privacy policy", "Terms of use", "Cookie settings", "Site map", "Follow us on Facebook", "Share this page"),
    *("Instagram", "English", "Deutsch", "Français", "Upcoming events", "Advanced search", "Help centre"),
]  # fmt: skip
RULED = ["Privacy policy", "Cookie settings", "Follow us on Facebook", "Terms of use", "Share this page"]
LISTS = {
    "places": [f"{one} {other}" for one in ("Harbour", "Upper", "Old", "Lower", "East", "West")
               for other in ("basin", "mill", "ferry", "wall", "loft")],
    "songs": [f"{number}. The {word} song" for number, word in enumerate(("river", "harbour", "mill", "oar", "tide") * 6, 1)],
    "verses": ["The rain came over the hill", "And the river rose and fell", "The miller stood at the gate",
               "With a rope and a rusty bell", "Oh the river, the river", "She rises again"] * 5,
    "words": [f"{word} – {other}" for word, other in zip(("hav", "elv", "bro", "båt", "regn") * 6,
                                                         ("sea", "river", "bridge", "boat", "rain") * 6, strict=True)],
    "prices": [f"Oar no. {number}  {number * 3}.50" for number in range(1, 31)],
}  # fmt: skip


def removed_lines(*text: str) -> set[str]:
    """The lines that the cleaner takes out of a text."""
    document = document_of("".join(f"{line}\n" for line in text))
    return {document.text[removal.start : removal.end].strip() for removal in lines(document)}


def test_the_menu_of_a_whole_page_goes_which_no_rule_knows() -> None:
    removed = removed_lines(*MENU, "The lower bridge is closed", *paragraphs(1))
    assert {"New arrivals", "Press room", "Customer support"} <= removed
    assert "The lower bridge is closed" not in removed


def test_a_page_without_any_paragraph_is_judged_from_a_length() -> None:
    assert "New arrivals" in removed_lines(*MENU[:MIN_PAGE_LINES])
    assert "New arrivals" not in removed_lines(*MENU[: MIN_PAGE_LINES - 1])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_above_a_footer_stays(name: str) -> None:
    assert not removed_lines(*LISTS[name], *RULED).intersection(LISTS[name])
    assert not removed_lines("Harbour Post", *RULED[:2], *LISTS[name], *RULED[2:]).intersection(LISTS[name])


def test_what_goes_on_with_a_sentence_and_figures_below_it_stay() -> None:
    text = [*MENU, *paragraphs(2), ", a clerk of the harbour", "Moss 3", "Berg 2", paragraph(7)]
    assert removed_lines(*text).isdisjoint(text[-4:])


@pytest.mark.parametrize(("lines_a_sign", "goes"), [(10, True), (11, False)])
def test_in_running_text_a_menu_goes_where_the_rules_remove_a_tenth_of_the_lines(
    lines_a_sign: int, goes: bool
) -> None:
    document = document_of("".join(f"{line}\n" for line in (*paragraphs(99), *MENU)))
    signs = {removal.start for cleaner in RULE_CLEANERS for removal in cleaner(document)}
    above = paragraphs(lines_a_sign * len(signs) - len(MENU))
    assert ("Customer support" in removed_lines(*above, *MENU)) is goes


@pytest.mark.parametrize(("paragraphs_below", "goes"), [(3, True), (4, False)])
def test_a_line_of_a_menu_between_paragraphs_goes_near_the_end_alone(
    paragraphs_below: int, goes: bool
) -> None:
    text = [*paragraphs(4), *MENU, *(paragraph(10 + number) for number in range(paragraphs_below))]
    assert ("Customer support" in removed_lines(*text)) is goes


@pytest.mark.parametrize(
    ("line", "after", "stays"),
    [
        ("Shop all new arrivals and best sellers", "of the harbour", True),
        ("Shop all new arrivals and best sellers", "Of the harbour", False),
        ("Shop all new arrivals and sellers", "of the harbour", True),
        ("Shop all new arrivals today", "of the harbour", False),
        ("Size guide now", "of the harbour", False),
        ("Size guide now", ", a clerk of the harbour", True),
    ],
)
def test_a_piece_of_a_sentence_that_goes_on_in_the_next_line_stays(
    line: str, after: str, stays: bool
) -> None:
    assert (line not in removed_lines(*MENU, line, after)) is stays
