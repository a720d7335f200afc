"""Notes: the list under the text, the markers in it that point there, and bare addresses of sources."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from operator import attrgetter
from typing import Final, NamedTuple

import regex

from winnow.cleaners._places import is_story
from winnow.cleaners._rules import phrase_hits, whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import SENTENCE_WORDS, Line
from winnow.corpus.word_breaks import SENTENCE_ENDS

MARKER: Final = re.compile(r"\[([ivxl]{1,8}|\d{1,3})\]", re.IGNORECASE)
ENTRY: Final = re.compile(
    r"\s{0,9}(?:\[(?:[ivxl]{1,8}|\d{1,3})\]|\^|\d{1,3}[.\s]\s{0,20}\S)", re.IGNORECASE
)
CITES: Final = re.compile(r"https?://|www\.|\bdoi\b|\b(?:19|20)\d\d\b|\bIbid\b|\bpp?\. ?\d")
ADDRESS: Final = re.compile(r"(?:\W|\d){0,14}(?:https?://|www\.)\S{3,2000}(?: \S{1,30}/?)?")
WORDS: Final = re.compile(r"[^\W\d]{2}")
INDENT_CHARS: Final = 10
CODE: Final = re.compile(r"[={}]")
AFTER_WORD: Final = regex.compile(
    rf"[\p{{L}}\p{{N}}\p{{M}}_,;:，、；：،{SENTENCE_ENDS}”\"’')\]」』）】》]\s?\Z"
)
YEAR: Final = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
URL: Final = re.compile(r"https?://|www\.")
JOINT_MARKER: Final = re.compile(r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){1,9}\]")  # "[1, 2]", as papers cite
PAPER_HEADINGS: Final = frozenset(
    "abstract introduction methods results discussion conclusion conclusions".split()
)
MIN_HEADINGS: Final = 2
NUMBER: Final = re.compile(r"\A\d{1,2} ")  # of a section
LEAD_WORDS: Final = 5  # a heading such as "Sources and notes:" has fewer
DIGITS: Final = {"i": 1, "v": 5, "x": 10, "l": 50}
MIN_ENTRIES: Final = 3  # of a list of notes
MAX_STEP: Final = 3  # between the numbers, and between the lines, of two entries
MIN_MARKERS: Final = 3  # different ones in the text, where no list stands under it
ORDERED_SHARE: Final = 0.8  # of the markers that count upwards
SCORE: Final = 0.95
HEADED_SCORE: Final = 0.85


class Marker(NamedTuple):
    """A number in brackets, with its place in the line."""

    line: int
    start: int
    end: int
    number: int


def endnotes(document: Document) -> Iterator[Removal]:
    r"""Find lists of notes, each note a removal, their markers in the text, and addresses under it.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain[1] fell[2] on us[3] for a night and a day.\n[1] A. Moss, 2020.\n[2] Ibid.\n[3] B. Fern, 2021.\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [endnotes]).text
    'Rain fell on us for a night and a day.\n'
    """
    markers = [m for index, line in enumerate(document.lines) for m in _markers(index, line)]
    listed = _list_lines(document, markers)
    if _is_bibliography(document, listed):
        return
    on_line = {index: list(group) for index, group in groupby(markers, key=attrgetter("line"))}
    for index in listed:
        yield from _entries(document.lines[index], on_line.get(index, []))
    yield from _cited(document, [m for m in markers if m.line not in listed], has_list=bool(listed))
    yield from _headed(document, listed)
    yield from _addresses(document)


def _roman(numeral: str) -> int:
    """The value of a Roman numeral up to l (50), in any case.

    >>> _roman("xxxix"), _roman("XL")
    (39, 40)
    """
    values = [DIGITS[letter] for letter in numeral.lower()]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _markers(index: int, line: Line) -> Iterator[Marker]:
    if "[" not in line.raw:
        return
    for match in MARKER.finditer(line.raw):
        number = match.group(1)
        yield Marker(index, match.start(), match.end(), int(number) if number.isdigit() else _roman(number))


def _list_lines(document: Document, markers: list[Marker]) -> range:
    """The lines of the longest list of notes: entries that open with numbers counting upwards."""
    openers = [m for m in markers if _opens_entry(document.lines[m.line], m)]
    runs: list[list[Marker]] = []
    for marker in openers:
        if runs and _follows(marker, runs[-1][-1]):
            runs[-1].append(marker)
        else:
            runs.append([marker])
    best = max(runs, key=len, default=[])
    if len(best) < MIN_ENTRIES:
        return range(0)
    first, last = best[0].line, best[-1].line
    cited = {m.number for m in markers if m.line < first}
    is_note_list = len(cited) > 1 or (first > len(document.lines) / 2 and is_story(document))
    return range(first, last + 1) if is_note_list else range(0)


def _is_bibliography(document: Document, entries: range) -> bool:
    """Whether most entries have a year and no web address, and are a paper's or outweigh the text above them."""
    lines = document.lines[entries.start : entries.stop]
    formal = sum(YEAR.search(line.text) is not None and URL.search(line.text) is None for line in lines)
    if 2 * formal < max(1, len(lines)):
        return False
    return _outweigh(document, entries) or _is_paper(document)


