"""The paragraph that is being collected from a page: its text, and what the elements inside it say of it."""

import re
from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.inline import has_marks, picture_text, quotation_marks, stand_in
from winnow.corpus.layout.laid_out import Span
from winnow.corpus.layout.piece_marks import CODE_END, CODE_START, NO_MARKS, read_marks
from winnow.corpus.normal_form import plain_text
from winnow.corpus.word_breaks import has_spaceless_letters

BOLD: Final = frozenset({"b", "strong"})
CODE: Final = frozenset({"code", "kbd", "samp"})
RAISED: Final = frozenset({"sup", "sub"})
# White space that must change; single plain spaces, which are frequent, are not matched.
SPACES: Final = re.compile(r"(?! [^ \t\n\f\r\v\x85\u2028\u2029])[ \t\n\f\r\v\x85\u2028\u2029]+")
LONE_BAR: Final = re.compile(r"\s+\|\s+")  # in a cell, where it would be taken for the cell's end
BEFORE_PIECES: Final = 4  # of a paragraph that are looked at for what a raised number means
BEFORE_CHARS: Final = 24
# Elements beside each other that a page keeps apart by its style alone: old and new price; day and place.
PRICES: Final = frozenset({"del", "ins", "s", "strike"})
SEAM: Final = frozenset({*PRICES, "span", "time"})
# Elements that can stand inside a word.
INSIDE_WORDS: Final = frozenset("b em font i img rb rp rt ruby strong sub sup u wbr".split())
PRICE_END: Final = re.compile(r"[\w$€£¥₹)]$")
PRICE_START: Final = re.compile(r"[\w$€£¥₹(]")
PRICE_SEAM, DAY_SEAM = "prices", "day"
PRICE_SEAMS: Final = frozenset({*PRICES, PRICE_SEAM})
YEAR_END: Final = re.compile(r"(?<!\d)[12]\d{3}$")
FORMULA: Final = "$"


