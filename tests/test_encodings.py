"""Encodings: what labels mean, which declarations count, what is guessed, and how broken bytes are read."""

import pytest

from bench.encoding_texts import Sample, catalogues, samples
from bench.encodings import is_right
from winnow.corpus.decode import decode
from winnow.corpus.encoding_guess import CONTRADICTION, MIN_CONTRADICTING_BYTES, contradicts, guess_codec
from winnow.corpus.encoding_labels import codec_of, is_text_encoding, read_lossily
from winnow.corpus.errors import UnreadableError

SPANISH = "El martes por la mañana volvió a abrir el mercado del puerto después de dos años de obras en el muelle."
SWEDISH = "På tisdagen öppnade torget vid hamnen åter efter två år, och många kom för att köpa färsk fisk och bröd."
POLISH = "We wtorek rano znów otwarto targ w porcie, a mieszkańcy przyszli z koszami po świeże ryby i żółte śliwki."
ESTONIAN = "Teisipäeva hommikul avati sadamas pärast kahte aastat jälle turg, ja lähedal elavad inimesed tõid korve."
TURKISH = "Salı sabahı limandaki çarşı iki yıl sonra yeniden açıldı, komşular sepetleriyle balık ve sebze almaya geldi."
RUSSIAN = (
    "Во вторник утром в порту снова открылся рынок, и жители соседних улиц пришли с корзинами за рыбой."
)
GREEK = (
    "Την Τρίτη το πρωί άνοιξε ξανά η αγορά στο λιμάνι, και οι γείτονες ήρθαν με τα καλάθια τους για ψάρια."
)
HEBREW = "ביום שלישי בבוקר נפתח שוב השוק בנמל, והשכנים באו עם סלים כדי לקנות דגים טריים וירקות מן הגינות."
ARABIC = "فتح سوق الصباح في الميناء أبوابه يوم الثلاثاء بعد عامين، وجاء سكان الشوارع القريبة بسلالهم لشراء السمك."
THAI = "ตลาดเช้าที่ท่าเรือเปิดอีกครั้งเมื่อวันอังคาร ชาวบ้านถือตะกร้ามาซื้อปลาและผัก หลายคนบอกว่าคิดถึงที่นี่"
JAPANESE = "火曜日の朝、港の市場が二年ぶりに開かれ、近くの人たちがかごを持って魚や野菜を買いに来ました。"
KOREAN = "화요일 아침 항구의 시장이 두 해 만에 다시 열려 사람들이 바구니를 들고 생선과 채소를 사러 왔다."
CHINESE = "周二上午，港口的早市在关闭两年之后重新开放，附近的居民带着篮子来买鱼和蔬菜，大家都很高兴。"
TAIWANESE = "週二上午，港口的早市在關閉兩年之後重新開放，附近的居民帶著籃子來買魚和蔬菜，大家都很高興。"

