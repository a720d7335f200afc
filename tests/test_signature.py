"""Signatures: which texts count as nearly the same, however they are cut into words."""

import random
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


THAI = (
    "คณะกรรมการท่าเรือประชุมกันสามชั่วโมงเมื่อคืนวันอังคาร แต่ไม่มีใครบอกได้ว่าจะซ่อมสะพานเก่าทันฤดูปลาหรือไม่ เพราะเงินค่าเสาเข็มยังอยู่ที่อำเภอ "
    "ชาวประมงขอให้เลื่อนงานออกไป เพราะปลาจะหมดในเดือนตุลาคม คณะกรรมการตอบว่าถ้ารอถึงฤดูหนาว เรือข้ามฟากจะจอดไม่ได้เวลาน้ำลง "
    "เหมือนที่เคยเกิดขึ้นสิบสี่วันเมื่อปีก่อน นายอำเภอจึงให้ทุกฝ่ายกลับไปคิดใหม่อีกครั้ง"
)
OTHER_THAI = (
    "ผู้ดูแลประภาคารบอกว่าโคมไฟต้องการเลนส์ใหม่ และเลนส์เก่าขายให้พิพิธภัณฑ์ในเมืองได้ ซึ่งมีห้องทั้งห้องสำหรับของที่เคยออกทะเล "
    "เขาไปดูที่นั่นบ่อย ๆ และเล่าให้เด็กนักเรียนฟังว่าแต่ก่อนต้องปีนบันไดทุกคืนเพื่อจุดไฟด้วยมือ "
    "พวกเด็กถามว่ากลัวความมืดหรือเปล่า เขาหัวเราะและตอบว่ากลัวแต่ลมแรงเท่านั้น เพราะบันไดเหล็กข้างนอกผุไปหมดแล้วตั้งแต่ฤดูฝนที่ผ่านมา"
)
HINDI = "बंदरगाह समिति की बैठक मंगलवार की रात तीन घंटे चली और अंत में कोई नहीं कह सका कि पुराना घाट कब बनेगा। " * 3


HINDI_WEATHER = (
    "आज दोपहर तापमान {} डिग्री तक पहुँचेगा और रात में {} डिग्री तक गिरेगा। बारिश की संभावना {} प्रतिशत है। सूर्योदय {} बजे "
    "और सूर्यास्त {} बजे होगा। हवा में नमी {} प्रतिशत और दबाव {} रहेगा। पराग की मात्रा मध्यम है, इसलिए एलर्जी वाले लोग "
    "अपनी खिड़कियाँ बंद रखें। मौसम जल्दी बदल सकता है, इसलिए ताज़ा पूर्वानुमान के लिए {} घंटे में फिर देखें।"
)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (THAI, THAI.replace("สามชั่วโมง", "สี่ชั่วโมง"), True),
        (THAI, THAI.replace(" ", ""), True),
        (THAI, OTHER_THAI, False),
        (THAI, "".join(reversed(THAI)), False),
        (HINDI, HINDI.replace("मंगलवार", "बुधवार"), True),
    ],
)
def test_texts_of_one_script_are_near_only_if_their_words_are(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is near


@pytest.mark.parametrize(
    "letters", ["กขคงจชดตทนบปพมยรลวสห", "ກຂຄງຈຊດຕທນບປພມຍຣລວສຫ", "ကခဂငစဆဇညတထဒနပဖဗမယရလဝ"]
)
def test_texts_of_the_same_letters_and_other_words_are_not_near(letters: str) -> None:
    draw = random.Random(5)
    some, others = (["".join(draw.choices(letters, k=4)) for _ in range(60)] for _ in range(2))
    sketches = [signature_of("".join(draw.choices(words, k=400))).sketch for words in (some, others)]
    assert not are_near(sketches[:1], sketches[1:])[0]


@pytest.mark.parametrize(("letters", "is_signed"), [(3 * MIN_WORDS - 1, False), (3 * MIN_WORDS, True)])
def test_three_letters_of_an_alphabet_without_spaces_are_a_word(letters: int, is_signed: bool) -> None:
    assert bool(signature_of("ก" * letters).sketch) is is_signed


def test_pages_of_a_template_in_a_script_with_vowel_signs_differ_by_their_numbers() -> None:
    ellen = HINDI_WEATHER.format(31, 12, 40, 6, 18, 72, 1009, 44)
    oban = HINDI_WEATHER.format(27, 9, 75, 5, 19, 64, 1013, 58)
    assert not is_near(ellen, oban)


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
