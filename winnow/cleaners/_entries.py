"""Entries of lists: lines of one form that follow each other, with and without lines between them.

A rule of words cannot tell a button "Sign up" from the second step of a tutorial. Its neighbours can: most entries
of a list are not noise, and so none of them is (bench.harm_kinds).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from itertools import chain, takewhile
from operator import attrgetter
from typing import Final

from winnow.cleaners._places import is_story
from winnow.corpus.document import Block, Document
from winnow.corpus.lines import Line
from winnow.corpus.word_breaks import QUESTION_ENDS, SENTENCE_ENDS

MIN_ENTRIES: Final = 3  # of a list
MIN_TERMS: Final = 5  # each with its sentence: no menu has so many
MAX_AWAY: Final = 12  # lines on either side in which other entries of a list are looked for
MAX_ENTRY_CHARS: Final = 100  # of a numbered step or a point; what has more is a note or a notice
TERM_WORDS: Final = 4  # at most, of a term that the next line explains
NUMBERED: Final = re.compile(r"\s{0,20}[(\[]?(\d{1,3})[.):\]]\s")
LETTERED: Final = re.compile(r"\s{0,20}\(?[a-z][.)]\s|\s{0,20}\[[ xX]?\]\s")
FIELD: Final = re.compile(
    r"\s{0,20}(?:[-*] )?[^\W\d_][\w /-]{0,30}\s?[:：=](?:\s|\Z)"
)  # "Length: 4 m", "share = yes"
CREDIT: Final = re.compile(  # "Directed by Ada Moss", "Music: Ada Moss"
    rf"{FIELD.pattern}|\s{{0,20}}[^\W\d_][\w ]{{2,30}} (?:[Bb]y|von|par|di|por|de) [A-ZÀ-ÞŁŚŻА-Я]|"
    r"(?:By|Von|Par|Di|Por) [A-ZÀ-ÞŁŚŻ]"
)
LOGGED: Final = re.compile(
    r"\s{0,9}\[?(?:\d{4}[-/]\d\d[-/]\d\d|\d{1,2}:\d\d(?::\d\d)?)\b"
)  # an entry of a log
STAMPED: Final = re.compile(r".{1,40}\b\d{1,2}:\d\d(?::\d\d)?\W{0,3}\Z")  # above a message: "Ada, 10:45"
COLUMNS: Final = re.compile(
    r"\S(?:\s{2,40}|\t| [–—-] |\s?\.{3,90}\s?)\S"
)  # "Oar  12.50", "hav – sea", "Index .... 9"
BAR: Final = " | "
POINT: Final = re.compile(r"\s{0,20}[-*•–] .{1,300}[.;!?]")
QUESTIONS: Final = tuple(QUESTION_ENDS)
# of an entry that is a sentence; what ends in dots is broken off
ENTRY_ENDS: Final = (*SENTENCE_ENDS.replace("…", ""), ";", "；")


def is_entry(document: Document, index: int, noise: Collection[int]) -> bool:
    """Whether a line is one of several of its form, at least half of which do not read like noise."""
    forms = FORMS if is_story(document) else (*FORMS, *RECORD_FORMS)
    lists = (_entries(document, index, step, has_form) for step, has_form in forms)
    if any(_are_content(entries, noise) for entries in (*lists, _numbered(document, index))):
        return True
    return not is_story(document) and _is_explained(document, index)


def _are_content(entries: Collection[int], noise: Collection[int]) -> bool:
    return len(entries) >= MIN_ENTRIES and 2 * sum(i in noise for i in entries) <= len(entries)


def _is_explained(document: Document, index: int) -> bool:
    """Whether a line is one of many terms with their sentences, or of many messages that differ."""
    forms = (_is_term, _is_explanation, _is_message)
    return any(_differ(document, _entries(document, index, 2, form)) for form in forms)


def _differ(document: Document, entries: Collection[int]) -> bool:
    """Whether lines have many texts: the buttons under each comment are the same."""
    texts = {document.lines[entry].key for entry in entries}
    return len(texts) >= MIN_TERMS


Form = Callable[[Document, int], bool]


def _entries(document: Document, index: int, step: int, has_form: Form) -> list[int]:
    """The lines of a form around a line that has it, itself included, one every ``step`` lines."""
    if not has_form(document, index) or document.lines[index].weight > MAX_ENTRY_CHARS:
        return []
    after = range(index, min(len(document.lines), index + MAX_AWAY * step), step)
    before = range(index - step, max(-1, index - MAX_AWAY * step), -step)
    return [i for side in (before, after) for i in takewhile(lambda i: has_form(document, i), side)]


def _numbered(document: Document, index: int) -> list[int]:
    """A numbered line with those near it that have the numbers before and after, whatever stands between."""
    number = _number(document.lines[index])
    if number is None or document.lines[index].weight > MAX_ENTRY_CHARS:
        return []
    near = range(max(0, index - MAX_AWAY), min(len(document.lines), index + MAX_AWAY + 1))
    numbers = {_number(document.lines[i]): i for i in near}
    wanted = chain(range(number - MIN_ENTRIES + 1, number), range(number + 1, number + MIN_ENTRIES))
    return [index, *(numbers[other] for other in wanted if other in numbers)]


def _number(line: Line) -> int | None:
    match = NUMBERED.match(line.raw)
    return int(match[1]) if match else None


def _is_matched(pattern: re.Pattern[str]) -> Form:
    return lambda document, index: pattern.match(document.lines[index].raw) is not None


def _has_columns(document: Document, index: int) -> bool:
    line = document.lines[index]
    return not line.is_long and COLUMNS.search(line.raw.strip()) is not None


def _is_list_item(document: Document, index: int) -> bool:
    """Whether a line is a sentence that the page marks as an item of a list."""
    line = document.lines[index]
    block = block_at(document, line.start)
    return block is not None and block.tag == "li" and line.text.endswith(ENTRY_ENDS)


def _is_row(document: Document, index: int) -> bool:
    """Whether a line is a row of a table with several cells."""
    line = document.lines[index]
    block = block_at(document, line.start)
    return block is not None and block.tag == "tr" and BAR in line.raw


def block_at(document: Document, start: int) -> Block | None:
    """The block that a line stands in, by the line's start; None in a document without blocks."""
    at = bisect_right(document.blocks, start, key=attrgetter("start")) - 1
    return document.blocks[at] if at >= 0 else None


