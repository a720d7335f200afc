"""Bytes to text: marks, declarations, guesses, and bytes that are no text."""

import codecs
import time

import pytest
from ftfy import fix_encoding
from hypothesis import example, given
from hypothesis import strategies as st

from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.corpus.normal_form import plain_text

GERMAN = "Über die Brücke gingen am Montag müde Männer, sagte der Sprecher. Es war später Nachmittag."
JAPANESE = "月曜日に古い橋が修理されたと広報担当者は述べた。工事は十一週間かかる見込みである。"

CASES = {
    "UTF-8": (GERMAN.encode(), ""),
    "a UTF-8 mark": (codecs.BOM_UTF8 + GERMAN.encode(), ""),
    "a UTF-16 mark": (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), ""),
    "a big-endian UTF-16 mark": (codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"), ""),
    "a mark against the declaration": (codecs.BOM_UTF8 + GERMAN.encode(), "latin-1"),
    "a declaration that fits": (GERMAN.encode("cp1252"), "windows-1252"),
    "Latin-1, which on the web is Windows-1252": (GERMAN.encode("cp1252"), "iso-8859-1"),
    "a declaration that does not fit": (GERMAN.encode(), "shift_jis"),
    "a declaration that does not exist": (GERMAN.encode(), "utf-9"),
    "a declaration that is no encoding of texts": (GERMAN.encode("cp1252"), "undefined"),
    "a declaration that would run escapes": (GERMAN.encode("cp1252"), "unicode_escape"),
    "no declaration for Windows-1252": (GERMAN.encode("cp1252"), ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_read_despite(case: str) -> None:
    assert decode(*CASES[case]) == GERMAN


def test_japanese_is_guessed() -> None:
    assert decode((JAPANESE * 3).encode("shift_jis")) == JAPANESE * 3


@pytest.mark.parametrize(
    "head", [b'<meta charset="cp1251">', b'<?xml version="1.0" encoding="windows-1251"?>']
)
def test_a_page_declares_its_encoding(head: bytes) -> None:
    assert "Дождь" in decode(head + "<p>Дождь шёл</p>".encode("cp1251"), html=True)


def test_mojibake_is_mended_and_other_text_left_alone() -> None:
    assert decode("The mayorâ€™s plan\ncost ﬁve “coins”…".encode()) == "The mayor’s plan\ncost ﬁve “coins”…"


@pytest.mark.parametrize("text", ["한국어", "日本語の文字", "⭐️✨⭐️", "中文 (繁體)", "à la carte"])
def test_mojibake_is_mended_that_has_soft_hyphens_and_controls_in_it(text: str) -> None:
    spoilt = text.encode().decode("sloppy-windows-1252")
    assert decode(f"Rain {spoilt} fell".encode()) == f"Rain {text} fell"


def test_a_broken_byte_costs_a_character_and_not_the_text() -> None:
    content = GERMAN.encode() * 5 + b"\xff" + GERMAN.encode()
    assert decode(content).count("Sprecher") == 6


def test_a_text_cut_in_the_middle_of_a_character_loses_only_that() -> None:
    assert decode("Der Zug fährt über".encode() + b"\xc3") == "Der Zug fährt über"
    assert decode(b"caf\xe9") == "café"


def test_mojibake_is_mended_in_a_page_that_is_one_long_line() -> None:
    page = "<p>The mayorâ€™s plan.</p>" * 20_000
    assert decode(page.encode(), html=True) == "<p>The mayor’s plan.</p>" * 20_000


@given(st.text("abZ .,’“”éÃÂâ€™œ\u0153žŸ\x91\xa0ØÐà²√±×£©„вЂГўВ°╔ō", min_size=1))
def test_no_sign_of_mojibake_is_passed_over(line: str) -> None:
    text = f"Rain {line} fell"
    assert decode(text.encode()) == plain_text(fix_encoding(text))


PIECES = (
    "schÃ¶n",
    "â€™",
    "Ã quele",
    "Ð¿Ñ€",
    "é",
    "日本",
    "🙂",
    "œ",
    "’",
    " ",
    "Rain fell on the hills for days. ",
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), min_size=1, max_size=4))
def test_a_spoilt_line_is_mended_as_a_whole_however_much_of_it_is_plain(lines: list[str]) -> None:
    spoilt = [f"schÃ¶n {line}" for line in lines]
    assert decode("\n".join([*spoilt, "Ã la carte"]).encode()).endswith("\nà la carte")
    assert decode("\n".join(spoilt).encode()) == plain_text("\n".join(map(fix_encoding, spoilt)))


def test_line_ends_are_one_kind_and_control_characters_go() -> None:
    assert decode(b"a\r\nb\rc\x00\x08d\n") == "a\nb\ncd\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"%PDF-1.7 ...", "binary"),
        (b"PK\x03\x04 ...", "binary"),
        (bytes(range(256)) * 40, "binary"),
    ],
)
def test_what_is_no_text_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(content)
    assert caught.value.reason == reason


@given(
    st.binary(max_size=400), st.sampled_from(["", "utf-8", "cp1252", "utf-16", "no-such"]), st.booleans()
)
def test_any_bytes_give_a_text_that_every_output_can_hold_or_a_reason(
    content: bytes, declared: str, html: bool
) -> None:
    try:
        text = decode(content, declared, html=html)
    except UnreadableError as error:
        assert error.reason in {"empty", "binary", "undecodable"}
    else:
        assert text.encode().decode() == text
        assert "\r" not in text and "\x00" not in text


@given(st.text(min_size=1))
@example("Â\U000f0000\x80")  # mojibake once the letter of private use is gone
def test_reading_a_text_again_changes_nothing(text: str) -> None:
    try:
        once = decode(text.encode("utf-8", "replace"), "utf-8")
    except UnreadableError:
        return
    if once.strip():
        assert decode(once.encode(), "utf-8") == once


@pytest.mark.parametrize("content", [b"word " * 4_000_000, "é".encode() * 5_000_000, b"\xe9" * 5_000_000])
def test_one_long_line_takes_linear_time(content: bytes) -> None:
    began = time.process_time()
    decode(content)
    assert time.process_time() - began < 10
