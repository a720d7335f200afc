"""Pieces of noise that are glued to the start or the end of a paragraph."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from winnow.cleaners._content import has_own_topic, is_code, is_speech
from winnow.cleaners._dates import is_date_line
from winnow.cleaners._rules import (
    PhraseRule,
    fitting_rules,
    is_table_row,
    load_patterns,
    load_rules,
    load_words,
    phrase_lines,
)
from winnow.cleaners.bylines import SOURCE
from winnow.cleaners.captions import NAMED_CREDIT, PHOTO_BY
from winnow.cleaners.navigation import LEAD
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line, bare_words

TAIL_CHARS: Final = 260  # of a paragraph's end, in which pieces begin
HEAD_CHARS: Final = 90  # of its start, in which they end
MIN_KEPT_WEIGHT: Final = 60  # of a paragraph; where less is left the line is judged as a whole
MIN_WEIGHT: Final = 90  # of a line with a piece
MAX_PARTS: Final = 4  # borders of sentences in a credit or a title: "Photo by St. Ada Moss"
MAX_PIECES: Final = 4  # at one end
MAX_BUTTON_WORDS: Final = (
    4  # of a sentence that leads away; "Read more about the dam in our report." is said
)
CLOSERS: Final = r"['\"”’»)\]]{0,3}"
# Behind a sentence, before a bracket, or behind a bar: where a piece begins that a template glued to a paragraph
BORDER: Final = re.compile(
    rf"(?<![\s.][A-ZÀ-Þ])[.!?…]{CLOSERS}\s{{1,9}}(?=[^\s\W\d_a-zà-ÿа-я]|[\d\W])|(?<=[a-zà-ÿа-я])[.!?]{CLOSERS}(?=[A-ZÀ-ÞА-Я])|"
    r"(?<=[)\]）])\s{1,3}(?=[A-ZÀ-ÞА-Я])|[。！？][」』”）]{0,2}\s{0,9}(?=\S)|\s(?=[(\[])|(?=[（【])|\s[|»]\s{1,3}"
)
MARKS: Final = ":：©/／)]）】|>»"  # one is in every piece that is known by its shape
CREDIT_CHARS: Final = 90
TEASER_CHARS: Final = 170
LEAD_WORDS: Final = 2  # of a lead in small letters: "Recommended: 16 GB" is a sentence of a manual
BARE_ENDS: Final = " \t\xa0\u3000|"
OPENING: Final = "([（【"
ENDS: Final = (*".!?):：。！？）", "")
OPENERS: Final = "([（【-–—|>»* \xa0\u3000"  # before the words of a piece
AGENCY_SIGN: Final = re.compile(  # "(dpa/moss)", "[AFP]"
    r"[(\[（](?:dpa|AFP|afp|AP|Reuters|REUTERS|epd|KNA|kna|APA|SDA|sda|EFE|ANSA|PAP|TT|NTB|Ritzau|ANP|Belga|dts|rtr|jW)"
    r"(?: ?/ ?[\w-]{2,12}){0,3}[)\]）]\.?"
)
# Rules of word lists whose phrases are noise as the last sentence of a paragraph, too (read on 3,000 articles)
TAIL_RULES: Final = frozenset(
    "ad_label newsletter_ask newsletter_terms push_prompt follow_platform give "
    "comment_call comment_heading share_call count reading_time teaser_button author_label contributed edited_by "
    "agency stamp first_published mail_foot embed".split()
)
HEADING_RULES: Final = frozenset(
    {"ad_break", "related_heading", "sales_button"}
)  # unless they end like a sentence
HEAD_RULES: Final = frozenset("ad_label ad_break count reading_time share_call".split())
MIN_GLUED_CHARS: Final = 5  # of a label without a space behind it
HEAD_FAMILIES: Final = ("ads", "furniture")  # word lists that have them
LABELLED: Final = re.compile(
    r"[^\W\d_]{4,20}(?: [^\W\d_]{1,12}){0,2} ?: "
)  # before a date: "Last updated: "
# a word in small letters, a figure or capitals, before a capital that begins the paragraph
HEAD_EDGE: Final = re.compile(
    r"(?<=[a-zà-ÿа-я\d)…])\s{0,9}(?=[A-ZÀ-ÞА-Я“\"])|(?<=[A-ZÀ-ÞА-Я]{3})\s{1,9}(?=[A-ZÀ-ÞА-Я“\"][^A-ZÀ-ÞА-Я])"
)
MIN_NETWORKS: Final = 3
NETWORK_RUN: Final = re.compile(
    r"[\w |\xa0]{8,90}"
)  # no comma or full stop, as between names in a sentence
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
    noise = phrase_lines(document)
    for index, line in enumerate(document.lines):
        if line.weight >= MIN_WEIGHT and index not in noise and not is_table_row(line):
            yield from _tail_pieces(document, index)
            yield from _head_piece(document, index)


def _tail_pieces(document: Document, index: int) -> Iterator[Removal]:
    """The pieces at the end of a line, from the last one on."""
    if not _may_have_tail(document, index) or is_speech(document, index):
        return
    line = document.lines[index]
    stop, end = len(line.raw), len(line.raw.rstrip(BARE_ENDS))
    first = max(MIN_KEPT_WEIGHT * len(line.raw) // line.weight, end - TAIL_CHARS)
    edges = [match.end() for match in BORDER.finditer(line.raw, first, end)]
    for _ in range(MAX_PIECES):
        near = [edge for edge in edges if edge < end][-MAX_PARTS:]
        edge, rule = _tail_piece(document, index, near, end)
        if rule is None:
            return
        yield Removal(line.start + edge, line.start + stop, *rule, SCORE)
        stop = end = edge


def _tail_piece(
    document: Document, index: int, edges: Sequence[int], end: int
) -> tuple[int, tuple[str, str] | None]:
    """Where the last piece before ``end`` begins, with its kind and rule: at the last of some edges, or before it."""
    raw = document.lines[index].raw
    for edge in reversed(edges):
        piece = Line(edge, end, end, raw[edge:end])
        for shape in (_credit, _teaser, _signature):
            if rule := shape(piece):
                return edge, rule
    if edges and (rule := _sentence(document, index, Line(edges[-1], end, end, raw[edges[-1] : end]))):
        return edges[-1], rule
    return 0, None


def _may_have_tail(document: Document, index: int) -> bool:
    """Whether a line has a word of a rule, or a mark in its end: most have neither."""
    tail = document.lines[index].raw[-TEASER_CHARS:]
    return any(map(tail.__contains__, MARKS)) or bool(fitting_rules(document, index, None))


def _sentence(document: Document, index: int, piece: Line) -> tuple[str, str] | None:
    """A sentence or label that the word lists know: "Sign up for our newsletter.", "Advertisement"."""
    ends_sentence = piece.raw.rstrip()[-1:] in ENDS
    for rule in fitting_rules(document, index, piece):
        if rule.name in TAIL_RULES or (rule.name in HEADING_RULES and not ends_sentence):
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


def _credit(line: Line) -> tuple[str, str] | None:
    """A photo credit: "Photo: Ada Moss", "(Ada Moss / The Agency)"."""
    text = line.raw.strip().lstrip(OPENERS)
    is_short = line.weight <= CREDIT_CHARS
    is_credit = (
        _labelled_credit().fullmatch(text)
        or PHOTO_BY.match(text)
        or NAMED_CREDIT.fullmatch(line.raw.strip())
    )
    return ("image_caption", "glued_credit") if is_short and is_credit else None


def _teaser(line: Line) -> tuple[str, str] | None:
    """A labelled link to another text: "Read also: The river rose"."""
    text = line.raw.strip().lstrip(OPENERS)
    lead = LEAD.match(text) if line.weight <= TEASER_CHARS else None
    if lead is None:
        return None
    words = lead["words"]
    is_marked = words.isupper() or len(words.split()) >= LEAD_WORDS or line.raw.lstrip()[:1] in "([（"
    is_lead = bare_words(words.casefold()) in load_words("navigation", "leads")
    return ("related_links", "glued_teaser") if is_lead and is_marked else None


def _signature(line: Line) -> tuple[str, str] | None:
    """The sign of an agency, or where a text comes from: "(dpa)", "Source: The Paper"."""
    text = line.raw.strip()
    if AGENCY_SIGN.fullmatch(text):
        return "byline_date", "glued_agency"
    return ("source_note", "glued_source") if SOURCE.fullmatch(text.strip("()[]（） ")) else None


def _head_piece(document: Document, index: int) -> Iterator[Removal]:
    """A label, a counter, a bar of buttons or a date before the first word of a paragraph."""
    line = document.lines[index]
    edges = [match.end() for match in HEAD_EDGE.finditer(line.raw, 0, HEAD_CHARS)]
    for edge in reversed(edges):
        piece = line.raw[:edge]
        rule = _head_rule(document, index, Line(0, edge, edge, piece))
        if rule is not None:
            yield Removal(line.start, line.start + edge, *rule, SCORE)
            return


def _head_rule(document: Document, index: int, line: Line) -> tuple[str, str] | None:
    """Kind and name of the rule by which a piece at the start of a paragraph is noise; None if it is none."""
    is_glued = line.raw[-1:].strip() != "" and len(line.text) >= MIN_GLUED_CHARS  # not "Ad" of a brand
    rules = _glued_rules(line) if is_glued else fitting_rules(document, index, line)
    for rule in rules:
        is_counted = rule.name != "count" or line.text[:1].isdigit()
        if rule.name in HEAD_RULES and is_counted and (is_glued or _is_label(line)):
            return rule.kind, "glued_label"
    if LABELLED.match(line.text) and is_date_line(line):
        return "byline_date", "glued_stamp"
    return ("share_bar", "glued_networks") if _is_network_run(line) else None


def _is_label(line: Line) -> bool:
    """Whether a piece with a space behind it is a label: "ADVERTISEMENT", "5 min read", not "Share The"."""
    *others, last = line.text.split()
    return line.text.isupper() or (len(others) > 0 and not last[0].isupper())


def _glued_rules(piece: Line) -> list[PhraseRule]:
    """The rules of heads that a piece fits without a space behind it, whose last word is no word of the line."""
    return [rule for rule in _head_rules() if rule.fits(piece)]


@cache
def _head_rules() -> tuple[PhraseRule, ...]:
    """The rules of labels and counters."""
    return tuple(rule for family in HEAD_FAMILIES for rule in load_rules(family) if rule.name in HEAD_RULES)


def _is_network_run(line: Line) -> bool:
    """Whether a piece is nothing but names of networks to share on."""
    words = line.key.split()
    networks = load_words("furniture", "networks")
    is_run = len(words) >= MIN_NETWORKS and all(word in networks or word == "share" for word in words)
    return is_run and NETWORK_RUN.fullmatch(line.raw.strip()) is not None


@cache
def _labelled_credit() -> re.Pattern[str]:
    """A label of a caption, its mark, and whom it names."""
    labels, slashed, signed = (
        load_patterns("captions", group) for group in ("labels", "slashed", "signed")
    )
    return re.compile(
        rf"(?:{labels})\s{{0,2}}[:：©]\s{{0,3}}(?-i:[A-ZÀ-ÞА-ЯŁŚŻ©\"“(@]).{{1,80}}|"
        rf"(?:{slashed}) ?/ ?(?-i:[A-ZÀ-ÞА-Я]).{{1,60}}|(?:{signed})\s{{0,2}}[:：／/=＝].{{1,40}}|"
        r"©\s{0,2}[\w.]{2,30}(?: [\w.]{2,20}){0,3}\W{0,2}",
        re.IGNORECASE,
    )
