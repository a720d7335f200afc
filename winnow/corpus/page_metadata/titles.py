"""The title of a page: its heading, or what it declares, without the name of the site."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from winnow.corpus.domains import registered_domain
from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.declared import PageDeclarations, site_names
from winnow.corpus.page_metadata.element_texts import one_line
from winnow.corpus.page_metadata.json_ld import is_kind, texts
from winnow.corpus.page_metadata.shown_titles import (
    MAX_CHARS,
    ShownTitle,
    has_heading_tag,
    heading_parts,
    headings,
    home_names,
    is_beside,
    is_headed,
    link_texts,
    shown_texts,
    titled,
)
from winnow.corpus.page_metadata.title_parts import (
    STRONG_SEPARATOR,
    Site,
    TitleRun,
    title_key,
    title_runs,
    whole_titles,
    without_sections,
    without_site,
)
from winnow.corpus.word_breaks import words_of

# Word F1 of a heading with a declared title, below which it is another text's; the first is the best of
# 0 to .5 on the half of WCXB's pages that was looked at (bench.metadata).
AGREEMENT: Final = 0.3
LOWER_AGREEMENT: Final = 0.6  # the same, of a heading of second or third level
TITLED: Final = ("Article", "Posting", "Page", "Product", "Recipe", "Question", "Course", "Event")
TITLE_METAS: Final = ("twitter:title", "citation_title", "dc.title", "dcterms.title", "title")


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What a page declares as its titles, without the names of the site, and its headings of first level."""

    tree: PageTree
    titles: list[str]  # those that are likely to have no additions first
    headings: list[ShownTitle]

    def best_heading(self) -> ShownTitle | None:
        """The heading that agrees best with the titles, None if it is another text's."""
        agreements = [(_agreement(heading.text, self.titles), heading) for heading in self.headings]
        agreement, heading = max(agreements, key=lambda candidate: candidate[0], default=(0.0, None))
        return heading if not self.titles or agreement >= AGREEMENT else None

    def runs(self) -> dict[str, TitleRun]:
        """The runs of parts of the titles by their keys; a whole title before a part of another."""
        runs = sorted(
            (run for title in self.titles for run in title_runs(title)), key=lambda run: run.is_whole
        )
        return {title_key(run.text): run for run in runs}


def page_title(declared: PageDeclarations, site: Site) -> tuple[str, PageTree | None]:
    """The heading that agrees with what the page declares as its title, with its element.

    Without such a heading, the part of the declared title that an element shows, else the declared title.
    The names of site and section are cut off at either end where the page tells them.
    """
    declared_titles = [*_declared_titles(declared)]
    candidates = _candidates(declared.tree, declared_titles, site)
    heading = candidates.best_heading()
    if heading and (not candidates.titles or title_key(heading.text) == title_key(candidates.titles[0])):
        return heading
    # Few pages come here; the others need not be searched for more names of the site.
    more_keys = {*map(title_key, home_names(declared.tree, declared.url))} - site.keys
    if more_keys:
        site = replace(site, keys=site.keys | more_keys)
        candidates = _candidates(declared.tree, declared_titles, site)
        heading = candidates.best_heading()
    shown = _own_part(candidates, heading) if heading else _shown_part(candidates)
    return shown or _declared_title(candidates, declared_titles)


def _candidates(tree: PageTree, declared_titles: Sequence[str], site: Site) -> _Candidates:
    titles = [cut for title in declared_titles if (cut := without_site(title, site))]
    shown = ((without_site(text, site), element) for text, element in headings(tree, "h1"))
    return _Candidates(tree, titles, [ShownTitle(text, element) for text, element in shown if text])


def _own_part(candidates: _Candidates, heading: ShownTitle) -> ShownTitle:
    """What of a heading is the title; another element's text where the heading is only a part of a declared one."""
    runs, key = candidates.runs(), title_key(heading.text)
    if key in runs and not runs[key].is_whole:
        return _shown_part(candidates, runs[key]) or heading
    if STRONG_SEPARATOR.search(heading.text) and candidates.titles:
        first = candidates.titles[0]
        if title_key(first) in {title_key(run.text) for run in title_runs(heading.text)}:
            return ShownTitle(first, heading.element)
    if key in runs:
        return heading
    parts = (part for part in heading_parts(heading.element) if title_key(part) in runs)
    part = max(parts, key=len, default="")
    return ShownTitle(part, heading.element) if part else heading


def _shown_part(candidates: _Candidates, beside: TitleRun | None = None) -> ShownTitle | None:
    """The run of parts of the titles that an element shows, None without one.

    A whole title comes first, then a heading, then the longest. ``beside`` is one that is shown already:
    only a heading that shows more of the title comes before it.
    """
    runs = {key: run for key, run in candidates.runs().items() if not beside or run.is_more_than(beside)}
    best: tuple[tuple[bool, bool, int, bool], ShownTitle] | None = None
    for shown in shown_texts(candidates.tree, runs):
        is_heading, run = is_headed(shown.element), runs[title_key(shown.text)]
        rank = (run.is_sure, is_heading, len(run.text), has_heading_tag(shown.element))
        if is_beside(shown.element) or not run.may_be_title(is_heading) or (beside and not is_heading):
            continue
        if best is None or rank > best[0]:
            best = rank, ShownTitle(run.text, shown.element)
    return best and best[1]


def _declared_title(candidates: _Candidates, declared_titles: Sequence[str]) -> tuple[str, PageTree | None]:
    """The declared title without what is cut off of it, and the element that begins it."""
    tree = candidates.tree
    titles = whole_titles(candidates.titles) or declared_titles or [""]
    if len(titles) == 1:
        titles = [without_sections(titles[0], {*map(title_key, link_texts(tree))})]
    lower = _lower_heading(tree, candidates.titles)
    return titles[0], titled(tree, candidates.titles) if lower is None else lower


def page_site(declared: PageDeclarations) -> Site:
    """What a page says of its site: names, domain and the first label of it."""
    domain = registered_domain(declared.url)
    label = domain.partition(".")[0]
    return Site(frozenset(map(title_key, (*site_names(declared), domain, label))) - {""}, label)


def _declared_titles(declared: PageDeclarations) -> Iterator[str]:
    """Declared titles, those that are likely to have no additions first."""
    titled_things = [thing for thing in declared.things if is_kind(thing, TITLED)]
    titles = [
        *declared.meta("og:title"),
        *(
            text
            for thing in titled_things
            for key in ("headline", "name")
            for text in texts(thing.get(key))
        ),
        *declared.meta(*TITLE_METAS),
        one_line(next((title.text or "" for title in declared.tree.iter("title")), "")),
    ]
    return (title for title in dict.fromkeys(titles) if 0 < len(title) <= MAX_CHARS)


def _lower_heading(tree: PageTree, titles: Sequence[str]) -> PageTree | None:
    """The heading of second or third level that agrees best with a title, if it agrees well."""
    agreements = [(_agreement(text, titles), element) for text, element in headings(tree, "h2", "h3")]
    agreement, element = max(agreements, key=lambda candidate: candidate[0], default=(0.0, None))
    return element if agreement >= LOWER_AGREEMENT else None


def _agreement(heading: str, titles: Sequence[str]) -> float:
    """The highest word F1 of a heading with any of the titles, 0 to 1."""
    words = Counter(words_of(heading))
    return max((_word_f1(words, Counter(words_of(title))) for title in titles), default=0.0)


def _word_f1(some: Counter[str], other: Counter[str]) -> float:
    total = some.total() + other.total()
    return 2 * (some & other).total() / total if total else 0.0
