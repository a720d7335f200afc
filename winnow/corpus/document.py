"""A document's text never changes: cleaning lists the spans ``text[start:end]`` to leave out.

Offsets count code points of the laid-out text, everywhere.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

from winnow.corpus.lines import Line, read_lines
from winnow.corpus.notebook import document_html
from winnow.corpus.spans import blank_leftovers

GENERAL = {"boilerplate": 1, "layout": 2}  # these kinds say less than those of the taxonomy, which rank 0
CONTENT_SHARE = 0.5  # a block below this is not the document's content, for `Document.lines`


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as laid out, newline included. A document's blocks follow each other without gaps."""

    start: int
    end: int
    path: str = ""  # elements from the root, with classes: "body/div.promo/p"; "" in plain text
    tag: str = ""  # the innermost element that makes a block: "p", "h1", "li"; "" in plain text
    link_share: float = 0.0  # share of its characters inside links, 0 to 1
    content: float = 1.0  # how sure it is to be main content, 0 to 1; `CONTENT_SHARE` is the page's own cut
    site_pages: int = 0  # pages of its site that show the same line, where a run found three or more
    continues: str = ""  # "line": after a `br` in the paragraph before; "item": of the list item before


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document besides its text; an empty string or tuple is "unknown"."""

    url: str = ""
    domain: str = ""  # registered domain in lower case
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""  # ISO 8601, day or instant
    site_name: str = ""
    host: str = ""  # that `domain` was taken from, without "www."


@dataclass(frozen=True)
class Document:
    """One web document, decoded and laid out in blocks, not yet cleaned."""

    text: str
    blocks: tuple[Block, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    content_type: str = "text/plain"
    extractor: str = "layout"  # what set `Block.content`
    code: tuple[tuple[int, int], ...] = ()  # spans of inline code, in order

    def __hash__(self) -> int:
        """Hash the text alone, whose hash is cached: a page has hundreds of blocks."""
        return hash(self.text)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that carry text, without those of blocks that are not content."""
        spans = ((b.start, b.end) for b in self.blocks if b.content >= CONTENT_SHARE)
        return read_lines(self.text, spans)

    @cached_property
    def paragraphs(self) -> tuple[int, ...]:
        """Indices into `lines` of the running text: long lines, or where none is long, sentences."""
        long = tuple(i for i, line in enumerate(self.lines) if line.is_long)
        return long or tuple(i for i, line in enumerate(self.lines) if line.is_short_paragraph)

    @cached_property
    def first_paragraph(self) -> int:
        """Index into `lines` where the running text begins; ``len(lines)`` without any."""
        return self.paragraphs[0] if self.paragraphs else len(self.lines)

    @cached_property
    def last_paragraph(self) -> int:
        """Index into `lines` where the running text ends; -1 without any."""
        return self.paragraphs[-1] if self.paragraphs else -1


@dataclass(frozen=True, slots=True, order=True)
class Removal:
    """A span to leave out, of a kind of the taxonomy, by a named rule that a reviewer can read."""

    start: int
    end: int
    kind: str
    rule: str
    score: float = 1.0  # how sure the rule is, 0 to 1: its measured precision, or a model's probability
    cleaner: str = ""  # set by `clean`


Cleaner = Callable[[Document], Iterable[Removal]]


@dataclass(frozen=True)
class Cleaned:
    """A document and its removals, disjoint and in order; to undo one, leave it out of ``removals``."""

    document: Document
    removals: tuple[Removal, ...]

    @cached_property
    def text(self) -> str:
        """The text without the removed spans."""
        pieces, at = [], 0
        for removal in self.removals:
            pieces.append(self.document.text[at : removal.start])
            at = removal.end
        return "".join(pieces) + self.document.text[at:]

    def _repr_html_(self) -> str:
        """What a notebook shows: the text with what goes struck through."""
        facts = self.document.metadata
        said = (*facts.authors, facts.published, facts.domain)
        return document_html(self.document.text, self.removals, facts.title, said)


def clean(document: Document, cleaners: Iterable[Cleaner], keep: frozenset[str] = frozenset()) -> Cleaned:
    """A document with the removals of all cleaners; each sees the original text, so their order cannot matter.

    Removals of a kind in ``keep`` are left out. Where two removals overlap, the more specific
    kind wins, then the surer one (see `disjoint`).
    """
    removals = [
        Removal(r.start, r.end, r.kind, r.rule, r.score, cleaner.__name__)
        for cleaner in cleaners
        for r in cleaner(document)
        if r.kind not in keep
    ]
    return settle(document, disjoint(removals))


def settle(document: Document, removals: Iterable[Removal]) -> Cleaned:
    """A document with removals that do not overlap; blank lines left over are removals of kind ``layout``."""
    removals = sorted(removals)
    left_over = blank_leftovers(document.text, [(r.start, r.end) for r in removals])
    layout = [Removal(a, b, "layout", "layout", 1.0, "layout") for a, b in left_over]
    return Cleaned(document, tuple(sorted([*removals, *layout])))


def disjoint(removals: Iterable[Removal]) -> list[Removal]:
    """Cut removals until none overlap, in order of place; every character removed before still is.

    A kind of the taxonomy wins over the general verdict ``boilerplate``, then the higher score,
    then the longer span, then the names, so that the order of the input cannot matter.
    """
    cut_removals: list[Removal] = []
    for group in _overlapping(removals):
        cut_removals += group if len(group) == 1 else _cut(group)
    return cut_removals


def _overlapping(removals: Iterable[Removal]) -> Iterator[list[Removal]]:
    """Removals that are not empty, in order of place, each group apart from the next."""
    group: list[Removal] = []
    end = 0
    for removal in sorted((r for r in removals if r.start < r.end), key=attrgetter("start")):
        if group and removal.start >= end:
            yield group
            group = []
        group.append(removal)
        end = max(end, removal.end)
    if group:
        yield group


def _cut(removals: Iterable[Removal]) -> list[Removal]:
    ranked = sorted(set(removals), key=lambda r: (GENERAL.get(r.kind, 0), -r.score, r.start - r.end, r))
    starts: list[int] = []
    cut_removals: list[Removal] = []
    for removal in ranked:
        for start, end in _free_stretches(removal.start, removal.end, starts, cut_removals):
            at = bisect_right(starts, start)
            starts.insert(at, start)
            cut_removals.insert(at, replace(removal, start=start, end=end))
    return cut_removals


def _free_stretches(
    start: int, end: int, starts: list[int], cut_removals: Sequence[Removal]
) -> list[tuple[int, int]]:
    """The stretches of ``start:end`` that no removal before covers."""
    free, at = [], bisect_right(starts, start) - 1
    if at >= 0:
        start = max(start, cut_removals[at].end)
    for other in cut_removals[at + 1 :]:
        if start >= end or other.start >= end:
            break
        if start < other.start:
            free.append((start, other.start))
        start = max(start, other.end)
    return [*free, (start, end)] if start < end else free