def _is_question(document: Document, index: int) -> bool:
    line = document.lines[index]
    return line.text.endswith(QUESTIONS) and not line.is_long


def _is_term(document: Document, index: int) -> bool:
    """Whether a line is a few words, and a short sentence under it says what they mean."""
    if index < 0 or index + 1 >= len(document.lines):
        return False
    line, below = document.lines[index : index + 2]
    is_short = line.word_count <= TERM_WORDS and not line.text.endswith(ENTRY_ENDS)
    return is_short and below.text.endswith(ENTRY_ENDS) and not below.is_long


def _is_message(document: Document, index: int) -> bool:
    """Whether a line stands under a name and a time, as in a conversation."""
    return index > 0 and STAMPED.fullmatch(document.lines[index - 1].raw) is not None


def _is_explanation(document: Document, index: int) -> bool:
    return _is_term(document, index - 1)


FORMS: Final[tuple[tuple[int, Form], ...]] = (  # a form, and the lines from one entry to the next
    (1, _is_matched(LETTERED)),
    (1, _is_matched(POINT)),
    (1, _is_list_item),
    (1, _is_row),
    (2, _is_question),
)
RECORD_FORMS: Final[tuple[tuple[int, Form], ...]] = (  # in stories they are labels of a page's template
    (1, _is_matched(FIELD)),
    (1, _is_matched(CREDIT)),
    (1, _is_matched(LOGGED)),
    (1, _has_columns),
    (2, _is_term),
    (2, _is_explanation),
    (2, _is_message),
)
