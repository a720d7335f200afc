"""The language of a text: by its script, by its words, or not named."""

import json
from pathlib import Path

import pytest

from winnow.models.language import (
    MIN_LETTERS,
    PIECE_CHARS,
    PIECES,
    UNDETERMINED,
    detect_language,
    pieces_of,
)
from winnow.models.language_profiles import nearest_profile
from winnow.models.language_scripts import script_of, writing_of

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "languages.jsonl").read_text("utf8").splitlines()
]
ENGLISH = "The harbour office asks everyone to be there early, as the queue on the quay is long in summer. "
GERMAN = "Die Fähre fährt um neun Uhr ab, und das Hafenamt bittet darum, früh am Kai zu sein. "
CHINESE = "渡轮九点出发，港务局请大家早点到码头排队。"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}-{case['text'][:20]}")
def test_a_text_is_named_or_left_undetermined(case: dict[str, str]) -> None:
    assert detect_language(case["text"])[0] == case["language"]


def test_the_cases_are_in_many_languages_and_many_have_none() -> None:
    languages = [case["language"] for case in CASES]
    assert len(set(languages)) >= 60
    assert languages.count(UNDETERMINED) >= 15


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH * 8 + GERMAN * 60, "de"),  # an abstract before a thesis
        (GERMAN * 60 + ENGLISH * 8, "de"),  # references behind it
        (GERMAN * 8 + ENGLISH * 60, "en"),
        (ENGLISH * 3 + CHINESE * 60, "zh"),
    ],
)
def test_the_longer_part_of_a_text_decides_wherever_it_stands(text: str, language: str) -> None:
    assert detect_language(text)[0] == language


def test_a_text_is_read_whole_up_to_a_length_and_in_pieces_beyond() -> None:
    short = "ab " * (PIECES * PIECE_CHARS // 3)
    assert pieces_of(short) == [short]
    text = "".join(chr(0x4E00 + number) for number in range(20_000))
    pieces = pieces_of(text)
    assert [len(piece) for piece in pieces] == [PIECE_CHARS] * PIECES
    assert (pieces[0][0], pieces[-1][-1]) == (text[0], text[-1])


@pytest.mark.parametrize(("letters", "is_named"), [(MIN_LETTERS, True), (MIN_LETTERS - 1, False)])
def test_a_text_in_latin_letters_needs_so_many_of_them(letters: int, is_named: bool) -> None:
    text = "What is the way"[: letters + 3] + "there?"[: letters - 12]
    assert sum(map(str.isalpha, text)) == letters
    assert (detect_language(text)[0] == "en") is is_named


@pytest.mark.parametrize(("text", "language"), [("항구의 시장", "ko"), ("항구 시장", UNDETERMINED)])
def test_a_script_of_one_language_needs_five_letters(text: str, language: str) -> None:
    assert detect_language(text)[0] == language


def test_addresses_are_no_words_of_a_language() -> None:
    address = " https://www.ferry.example/the-harbour-office-asks-everyone-to-be-there-early "
    assert detect_language(address * 5) == (UNDETERMINED, 0.0)
    assert detect_language(address * 5 + GERMAN * 5)[0] == "de"


def test_capitals_do_not_hide_a_language() -> None:
    assert detect_language(GERMAN.upper())[0] == "de"
    assert detect_language("NR. 4 HAFENAMT KAI " + GERMAN)[0] == "de"


def test_probability_is_the_share_of_the_script_or_of_the_language() -> None:
    assert detect_language("항구의 시장이 다시 열렸다")[1] == 1.0
    half = "항구의 시장이 다시 열렸다. Nordvik Harbour"
    assert detect_language(half) == ("ko", 0.61)
    assert 0.9 <= detect_language(GERMAN)[1] <= 1.0


@pytest.mark.parametrize(
    ("text", "script", "letters"),
    [
        ("Nordvik 12", "LATIN", 7),
        # Han between kana is Japanese, one kana among Han is a quotation
        ("港口早市的新聞稿の", "HIRAGANA", 9),
        ("港口早市的新聞稿了の", "CJK", 9),
        ("ｆｅｒｒｙ", "LATIN", 5),
        ("12 %", "", 0),
    ],
)
def test_a_text_is_counted_in_the_script_of_most_of_its_letters(
    text: str, script: str, letters: int
) -> None:
    writing = writing_of(text)
    assert (writing.script, writing.letters) == (script, letters)


def test_letters_have_a_script_and_other_characters_none() -> None:
    assert [script_of(character) for character in "aЖか7 ."] == [
        "LATIN",
        "CYRILLIC",
        "HIRAGANA",
        "",
        "",
        "",
    ]


def test_langdetect_gives_the_same_answer_every_time() -> None:
    assert {nearest_profile(GERMAN) for _ in range(5)} == {"de"}
    assert nearest_profile("12 %") == ""


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ud800" * 50, "\x00" * 50, "a" * 700, "é́́" * 400])
def test_any_text_has_an_answer(text: str) -> None:
    language, probability = detect_language(text)
    assert (language == UNDETERMINED) == (probability == 0.0)
