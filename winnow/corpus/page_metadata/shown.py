"""The visible lines around a page's heading, and the elements that are marked as bylines."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from winnow.corpus.layout.html import INLINE, UNSEEN, PageTree
from winnow.corpus.page_metadata.element_scan import elements_that_name
from winnow.corpus.page_metadata.element_texts import one_line
from winnow.corpus.page_metadata.foreign_parts import is_aside, is_foreign

LEVELS: Final = 3  # from the heading up to the element whose lines before it are looked at
MAX_STEPS: Final = 2_000  # beginnings and ends of elements
MAX_PIECES: Final = 100  # of a line; a byline has a dozen
LINES_AFTER: Final = 25
LINES_BEFORE: Final = 8
MAX_BYLINE_CHARS: Final = 150  # of a line that is no paragraph
MAX_MARKED: Final = 120  # elements marked as bylines that are looked at
MAX_INNER: Final = 40  # elements inside a marked one
MAX_ANCESTORS: Final = 40
NAMING: Final = ("class", "id", "itemprop", "rel", "data-testid")
DIGIT: Final = re.compile(r"\d")
REPEATED_TAGS: Final = ("li", "article", "tr", "dd")  # of a list's lines
STAMPS: Final = (  # attributes that hold a date
    "datetime content title data-datetime data-date data-time data-published data-utime data-timestamp".split()
)
MAX_NAME_CHARS: Final = 500
MARKS: Final = (
    "author byline username user-name poster publi posted date time creat submitted stamp meta info fecha datum"
    " pubtime zeit".split()
)
MARKING: Final = ("class", "itemprop", "rel")
BYLINE_TAGS: Final = tuple(
    "a abbr address aside author cite dd div em font footer h2 h3 h4 h5 i li local-time p relative-time section small"
    " span strong td time".split()
)
# Elements with `BYLINE_TAGS` that are examined; with 3,000 nothing more is found (bench.metadata)
MAX_SCANNED: Final = 1_500
IN_LINES: Final = INLINE | UNSEEN


class VisibleLine(NamedTuple):
    """A line of a page as a reader sees it."""

    pieces: tuple[str, ...]  # between the edges of elements
    stamps: tuple[str, ...]  # dates in attributes
    names: str  # classes, identifiers and properties of the elements that begin in it
    distance: int = 0  # from the heading, in levels up to the element that holds both; 0 without a heading

    @property
    def text(self) -> str:
        """The whole line."""
        return one_line("".join(self.pieces))

    @property
    def may_be_dated(self) -> bool:
        """Whether it has a number; most lines have none, and their texts need not be joined."""
        return bool(self.stamps) or any(DIGIT.search(piece) for piece in self.pieces)


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
        self.names += (element.tag,) if element.tag in REPEATED_TAGS else ()
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
        return [*self._around[0], *self._around[1]]

    @property
    def behind(self) -> list[VisibleLine]:
        """The lines behind the heading."""
        return self._around[0]

    @cached_property
    def head(self) -> list[VisibleLine]:
        """The lines around the heading that stand before the running text, in the same order."""
        behind, before = self._around
        return [*behind[: _text_start(behind)], *before]

    @cached_property
    def body(self) -> list[VisibleLine]:
        """The other lines behind the heading: the first ones of the running text."""
        behind = self._around[0]
        return behind[_text_start(behind) :]

    @cached_property
    def _around(self) -> tuple[list[VisibleLine], list[VisibleLine]]:
        return ([], []) if self.heading is None else _lines_around(self.heading)

    def marked(self, names: re.Pattern[str]) -> Iterator[VisibleLine]:
        """The elements with such a name, as lines, in the order of the page; those beside its text are left out."""
        for element, name in self._marked:
            if names.search(name) and (distance := self.distance(element)) is not None:
                yield _line(element, name, distance)

    @cached_property
    def _marked(self) -> list[tuple[PageTree, str]]:
        return [*islice(_marked_elements(self.tree), MAX_MARKED)]

    def is_own(self, element: PageTree) -> bool:
        """Whether the text right in an element belongs to the page's own text."""
        return self.distance(element) is not None and not is_aside(element)

    def distance(self, element: PageTree) -> int | None:
        """The levels from the heading up to the element that holds both, None for what is beside the text.

        Beside it are other texts, comments, embedded posts, events and the page's foot.
        """
        return None if is_foreign(element) else _distance(element, self._levels)

    @cached_property
    def _levels(self) -> dict[PageTree, int]:
        """The ancestors of the heading, each with its level."""
        return {} if self.heading is None else {e: n for n, e in enumerate(self.heading.iterancestors())}


