"""The visible lines around a page's heading, and the elements that are marked as bylines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from winnow.corpus.layout.html import INLINE, UNSEEN, PageTree
from winnow.corpus.page_metadata.element_texts import one_line

LEVELS: Final = 3  # from the heading up to the element whose lines before it are looked at
MAX_STEPS: Final = 2_000  # beginnings and ends of elements
MAX_PIECES: Final = 100  # of a line; a byline has a dozen
LINES_AFTER: Final = 25
LINES_BEFORE: Final = 8
MAX_MARKED: Final = 60  # elements marked as bylines that are looked at
MAX_INNER: Final = 40  # elements inside a marked one
MAX_ANCESTORS: Final = 40
NAMING: Final = ("class", "id", "itemprop", "rel", "data-testid")
STAMPS: Final = ("datetime", "content", "title")  # attributes that hold a date
MAX_NAME_CHARS: Final = 500
MARKS: Final = ("author", "byline", "username", "user-name", "poster", "publi", "posted", "date", "time")
BYLINE_TAGS: Final = tuple(
    "a abbr address author cite dd div em footer h2 h3 h4 h5 li p section small span strong td time".split()
)
# Elements with `BYLINE_TAGS` that are examined; with 3,000 nothing more is found (bench.metadata)
MAX_SCANNED: Final = 1_500
IN_LINES: Final = INLINE | UNSEEN
ASIDE_TAGS: Final = ("aside", "nav", "footer")
ASIDE: Final = re.compile(
    r"comment|related|sidebar|footer|recent|popular|trending|recommend|testimonial|review|quote",
    re.IGNORECASE,
)


class VisibleLine(NamedTuple):
    """A line of a page as a reader sees it."""

    pieces: tuple[str, ...]  # between the edges of elements
    stamps: tuple[str, ...]  # dates in attributes
    names: str  # classes, identifiers and properties of the elements that begin in it

    @property
    def text(self) -> str:
        """The whole line."""
        return one_line("".join(self.pieces))


@dataclass(slots=True)
class _Collector:
    """The lines so far and the one that is being read."""

    lines: list[VisibleLine] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def end_line(self) -> None:
        """Keep the line if it has text or a date; pieces beyond `MAX_PIECES` are dropped."""
        if self.stamps or any(not piece.isspace() for piece in self.pieces):
            self.lines.append(
                VisibleLine(tuple(self.pieces[:MAX_PIECES]), tuple(self.stamps), " ".join(self.names))
            )
            self.stamps.clear()
            self.names.clear()
        self.pieces.clear()

    def enter(self, element: PageTree) -> None:
        """Begin an element: a block begins a line."""
        if element.tag not in IN_LINES:
            self.end_line()
        attributes = dict(element.items())
        self.names += (attributes[key] for key in NAMING if key in attributes)
        if "datetime" in attributes:
            self.stamps.append(attributes["datetime"])
        if element.text:
            self.pieces.append(element.text)

    def leave(self, element: PageTree) -> None:
        """End an element: a block ends its line, and names count no further than that."""
        if element.tag not in IN_LINES:
            self.end_line()
            self.names.clear()
        if element.tail:
            self.pieces.append(element.tail)


@dataclass(frozen=True)
class VisibleBylines:
    """The visible places of a page where it may say who wrote it and when."""

    tree: PageTree
    heading: PageTree | None  # of the text, None if no element is

    @cached_property
    def lines(self) -> list[VisibleLine]:
        """The lines behind the heading, in their order, then those before it, the nearest first."""
        return [] if self.heading is None else _lines_around(self.heading)

    def marked(self, names: re.Pattern[str]) -> Iterator[VisibleLine]:
        """The elements with such a name, as lines, in the order of the page; those beside its text are left out."""
        for element, name in self._marked:
            if names.search(name) and not _stands_aside(element, self._common):
                yield _line(element, name)

    @cached_property
    def _marked(self) -> list[tuple[PageTree, str]]:
        return [*islice(_marked_elements(self.tree), MAX_MARKED)]

    @cached_property
    def _common(self) -> frozenset[PageTree]:
        """The ancestors of the heading."""
        return frozenset() if self.heading is None else frozenset(self.heading.iterancestors())


def _marked_elements(tree: PageTree) -> Iterator[tuple[PageTree, str]]:
    """Elements that tag, class, property or relation mark as author or date, each with these names."""
    # A page has few names: joined, "" where they say nothing.
    marks_by_names: dict[tuple[str, ...], str] = {}
    for element in islice(tree.iter(BYLINE_TAGS), MAX_SCANNED):
        get = element.get
        names = (element.tag, get("class", ""), get("itemprop", ""), get("rel", ""))
        if names not in marks_by_names:
            joined = " ".join(names)[:MAX_NAME_CHARS].lower()
            marks_by_names[names] = joined if any(mark in joined for mark in MARKS) else ""
        if marks_by_names[names]:
            yield element, marks_by_names[names]


def _line(element: PageTree, names: str) -> VisibleLine:
    """An element as one line."""
    inner = [e for e in islice(element.iter(), MAX_INNER) if e.tag not in UNSEEN]
    pieces = (piece for e in inner for piece in (e.text, e.tail if e is not element else "") if piece)
    return VisibleLine(tuple(pieces), tuple(stamp for key in STAMPS if (stamp := element.get(key))), names)


def _stands_aside(element: PageTree, common: frozenset[PageTree]) -> bool:
    """Whether an element is in a part of the page that is not its text: comments, related texts, footer.

    A part that also holds the page's heading does not count, whatever its name.
    """
    for around in islice(element.iterancestors(), MAX_ANCESTORS):
        if around in common or around.tag in ("body", "html"):
            return False
        if around.tag in ASIDE_TAGS or ASIDE.search(
            f"{around.get('class') or ''} {around.get('id') or ''}"
        ):
            return True
    return False


def _lines_around(heading: PageTree) -> list[VisibleLine]:
    """The lines behind a heading, in their order, then those before it, the nearest first."""
    ancestors = [a for a in islice(heading.iterancestors(), LEVELS) if a.tag not in ("body", "html")]
    collector = _Collector()
    start = end = None  # of the heading's own lines
    for element, is_end in islice(_steps(ancestors[-1] if ancestors else heading), MAX_STEPS):
        (collector.leave if is_end else collector.enter)(element)
        if element is heading:
            collector.end_line()
            start, end = (start, len(collector.lines)) if is_end else (len(collector.lines), None)
        if end is not None and len(collector.lines) > end + LINES_AFTER:
            break
    lines, stop = collector.lines, len(collector.lines) if end is None else end
    return lines[stop : stop + LINES_AFTER] + lines[: start or 0][: -LINES_BEFORE - 1 : -1]


def _steps(first: PageTree) -> Iterator[tuple[PageTree, bool]]:
    """Elements in the order of the page, beginning with ``first``, each at its start (False) and its end (True)."""
    element, is_end = first, False
    while element is not None:
        if element.tag in UNSEEN:
            is_end = True
        yield element, is_end
        following = element.getnext() if is_end else next(iter(element), None)
        if following is not None:
            element, is_end = following, False
        elif is_end:
            element = element.getparent()
        else:
            is_end = True
