"""Pull quotes: a line that copies a sentence of the text, often shortened by an editor."""

import re
from collections.abc import Iterator, Sequence
from operator import add
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from winnow.cleaners._entries import block_at
from winnow.cleaners._places import is_story
from winnow.cleaners._rules import phrase_lines, whole_line
from winnow.cleaners.captions import caption_credit
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import END, Line
from winnow.corpus.word_breaks import QUESTION_ENDS

QUOTE_WORDS: Final = range(6, 46)
MAX_WEIGHT: Final = 330
NEAR_LINES: Final = 14  # a quote stands this near to its sentence
LONGER: Final = 1.25  # times the quote's words: the paragraph that it is taken from
CONTENT_WORD_CHARS: Final = 5
MIN_SHARED_WORDS: Final = 0.8  # of the quote's content words, in the paragraph
QUOTATION_MARKS: Final = "'\"‘’“”„«»「」『』"
MIN_RATIO: Final = 62  # of rapidfuzz's partial_ratio, 0 to 100: a cheap look before the careful one
MIN_IN_ORDER: Final = 0.95  # share of the quote's words, in order, in one stretch of the paragraph
SHORTEST: Final = {  # words of a quote; (in quotation marks, ends like a sentence); below it is a sub-heading
    (True, True): 6,
    (True, False): 8,
    (False, True): 10,
    (False, False): 14,
}
LEAD_LINES: Final = 4  # below a caption in the head, in which the text may begin
MAX_BODY_CREDIT_CHARS: Final = 700  # of a paragraph that is a caption with a credit
MAX_LINES: Final = 2000  # of a document; a longer one is not an article
MAX_PARAGRAPH_CHARS: Final = 20_000
# without quotation marks: several sentences, or one of a forum's posts
NOT_LIFTED: Final = re.compile(r"[.!?…] [A-ZÀ-ÞА-Я]|\A@|\bI\b|\b(?:ich|je|yo|eu|io)\b")
LIST_MARK: Final = re.compile(r"\s{0,9}(?:[•*\-–—]|\W{0,3}\d{1,4}[.)])")
NOT_QUOTED: Final = re.compile(
    r"\A[\w.’' ]{2,30}: |\A\w{1,10}：|[,.!?][”\"] \w|[”\"»], \w|[_{}<>=|\\]|\A\[|\w\(|@\w|"
    r"\b(?:said|says|told|tweeted|added|writes)\b"
)
# How an article begins: "NORDVIK, May 3 (Agency) — The ferry", "Oslo (AP) –", "МОСКВА, 4 янв - Agency.", "【Nordvik】"
DATELINE: Final = re.compile(
    r"[A-ZÀ-Þ][\w.’' -]{1,30}(?:, [A-ZÀ-Þ][\w.]{1,20})?(?:, [\w. ]{3,20})?(?: \([\w /]{2,30}\))? ?"
    r"(?:[–—]|--?) ?[A-ZÀ-Þ“\"]|"
    r"[^\W\d_][\w.,’'/ -]{1,60} ?\([^()]{2,40}\) ?(?:[–—―_:/|-]{1,2}|\.) |"
    r"(?=[^\Wa-zà-ÿа-я]{2})[^\Wa-zà-ÿа-я\d][^\Wa-zà-ÿа-я.’'/ -]{2,30}(?:, [^:–—―|]{2,60})? ?(?:[–—―_:|]{1,2}|--?) |"
    r"[【（［(][^】）］)]{2,30}[】）］)]|[^。，\s]{2,20}\d{1,2}月\d{1,2}日"
)
SCORES: Final = {"verbatim": 0.93, "nearly_verbatim": 0.95}  # docs/rules.md, as all scores of rules


def pull_quotes(document: Document) -> Iterator[Removal]:
    r"""Find lines between paragraphs that copy a sentence of a paragraph near by.

    Left alone: sub-headings, list items, questions, lead-ins that end in a colon, attributions.

    >>> from winnow.corpus.document import Block, clean
    >>> rest = " The council had met in the evening and sent all its workers out to the dams at once." * 2
    >>> text = f"Rain.{rest}\n“The river rose by two metres.”\nOn Friday the river rose by two metres.{rest}\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [pull_quotes]).text.count("The river rose")
    0
    """
    lines = document.lines
    if len(lines) > MAX_LINES or not is_story(document):
        return
    for index, line in enumerate(lines):
        if not _has_a_place(document, index) or not _can_be_quote(line):
            continue
        if DATELINE.match(line.text):
            continue
        near = NEAR_LINES if index > document.first_paragraph else len(lines)
        others = range(max(0, index - near), min(len(lines), index + near + 1))
        rule = next((rule for other in others if (rule := _copy_rule(document, index, other))), "")
        if rule:
            yield whole_line(line, "pull_quote", rule, SCORES[rule])