def _outweigh(document: Document, entries: range) -> bool:
    """Whether entries have more characters than all lines above them."""
    weight = sum(document.lines[index].weight for index in entries)
    above = accumulate(document.lines[index].weight for index in range(entries.start - 1, -1, -1))
    return all(total < weight for total in above)


@lru_cache(maxsize=1)  # asked for each heading of references
def _is_paper(document: Document) -> bool:
    """Whether a text cites several notes at once, or has headings that papers have."""
    lines = document.lines
    headings = sum(NUMBER.sub("", line.key) in PAPER_HEADINGS for line in lines)
    return headings >= MIN_HEADINGS or any(
        "[" in line.raw and JOINT_MARKER.search(line.raw) for line in lines
    )


def _follows(marker: Marker, before: Marker) -> bool:
    return 0 < marker.number - before.number <= MAX_STEP and marker.line - before.line <= MAX_STEP


def _opens_entry(line: Line, marker: Marker) -> bool:
    """Whether a marker opens its line and words of the note follow."""
    is_first = marker.start < INDENT_CHARS and not line.raw[: marker.start].strip()
    return is_first and WORDS.search(line.raw, marker.end) is not None


def _is_prose(line: Line) -> bool:
    return line.word_count >= SENTENCE_WORDS and CODE.search(line.text) is None


def _entries(line: Line, markers: list[Marker]) -> Iterator[Removal]:
    """One removal for each note on a line: the next note may be glued to the last."""
    cuts = [line.start]
    for before, after in pairwise(markers):
        if after.number == before.number + 1:
            cuts.append(line.start + after.start)
    for start, end in pairwise([*cuts, line.stop]):
        yield Removal(start, end, "endnote", "note", SCORE)


def _cited(document: Document, markers: list[Marker], has_list: bool) -> Iterator[Removal]:
    """Markers in the text, if there are enough and they count upwards as notes do."""
    prose = {index for index in {m.line for m in markers} if _is_prose(document.lines[index])}
    markers = [
        m for m in markers if m.line in prose and AFTER_WORD.search(_before(document.lines[m.line], m))
    ]
    if len({m.number for m in markers}) < MIN_MARKERS:
        return
    upwards = sum(a.number < b.number for a, b in pairwise(markers))
    if has_list or upwards >= ORDERED_SHARE * (len(markers) - 1):
        for m in markers:
            at = document.lines[m.line].start
            yield Removal(at + m.start, at + m.end, "endnote", "note_marker", SCORE)


def _before(line: Line, marker: Marker) -> str:
    """The few characters before a marker."""
    return line.raw[max(0, marker.start - 3) : marker.start]


def _headed(document: Document, listed: range) -> Iterator[Removal]:
    """A heading of notes and the lines under it that look like references.

    A heading may itself look like one, so each line is looked at once, however many headings stand above it.
    """
    lines, reached = document.lines, 0  # the end of the references that were looked at
    for heading, rule in phrase_hits(document, "endnotes").items():
        first = end = max(heading + 1, reached)
        while end < len(lines) and _is_reference(lines[end]):
            end += 1
        if _is_bibliography(document, range(first, end)):
            reached = end
            continue
        if heading + 1 < end:
            yield whole_line(lines[heading], rule.kind, rule.name, rule.score)
        for index in range(first, end):
            if index not in listed:
                yield whole_line(lines[index], "endnote", "headed_note", HEADED_SCORE)
        reached = end


def _is_reference(line: Line) -> bool:
    return ENTRY.match(line.raw) is not None or CITES.search(line.text) is not None


def _addresses(document: Document) -> Iterator[Removal]:
    """Lines after the last paragraph of a story that hold an address and nothing else."""
    if not is_story(document):
        return
    under = document.lines[max(0, document.last_paragraph) :]
    for before, line in pairwise(under):
        if ADDRESS.fullmatch(line.text) and not line.raw.startswith("#") and not _leads_in(before):
            yield whole_line(line, "endnote", "address", SCORE)


def _leads_in(line: Line) -> bool:
    """Whether a line introduces the address under it: "You can find the project here:"."""
    return line.text.endswith((":", "：")) and line.word_count >= LEAD_WORDS
