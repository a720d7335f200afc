"""Furniture of a page's template around the text: share bars, counters, residue of widgets, legal footers."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from winnow.cleaners._content import is_code
from winnow.cleaners._dates import DATE_AND_COUNT
from winnow.cleaners._places import is_story
from winnow.cleaners._rules import load_words, phrase_removals, whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line

COPYRIGHT: Final = re.compile(
    r"\W{0,3}(?:(?:copyright|\(c\))\W{1,4}(?:by\b|©|(?:19|20)\d\d)|©\W{0,3}(?:copyright|(?:19|20)\d\d))",
    re.IGNORECASE,
)
COPYRIGHT_MAX_CHARS: Final = 260
# Group of words -> kind, how many lines lie at most from one button to the next, and score. "Edit" and "Delete" on
# lines of their own may be the headings of a manual; below a post they stand side by side.
CLUSTERS: Final = {
    "networks": ("share_bar", 2, 0.95),
    "player": ("widget_residue", 2, 0.95),
    "post_actions": ("share_bar", 0, 0.9),
}
MIN_BUTTONS: Final = 3  # a network alone may be a heading, two may be a sentence
BUTTONS_MAX_CHARS: Final = 120
COPYRIGHT_TAIL: Final = re.compile(
    r"(?<=[.!?”\"])[ \t]{1,9}(?:copyright (?:by:? |©|(?:19|20)\d\d)|© ?(?:19|20)\d\d)[^.]{3,60}\.?$",
    re.IGNORECASE,
)
TAIL_CHARS: Final = 100  # a copyright note glued to a paragraph stands in its last characters
RESIDUE: Final = re.compile(  # emptied lists, buttons and comments; not what writers draw between parts
    r"[+×•<>\xad](?:\s{0,3}[+×•<>\xad]){0,4}|-|\|(?:\s{0,3}\|){0,6}|\\?-->|–>|<\s?!(?:–|--).{0,100}|"
    r"[.,:;/·«»&^]|[.…]{4,80}|={5,120}|_{2,120}|\\?_(?:\s{0,2}_){2,40}"
)
DRAWN: Final = "=_"  # signs of which writers draw lines
SENTENCE_MARKS: Final = frozenset(".,:;")
MAX_STRAY_MARKS: Final = 3  # lines of one such sign; with more, a text's sentences were broken into lines
EMBEDDED: Final = re.compile(  # address of a post or film that a page shows in its place
    r"(?:https?://)?(?:(?:www|mobile|m)\.)?(?:(?:twitter|x)\.com/\w{1,20}/status/|pic\.twitter\.com/|t\.co/|"
    r"instagram\.com/(?:p|reel|tv)/|youtube\.com/(?:watch|embed)|youtu\.be/|tiktok\.com/@|"
    r"facebook\.com/[\w.]{1,60}/(?:posts|videos)/)\S{0,200}"
)
BRACKETED_COUNT: Final = re.compile(r"\(\d{1,3}(?:[.,]?\d{3})?\)")  # "(28)", items behind a label
MARKUP: Final = re.compile(r"\s{0,40}</?[a-zA-Z]|.{0,80}[{}]")  # what stands beside it is a piece of code
HIDDEN_ADDRESS: Final = re.compile(r"[ \xa0]?\[email[ \xa0]protected\]")
HEADING_ENDS: Final = ("¶", "]")
HEADING_MARK: Final = re.compile(  # "Causes[edit]", "Installation¶"
    r"(?<=[^\W_])(?:¶|\s?\[\s?(?:edit|edit source|bearbeiten|quelltext bearbeiten|modifier|modifier le code|editar|"
    r"modifica|bewerken|redigera|edytuj|править|編集|编辑)(?: ?\| ?[^\[\]]{1,30})?\s?\])\s{0,9}\Z",
    re.IGNORECASE,
)
LICENCE: Final = re.compile(
    r"\b(?:permission is hereby granted|redistribution and use|permission to use, copy|licen[cs]ed under the|"
    r"under the terms of|\w{1,20} licen[cs]e\b(?: version| \(|\Z)|\Alicen[cs]e\b)"
)
LICENCE_LINES: Final = 6  # below the names of those who hold the copyright
UNDERLINE_CHARS: Final = 3  # by which a drawn line is longer or shorter than the heading above it
MAX_RULES: Final = 2  # equal drawn lines of a page's template; a writer draws more
SCORE: Final = 0.95


def furniture(document: Document) -> Iterator[Removal]:
    r"""Find share bars, counters, residue of widgets and legal footers.

    Lines that a writer draws between parts (``***``, ``---``) stay.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell.\n2,469 shares\n© 2024 The Paper\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [furniture]).text
    'Rain fell.\n'
    """
    yield from phrase_removals(document, "furniture")
    for group in CLUSTERS:
        yield from _clusters(document, group)
    if is_code(document):
        return
    yield from _pieces(document)
    residue = _residue(document)
    for index, line in enumerate(document.lines):
        if index in residue:
            yield whole_line(line, "widget_residue", "punctuation", SCORE)
        else:
            yield from _structural(document, index)


def _pieces(document: Document) -> Iterator[Removal]:
    """What scripts and editors leave inside lines: hidden addresses, signs that link to a heading or edit it."""
    for line in document.lines:
        pieces = list(HIDDEN_ADDRESS.finditer(line.raw)) if "[email" in line.raw else []
        for piece in pieces:
            start, end = piece.span()
            yield Removal(line.start + start, line.start + end, "widget_residue", "hidden_address", SCORE)
        may_be_heading = line.raw.rstrip()[-1:] in HEADING_ENDS and not line.is_long
        if may_be_heading and (mark := HEADING_MARK.search(line.raw)):
            yield Removal(line.start + mark.start(), line.end, "widget_residue", "heading_mark", SCORE)


def _heads_licence(document: Document, index: int) -> bool:
    """Whether the lines under a line, or the title, say that the text is a licence."""
    near = document.lines[:1] + document.lines[index + 1 : index + 1 + LICENCE_LINES]
    return any(LICENCE.search(line.folded) is not None for line in near)


def _residue(document: Document) -> set[int]:
    """Lines of nothing but signs that a template leaves."""
    signs = {
        i: bare for i, line in enumerate(document.lines) if RESIDUE.fullmatch(bare := line.raw.strip())
    }
    is_broken = sum(bare in SENTENCE_MARKS for bare in signs.values()) > MAX_STRAY_MARKS
    counts = Counter(signs.values())
    return {
        i
        for i, bare in signs.items()
        if not (is_broken and bare in SENTENCE_MARKS)
        and not (bare[0] in DRAWN and (counts[bare] > MAX_RULES or _is_underline(document, i)))
        and not _is_part(document, i)
    }


def _is_underline(document: Document, index: int) -> bool:
    """Whether a drawn line stands right under a heading of its length, or under a question."""
    line, above = document.lines[index], document.lines[max(0, index - 1)]
    if above.key == "" or above.stop != line.start:
        return False
    is_blank = line.text[:1] == "_" and not is_story(document)  # to fill in, under a question
    return is_blank or abs(len(above.raw.rstrip()) - len(line.raw.rstrip())) <= UNDERLINE_CHARS


def _is_part(document: Document, index: int) -> bool:
    """Whether a line of signs is part of what stands beside it: a table, code, a quantity ("2", "×", "screw")."""
    line = document.lines[index]
    beside = document.lines[max(0, index - 1) : index] + document.lines[index + 1 : index + 2]
    if line.raw.strip() == "×":
        return any(other.text.isdigit() for other in beside)
    return any("|" in other.raw or MARKUP.match(other.raw) for other in beside)


def _clusters(document: Document, group: str) -> Iterator[Removal]:
    """Buttons of a group (networks to share on, a player, what can be done with a post): several near each other."""
    kind, near_lines, score = CLUSTERS[group]
    buttons = [_buttons(line, group) for line in document.lines]
    for index, line in enumerate(document.lines):
        near = slice(max(0, index - near_lines), index + near_lines + 1)
        if buttons[index] and sum(buttons[near]) >= MIN_BUTTONS:
            yield whole_line(line, kind, group, score)


def _buttons(line: Line, group: str) -> int:
    """How many buttons of a group a line names, if it holds nothing else."""
    if line.weight > BUTTONS_MAX_CHARS or line.text[-1:] in ",.:!…":
        return 0
    words = line.key.split()
    if not all(map(_button_words(group).__contains__, words)):
        return 0
    return sum(map(load_words("furniture", group).__contains__, words))


@cache
def _button_words(group: str) -> frozenset[str]:
    return load_words("furniture", group) | load_words("furniture", "fillers")


def _structural(document: Document, index: int) -> Iterator[Removal]:
    """Noise that is known by its shape, not by its words."""
    line, is_late = document.lines[index], index >= document.last_paragraph
    if count := DATE_AND_COUNT.fullmatch(line.raw):
        yield Removal(line.start + count.start("count"), line.end, "counter", "glued_count", SCORE)
    elif EMBEDDED.fullmatch(line.text):
        yield whole_line(line, "widget_residue", "embedded_post", SCORE)
    elif BRACKETED_COUNT.fullmatch(line.text):
        yield whole_line(line, "counter", "bracketed", SCORE)
    elif line.weight <= COPYRIGHT_MAX_CHARS and (
        COPYRIGHT.match(line.text) or (is_late and line.text.startswith("©"))
    ):
        if not _heads_licence(document, index):
            yield whole_line(line, "legal_footer", "copyright", SCORE)
    elif is_late and (tail := COPYRIGHT_TAIL.search(line.raw, max(0, len(line.raw) - TAIL_CHARS))):
        yield Removal(line.start + tail.start(), line.end, "legal_footer", "copyright_tail", SCORE)
