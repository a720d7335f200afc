"""The title of a page: its heading, or what it declares, without the name of the site."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from winnow.corpus.domains import registered_domain
from winnow.corpus.layout.html import PageTree
from winnow.corpus.lines import text_weight
from winnow.corpus.page_metadata.declared import PageDeclarations, site_names
from winnow.corpus.page_metadata.element_texts import element_lines, folded, one_line
from winnow.corpus.page_metadata.json_ld import is_kind, texts
from winnow.corpus.word_breaks import word_count

MAX_HEADINGS: Final = 10  # that are compared
MAX_CHARS: Final = 300  # of a title
MAX_PARTS: Final = 20  # of a title that are looked at
# Word F1 of a heading with a declared title, below which it is another text's; the first is the best of
# 0 to .5 on the half of WCXB's pages that was looked at (bench.metadata).
AGREEMENT: Final = 0.3
LOWER_AGREEMENT: Final = 0.6  # the same, of a heading of second or third level
MIN_LABEL_CHARS: Final = 4  # of a domain's first label, to be looked for in a part of a title
MAX_SITE_WORDS: Final = 4  # of a part that names a site by its domain: "Bird Forums"
PLAIN_TAGS: Final = tuple("td div span p font b strong h4 h5 h6 dt center".split())
MAX_PLAIN: Final = 3_000  # elements of these that are looked at, for a page without a heading
MIN_PLAIN_CHARS: Final = 8
SEPARATOR: Final = re.compile(r"\s{0,3}[|•·»«⋆]\s{0,3}|\s{1,3}(?:[-–—:~/<>]|::|//)\s{1,3}|:\s{1,3}")
ANCHOR: Final = "¶#§ "  # links to a heading itself, at its end
TITLED: Final = ("Article", "Posting", "Page", "Product", "Recipe", "Question", "Course", "Event")


@dataclass(frozen=True, slots=True)
class Site:
    """The names of a site, in lower case and without spaces, and the first label of its domain."""

    keys: frozenset[str] = frozenset()
    label: str = ""

    def is_named(self, part: str) -> bool:
        """Whether a part of a title names the site, or its domain with a word or two."""
        key = folded(part).replace(" ", "")
        by_domain = (
            len(self.label) >= MIN_LABEL_CHARS and self.label in key and word_count(part) <= MAX_SITE_WORDS
        )
        return key in self.keys or by_domain


def page_title(declared: PageDeclarations) -> tuple[str, PageTree | None]:
    """The heading that agrees with what the page declares as its title, with its element.

    Without such a heading, the declared title, with the heading of a lower level that agrees well, else
    the element whose text begins it, if there is one. The name of the site is cut off at either end.
    """
    site, declared_titles = _site(declared), [*_declared_titles(declared)]
    titles = [cut for title in declared_titles if (cut := without_site(title, site))]
    headings = [
        (cut, element)
        for text, element in _headings(declared.tree, "h1")
        if (cut := without_site(text, site))
    ]
    title, element = max(
        headings, key=lambda candidate: _agreement(candidate[0], titles), default=("", None)
    )
    if title and (not titles or _agreement(title, titles) >= AGREEMENT):
        return title, element
    lower = _lower_heading(declared.tree, titles)
    return (titles or declared_titles or [""])[0], _titled(
        declared.tree, titles
    ) if lower is None else lower


def without_site(title: str, site: Site) -> str:
    """A title without the parts at its ends that name the site; "" if it names nothing else.

    >>> without_site("Rain in March - The Daily Pigeon", Site(frozenset({"thedailypigeon"})))
    'Rain in March'
    >>> without_site("Rain in March / Bird Forums", Site(label="birdforums"))
    'Rain in March'
    """
    breaks = [m.span() for m in islice(SEPARATOR.finditer(title), MAX_PARTS)]
    start, end = 0, len(title)
    for break_start, break_end in reversed(breaks):
        end = break_start if site.is_named(title[break_end:end]) else end
    for break_start, break_end in breaks:
        start = break_end if break_start < end and site.is_named(title[start:break_start]) else start
    rest = title[start:end].strip()
    return "" if not breaks and site.is_named(rest) else rest


def _site(declared: PageDeclarations) -> Site:
    domain = registered_domain(declared.url)
    label = domain.partition(".")[0]
    keys = {folded(name).replace(" ", "") for name in (*site_names(declared), domain, label)}
    return Site(frozenset(keys - {""}), label)


def _declared_titles(declared: PageDeclarations) -> Iterator[str]:
    """Declared titles, those that are likely to have no additions first."""
    titled = [thing for thing in declared.things if is_kind(thing, TITLED)]
    titles = [
        *declared.meta("og:title"),
        *(text for thing in titled for key in ("headline", "name") for text in texts(thing.get(key))),
        *declared.meta("twitter:title", "citation_title"),
        one_line(declared.tree.findtext(".//title") or ""),
    ]
    return (title for title in dict.fromkeys(titles) if 0 < len(title) <= MAX_CHARS)


def _headings(tree: PageTree, *levels: str) -> Iterator[tuple[str, PageTree]]:
    """The texts of a page's headings of some levels with their elements."""
    for heading in islice(tree.iter(levels), MAX_HEADINGS):
        text = " ".join(element_lines(heading)).rstrip(ANCHOR)
        if 0 < len(text) <= MAX_CHARS:
            yield text, heading


def _lower_heading(tree: PageTree, titles: Sequence[str]) -> PageTree | None:
    """The heading of second or third level that agrees best with a title, if it agrees well."""
    agreements = [(_agreement(text, titles), element) for text, element in _headings(tree, "h2", "h3")]
    agreement, element = max(agreements, key=lambda candidate: candidate[0], default=(0.0, None))
    return element if agreement >= LOWER_AGREEMENT else None


def _titled(tree: PageTree, titles: Sequence[str]) -> PageTree | None:
    """The first element that is no heading and whose text a title begins with, with the ones that hold it alone."""
    for element in islice(tree.iter(PLAIN_TAGS), MAX_PLAIN):
        text = (element.text or "").strip()
        if (
            len(text) <= MAX_CHARS
            and text_weight(text) >= MIN_PLAIN_CHARS
            and any(t.startswith(one_line(text)) for t in titles)
        ):
            return _outermost(element)
    return None


def _outermost(element: PageTree) -> PageTree:
    """The element around another, and around that one, as long as they hold nothing else."""
    parent = element.getparent()
    while (
        parent is not None and len(parent) == 1 and not (parent.text or "").strip() and parent.tag != "body"
    ):
        element, parent = parent, parent.getparent()
    return element


def _agreement(heading: str, titles: Sequence[str]) -> float:
    """The highest word F1 of a heading with any of the titles, 0 to 1."""
    words = Counter(folded(heading).split())
    return max((_word_f1(words, Counter(folded(title).split())) for title in titles), default=0.0)


def _word_f1(some: Counter[str], other: Counter[str]) -> float:
    total = some.total() + other.total()
    return 2 * (some & other).total() / total if total else 0.0