IN_ENCODINGS = [
    (SPANISH, "cp1252"), (SWEDISH, "cp1252"), (POLISH, "cp1250"), (POLISH, "iso8859-2"), (ESTONIAN, "cp1257"),
    (TURKISH, "cp1254"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (RUSSIAN, "iso8859-5"),
    (GREEK, "cp1253"), (GREEK, "iso8859-7"), (HEBREW, "cp1255"), (ARABIC, "cp1256"), (ARABIC, "iso8859-6"),
    (THAI, "cp874"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp"), (JAPANESE, "iso2022_jp"), (KOREAN, "cp949"),
    (CHINESE, "gb18030"), (TAIWANESE, "big5"), (RUSSIAN, "utf-8"), (CHINESE, "utf-8"), (RUSSIAN, "utf-16-le"),
    (GREEK, "utf-16-be"), (POLISH, "utf-32-le"), (POLISH, "utf-32-be"),
]  # fmt: skip


def page(text: str, encoding: str, label: str = "", language: str = "") -> bytes:
    """A page in an encoding, which it declares by a label, if any."""
    meta = f'<meta charset="{label}">' if label else ""
    lang = f' lang="{language}"' if language else ""
    return f"<html{lang}><head>{meta}</head><body><p>{text}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(("text", "encoding"), IN_ENCODINGS)
def test_a_text_that_declares_nothing_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert text in decode(page(text, encoding), html=True)


@pytest.mark.parametrize(("text", "encoding"), IN_ENCODINGS)
def test_a_page_that_declares_utf_8_wrongly_is_read(text: str, encoding: str) -> None:
    assert text in decode(page(text, encoding, "utf-8"), html=True)


@pytest.mark.parametrize(("text", "encoding"), IN_ENCODINGS)
def test_a_page_that_declares_latin_1_wrongly_is_read(text: str, encoding: str) -> None:
    if encoding not in ("cp1250", "iso8859-2", "cp1254", "cp1257"):  # which nothing but words tells from it
        assert text in decode(page(text, encoding, "iso-8859-1"), html=True)


LABELS = [
    ("latin1", "cp1252"), ("ISO-8859-1", "cp1252"), ("us-ascii", "cp1252"), ("iso-8859-9", "cp1254"),
    ("Shift_JIS", "cp932"), ("x-sjis", "cp932"), ("windows-31j", "cp932"), ("euc-kr", "cp949"),
    ("ks_c_5601-1987", "cp949"), ("gb2312", "gb18030"), ("gbk", "gb18030"), ("big5", "big5hkscs"),
    ("tis-620", "cp874"), ("iso-8859-8-i", "iso8859-8"), ("x-mac-cyrillic", "mac-cyrillic"), ("unicode", "utf-16-le"),
    (" 'utf8'; ", "utf-8"), ("cp437", "cp437"), ("utf-9", ""), ("base64", ""), ("unicode_escape", ""), ("", ""),
    ("a\0b", ""), ("ütf-8", ""),
]  # fmt: skip


@pytest.mark.parametrize(("label", "codec"), LABELS)
def test_a_label_means_what_the_html_standard_says(label: str, codec: str) -> None:
    assert codec_of(label) == codec
    assert is_text_encoding(label) is bool(codec)


# Text, encoding, label, and characters that only the encoding has that browsers read for the label
EXTENDED = [
    ("①火曜日の朝、㈱港湾の髙田さんが市を開きました。", "cp932", "shift_jis"),
    ("똠방각하라는 말이 다시 쓰였다고 펲시가 전했다.", "cp949", "euc-kr"),
    ("李镕甡表示，港口的早市重新开放。", "gb18030", "gb2312"),
    ("Salı günü “çarşı” açıldı…", "cp1254", "iso-8859-9"),
    ("„Šťastné ráno“ – řekl žlutý kůň v přístavu.", "cp1250", "iso-8859-2"),
    ("Über die „Brücke“ – sagte er …", "cp1252", "iso-8859-15"),
]


@pytest.mark.parametrize(("text", "encoding", "label"), EXTENDED)
def test_a_label_is_read_with_the_characters_that_browsers_read(
    text: str, encoding: str, label: str
) -> None:
    assert text in decode(page(text, encoding, label), html=True)
    assert decode(text.encode(encoding), label) == text


def test_a_page_in_iso_8859_2_is_not_taken_for_windows_because_of_one_dash() -> None:
    content = page(POLISH * 3, "iso8859-2", "iso-8859-2").replace(b"targ", b"targ \x96", 1)
    assert "śliwki" in decode(content, html=True)


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (ARABIC, "iso8859-6", "iso-8859-6"),
        (POLISH, "cp1250", "iso-8859-2"),
        (POLISH, "iso8859-2", "iso-8859-2"),
    ],
)
def test_broken_bytes_do_not_decide_between_iso_and_windows(text: str, encoding: str, label: str) -> None:
    content = page(f"{text} # {text} # {text}", encoding, label).replace(b"#", b"\x81")
    assert decode(content, html=True).count(text) == 3


def test_japanese_is_read_with_the_characters_of_nec_and_ibm_in_each_of_its_encodings() -> None:
    pairs = {"①": b"\x2d\x21", "㈱": b"\x2d\x6a", "髙": b"\x7c\x62"}
    for character, pair in pairs.items():
        euc = bytes(byte | 0x80 for byte in pair)
        assert (
            read_lossily("港の".encode("euc_jp") + euc + "朝".encode("euc_jp"), "euc_jp")
            == f"港の{character}朝"
        )
        escaped = "港の朝市".encode("iso2022_jp")
        assert read_lossily(escaped[:-3] + pair + b"\x1b(B", "iso2022_jp") == f"港の朝市{character}"


def test_pairs_that_no_japanese_encoding_has_stay_broken() -> None:
    assert read_lossily("港の朝".encode("euc_jp") * 9 + b"\xff", "euc_jp") == "港の朝" * 9 + "\ufffd"
    assert read_lossily("港の".encode("euc_jp") + b"\xa9\xa1", "euc_jp").startswith("港の\ufffd")


