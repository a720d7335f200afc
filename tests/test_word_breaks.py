"""Words, in scripts with spaces between them and in scripts without."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.word_breaks import has_words, words_in, words_of

CASES = {
    "Rain fell, again.": "rain fell again",
    "Été à Łódź": "été à łódź",
    "今天下雨了。": "今 天 下 雨 了",
    "カタカナー": "カ タ カ ナ ー",
    "2024年の雨": "2024 年 の 雨",
    "漢字 and kana": "漢 字 and kana",
    "สวัสดี": "ส วั ส ดี",
    "မြန်မာ": "မြ န် မာ",
    "ភាសា": "ភា សា",
    "ພາສາ": "ພ າ ສ າ",
    "हिन्दी में लिखा": "हिन्दी में लिखा",
    "தமிழ் மொழி": "தமிழ் மொழி",
    "কাজ শেষ": "কাজ শেষ",
    "כָּבוֹד": "כָּבוֹד",
    "می‌خواهم بروم": "می‌خواهم بروم",
    "한국어 문장": "한국어 문장",
    "🌧 rain": "rain",
    "— … «»": "",
}


@pytest.mark.parametrize("text", CASES)
def test_words_are_those_of_the_script(text: str) -> None:
    assert words_of(text) == CASES[text].split()


@given(st.text())
def test_words_stand_in_their_text_in_order(text: str) -> None:
    at = 0
    for word in words_in(text):
        at = text.index(word, at) + len(word)
    assert at <= len(text)


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    words = "".join(words_in(text))
    assert re.findall(r"\w", text) == re.findall(r"\w", words)


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_words_of_latin_texts_are_runs_of_letters_and_digits(text: str) -> None:
    assert [*words_in(text)] == re.findall(r"\w+", text)


@given(st.text(), st.integers(0, 9))
def test_a_text_has_as_many_words_as_are_counted(text: str, least: int) -> None:
    assert has_words(text, least) == (len([*words_in(text)]) >= least)