@dataclass(slots=True)
class Paragraph:
    """The text since the last block, and the elements inside lines that are open."""

    language: str = ""  # of the page, as it declares it
    pieces: list[str] = field(default_factory=list)
    has_text: bool = False  # whether any of them is more than white space
    has_marks: bool = False  # whether any of them is a mark
    in_row: bool = False  # whether it stands in a row of a table of data
    link_chars: int = 0
    bold_chars: int = 0
    links: int = 0
    inline: int = 0
    pictures: int = 0
    # The tag of the inline element that ended last, if it cannot stand inside a word: that of a link, if one did.
    ended: str = ""
    seam: str = ""  # the tag of the inline element that ended last, with nothing behind it
    quotes: list[str] = field(default_factory=list)  # marks that end the quotations that are open
    open_links: int = 0
    open_bold: int = 0
    open_code: int = 0
    open_verbatim: int = 0

    def enter(self, tag: str, element: PageTree) -> None:
        """Begin an element inside the line."""
        self.inline += 1
        if tag == "a":
            self.links += 1
            self.open_links += 1
        elif tag in BOLD:
            self.open_bold += 1
        elif tag == "img":
            self.pictures += 1
            self.add_once(picture_text(element))
        elif tag in CODE:
            self.mark(CODE_START, is_wanted=self.open_code == 0)
            self.open_code += 1
        elif tag in {"q", "rt"}:
            self._open_quotation(element)
        if self.ended and element.text and self._is_apart(tag, element.text):
            self.pieces.append(" ")
        if self.seam and (tag in SEAM or self.seam in PRICE_SEAMS):
            self.seam = PRICE_SEAM if self.seam in PRICE_SEAMS or tag in PRICES else DAY_SEAM

    def leave(self, tag: str) -> None:
        """End an element inside the line."""
        if tag == "a":
            self.open_links -= 1
        elif tag in BOLD:
            self.open_bold -= 1
        elif tag in CODE:
            self.open_code -= 1
            self.mark(CODE_END, is_wanted=self.open_code == 0)
        elif tag in {"q", "rt"} and (closing := self.quotes.pop()):
            self.add(closing)
        if tag not in INSIDE_WORDS and self.ended != "a":
            self.ended = tag
        self.seam = (self.seam if self.seam in PRICES else tag) if tag in SEAM else ""

    def add(self, text: str) -> None:
        """Take text."""
        self.ended = ""
        if self.seam:
            seam, self.seam = self.seam, ""
            text = with_seam(seam, "".join(self.pieces[-1:]), text)
        if self.in_row and "|" in text:
            text = without_lone_bars(text)
        self.pieces.append(text)
        if not self.has_text and not text.isspace():
            self.has_text = True
        if self.open_links:
            self.link_chars += len(text.strip())
        if self.open_bold:
            self.bold_chars += len(text.strip())

    def add_once(self, text: str) -> None:
        """Take the text that stands for an element; a formula that two elements give, once."""
        if text and not (text[0] == FORMULA and self.pieces and self.pieces[-1] == text):
            self.add(text)

    def add_stand_in(self, element: PageTree) -> bool:
        """Take the text that stands for an element, and say whether any does, be it an empty one."""
        may_be_note = element.tag in RAISED or (element.tag == "a" and "#" in (element.get("href") or ""))
        text = stand_in(element, self._before() if may_be_note else "")
        if text is None:
            return False
        if may_be_note:
            elements, links = note_counts(element)
            self.inline += elements
            self.links += links
            self.link_chars += len(text) if links and not self.open_links else 0
        self.add_once(text)
        return True

    def mark(self, mark: str, *, is_wanted: bool = True) -> None:
        """Take a mark of `winnow.corpus.layout.piece_marks`; preformatted text has none."""
        if is_wanted and not self.open_verbatim:
            self.pieces.append(mark)
            self.has_marks = True

    def read(self) -> tuple[str, tuple[Span, ...], tuple[int, ...]]:
        """The text as it is shown, spans of inline code in it, and where cells are parted."""
        text = "".join(self.pieces)
        if not self.open_verbatim:
            text = _collapse_spaces(text)
        if self.has_marks:
            return read_marks(text)
        return plain_text(text), (), ()  # entities can name any character

    def clear(self) -> None:
        """Begin a new paragraph; elements that are open stay so."""
        self.pieces.clear()
        self.has_text = self.has_marks = False
        self.ended = self.seam = ""
        self.link_chars = self.bold_chars = self.links = self.inline = 0

    def _before(self) -> str:
        """The end of the text so far."""
        return end_of("".join(self.pieces[-BEFORE_PIECES:]))

    def _open_quotation(self, element: PageTree) -> None:
        depth = sum(map(bool, self.quotes))
        opening, closing = quotation(element, "".join(self.pieces[-1:]), self.language, depth)
        self.quotes.append(closing)
        if opening:
            self.add(opening)

    def _is_apart(self, tag: str, text: str) -> bool:
        """Whether an element begins a word, though no space stands before it.

        It does beside a link, and with a capital or a figure; a letter that stands alone is an initial, or is set
        apart from its own word.
        """
        before = self.pieces[-1] if self.pieces else ""
        if self.open_code or self.open_verbatim or len(before) < 2 or len(text) < 2:
            return False
        end, start = before[-1], text[0]
        if not (end.isalnum() and start.isalnum()) or has_spaceless_letters(end + start):
            return False
        return "a" in {tag, self.ended} or start.isdecimal() or (start.isupper() and not end.isupper())


def quotation(element: PageTree, before: str, language: str, depth: int) -> tuple[str, str]:
    """The marks around a quotation, or around the reading of a word in ruby; empty where the page has them.

    ``before`` is the text in front of it, ``depth`` in how many other quotations it stands.
    """
    if element.tag == "q":
        if has_marks(element, before):
            return "", ""
        return quotation_marks(element.get("lang") or language, depth)
    is_bare = (element.text or "").strip() and not before.rstrip().endswith(("(", "（"))
    return ("(", ")") if is_bare else ("", "")


def with_seam(seam: str, before: str, text: str) -> str:
    """A text with a space in front, where style alone keeps it apart from the element before."""
    is_price = seam == PRICE_SEAM and PRICE_END.search(before) and PRICE_START.match(text)
    is_place = seam == DAY_SEAM and text[:1].isupper() and text[1:2].islower()
    return f" {text}" if is_price or (is_place and YEAR_END.search(before)) else text


def without_lone_bars(text: str) -> str:
    """The text of a cell without spaces around its own bars, which would be taken for its end."""
    return LONE_BAR.sub("|", text)


def note_counts(element: PageTree) -> tuple[int, int]:
    """How many elements the mark of a note has, itself included, and how many of them are links."""
    return sum(1 for _ in element.iter()), sum(1 for _ in element.iter("a"))


def end_of(pieces: str) -> str:
    """The end of a text without marks."""
    return pieces.translate(NO_MARKS)[-BEFORE_CHARS:]


def _collapse_spaces(text: str) -> str:
    """A text with one space for each run of white space, as HTML is shown; other kinds of spaces stay."""
    return " ".join(text.split()) if text.isascii() else SPACES.sub(" ", text).strip()