@pytest.mark.parametrize(
    ("text", "encoding"), [pair for pair in IN_ENCODINGS if not pair[1].startswith("utf-")]
)
@pytest.mark.parametrize("broken", [b"\xff", b"\x81\x8d"])
def test_a_few_broken_bytes_cost_no_more_than_their_characters(
    text: str, encoding: str, broken: bytes
) -> None:
    content = text.encode(encoding)
    at = content.find(b" ", len(content) // 2) if b" " in content else len(content)
    for label in (encoding, ""):
        read = decode(content[:at] + broken + content[at:] + b"." + content, label)
        assert text[:20] in read and read.endswith(text[-10:])


def test_a_page_that_declares_utf_8_keeps_it_despite_a_footer_in_latin_1() -> None:
    body = "Le conseil a décidé mardi que le marché rouvrira après deux années d’arrêt.".encode()
    content = b'<meta charset="utf-8"><p>' + body + b"</p><footer>R\xe9daction g\xe9n\xe9rale</footer>"
    assert "décidé mardi" in decode(content, html=True)


def test_bytes_that_no_encoding_fits_are_undecodable() -> None:
    with pytest.raises(UnreadableError, match="undecodable"):
        decode(bytes(0x80 + n * n * 37 % 31 for n in range(400)))


def test_the_language_of_a_page_decides_where_letters_are_few() -> None:
    czech = "Dnes je ve městě trh."
    assert czech in decode(page(czech, "cp1250", language="cs"), html=True)
    assert "café au lait" in decode(page("café au lait", "cp1252", language="fr"), html=True)


@pytest.mark.parametrize("language", ["en", "de", "xx", ""])
def test_the_wrong_language_of_a_template_does_no_harm(language: str) -> None:
    assert guess_codec(RUSSIAN.encode("cp1251"), language) == "cp1251"
    assert guess_codec(JAPANESE.encode("euc_jp"), language) == "euc_jp"


def test_a_declaration_stands_unless_much_speaks_against_it() -> None:
    letters = RUSSIAN.encode("cp1251").replace(b" ", b"")
    assert not contradicts(letters[: MIN_CONTRADICTING_BYTES - 1], "cp1252")
    assert contradicts(RUSSIAN.encode("cp1251"), "cp1252")
    assert CONTRADICTION == 3.0
    for text, encoding in IN_ENCODINGS:
        if not encoding.startswith(("utf-", "iso2022")):
            assert not contradicts(text.encode(encoding), codec_of(encoding))


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-16be", "unicode"])
def test_utf_16_without_a_mark_is_read_in_either_order(label: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(CHINESE.encode(encoding), label) == CHINESE


def test_ascii_that_is_declared_as_utf_16_is_ascii() -> None:
    assert decode(b"Rain fell on the harbour.", "utf-16") == "Rain fell on the harbour."
    assert "Rain" in decode(page("Rain fell", "ascii", "utf-16"), html=True)


def test_scripts_of_a_page_do_not_hide_what_its_text_is_in() -> None:
    script = "<script>" + "function scroll() { window.scroll(0, position); } " * 500 + "</script>"
    content = page(script + CHINESE * 5, "gb18030", "gb2312").replace(
        b"<script>", "<script>// é ".encode("cp1252"), 1
    )
    assert CHINESE in decode(content, html=True)
    assert CHINESE in decode(content.replace(b"gb2312", b""), html=True)


def test_text_in_a_language_that_nobody_counted_stays_as_it_is_declared() -> None:
    albanian = "Të martën në mëngjes u hap përsëri tregu në port, dhe fqinjët erdhën me shporta për të blerë peshk. "
    assert albanian in decode(page(albanian * 4, "cp1252", "iso-8859-1"), html=True)


@pytest.mark.parametrize(("broken", "read", "right"), [
    (0.0, "Čtvrtek začíná", True), (0.0, "Ètvrtek začíná", False), (0.01, "\ufffdtvrtek začíná", True),
    (0.01, "\ufffdtvrtek zaèíná", False),
])  # fmt: skip
def test_the_bench_takes_for_right_what_the_encoding_can_still_read(
    broken: float, read: str, right: bool
) -> None:
    text, readable = "Čtvrtek začíná", "\ufffdtvrtek začíná" if broken else "Čtvrtek začíná"
    sample = Sample("cs", "utf-8", 60, "undeclared text", broken, text, readable, b"")
    assert is_right(sample, read) is right


@pytest.mark.skipif(catalogues() is None, reason="Django is not installed, whose texts the bench takes")
def test_the_bench_draws_the_same_samples_again() -> None:
    draws = [[next(drawn) for _ in range(40)] for drawn in (samples(1, 3), samples(1, 3))]
    assert draws[0] == draws[1]
