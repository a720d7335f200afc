"""Texts that are no news keep their lines: what they are made of, and what cleaning takes from them."""

from collections import Counter

import pytest

from bench.harm_kinds import SETS, figures, harm, set_of
from bench.harm_texts import HarmText, installed_texts, written_texts

STAY = 0.997  # of the lines (issue 15)
STORY = (
    "The harbour board met on Tuesday, and nobody could say whether the old pier would be repaired. " * 3
)


@pytest.fixture(scope="module")
def texts() -> list[HarmText]:
    return [*written_texts(), *installed_texts()]


def test_the_texts_are_of_many_kinds_in_eight_languages(texts: list[HarmText]) -> None:
    assert len(texts) >= 300
    assert len({text.kind for text in texts}) >= 30
    assert len({text.language for text in texts}) == 8


def test_about_half_of_the_kinds_are_held_out(texts: list[HarmText]) -> None:
    sizes = Counter(set_of(kind) for kind in {text.kind for text in texts})
    assert min(sizes[name] for name in SETS) >= len(sizes) * 15


def test_the_same_seed_writes_the_same_texts_and_no_slot_is_left(texts: list[HarmText]) -> None:
    written = list(written_texts())
    assert written == texts[: len(written)]
    assert list(written_texts(seed=1)) != written
    assert not [
        text for text in written if "{d}" in text.text or "{name}" in text.text or "\n%" in text.text
    ]


def test_a_line_that_goes_counts_with_the_rule_that_takes_it() -> None:
    text = HarmText("story", "en", f"The pier\n{STORY}\n{STORY.replace('pier', 'mill')}\nAdvertisement\n")
    result = harm(text)
    assert (result.lines, [(lost.text, lost.rule) for lost in result.lost]) == (
        4,
        [("Advertisement", "ads ad_label")],
    )
    assert figures([result])["stay"] == 0.75


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_nearly_all_lines_stay(name: str, texts: list[HarmText]) -> None:
    assert figures(harm(text) for text in texts if set_of(text.kind) == name)["stay"] >= STAY
