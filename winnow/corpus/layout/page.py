"""A page as a reader would see it: one line a paragraph, and the tree that it stands in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml.etree import iterwalk

from winnow.corpus.document import Block
from winnow.corpus.layout.html import INLINE, UNSEEN, PageTree
from winnow.corpus.normal_form import plain_text

HIDDEN: Final = re.compile(r"(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.IGNORECASE)
CELLS: Final = frozenset({"td", "th"})
BOLD: Final = frozenset({"b", "strong"})
CELL_BREAK: Final = " | "
# White space that must change; single plain spaces, which are frequent, are not matched.
SPACES: Final = re.compile(r"(?! [^ \t\n\f\r\v\x85\u2028\u2029])[ \t\n\f\r\v\x85\u2028\u2029]+")
# Of a page that are told apart: the block model takes 4 kB for each. The pages of WCXB dev have 2,641 at most.
MAX_BLOCKS: Final = 50_000
PATH_CHARS: Final = 300  # a path keeps its innermost elements
CLASSES: Final = 3  # of an element that a path names
NAME_CHARS: Final = 40
NAMING: Final = ("class", "id", "role", "itemprop", "itemtype", "aria-label", "data-testid")
Names = tuple[str | None, ...]
NAMELESS: Final[Names] = (None,) * len(NAMING)
NO_PARENT: Final = -1  # the parent of an element without one


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a page that make blocks, and table cells, parents before their children: columns."""

    tags: Sequence[str] = ()
    names: Sequence[Names] = ()  # values of `NAMING`, in that order; `NAMELESS` without a block inside
    parents: Sequence[int] = ()  # index of the element around it, `NO_PARENT` without one
    first_blocks: Sequence[int] = ()  # index of the first block inside it
    end_blocks: Sequence[int] = ()  # index after the last


@dataclass(frozen=True, slots=True)
class Runs:
    """Facts about the text of each block: columns as long as `Page.blocks`."""

    elements: Sequence[int] = ()  # index of the innermost element around it
    bold_shares: Sequence[float] = ()  # share of its characters that are bold, 0 to 1
    links: Sequence[int] = ()
    inline: Sequence[int] = ()  # elements inside the line
    pictures: Sequence[int] = ()  # `img` elements since the block before


@dataclass(frozen=True, slots=True)
class Page:
    """A laid-out page."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    runs: Runs = Runs()
    elements: Elements = Elements()
    hidden_chars: int = 0  # in elements that are not shown, markup of scripts inside them included


def lay_out_page(tree: PageTree, *, with_hidden: bool = False) -> Page:
    """The visible text of a page with its blocks and elements.

    ``with_hidden`` adds what scripts would uncover: hidden elements and ``noscript``.
    """
    unseen = UNSEEN - {"noscript"} if with_hidden else UNSEEN
    layout, skipped = _Layout(), None
    walk = iterwalk(tree, events=("start", "end"))  # pages can be nested deeper than Python's calls
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if element is not skipped:
                layout.leave(tag)
            if tail := element.tail:
                layout.add(tail)
        elif tag not in unseen and (with_hidden or _is_shown(element)):
            layout.enter(tag, element)
        else:
            skipped = element
            walk.skip_subtree()
            layout.skip(element)
    return layout.page()


def _is_shown(element: PageTree) -> bool:
    """Whether an element's own attributes leave it visible; style sheets are not read."""
    style = element.get("style")
    return element.get("hidden") is None and (style is None or not HIDDEN.search(style))


