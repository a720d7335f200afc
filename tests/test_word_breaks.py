"""Words, in scripts with spaces between them and in scripts without."""

import re
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.word_breaks import (
    ALPHABETS,
    IDEOGRAPHS,
    MARK,
    MARKED,
    has_words,
    spaceless_count,
    word_count,
    words_in,
    words_of,
)

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
    "1️⃣ rain ❤️": "1 rain",
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


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Rain fell, again.", 3),
        ("雨", 1),
        ("下雨", 1),
        ("下雨了", 2),
        ("ฝน", 1),
        ("ฝนต", 1),
        ("ฝนตก", 2),
        ("ភ្លៀង", 1),
        ("雨 rain 下了", 3),
        ("बारिश हुई", 2),
        ("비가 왔다", 2),
        ("", 0),
    ],
)
def test_letters_of_scripts_without_spaces_are_parts_of_words_in_length(text: str, count: int) -> None:
    assert word_count(text) == count


@given(st.text())
def test_a_text_is_no_longer_than_its_words_and_empty_only_without(text: str) -> None:
    words = [*words_in(text)]
    assert spaceless_count(text) <= word_count(text) <= len(words)
    assert bool(word_count(text)) is bool(words)


# Without the plane of ancient scripts, of which a word is not worth the time
LETTERS = "".join(filter(str.isalpha, map(chr, (*range(0x10000), *range(0x20000, 0x40000)))))
MARKS = "".join(c for c in map(chr, range(0x1F000)) if unicodedata.category(c) in ("Mn", "Mc"))
# Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic; kana, Han, Yi, Hangul
WITHOUT_MARKS = re.compile("[\u0000-\u06d5\u1e00-\u1fff\u3040-\ua48c\uac00-\ud7a3\U00020000-\U0003ffff]+")


@pytest.mark.parametrize(
    ("letters", "scripts"),
    [
        (IDEOGRAPHS, r"[\p{Han}\p{Hiragana}\p{Katakana}ー々〆ｰ\p{Bopomofo}\p{Yi}]"),
        (ALPHABETS, r"[\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]"),
    ],
)
def test_letters_without_spaces_are_those_of_their_scripts(letters: str, scripts: str) -> None:
    assert re.findall(f"[{letters}]", LETTERS) == regex.findall(scripts, LETTERS)


def test_a_text_is_marked_by_all_marks_and_by_no_letters_of_scripts_that_need_none() -> None:
    of_words = regex.findall(MARK, MARKS, regex.VERSION1)
    assert len(of_words) > 1_500
    assert all(map(MARKED.match, of_words))
    assert not MARKED.search("".join(WITHOUT_MARKS.findall(LETTERS)))


@pytest.mark.parametrize(("least", "is_enough"), [(2_500, True), (2_501, False)])
def test_words_are_counted_beyond_the_beginning_of_a_text(least: int, is_enough: bool) -> None:
    assert has_words("rain " * 2_500, least) is is_enough
