"""Posts of readers under a text, told by what signs each: a name and a moment, a verb such as "says", or a score."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from winnow.cleaners._dates import CLOCK, NUMERIC_DATE, is_date_word, month_pattern
from winnow.cleaners._members import member_fields
from winnow.cleaners._rules import load_patterns, load_words
from winnow.corpus.document import Document
from winnow.corpus.lines import Line

MAX_CHARS: Final = 110  # of a signature
MAX_VERB_CHARS: Final = 60  # of a name, of 48 characters at most, and a verb
MAX_WORDS: Final = 14  # beside a moment: a name, a place, what the template says
NAME_CHARS: Final = 40  # of a name on a line of its own
NAME_WORDS: Final = 5
NAME_LINES: Final = 3  # between which and its moment a template puts nothing long
MIN_PARAGRAPHS: Final = 2  # above the first post; a thread opens with one
LAST_PARAGRAPHS: Final = (
    3  # at most, below the last post: of a footer; quotations inside a text are introduced alike
)
MAX_HEADING_CHARS: Final = 160  # that names the text
MIN_POSTS: Final = 3  # that are signed in the same way
MIN_POSTS_UNDER_HEADING: Final = 2
MAX_POST_LINES: Final = 25
WRITTEN_SHARE: Final = 0.6  # of posts that hold a sentence
QUOTED_SHARE: Final = (
    0.5  # of posts that begin with a quotation mark; what "the court said:" stands over does
)
QUOTATION_MARKS: Final = '"“”„«»‘「『'
NAMED_SHARE: Final = 0.5  # of signatures that show a name; entries of a live text show a moment alone
# Dates of mails, settings and cookies, of what was edited or reviewed, of members, addresses and what is embedded.
NO_SIGNATURE: Final = re.compile(
    r"[={};<>]|\(@|\A(?:date|sent|from|to|joined|updated?)\b|[+-]\d{4}\b|\bedited\b|\blast updated\b|\breviews?\b|://",
    re.IGNORECASE,
)
YEAR: Final = r"(?:19|20)\d\d(?!\d)"
DIGIT: Final = re.compile(r"\d")
AGO: Final = "前"  # in Chinese and Japanese, whose words nothing parts
WORD: Final = re.compile(r"[^\W\d_]{2,}")
MOMENT, VERB, SCORE = "moment", "verb", "score"


@dataclass(frozen=True, slots=True)
class _Signature:
    """Lines that sign one post: indices into `Document.lines`."""

    first: int
    last: int
    kinds: frozenset[str]
    has_name: bool


def reader_posts(document: Document, headings: Collection[int]) -> range:
    """Indices into `Document.lines` of the posts of readers under a text; empty where there are none.

    ``headings`` are the lines that head comments. Posts stand under two paragraphs. Those of a thread, and texts that
    follow each other, each signed as the first is, are content.
    """
    paragraphs = document.paragraphs[:MIN_PARAGRAPHS]
    if len(paragraphs) < MIN_PARAGRAPHS:
        return range(0)
    kinds = [*map(_signature_kind, document.lines)]
    first, last = paragraphs[0], paragraphs[-1]
    if not any(kinds[last:]) or any(kinds[first:last]) or _is_thread(document):
        return range(0)
    own_openings = {
        _opening(line) for line, kind in zip(document.lines[:first], kinds, strict=False) if kind
    }
    for run in _runs(list(_signatures(document, kinds, last + 1))):
        heading = max((i for i in headings if last < i < run[0].first), default=None)
        is_like_text = any(_opening(document.lines[signature.first]) in own_openings for signature in run)
        extent = _extent(document, run, heading)
        is_last = sum(index >= extent.stop for index in document.paragraphs) <= LAST_PARAGRAPHS
        if is_last and not is_like_text and _are_posts(document, run, is_headed=heading is not None):
            return extent
    return range(0)


def titled_section(document: Document) -> range:
    """Indices into `Document.lines` from a heading such as "3 Comments on “The Dam”" to the end; empty without one.

    Where several texts have such headings, each may stand under its own.
    """
    if len(document.paragraphs) < MIN_PARAGRAPHS:
        return range(0)
    headings = [index for index, line in enumerate(document.lines) if _is_titled_heading(line)]
    is_below = len(headings) == 1 and headings[0] > document.paragraphs[MIN_PARAGRAPHS - 1]
    return range(headings[0], len(document.lines)) if is_below else range(0)


def _is_titled_heading(line: Line) -> bool:
    """Whether a line counts the comments on a text that it names."""
    may_be = line.weight < MAX_HEADING_CHARS and not line.is_sentence
    return may_be and _pattern("titled_headings").match(line.folded) is not None


def _is_thread(document: Document) -> bool:
    """Whether lines show a thread, whose posts are its content."""
    marks = _pattern("thread_marks")
    short = (line for line in document.lines if line.weight < MAX_CHARS)
    is_marked = any(marks.search(line.folded) is not None for line in short)
    return is_marked or next(member_fields(document), None) is not None


def _signatures(document: Document, kinds: Sequence[str], start: int) -> Iterator[_Signature]:
    """Signatures from a line on; lines of one that a template parts are together."""
    group: list[int] = []
    for index in range(start, len(document.lines)):
        if not kinds[index]:
            continue
        if group and not (
            index - group[-1] <= NAME_LINES and all(map(_is_short, document.lines[group[-1] + 1 : index]))
        ):
            yield _signature(document, kinds, group)
            group = []
        group.append(index)
    if group:
        yield _signature(document, kinds, group)


def _signature(document: Document, kinds: Sequence[str], indices: Sequence[int]) -> _Signature:
    above = document.lines[indices[0] - 1]
    has_name = _is_name(above) or any(_shows_name(document.lines[index]) for index in indices)
    return _Signature(indices[0], indices[-1], frozenset(kinds[index] for index in indices), has_name)


def _runs(signatures: Sequence[_Signature]) -> Iterator[Sequence[_Signature]]:
    """Signatures with no more lines between them than a post has."""
    run: list[_Signature] = []
    for signature in signatures:
        if run and signature.first - run[-1].last > MAX_POST_LINES:
            yield run
            run = []
        run.append(signature)
    if run:
        yield run


def _are_posts(document: Document, run: Sequence[_Signature], *, is_headed: bool) -> bool:
    """Whether signatures are as many, as like, and as named as those of posts, with sentences between them.

    They are no introductions of quotations: "The court said:".
    """
    needed = MIN_POSTS_UNDER_HEADING if is_headed else MIN_POSTS
    if len(run) < needed:
        return False
    openings = (document.lines[signature.last + 1].raw.lstrip()[:1] for signature in run[:-1])
    quoted = sum(opening in QUOTATION_MARKS for opening in openings if opening)
    alike = Counter(kind for signature in run for kind in signature.kinds).most_common(1)[0][1]
    written = sum(any(map(_is_written, document.lines[a.last + 1 : b.first])) for a, b in pairwise(run))
    named = sum(signature.has_name for signature in run)
    return (
        alike >= needed
        and written >= WRITTEN_SHARE * (len(run) - 1)
        and quoted <= QUOTED_SHARE * (len(run) - 1)
        and named >= NAMED_SHARE * len(run)
    )


def _extent(document: Document, run: Sequence[_Signature], heading: int | None) -> range:
    """From the heading, or else the name in the first signature, to the end of the last post.

    That is taken to be as long as the longest other one.
    """
    first = run[0].first
    if heading is not None and first - heading <= MAX_POST_LINES:
        first = heading + 1
    elif _is_name(document.lines[first - 1]):
        first -= 1
    longest = max((b.first - a.last - 1 for a, b in pairwise(run)), default=0)
    return range(first, min(len(document.lines), run[-1].last + longest + 1))


def _signature_kind(line: Line) -> str:
    """How a line signs a post, "" if it does not."""
    text = line.text
    if not text or line.weight >= MAX_CHARS:
        return ""
    if line.weight < MAX_VERB_CHARS and _pattern("signing_verbs").search(text):
        return VERB
    if DIGIT.search(text) is None:
        return ""
    if "(" in text and _pattern("post_scores").search(text):
        return SCORE
    is_moment = _is_aged(line) or _is_dated(line)
    return MOMENT if is_moment and _may_sign(line) else ""


def _is_aged(line: Line) -> bool:
    """Whether a line says how long ago something was: "2 hours ago"."""
    may_be = AGO in line.text or not load_words("comments", "age_words").isdisjoint(line.folded_words)
    return may_be and _pattern("ages").search(line.folded) is not None


def _is_dated(line: Line) -> bool:
    """Whether a line has a day and, beside it, a time: a day with dots reads like one."""
    if CLOCK.search(line.folded) is None:
        return False
    rest, dates = _date().subn(" ", line.folded)
    return dates > 0 and CLOCK.search(rest) is not None


def _may_sign(line: Line) -> bool:
    return (
        len(WORD.findall(line.text)) <= MAX_WORDS
        and not line.is_sentence
        and NO_SIGNATURE.search(line.text) is None
    )


def _opening(line: Line) -> str:
    """The first word of a signature, "0" for a number: the texts of a collection are signed alike."""
    word = line.folded.split()[0]
    return "0" if any(map(str.isdigit, word)) else word


def _is_short(line: Line) -> bool:
    return line.weight < NAME_CHARS and not line.is_sentence


def _is_name(line: Line) -> bool:
    """Whether a line is as short as the name of a reader."""
    return _is_short(line) and 0 < len(line.text.split()) <= NAME_WORDS


def _shows_name(line: Line) -> bool:
    """Whether a signature has another word than those of moments."""
    rest = _pattern("ages").sub(" ", line.folded)
    return any(not is_date_word(word) for word in WORD.findall(rest))


def _is_written(line: Line) -> bool:
    return line.is_sentence or line.is_long


@cache
def _date() -> re.Pattern[str]:
    """A day with its year: 12/1/2012, 12th January 2012, Jan 12, 2012."""
    months = month_pattern()
    return re.compile(
        rf"{NUMERIC_DATE.pattern}|"
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s{{0,2}}(?:de |di )?(?:{months})\.?,?\s{{0,2}}(?:de |del )?{YEAR}|"
        rf"(?<![^\W_])(?:{months})\.?\s{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{0,2}}{YEAR}"
    )


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile(load_patterns("comments", group), re.IGNORECASE)