@dataclass(slots=True)
class _Layout:
    """The page so far, and the paragraph that is being collected."""

    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    run_elements: list[int] = field(default_factory=list)
    bold_shares: list[float] = field(default_factory=list)
    run_links: list[int] = field(default_factory=list)
    run_inline: list[int] = field(default_factory=list)
    run_pictures: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    elements: list[PageTree] = field(default_factory=list)
    paths: list[str | None] = field(default_factory=list)  # made when a block asks for them
    paths_below: dict[tuple[str, str, str | None], str] = field(default_factory=dict)  # those made before
    parents: list[int] = field(default_factory=list)
    first_blocks: list[int] = field(default_factory=list)
    end_blocks: list[int] = field(default_factory=list)
    at: int = NO_PARENT  # the innermost open element
    length: int = 0
    pieces: list[str] = field(default_factory=list)  # of the paragraph
    has_text: bool = False  # whether any of them is more than white space
    link_chars: int = 0
    bold_chars: int = 0
    links: int = 0
    inline: int = 0
    pictures: int = 0
    hidden_chars: int = 0
    open_links: int = 0
    open_bold: int = 0
    open_verbatim: int = 0

    def enter(self, tag: str, element: PageTree) -> None:
        """Begin an element and take the text before its first child."""
        if tag not in INLINE:
            self._open(tag, element)
        else:
            self.inline += 1
            if tag == "a":
                self.links += 1
                self.open_links += 1
            elif tag in BOLD:
                self.open_bold += 1
            elif tag == "img":
                self.pictures += 1
        if text := element.text:
            self.add(text)

    def leave(self, tag: str) -> None:
        """End an element."""
        if tag not in INLINE:
            self._close(tag)
        elif tag == "a":
            self.open_links -= 1
        elif tag in BOLD:
            self.open_bold -= 1

    def skip(self, element: PageTree) -> None:
        """Pass over an element that is not shown."""
        if element.tag not in UNSEEN or element.tag == "noscript":
            self.hidden_chars += sum(map(len, element.itertext()))

    def add(self, text: str) -> None:
        """Take text into the paragraph."""
        self.pieces.append(text)
        self.has_text = self.has_text or not text.isspace()
        if self.open_links:
            self.link_chars += len(text.strip())
        if self.open_bold:
            self.bold_chars += len(text.strip())

    def page(self) -> Page:
        """The finished page."""
        self._end_block()  # outside the body
        runs = Runs(self.run_elements, self.bold_shares, self.run_links, self.run_inline, self.run_pictures)
        spans = zip(self.elements, self.first_blocks, self.end_blocks, strict=True)
        names = [tuple(map(e.get, NAMING)) if first < end else NAMELESS for e, first, end in spans]
        elements = Elements(self.tags, names, self.parents, self.first_blocks, self.end_blocks)
        return Page("".join(self.lines), tuple(self.blocks), runs, elements, self.hidden_chars)

    def _open(self, tag: str, element: PageTree) -> None:
        if tag not in CELLS:
            if self.pieces:
                self._end_block()
        elif self.has_text:
            self.pieces.append(CELL_BREAK)
        if tag == "br":
            return
        self.tags.append(tag)
        self.elements.append(element)
        self.paths.append(None)
        self.parents.append(self.at)
        self.first_blocks.append(len(self.blocks))
        self.end_blocks.append(0)
        self.at = len(self.tags) - 1
        self.open_verbatim += tag == "pre"

    def _close(self, tag: str) -> None:
        if tag == "br":
            return
        if tag not in CELLS and self.pieces:
            self._end_block()
        self.end_blocks[self.at] = len(self.blocks)
        self.at = self.parents[self.at]
        self.open_verbatim -= tag == "pre"

    def _end_block(self) -> None:
        """Make a block of the paragraph so far, if it has text; in ``pre``, of each of its lines."""
        if self.has_text:
            text = "".join(self.pieces)
            text = text if self.open_verbatim else _collapse_spaces(text)
            text = plain_text(text)  # entities can name any character
            for line in text.split("\n"):
                self._add_block(line.rstrip(), len(text))
        self.pieces.clear()
        self.has_text = False
        self.link_chars = self.bold_chars = self.links = self.inline = 0

    def _add_block(self, line: str, chars: int) -> None:
        if not line:
            return
        if len(self.blocks) == MAX_BLOCKS:
            self._lengthen_block(line)
            return
        path, tag = (self._path(self.at), self.tags[self.at]) if self.at != NO_PARENT else ("", "")
        end = self.length + len(line) + 1
        link_share = round(min(1.0, self.link_chars / chars), 3) if self.link_chars else 0.0
        self.blocks.append(Block(self.length, end, path, tag, link_share))
        self.run_elements.append(self.at)
        self.bold_shares.append(min(1.0, self.bold_chars / chars) if self.bold_chars else 0.0)
        self.run_links.append(self.links)
        self.run_inline.append(self.inline)
        self.run_pictures.append(self.pictures)
        self.pictures = 0
        self.lines.append(line + "\n")
        self.length = end

    def _lengthen_block(self, line: str) -> None:
        """Add a line to the last block: of a page with too many all that follows is one."""
        self.length += len(line) + 1
        self.blocks[-1] = replace(self.blocks[-1], end=self.length)
        self.lines[-1] = self.lines[-1].removesuffix("\n")
        self.lines.append(f" {line}\n")

    def _path(self, element: int) -> str:
        """The labels of an element and those around it, cut off at the front; "" for the root."""
        unnamed, at = [], element
        while at != NO_PARENT and self.paths[at] is None:
            unnamed.append(at)
            at = self.parents[at]
        path = self.paths[at] or "" if at != NO_PARENT else ""
        for at in reversed(unnamed):
            key = path, self.tags[at], self.elements[at].get("class")
            if key not in self.paths_below:  # elements side by side are often alike
                self.paths_below[key] = _path_below(*key)
            path = self.paths[at] = self.paths_below[key]
        return path


def _collapse_spaces(text: str) -> str:
    """A text with one space for each run of white space, as HTML is shown; other kinds of spaces stay."""
    return " ".join(text.split()) if text.isascii() else SPACES.sub(" ", text).strip()


def _path_below(path: str, tag: str, classes: str | None) -> str:
    """The path of an element inside another, cut off at the front; "" for the root."""
    if tag == "html":
        return ""
    label = ".".join(name[:NAME_CHARS] for name in [tag, *(classes or "").split()[:CLASSES]])
    return f"{path}/{label}"[-PATH_CHARS:].lstrip("/")
