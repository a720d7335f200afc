"""Pieces of noise that are glued to the start or the end of a paragraph."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import Final

from winnow.cleaners._content import has_own_topic, is_code, is_speech
from winnow.cleaners._dates import is_date_line
from winnow.cleaners._piece_shapes import (
    OPENERS,
    OPENING,
    TEASER_CHARS,
    KindAndRule,
    may_have_shape,
    piece_shape,
)
from winnow.cleaners._rules import (
    PhraseRule,
    is_table_row,
    load_rules,
    load_words,
    phrase_lines,
    rules_by_line,
)
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line

TAIL_CHARS: Final = 260  # of a paragraph's end, in which pieces begin
HEAD_CHARS: Final = 90  # of its start, in which they end
LABEL_CHARS: Final = 45  # of its start, in which a label without a space behind it, or of a date, ends
MIN_KEPT_WEIGHT: Final = 60  # of a paragraph; where less is left the line is judged as a whole
MIN_WEIGHT: Final = 90  # of a line with a piece
MAX_PARTS: Final = 4  # borders of sentences in a credit or a title: "Photo by St. Ada Moss"
MAX_PIECES: Final = 4  # at one end
MAX_BUTTON_WORDS: Final = 4  # of a sentence that leads away; with more it is said
CLOSERS: Final = r"['\"”’»)\]]{0,3}"
# Behind a sentence, before a bracket, or behind a bar: where a piece begins that a template glued to a paragraph
BORDER: Final = re.compile(
    rf"(?<![\s.][A-ZÀ-Þ])[.!?…]{CLOSERS}\s{{1,9}}(?=[^\s\W\d_a-zà-ÿа-я]|[\d\W])|"
    rf"(?<=[a-zà-ÿа-я])[.!?]{CLOSERS}(?=[A-ZÀ-ÞА-Я])|(?<=[)\]）])\s{{1,3}}(?=[A-ZÀ-ÞА-Я])|"
    r"[。！？][」』”）]{0,2}\s{0,9}(?=\S)|\s(?=[(\[])|(?=[（【])|\s[|»]\s{1,3}"
)
BARE_ENDS: Final = " \t\xa0\u3000|"
ENDS: Final = (*".!?):：。！？）", "")
# Rules of word lists whose phrases are noise as the last sentence of a paragraph, too (read on 3,000 articles)
TAIL_RULES: Final = frozenset(
    "ad_label newsletter_ask newsletter_terms push_prompt follow_platform give comment_call comment_heading "
    "teaser_button author_label contributed edited_by agency stamp first_published embed".split()
)
HEADING_RULES: Final = frozenset({"ad_break", "related_heading"})  # unless they end like a sentence
SENTENCE_MARKS: Final = (". ", "! ", "? ", '" ', "” ", ") ", "。", "| ", "… ")
HEAD_RULES: Final = frozenset("ad_label ad_break count reading_time share_call".split())
HEAD_FAMILIES: Final = ("ads", "furniture")  # word lists that have them
MIN_GLUED_CHARS: Final = 5  # of a label without a space behind it: "AdBlue" begins with none
# a word in small letters, a figure or capitals, before a capital that begins the paragraph
HEAD_EDGE: Final = re.compile(
    r"(?<=[a-zà-ÿа-я\d)…])\s{0,9}(?=[A-ZÀ-ÞА-Я“\"])|(?<=[A-ZÀ-ÞА-Я]{3})\s{1,9}(?=[A-ZÀ-ÞА-Я“\"][^A-ZÀ-ÞА-Я])"
)
GLUED_EDGE: Final = re.compile(r"[a-zà-ÿа-я\d)][A-ZÀ-ÞА-Я][a-zà-ÿа-я ]")
ASCII_EDGE: Final = re.compile(r"[a-z0-9)][A-Z][a-z ]", re.ASCII)  # the same in a third of the time
DATE_LABEL: Final = re.compile(r"[^\W\d_]{4,20}(?: [^\W\d_]{1,12}){0,2} ?: ")  # "Last updated: "
MIN_NETWORKS: Final = 3
NETWORK_RUN: Final = re.compile(r"[\w |\xa0]{8,90}")  # no comma, as between names in a sentence
SCORE: Final = 0.95


def pieces(document: Document) -> Iterator[Removal]:
    r"""Find credits, teasers, prompts, signatures and labels that stand in one line with a paragraph.

    Each is cut where a sentence or a clause ends, and the paragraph stays.

    >>> from winnow.corpus.document import Block, clean
    >>> rain = "Rain fell on the hills all night, and the lower bridge was under water in the morning. " * 2
    >>> text = f"{rain}Read also: The river rose\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [pieces]).text == rain.strip() + "\n"
    True
    """
    if is_code(document) or has_own_topic(document):
        return
    noise, rules = phrase_lines(document), rules_by_line(document, TAIL_RULES | HEADING_RULES)
    for index, line in enumerate(document.lines):
        if len(line.raw) * 3 < MIN_WEIGHT or line.weight < MIN_WEIGHT or index in noise:
            continue
        end, own = line.raw[-TAIL_CHARS:].rstrip(BARE_ENDS), rules.get(index)
        if may_have_shape(end[-TEASER_CHARS:]) or (own and _ends_in_phrase(end, own)):
            yield from _tail_pieces(document, index, own or ())
        if _may_have_head(line.raw[:LABEL_CHARS]):
            yield from _head_piece(line)


def _ends_in_phrase(end: str, rules: Sequence[PhraseRule]) -> bool:
    """Whether one of some rules fits the last sentence of a line, if it is short enough."""
    start = max(map(end.rfind, SENTENCE_MARKS, repeat(0), repeat(len(end) - 1)))
    length = len(end) - start - 2
    short = [rule for rule in rules if length <= rule.max_chars] if start >= 0 else []
    return bool(short) and _sentence(_line(end[start + 1 :].lstrip(OPENERS)), short) is not None


def _tail_pieces(document: Document, index: int, rules: Sequence[PhraseRule]) -> Iterator[Removal]:
    """The pieces at the end of a line, from the last one on."""
    line = document.lines[index]
    if is_table_row(line) or is_speech(document, index):
        return
    stop, end = len(line.raw), len(line.raw.rstrip(BARE_ENDS))
    first = max(MIN_KEPT_WEIGHT * len(line.raw) // line.weight, end - TAIL_CHARS)
    edges = [match.end() for match in BORDER.finditer(line.raw, first, end)]
    for _ in range(MAX_PIECES):
        near = [edge for edge in edges if edge < end][-MAX_PARTS:]
        edge, rule = _tail_piece(line.raw[:end], near, rules)
        if rule is None:
            return
        yield Removal(line.start + edge, line.start + stop, *rule, SCORE)
        stop = end = edge


def _tail_piece(
    raw: str, edges: Sequence[int], rules: Sequence[PhraseRule]
) -> tuple[int, KindAndRule | None]:
    """Where the last piece of a line begins, with its kind and rule: at the last of some edges, or before it."""
    for edge in reversed(edges):
        if rule := piece_shape(raw[edge:]):
            return edge, rule
    if edges and rules and (rule := _sentence(_line(raw[edges[-1] :]), rules)):
        return edges[-1], rule
    return 0, None


def _line(piece: str) -> Line:
    return Line(0, len(piece), len(piece), piece)


def _sentence(piece: Line, rules: Sequence[PhraseRule]) -> KindAndRule | None:
    """A sentence or label that the word lists know: "Sign up for our newsletter.", "Advertisement"."""
    ends_sentence = piece.raw.rstrip()[-1:] in ENDS
    for rule in rules:
        is_noise = rule.name in TAIL_RULES or (rule.name in HEADING_RULES and not ends_sentence)
        if is_noise and rule.fits(piece):
            return None if _is_said(piece, rule, ends_sentence) else (rule.kind, "glued_sentence")
    return None


def _is_said(piece: Line, rule: PhraseRule, ends_sentence: bool) -> bool:
    """Whether a piece that fits a rule may be what the paragraph says: "(SHARE)", "Updated prices include:"."""
    is_bracketed = piece.raw.lstrip()[:1] in OPENING
    if rule.name == "teaser_button":
        return ends_sentence and piece.word_count > MAX_BUTTON_WORDS
    if rule.name == "stamp":
        return ends_sentence or is_bracketed
    return is_bracketed and (piece.word_count == 1 or rule.name == "follow_platform")


def _may_have_head(head: str) -> bool:
    """Whether a paragraph's start has a label's border or first word: few have."""
    first = head.strip().partition(" ")[0]
    return (
        (first.isupper() and len(first) >= MIN_GLUED_CHARS)
        or first[:1].isdigit()
        or first.casefold() in _first_words()
        or (ASCII_EDGE if head.isascii() else GLUED_EDGE).search(head) is not None
        or (":" in head and DATE_LABEL.match(head) is not None)
    )


def _head_piece(line: Line) -> Iterator[Removal]:
    """A label, a counter, a bar of buttons or a date before the first word of a paragraph."""
    if is_table_row(line):
        return
    edges = [match.end() for match in HEAD_EDGE.finditer(line.raw, 0, HEAD_CHARS)]
    for edge in reversed(edges):
        if rule := _head_rule(_line(line.raw[:edge])):
            yield Removal(line.start, line.start + edge, *rule, SCORE)
            return


def _head_rule(piece: Line) -> KindAndRule | None:
    """Kind and name of the rule by which a piece at the start of a paragraph is noise; None if it is none."""
    is_glued = piece.raw[-1:].strip() != "" and len(piece.text) >= MIN_GLUED_CHARS
    for rule in _head_rules() if is_glued or _is_label(piece) else ():
        is_counted = rule.name != "count" or piece.text[:1].isdigit()
        if is_counted and rule.fits(piece):
            return rule.kind, "glued_label"
    if DATE_LABEL.match(piece.text) and is_date_line(piece):
        return "byline_date", "glued_stamp"
    return ("share_bar", "glued_networks") if _is_network_run(piece) else None


@cache
def _first_words() -> frozenset[str]:
    """First words of pieces of several words: networks, and words of buttons to share with."""
    return load_words("furniture", "networks") | load_words("furniture", "buttons")


def _is_label(piece: Line) -> bool:
    """Whether a piece with a space behind it is a label: "ADVERTISEMENT", "5 min read", not "Share The"."""
    *others, last = piece.text.split() or [""]
    return piece.text.isupper() or (len(others) > 0 and not last[0].isupper())


@cache
def _head_rules() -> tuple[PhraseRule, ...]:
    """The rules of labels and counters, for pieces whose last word is no word of the line."""
    return tuple(rule for family in HEAD_FAMILIES for rule in load_rules(family) if rule.name in HEAD_RULES)


def _is_network_run(piece: Line) -> bool:
    """Whether a piece is nothing but names of networks to share on."""
    words, networks = piece.key.split(), load_words("furniture", "networks")
    is_run = len(words) >= MIN_NETWORKS and all(word in networks or word == "share" for word in words)
    return is_run and NETWORK_RUN.fullmatch(piece.raw.strip()) is not None
