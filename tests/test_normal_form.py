"""The one form of texts: what nobody sees is gone, what carries meaning stays; entities that were escaped twice."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import winnow
from winnow.corpus.layout.escaped_twice import resolved
from winnow.corpus.normal_form import plain_text

CHANGED = {
    "soft hyphens": ("Hafen\xadver\xadwaltung", "Hafenverwaltung"),
    "zero-width spaces": ("Hafen\u200bstadt\u200b", "Hafenstadt"),
    "joiners of words and byte order marks": ("one\u2060two\ufeff", "onetwo"),
    "accents as characters of their own": ("cafe\u0301 A\u030angstro\u0308m", "café Ångström"),
    "a zero-width space before an accent": ("cafe\u200b\u0301", "café"),
    "Hangul as single letters": (unicodedata.normalize("NFD", "항구의 시장"), "항구의 시장"),
    "an icon between words": ("home \uf015 at nine", "home at nine"),
    "an icon at each end": ("\uf118 The keeper \U000f0001", "The keeper "),
    "an icon inside a word": ("ho\ue001me", "home"),
    "colours of a terminal": (
        "\x1b[1;31mERROR\x1b[0m the lamp \x1b[38;5;208mis\x1b[m out",
        "ERROR the lamp is out",
    ),
    "cursor movements": ("\x1b[2K\x1b[1G50 %\x1b[?25h", "50 %"),
    "a link in a terminal": ("\x1b]8;;https://a.example\x1b\\the plan\x1b]8;;\x07", "the plan"),
    "a title of a terminal": ("\x1b]0;build\x07done", "done"),
    "other character sets": ("\x1b(0lqk\x1b(B done \x1b7\x1b8", "lqk done "),
    "an escape that is cut off": ("done\x1b[", "done["),
    "joiners that join nothing": ("Auf\u200clage co\u200doperate \u200c", "Auflage cooperate "),
    "line ends of all kinds": ("a\r\nb\rc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
}

UNCHANGED = {
    "Persian": "می\u200cخواهم و خانه\u200cها",
    "Persian beside markup": "<b>می</b>\u200cخواهم <i>\u200cها</i>",
    "Hindi": "क्\u200dष and क्\u200cष",
    "Malayalam at the end of a word": "അവന്\u200d വന്നു",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "families of emoji": "👩\u200d🚀 👨\u200d👩\u200d👧 🏳️\u200d🌈 ❤️\u200d🔥",
    "flags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "escapes that are written out": r"print '\x1b[31m' or '\033[0m', ^[[1m and [31m]",
    "brackets with numbers": "see [31m] and [0]",
    "letters of other alphabets": "Ω ℃ ﬁ Ⅷ ① 10⁶ ½ ｶﾞ",
    "Hebrew with marks": "שָׁלוֹם",
    "directions": "\u200fשלום\u200f abc",
    "tabs and spaces": "a\tb\xa0c\u202fd",
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_nobody_sees_is_gone(name: str) -> None:
    text, expected = CHANGED[name]
    assert plain_text(text) == expected


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_carries_meaning_stays(name: str) -> None:
    text = unicodedata.normalize("NFC", UNCHANGED[name])
    assert plain_text(text) == text


@given(st.text("ae\u0301\u0327\xad\u200b\u200c\u200d\ufeff\uf015 \x1b[31m]\x07\r\n\x85خه👩"))
def test_the_form_of_a_form_is_itself(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)


@pytest.mark.parametrize(
    "piece", ["\x1b[", "\x1b]", "\u200c", "\uf015 ", "\xad", "e\u0301", "\u0301\u0327", "\x1b[3"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    began = time.process_time()
    plain_text(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 2


def test_entities_of_a_page_become_what_nobody_sees_and_go() -> None:
    page = (
        "<p>The har&shy;bour&#8203;master &#xf015; said: cafe&#x301; at nine, and not before the bell.</p>"
    )
    assert (
        winnow.clean(page).text.strip() == "The harbourmaster said: café at nine, and not before the bell."
    )


ESCAPED_TWICE = {
    "a letter inside a word": ("<p>The caf&amp;eacute; sells fish &amp;amp; chips</p>", "<p>The café sells fish &amp; chips</p>"),
    "a letter that begins a word": ("<p>&amp;Uuml;ber den Hafen</p>", "<p>Über den Hafen</p>"),
    "numbers and signs beside it": (
        "<p>H&amp;ouml;he&amp;nbsp;&amp;ndash; &amp;#8222;so&amp;#8220; &amp;hellip;</p>",
        "<p>Höhe\xa0– „so“ …</p>",
    ),
}  # fmt: skip

ESCAPED_ONCE = {
    "a page without": "<p>The caf&eacute; &amp; the quay</p>",
    "a page about entities": "<p>The entity in caf&amp;eacute; is that of é</p>",
    "a page that says how to escape": "<p>HTML writes caf&amp;eacute; for café</p>",
    "an entity that stands by itself": "<p>Write &amp;eacute; for é and &amp;amp; for a sign</p>",
    "code": "<p>So:</p><pre>caf&amp;eacute;</pre><p>and <code>na&amp;iuml;ve</code></p>",
    "a script": "<script>var a = 'caf&amp;eacute;'</script><p>The quay</p>",
    "escaped markup": "<p>caf&amp;eacute; &amp;lt;b&amp;gt;</p>",
    "an address": '<p><a href="/?a=1&amp;copy=2&amp;eacute;x">the quay</a></p>',
    "a name that is none": "<p>R&amp;Dept; and AT&amp;Tea;</p>",
}


@pytest.mark.parametrize("name", ESCAPED_TWICE)
def test_entities_that_were_escaped_twice_are_resolved(name: str) -> None:
    html, expected = ESCAPED_TWICE[name]
    assert resolved(html) == expected


@pytest.mark.parametrize("name", ESCAPED_ONCE)
def test_other_entities_stay(name: str) -> None:
    assert resolved(ESCAPED_ONCE[name]) == ESCAPED_ONCE[name]


def test_code_and_addresses_of_a_page_that_was_escaped_twice_stay() -> None:
    html = '<p title="&amp;quot;x">caf&amp;eacute;</p><pre>caf&amp;eacute;</pre><p>th&amp;eacute;</p>'
    assert resolved(html) == '<p title="&amp;quot;x">café</p><pre>caf&amp;eacute;</pre><p>thé</p>'


@pytest.mark.parametrize(
    "piece", ["&amp;", "caf&amp;eacute;", "<pre>caf&amp;eacute;", "<code", "a&amp;b", "<a "]
)
def test_hostile_entities_take_linear_time(piece: str) -> None:
    began = time.process_time()
    resolved(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 3
