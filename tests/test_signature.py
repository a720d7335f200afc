"""Signatures: which texts count as nearly the same, however they are cut into words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.signature import MIN_WORDS, are_near, signature_of

STORY = (
    "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, said Ada Moss, its "
    "spokeswoman. The work costs 1.2 million pounds and takes eleven weeks, according to the contract that Port Ellen "
    "council published. Fishermen asked for a later start, because the herring run ends in October. The board answered "
    "that the ferry to Islay would otherwise be cancelled at low water, as it was on 14 days of last winter."
)
WEATHER = (
    "Good morning from the weather desk. Expect a high of {} degrees in {} this afternoon and a low of {} overnight, "
    "with winds from the {} and a chance of rain of {} percent. The sun rises at {} and sets at {}. The pollen count is "
    "moderate, so people with allergies may want to keep their windows closed. Conditions can change quickly, so check "
    "back with us for the latest forecast, and sign up for our alerts to stay ahead of the storm on {}."
)
WORDS = st.lists(st.sampled_from("rain fell on Port Ellen 12 pounds of herring 字".split()), max_size=120)


def is_near(one: str, other: str) -> bool:
    signatures = [signature_of(text) for text in (one, other)]
    if not all(s.sketch for s in signatures):
        return False
    shares_key = bool({*signatures[0].keys} & {*signatures[1].keys})
    return shares_key and bool(are_near([signatures[0].sketch], [signatures[1].sketch])[0])


@pytest.mark.parametrize(
    ("edited", "near"),
    [
        (STORY.upper(), True),
        (STORY.replace("voted on Tuesday", "decided").replace("costs", "will cost"), True),
        (f"By our reporter. {STORY} Read more about the harbour in our newsletter.", True),
        (STORY.replace(" ", "\n").replace(",", " –"), True),
        (STORY[: len(STORY) * 17 // 20], True),
        (" ".join(reversed(STORY.split())), False),
        (f"{STORY} " + " ".join(f"Another story {n} follows here." for n in range(60)), False),
    ],
)
def test_an_edited_copy_is_near_and_a_text_that_quotes_it_is_not(edited: str, near: bool) -> None:
    assert is_near(STORY, edited) == near


def test_pages_of_one_template_with_other_facts_are_not_near() -> None:
    ellen = WEATHER.format(12, "Port Ellen", 4, "north", 30, "7:12", "18:40", "Monday")
    oban = WEATHER.format(9, "Oban", 2, "south", 80, "7:31", "18:22", "Friday")
    assert not is_near(ellen, oban)


def test_a_short_text_has_no_signature() -> None:
    assert signature_of("Rain fell. " * (MIN_WORDS // 2 - 1)).sketch == b""
    assert signature_of("Rain fell. " * (MIN_WORDS // 2)).sketch != b""


def test_in_scripts_without_spaces_each_character_is_a_word() -> None:
    story = "港务局周二投票决定在秋季风暴之前疏浚内港发言人说这项工程耗资一百二十万英镑需要十一周渔民要求推迟开工因为鲱鱼季节十月结束"
    assert is_near(story, story.replace("发言人说", "他们说"))


@given(WORDS.map(" ".join))
def test_a_text_is_near_to_itself_in_any_case_and_layout(text: str) -> None:
    signature, other = signature_of(text), signature_of("  " + text.replace(" ", " , "))
    assert signature == other
    if signature.sketch:
        assert are_near([signature.sketch], [signature_of(text.lower()).sketch])[0]


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_nearness_goes_both_ways(one: str, other: str) -> None:
    assert is_near(one, other) == is_near(other, one)


def test_a_long_line_takes_no_time_to_speak_of() -> None:
    began = time.process_time()
    signature_of("Word 12 " * 125_000)
    assert time.process_time() - began < 3
