"""Lines that read like noise and are content: each case names the lines that go, most of them none."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.noise import plain_document
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Block, Document, clean

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "content.jsonl").read_text(encoding="utf8").splitlines()
]
STORY = "The harbour board met for three hours on Tuesday night, and at the end of it nobody could say whether the pier "
LEAD = "NORDVIK, May 3 (TNA) — The old pier fell into the water on Tuesday and took two boats with it to the ground."


def removed_lines(document: Document) -> list[str]:
    """The lines that cleaning takes from a document, blank ones left out."""
    cleaned = clean(document, CLEANERS)
    pieces = [document.text[r.start : r.end].strip() for r in cleaned.removals if r.cleaner != "layout"]
    return [line for piece in pieces for line in piece.split("\n") if line]


def page(*blocks: tuple[str, str, float]) -> Document:
    """A document of blocks, each a text with its tag and the share of its characters in links."""
    text, places = "", list[Block]()
    for line, tag, link_share in blocks:
        places.append(Block(len(text), len(text) + len(line) + 1, f"body/{tag}", tag, link_share))
        text += f"{line}\n"
    return Document(text, tuple(places))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_what_goes_from_a_text_that_reads_like_noise(case: dict[str, Any]) -> None:
    assert removed_lines(plain_document(case["text"])) == case["goes"]


def test_a_third_of_the_cases_have_noise_that_looks_alike() -> None:
    assert 3 * sum(bool(case["goes"]) for case in CASES) >= len(CASES)


@pytest.mark.parametrize(("link_share", "goes"), [(1.0, ["See also", "Tide", "Bar"]), (0.2, ["See also"])])
def test_links_listed_under_a_heading_go_with_it(link_share: float, goes: list[str]) -> None:
    document = page(
        ("The pier", "h1", 0.0),
        (STORY * 2 + "stands.", "p", 0.0),
        ("See also", "h2", 0.0),
        ("Tide", "li", link_share),
        ("Bar", "li", link_share),
        (STORY * 3 + "falls.", "p", 0.0),
    )
    assert removed_lines(document) == goes


def test_sentences_of_a_list_stay_where_most_are_no_prompts() -> None:
    steps = ("Open the page.", "Sign up.", "Choose a boat.", "Log in.", "Pay at the door.")
    assert (
        removed_lines(page((STORY * 2 + "stands.", "p", 0.0), *((step, "li", 0.0) for step in steps))) == []
    )


@pytest.mark.parametrize("tag", ["figcaption", "p"])
def test_a_lead_that_a_caption_repeats_stays(tag: str) -> None:
    caption = (
        f"{LEAD} The harbour board had been told in the autumn that the piles were rotten. Photo: Ada Moss"
    )
    document = page((STORY * 2 + "stands.", "p", 0.0), (LEAD, "p", 0.0), (caption, tag, 0.0))
    assert LEAD not in removed_lines(document)
