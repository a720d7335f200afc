"""Lists of other texts under a text: teasers with their summaries under a heading, and headlines with their times."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from winnow.cleaners._dates import NUMERIC_DATE, is_date_line, is_date_word
from winnow.cleaners._places import is_story
from winnow.corpus.document import Document
from winnow.corpus.lines import Line

MIN_PARAGRAPHS: Final = 2  # above or below a list
MIN_TITLE_CHARS: Final = 22  # of a teaser; what is shorter is a name, a section, a button
MAX_SUMMARY_CHARS: Final = 320
MIN_TEASERS: Final = 2
MAX_TEASERS_A_SUMMARY: Final = 6
MAX_LIST_LINES: Final = 60
TEXT_SHARE: Final = 0.5  # of the characters, which stand above a list of teasers
MIN_HEADLINES: Final = 4
MIN_HEADLINE_WORDS: Final = 3
MIN_LETTERS: Final = 10  # of a headline in a script without spaces
HEADLINE_STEP: Final = 3  # lines from a headline to the next
EDGE_CHARS: Final = 25  # of a line, within which a time opens it
CLOSING_CHARS: Final = 3  # behind a time or a day that closes it: a bracket
FALLING_SHARE: Final = 0.5  # of neighbours, the earlier of which is the later one; a programme rises
TIME: Final = re.compile(r"(?<![\d.,:/$€£])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d.,%])")
MAY_BE_STAMP: Final = re.compile(r"\d(?:[:/.-]|年 ?)\d")  # a quick look
CELLS: Final = re.compile(r"\t.*\t|\|.*\|")
WORD: Final = re.compile(r"[^\W\d_]+")
FULL_DATE: Final = re.compile(r"((?:19|20)\d\d)[-/.年] ?(\d\d?)[-/.月] ?(\d\d?)")
ASKING_ENDS: Final = ("?", "!", "？", "！", "؟")  # of headlines, too
TITLE, SUMMARY, LABEL = "title", "summary", "label"


def summarised_teasers(document: Document, headings: Collection[int], noise: Collection[int]) -> range:
    """Indices into `Document.lines` of teasers under a heading of such, each with a summary; empty without any.

    They reach to the end, or to other ``noise``: two paragraphs that follow each other are the text going on.
    """
    if len(document.paragraphs) < MIN_PARAGRAPHS or not is_story(document):
        return range(0)
    weights = [line.weight for line in document.lines]
    for heading in sorted(headings):
        if sum(weights[:heading]) < TEXT_SHARE * sum(weights):
            continue
        end = next(
            (i for i in range(heading + 1, len(weights)) if i in noise and i not in headings), len(weights)
        )
        lines = range(heading + 1, end)
        if len(lines) <= MAX_LIST_LINES and _are_teasers([_part(document.lines[i]) for i in lines]):
            return lines
    return range(0)


def _are_teasers(parts: Sequence[str]) -> bool:
    """Whether titles stand over summaries of one paragraph each, at least for some of them."""
    alternating = [part for part in parts if part != LABEL]
    titles, summaries = alternating.count(TITLE), alternating.count(SUMMARY)
    opens_with_title = alternating[:1] == [TITLE]
    is_running_text = any(pair == (SUMMARY, SUMMARY) for pair in pairwise(alternating))
    return (
        opens_with_title
        and not is_running_text
        and "" not in alternating
        and titles >= MIN_TEASERS
        and 0 < summaries <= titles <= MAX_TEASERS_A_SUMMARY * summaries
    )


def _part(line: Line) -> str:
    """What a line is in a list of teasers; "" for a paragraph that is no summary."""
    if line.is_long or line.is_sentence:
        return SUMMARY if line.weight <= MAX_SUMMARY_CHARS else ""
    return LABEL if line.weight < MIN_TITLE_CHARS or is_date_line(line) else TITLE


def dated_headlines(document: Document) -> Iterator[int]:
    """Indices into `Document.lines` of headlines with a time or a date each, the newest first, as pages list news.

    What rises is a programme or a chronicle, and stays; so do the entries of a live text, which stand over paragraphs.
    """
    if len(document.paragraphs) < MIN_PARAGRAPHS:
        return
    stamps = {i: stamp for i, line in enumerate(document.lines) if (stamp := _stamp(line))}
    for run in _near(document, sorted(stamps)):
        pairs = [*pairwise([stamps[i] for i in run])]
        falling = sum(one > other for one, other in pairs)
        rising = sum(one < other for one, other in pairs)
        if len(run) >= MIN_HEADLINES and falling > rising and falling + rising > FALLING_SHARE * len(pairs):
            yield from run


def _near(document: Document, indices: Sequence[int]) -> Iterator[list[int]]:
    """Indices that are few lines apart, and no paragraph between them."""
    run: list[int] = []
    for index in indices:
        if run and (
            index - run[-1] > HEADLINE_STEP or any(map(_is_written, document.lines[run[-1] + 1 : index]))
        ):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _is_written(line: Line) -> bool:
    return line.is_long or (line.is_sentence and not line.text.endswith(ASKING_ENDS))


def _stamp(line: Line) -> tuple[int, ...]:
    """The time of a headline, or the day behind it, in an order; empty for any other line."""
    if MAY_BE_STAMP.search(line.raw) is None or _is_written(line) or CELLS.search(line.raw):
        return ()
    text = line.folded
    rest = NUMERIC_DATE.sub(" ", text)
    words = [word for word in WORD.findall(rest) if not is_date_word(word)]
    if len(words) < MIN_HEADLINE_WORDS and sum(map(len, words)) < MIN_LETTERS:
        return ()
    time, date = TIME.search(rest), FULL_DATE.search(text)
    if time and (time.start() <= EDGE_CHARS or len(rest) - time.end() <= CLOSING_CHARS):
        return tuple(map(int, time[0].split(":")))
    return tuple(map(int, date.groups())) if date and len(text) - date.end() <= CLOSING_CHARS else ()
