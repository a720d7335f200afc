"""HTML as a reader would see it: one line a paragraph, with its place in the tree."""

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.decode import plain_text
from corpus.document import Block
from corpus.errors import UnreadableError

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rp rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr img picture source".split()
)
UNSEEN: Final = frozenset(  # not text, or not shown until something is clicked
    "script style template svg iframe object embed applet noframes noembed map audio video canvas select option"
    " datalist textarea link meta base param track area input progress meter noscript title".split()
)
CELLS: Final = frozenset({"td", "th"})
HIDDEN: Final = re.compile(r"(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.IGNORECASE)
TAG: Final = re.compile(r"</?([a-z][a-z0-9]{0,20})\b[^<>]{0,4000}>", re.IGNORECASE)
LAST_TAG: Final = re.compile(r"</(?:body|html)\b[^<>]{0,80}>", re.IGNORECASE)
CELL_BREAK: Final = " | "
SPACES: Final = re.compile(r"[ \t\n\f\r\v]+")
PATH_CHARS: Final = 300  # a path keeps its innermost elements
CLASSES: Final = 3  # of an element that a path names
NAME_CHARS: Final = 40


def parse_page(text: str) -> HtmlElement:
    """The tree of a page; broken markup is mended as libxml2 does. Raises UnreadableError without any.

    Of a page with more nested elements than libxml2 follows (2,048), only the lines are kept.
    """
    text = LAST_TAG.sub(" ", text)  # libxml2 drops what follows; browsers show it
    tree, is_whole = _parsed(text)
    return tree if is_whole else _parsed(_flattened(text))[0]


def _parsed(text: str) -> tuple[HtmlElement, bool]:
    """The tree of a page, and whether libxml2 read it to its end."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise UnreadableError("empty", f"no markup and no text ({error})") from error
    broke_off = any(e.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for e in parser.error_log)
    return tree, not broke_off


def _flattened(text: str) -> str:
    """The markup of a page with line breaks for the tags of its blocks, and without those inside lines."""

    def flat_tag(tag: re.Match[str]) -> str:
        name = tag[1].lower()
        return tag[0] if name in UNSEEN else "" if name in INLINE else "<br>"

    return TAG.sub(flat_tag, text)


def lay_out_page(tree: HtmlElement, *, with_hidden: bool = False) -> tuple[str, tuple[Block, ...]]:
    """The text of a page and its blocks, without what a reader does not see.

    ``with_hidden`` adds what scripts would uncover: hidden elements and ``noscript``.
    """
    unseen = UNSEEN - {"noscript"} if with_hidden else UNSEEN
    layout, walk = _Layout(), etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if element.tag in unseen or not (with_hidden or _is_shown(element)):
            walk.skip_subtree() if event == "start" else layout.add(element.tail)
        elif event == "start":
            layout.enter(element)
        else:
            layout.leave(element)
    layout.end_block()
    return "".join(layout.lines), tuple(layout.blocks)


def _is_shown(element: HtmlElement) -> bool:
    """Whether an element's own attributes leave it visible; style sheets are not read."""
    return element.get("hidden") is None and not HIDDEN.search(element.get("style", ""))


class _Layout:
    """The text so far, and the paragraph that is being collected."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.blocks: list[Block] = []
        self._length = 0
        self._pieces: list[str] = []  # of the paragraph
        self._link_chars = 0
        self._open = [("", "")]  # elements that make blocks: path and tag
        self._links = 0  # depth of
        self._verbatim = 0  # the same, for `pre`

    def enter(self, element: HtmlElement) -> None:
        """Begin an element and take the text before its first child."""
        tag = element.tag
        if tag == "br":
            self.end_block()
        elif tag in CELLS:
            self._begin_cell()
        elif tag not in INLINE:
            self.end_block()
            self._open.append((_path(self._open[-1][0], element), tag))
        self._links += tag == "a"
        self._verbatim += tag == "pre"
        self.add(element.text)

    def leave(self, element: HtmlElement) -> None:
        """End an element and take the text behind it."""
        tag = element.tag
        self._links -= tag == "a"
        if tag not in INLINE and tag not in CELLS and tag != "br":
            self.end_block()
            self._open.pop()
        self._verbatim -= tag == "pre"
        self.add(element.tail)

    def end_block(self) -> None:
        """Make a block of the paragraph so far, if it has text."""
        text = "".join(self._pieces)
        text = text.rstrip() if self._verbatim else SPACES.sub(" ", text).strip()
        if text.strip():
            path, tag = self._open[-1]
            share = min(1.0, self._link_chars / len(text))
            end = self._length + len(text) + 1
            self.blocks.append(Block(self._length, end, path, tag, round(share, 3)))
            self.lines.append(text + "\n")
            self._length = end
        self._pieces, self._link_chars = [], 0

    def _begin_cell(self) -> None:
        if any(piece.strip() for piece in self._pieces):
            self._pieces.append(CELL_BREAK)

    def add(self, text: str | None) -> None:
        """Take text into the paragraph; in ``pre`` each line is one."""
        plain = plain_text(text or "")  # entities can name any character
        for number, line in enumerate(plain.split("\n") if self._verbatim else [plain]):
            if number:
                self.end_block()
            self._pieces.append(line)
            self._link_chars += len(line.strip()) if self._links else 0


def _path(parent: str, element: HtmlElement) -> str:
    """A parent's path with an element and its classes behind it, cut off at the front; "" for the root."""
    if element.tag == "html":
        return ""
    names = [element.tag, *element.get("class", "").split()[:CLASSES]]
    return f"{parent}/{'.'.join(name[:NAME_CHARS] for name in names)}"[-PATH_CHARS:].lstrip("/")