def _can_be_quote(line: Line) -> bool:
    text = line.text
    return (
        line.weight <= MAX_WEIGHT
        and line.word_count in QUOTE_WORDS
        and text.rstrip(QUOTATION_MARKS)[-1:] not in (":", "：", *QUESTION_ENDS, "")
        and not text[0].islower()
        and text[0] not in ".,:;…"
        and "|" not in line.raw
        and not (text.istitle() or text.isupper())
        and line.word_count >= SHORTEST[text[0] in QUOTATION_MARKS, END.search(text) is not None]
        and LIST_MARK.match(line.raw) is None
        and NOT_QUOTED.search(text) is None
        and (text[0] in QUOTATION_MARKS or NOT_LIFTED.search(text) is None)
    )


def _has_a_place(document: Document, index: int) -> bool:
    """Between paragraphs; in the head a line must be marked as a quotation, others are titles and decks."""
    lines = document.lines
    if lines[index - 1].text.endswith((":", "：")):
        return False  # a quotation that the line above leads in
    if index > document.first_paragraph:
        return any(lines[i].is_long for i in (index - 1, index + 1) if i < len(lines))
    return index > 0 and lines[index].text[:1] in QUOTATION_MARKS


def _copy_rule(document: Document, index: int, other: int) -> str:
    """The rule by which line ``index`` copies a sentence of line ``other``, "" if it does not."""
    line, body = document.lines[index], document.lines[other]
    if index == other or not body.is_long or len(body.text) > MAX_PARAGRAPH_CHARS:
        return ""
    if body.word_count < LONGER * line.word_count:
        return ""
    words, body_words = _compared_words(line), _compared_words(body)
    content = {word for word in words if len(word) >= CONTENT_WORD_CHARS} or set(words)
    shared = len(content & set(body_words)) / len(content)
    if shared < MIN_SHARED_WORDS or fuzz.partial_ratio(line.folded, body.folded) < MIN_RATIO:
        return ""
    if any(word[0].isdigit() and word not in body_words for word in words):
        return ""  # a sentence of the same pattern about something else
    if _keeps_less(document, index, other):
        return ""
    if line.key in body.key:
        return "verbatim"
    return "nearly_verbatim" if _share_in_order(words, body_words) >= MIN_IN_ORDER else ""


def _keeps_less(document: Document, index: int, other: int) -> bool:
    """Whether a text would lose the sentence that a line copies: the other is a caption of it, or goes itself."""
    is_caption = _is_caption(document, document.lines[other]) or _is_lead(document, index, other)
    return is_caption or other in phrase_lines(document)


def _compared_words(line: Line) -> tuple[str, ...]:
    """The words of a line without case; in scripts without spaces pairs of letters, because each is everywhere."""
    words = line.folded_words
    return words if line.words is line.runs else tuple(map(add, words, words[1:]))


def _is_caption(document: Document, line: Line) -> bool:
    """Whether a line is a picture's caption, by the page's own element or by its credit."""
    block = block_at(document, line.start)
    is_marked_up = block is not None and "figcaption" in block.path
    return is_marked_up or (line.weight <= MAX_BODY_CREDIT_CHARS and caption_credit(line) != "")


def _is_lead(document: Document, index: int, other: int) -> bool:
    """Whether a line may open the text, and the paragraph above it be the caption that says the same."""
    is_first_below = other == document.first_paragraph and index in range(other + 1, other + 1 + LEAD_LINES)
    between = document.lines[other + 1 : index]
    return (
        is_first_below
        and document.lines[index].text[0] not in QUOTATION_MARKS
        and not any(line.is_long or line.is_sentence for line in between)
    )


def _share_in_order(words: Sequence[str], others: Sequence[str]) -> float:
    """Share of some words that occur, in order, in the best stretch of others of about their length."""
    size = len(words)
    openers = {*words[:3], *words[size // 2 : size // 2 + 2]}
    starts = [i for i, word in enumerate(others) if word in openers]
    offsets = {max(0, i - back) for i in starts for back in (0, 2, size // 2)}
    stretches = (others[i : i + size + size // 2 + 4] for i in sorted(offsets))
    return max((LCSseq.similarity(words, stretch) / size for stretch in stretches), default=0.0)