def _marked_elements(tree: PageTree) -> Iterator[tuple[PageTree, str]]:
    """Elements that tag, class, property or relation mark as author or date, each with these names."""
    # A page has few names: joined, "" where they say nothing.
    marks_by_names: dict[tuple[str, ...], str] = {}
    for element in elements_that_name(tree, BYLINE_TAGS, MARKING, MARKS, MAX_SCANNED):
        names = (element.tag, *(element.get(name, "") for name in MARKING))
        if names not in marks_by_names:
            joined = " ".join(names)[:MAX_NAME_CHARS].lower()
            marks_by_names[names] = joined if any(mark in joined for mark in MARKS) else ""
        if marks_by_names[names]:
            yield element, marks_by_names[names]


def _line(element: PageTree, names: str, distance: int) -> VisibleLine:
    """An element as one line."""
    inner = [e for e in islice(element.iter(), MAX_INNER) if e.tag not in UNSEEN]
    pieces = (piece for e in inner for piece in (e.text, e.tail if e is not element else "") if piece)
    stamps = (stamp for key in STAMPS if (stamp := element.get(key)))
    return VisibleLine(tuple(pieces), tuple(stamps), names, distance)


def _distance(element: PageTree, levels: Mapping[PageTree, int]) -> int | None:
    """The level of the nearest of an element's ancestors that is one of the heading's; None for what is beside it.

    A part that also holds the page's heading does not count, whatever its name.
    """
    for around in islice(element.iterancestors(), MAX_ANCESTORS):
        if around in levels or around.tag in ("body", "html"):
            return levels.get(around, 0)
        if is_foreign(around) or is_aside(around):
            return None
    return 0


def _text_start(lines: list[VisibleLine]) -> int:
    """The index of the second line that is as long as a paragraph; the first may be a summary above the byline."""
    long_lines = (at for at, line in enumerate(lines) if len(line.text) > MAX_BYLINE_CHARS)
    return next(islice(long_lines, 1, None), len(lines))


def _lines_around(heading: PageTree) -> tuple[list[VisibleLine], list[VisibleLine]]:
    """The lines behind a heading, in their order, and those before it, the nearest first."""
    ancestors = [a for a in islice(heading.iterancestors(), LEVELS) if a.tag not in ("body", "html")]
    collector, around = _Collector(), {heading, *ancestors}
    start = end = None  # of the heading's own lines
    for element, is_end in islice(_steps(ancestors[-1] if ancestors else heading, around), MAX_STEPS):
        (collector.leave if is_end else collector.enter)(element)
        if element is heading:
            collector.end_line()
            start, end = (start, len(collector.lines)) if is_end else (len(collector.lines), None)
        if end is not None and len(collector.lines) > end + LINES_AFTER:
            break
    lines, stop = collector.lines, len(collector.lines) if end is None else end
    return lines[stop : stop + LINES_AFTER], lines[: start or 0][: -LINES_BEFORE - 1 : -1]


def _steps(first: PageTree, around: Set[PageTree]) -> Iterator[tuple[PageTree, bool]]:
    """Elements in the order of the page, beginning with ``first``, each at its start (False) and its end (True).

    What is inside a foreign element is passed over, unless it is one of those ``around`` the heading.
    """
    element, is_end = first, False
    while element is not None:
        if not is_end and (element.tag in UNSEEN or (element not in around and is_foreign(element))):
            is_end = True
        yield element, is_end
        following = element.getnext() if is_end else next(iter(element), None)
        if following is not None:
            element, is_end = following, False
        elif is_end:
            element = element.getparent()
        else:
            is_end = True
