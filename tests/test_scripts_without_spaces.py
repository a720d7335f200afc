"""Lengths that rules set in characters and words mean as much in scripts without spaces: a case on either side of each."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.cleaners import CLEANERS
from winnow.cleaners._entries import is_entry
from winnow.cleaners.endnotes import endnotes
from winnow.cleaners.furniture import furniture
from winnow.cleaners.pull_quotes import pull_quotes
from winnow.cleaners.repeats import repeats
from winnow.corpus.document import Block, Cleaned, Cleaner, Document, clean
from winnow.corpus.error_pages import is_error_page
from winnow.corpus.layout import parse_page
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.layout.prose import is_prose
from winnow.corpus.lines import LONG_WEIGHT, Line, bare_words, read_lines, text_weight
from winnow.corpus.page_metadata.day_reader import words_of_letters
from winnow.corpus.page_metadata.declared import read_declared
from winnow.corpus.page_metadata.titles import page_site, page_title
from winnow.corpus.word_breaks import CLOSING, SENTENCE_ENDS
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.site_line_keys import MIN_PAGES, site_lines_of

# A sentence of some dozen words each: it rained all night, and people stayed at home until the morning
RAIN = {
    "zh": "昨天夜里山上下了一整夜的雨，村里的人都在家里等到天亮。",
    "ja": "昨夜は丘の上で一晩中雨が降り、村の人々は朝まで家にいた。",
    "th": "เมื่อคืนฝนตกหนักบนเนินเขาตลอดทั้งคืน ชาวบ้านจึงอยู่แต่ในบ้านจนถึงเช้า ",
    "lo": "ຄືນນີ້ຝົນຕົກໜັກຢູ່ເທິງພູຕະຫຼອດຄືນ ຊາວບ້ານຈຶ່ງຢູ່ໃນເຮືອນຈົນຮອດເຊົ້າ ",
    "km": "យប់មិញភ្លៀងធ្លាក់យ៉ាងខ្លាំងនៅលើភ្នំ ហើយអ្នកភូមិបាននៅក្នុងផ្ទះរហូតដល់ព្រឹក។ ",
    "my": "မနေ့ညက တောင်ကုန်းပေါ်မှာ မိုးသည်းထန်စွာရွာခဲ့ပြီး ရွာသားများ အိမ်ထဲမှာပဲ နေခဲ့ကြသည်။ ",
    "hi": "कल रात पहाड़ियों पर तेज़ बारिश हुई और गाँव के लोग सुबह तक घर में ही रहे। ",
    "ar": "هطل المطر أمس على التلال طوال الليل وبقي أهل القرية في بيوتهم حتى الصباح. ",
    "ta": "நேற்று இரவு மலைகளில் பலத்த மழை பெய்தது, கிராம மக்கள் காலை வரை வீட்டிலேயே இருந்தனர். ",
}
STORY = "港务局星期二开会讨论了三个小时，到散会的时候谁也说不清旧码头能不能在鲱鱼季节以前修好，因为打桩的钱还在县里。"
OTHER = "灯塔看守人说灯需要换一个新的镜片，旧的可以卖给城里的博物馆，那里有一整间屋子摆着出过海的东西，他自己也常去看。"
LETTERS = "风雨山水花鸟虫鱼春夏秋冬东南西北天地日月星云江河湖海金木火土"


def line_of(text: str) -> Line:
    [line] = read_lines(text, [(0, len(text))])
    return line


def document_of(*lines: str) -> Document:
    text = "".join(f"{line}\n" for line in lines)
    return Document(text, (Block(0, len(text)),))


def removed(cleaner: Cleaner, *lines: str) -> list[str]:
    """What a cleaner removes from a text of these lines."""
    document = document_of(*lines)
    return [document.text[removal.start : removal.end].strip() for removal in cleaner(document)]


@pytest.mark.parametrize("language", RAIN)
def test_a_sentence_is_about_as_long_in_every_script(language: str) -> None:
    line = line_of(RAIN[language].strip())
    assert 10 <= line.word_count <= 20
    assert 60 <= line.weight <= 90


@pytest.mark.parametrize("language", RAIN)
def test_a_sentence_ends_in_every_script_that_has_a_sign_for_it(language: str) -> None:
    assert line_of(RAIN[language].strip()).is_sentence is (language not in ("th", "lo"))


@pytest.mark.parametrize(
    ("text", "is_sentence"),
    [
        (LETTERS[:10] + "。", False),
        (LETTERS[:11] + "。", True),
        (LETTERS[:11] + "，", False),
        ("カタカナのぶん。", False),
        ("カタカナのながいぶんです。", True),
        ("ភ្លៀងធ្លាក់។", False),
        ("ភ្លៀងធ្លាក់យ៉ាងខ្លាំងនៅលើភ្នំ ហើយអ្នកភូមិបាននៅក្នុងផ្ទះ។", True),
        ("बारिश हुई।", False),
        ("कल रात पहाड़ियों पर तेज़ बारिश हुई।", True),
    ],
)
def test_a_sentence_has_words_enough(text: str, is_sentence: bool) -> None:
    assert line_of(text).is_sentence is is_sentence


@pytest.mark.parametrize("end", SENTENCE_ENDS)
@pytest.mark.parametrize("closing", ["", *CLOSING, "」）"])
def test_a_sentence_may_end_in_any_sign_and_close_quotations_behind_it(end: str, closing: str) -> None:
    assert line_of(f"{LETTERS[:20]}{end}{closing}").is_sentence
    assert not line_of(f"{LETTERS[:20]}{end}{closing}风").is_sentence


@pytest.mark.parametrize(
    ("text", "is_long"),
    [("雨" * 53, False), ("雨" * 54, True), ("あ" * 54, True), ("ฝน" * 79, False), ("ฝน" * 80, True)],
)
def test_a_paragraph_weighs_as_much_as_a_latin_one(text: str, is_long: bool) -> None:
    assert line_of(text).is_long is is_long


@pytest.mark.parametrize(
    ("text", "words", "runs"),
    [
        ("今天下雨 don't", ("今", "天", "下", "雨", "don't"), ("今天下雨", "don't")),
        ("फ़्रांस में बारिश", ("फ़्रांस", "में", "बारिश"), ("फ़्रांस", "में", "बारिश")),
        ("ฝนตก well-being", ("ฝ", "น", "ต", "ก", "well-being"), ("ฝนตก", "well-being")),
        ("می‌خواهم بروم", ("می‌خواهم", "بروم"), ("می‌خواهم", "بروم")),
    ],
)
def test_words_of_a_line_are_letters_where_no_spaces_part_them(
    text: str, words: tuple[str, ...], runs: tuple[str, ...]
) -> None:
    line = line_of(text)
    assert (line.words, line.runs) == (words, runs)


def test_the_line_model_reads_pairs_of_letters_of_a_run() -> None:
    assert {"今天", "天下", "=今天下雨"} <= line_tokens(line_of("今天下雨"))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("हिन्दी, में!", "हिन्दी में"),
        ("«می‌خواهم»", "می‌خواهم"),
        ("❤️ share 1️⃣", "share 1"),
        ("今天・下雨。", "今天 下雨"),
        ("İLGİLİ HABER".casefold(), "i lgi li haber"),
    ],
)
def test_the_key_of_a_line_keeps_vowel_signs_but_no_accents_or_marks_of_emoji(text: str, bare: str) -> None:
    assert bare_words(text) == bare


@pytest.mark.parametrize("language", RAIN)
def test_prose_among_strings_is_found_in_every_script(language: str) -> None:
    assert is_prose(RAIN[language] * 3)
    assert not is_prose(RAIN[language])


@pytest.mark.parametrize("text", ["x7Fq9aZ0" * 40, "雨-99;" * 40, "padding:0;" * 40, "ฝน1234567890" * 20])
def test_tokens_and_code_are_no_prose(text: str) -> None:
    assert not is_prose(text + ".")


@pytest.mark.parametrize(("letters", "goes"), [(7, True), (6, False)])
def test_a_title_printed_twice_goes_from_seven_letters_on(letters: int, goes: bool) -> None:
    title = LETTERS[:letters]
    assert removed(repeats, title, "三月三日", title, STORY * 2, OTHER * 2) == [title] * goes


@pytest.mark.parametrize(("letters", "goes"), [(20, True), (19, False)])
def test_a_paragraph_printed_twice_goes_from_twenty_letters_on(letters: int, goes: bool) -> None:
    paragraph = LETTERS[:letters] + "。"
    text = (STORY * 2, paragraph, OTHER * 2, paragraph, STORY + OTHER * 2, STORY * 3)
    assert removed(repeats, *text) == [paragraph] * goes


@pytest.mark.parametrize(("letters", "goes"), [(11, True), (10, False)])
def test_a_pull_quote_has_six_words(letters: int, goes: bool) -> None:
    quote = f"“{LETTERS[:letters]}。”"
    assert removed(pull_quotes, STORY * 2, quote, f"{OTHER}{LETTERS[:letters]}。{OTHER}") == [quote] * goes


@pytest.mark.parametrize(
    "heading", ["旧码头能不能修好", "港务局：旧的可以卖给城里的博物馆，那里有一整间屋子。"]
)
def test_a_heading_in_the_words_of_its_paragraph_is_no_pull_quote(heading: str) -> None:
    assert removed(pull_quotes, STORY * 2, heading, f"{OTHER}{heading.partition('：')[2]}{STORY}") == []


@pytest.mark.parametrize(("before", "goes"), [("。", True), ("」", True), ("雨", True), ("＋", False)])
def test_a_note_is_cited_behind_words_and_ends_of_sentences(before: str, goes: bool) -> None:
    lines = [f"{STORY}{before}[{number}]" for number in (1, 2, 3)]
    assert removed(endnotes, *lines) == [f"[{number}]" for number in (1, 2, 3) if goes]


@pytest.mark.parametrize(("letters", "goes"), [(13, True), (12, False)])
def test_a_note_is_cited_in_lines_of_eight_words(letters: int, goes: bool) -> None:
    lines = [f"{LETTERS[number : number + letters]}[{number}]" for number in (1, 2, 3)]
    assert bool(removed(endnotes, *lines)) is goes


@pytest.mark.parametrize(("letters", "goes"), [(83, True), (85, False)])
def test_a_copyright_line_is_no_paragraph(letters: int, goes: bool) -> None:
    note = f"© 2024 {'雨' * letters}"
    assert removed(furniture, STORY, note) == [note] * goes


@pytest.mark.parametrize(("letters", "is_kept"), [(8, True), (9, False)])
def test_a_term_that_the_next_line_explains_has_four_words(letters: int, is_kept: bool) -> None:
    terms = [LETTERS[place : place + letters] for place in range(6)]
    document = document_of(*(line for term in terms for line in (term, "这里说明它的意思。")))
    assert is_entry(document, 4, {4}) is is_kept


@pytest.mark.parametrize(("letters", "is_message"), [(100, True), (240, False)])
def test_a_page_with_a_paragraph_beside_its_message_is_no_error_page(
    letters: int, is_message: bool
) -> None:
    lines = ("您访问的页面" * (letters // 12), "雨" * (letters // 2))
    document = document_of(*lines)
    assert is_error_page(Cleaned(document, ()), b"") is is_message


@pytest.mark.parametrize(("letters", "is_long"), [(53, False), (54, True)])
def test_a_site_repeats_lines_and_paragraphs(letters: int, is_long: bool) -> None:
    document = document_of("雨" * letters)
    assert (text_weight(document.text) > LONG_WEIGHT) is is_long
    [pages] = site_lines_of(clean(document, ())).values()
    assert pages == MIN_PAGES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024年5月3日 星期五", 1),
        ("发布时间：2024年5月3日", 2),
        ("3 พฤษภาคม 2567", 2),
        ("३ मई २०२४ को प्रकाशित", 2),
        ("2024년 5월 3일 금요일", 1),
    ],
)
def test_words_beside_a_day_are_counted_in_every_script(text: str, words: int) -> None:
    assert words_of_letters(text) == words


@pytest.mark.parametrize(
    ("declared", "heading", "title"),
    [
        ("今天夜里山上下雨_新闻_岛报", "今天夜里山上下雨", "今天夜里山上下雨"),
        ("今夜は丘で雨 │ 島新聞", "今夜は丘の上で雨", "今夜は丘の上で雨"),
        ("คืนนี้ฝนตกบนเขา - ข่าวเกาะ", "คืนนี้ฝนตกหนักบนเขา", "คืนนี้ฝนตกหนักบนเขา"),
        ("今天夜里山上下雨", "岛报新闻中心欢迎您", "今天夜里山上下雨"),
        ("岛报首页", "今天夜里山上下雨", "岛报首页"),
    ],
)
def test_a_title_is_the_heading_that_shares_its_words(declared: str, heading: str, title: str) -> None:
    page = parse_page(f"<title>{declared}</title><h1>{heading}</h1><p>{STORY * 3}</p>")
    assert page_metadata(page).title == title


@pytest.mark.parametrize(("letters", "is_title"), [(3, True), (2, False)])
def test_a_plain_title_may_be_short_in_ideographs(letters: int, is_title: bool) -> None:
    heading = LETTERS[:letters]
    page = parse_page(f"<title>{heading}·岛报</title><p><b>{heading}</b></p><p>{STORY * 3}</p>")
    declared = read_declared(page, "")
    assert (page_title(declared, page_site(declared))[1] is not None) is is_title


@pytest.mark.parametrize("language", RAIN)
def test_a_story_in_any_script_stays_whole(language: str) -> None:
    lines = [f"{number} {RAIN[language] * 4}".strip() for number in range(1, 6)]
    assert clean(document_of(*lines), CLEANERS).removals == ()


SPACED = st.text(
    st.characters(max_codepoint=0x2FF, exclude_categories=["Cs"]) | st.sampled_from("aB’-ßЯщ. \xa0")
)


@given(SPACED)
def test_lines_of_scripts_with_spaces_are_measured_as_ever(text: str) -> None:
    for line in read_lines(text, [(0, len(text))]):
        words = tuple(re.findall(r"\w+(?:['’\-]\w+)*", line.text))
        assert (line.words, line.runs, line.word_count, line.weight) == (
            words,
            words,
            len(words),
            len(line.text),
        )


@given(st.text())
def test_letters_that_count_as_words_never_make_a_text_longer_than_its_words(text: str) -> None:
    for line in read_lines(text, [(0, len(text))]):
        assert 0 <= line.word_count <= len(line.words)
        assert bool(line.word_count) is bool(line.words)
        assert line.weight >= len(line.text)


@given(st.text(), st.text())
def test_the_weight_of_two_texts_is_that_of_both(one: str, other: str) -> None:
    assert text_weight(f"{one}\n{other}") == text_weight(one) + 1 + text_weight(other)
