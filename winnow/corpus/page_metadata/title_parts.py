"""The parts of a title: the text's own words, and the names of site and section at either end."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from winnow.corpus.page_metadata.element_texts import folded
from winnow.corpus.word_breaks import has_words, word_count

MAX_PARTS: Final = 20  # of a title that are looked at
MAX_RUNS_OF: Final = 8  # parts of a title whose runs are listed; more are a list of keywords
MIN_SHARE_OF_BEHIND: Final = (
    0.5  # of the length of the longest part behind it, of a run that no heading shows
)
MIN_SURE_WORDS: Final = 3
MIN_SHARE_OF_FIRST: Final = 1.5  # of the length of a heading that begins a title, of what comes before it
MIN_LABEL_CHARS: Final = 4  # of a domain's first label, to be looked for in a part of a title
MAX_SITE_WORDS: Final = 4  # of a part that names a site by its domain: "Bird Forums"
CJK_CHARS: Final = (
    "\u3040-\u30ff\u3400-\u9fff\uff00-\uffef"  # signs of scripts that put no spaces around a dash
)
SEPARATOR: Final = re.compile(
    r"\s{0,3}[|•⋆｜‖〉＞]\s{0,3}|\s{1,3}(?:[-–—:~/<>_·»«›→]|::|//|--)\s{1,3}|[:：]\s{1,3}"
    rf"|(?<=[{CJK_CHARS}])\s?[-_–—：]{{1,2}}\s?|\s?[-_–—：]{{1,2}}\s?(?=[{CJK_CHARS}])"
)
STRONG_SEPARATOR: Final = re.compile(r"[|｜〉＞»›]")  # which stands in no sentence
ELLIPSIS: Final = re.compile(r"\s?(?:…|\.\.\.|\[…\]|\[\.\.\.\])\Z")
MIN_CUT_CHARS: Final = 8  # of a title before its ellipsis


@dataclass(frozen=True, slots=True)
class Site:
    """The names of a site, in lower case and without spaces, and the first label of its domain."""

    keys: frozenset[str] = frozenset()
    label: str = ""

    def is_named(self, part: str) -> bool:
        """Whether a part of a title names the site, or its domain with a word or two."""
        key = title_key(part)
        by_domain = (
            len(self.label) >= MIN_LABEL_CHARS and self.label in key and word_count(part) <= MAX_SITE_WORDS
        )
        return key in self.keys or by_domain


def title_key(text: str) -> str:
    """The letters and digits of a title, to compare by.

    >>> title_key("Rain, again!")
    'rainagain'
    """
    return folded(text).replace(" ", "")


def without_site(title: str, site: Site) -> str:
    """A title without the parts at its ends that name the site; "" if it names nothing else.

    >>> without_site("Rain in March - The Daily Pigeon", Site(frozenset({"thedailypigeon"})))
    'Rain in March'
    >>> without_site("Rain in March / Bird Forums", Site(label="birdforums"))
    'Rain in March'
    """
    breaks = _breaks(title)
    start, end = 0, len(title)
    for break_start, break_end in reversed(breaks):
        end = break_start if site.is_named(title[break_end:end]) else end
    for break_start, break_end in breaks:
        start = break_end if break_start < end and site.is_named(title[start:break_start]) else start
    rest = title[start:end].strip()
    return "" if not breaks and site.is_named(rest) else rest


class TitleRun(NamedTuple):
    """A title or a run of its parts."""

    text: str
    is_whole: bool = True
    longest_before: int = 0  # characters of the longest part of the title before it
    longest_behind: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether it is a declared title of some words: a word or two may be the name of a section."""
        return self.is_whole and has_words(self.text, MIN_SURE_WORDS)

    def may_be_title(self, is_heading: bool) -> bool:
        """Whether a run is long enough to be the title: what names the site or a section is shorter than that."""
        least = 0 if is_heading else self.longest_behind * MIN_SHARE_OF_BEHIND
        return len(self.text) > max(self.longest_before, least)

    def is_more_than(self, heading: "TitleRun") -> bool:
        """Whether a run is more of the title than another one, which a heading shows."""
        share = 1 if heading.longest_before else MIN_SHARE_OF_FIRST
        return self.is_sure or len(self.text) > len(heading.text) * share


def title_parts(title: str) -> list[str]:
    """The parts of a title between its separators.

    >>> title_parts("Rain - Weather | Pigeon")
    ['Rain', 'Weather', 'Pigeon']
    """
    breaks = _breaks(title)
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(title)]
    return [title[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def title_runs(title: str) -> Iterator[TitleRun]:
    """A title and each run of its parts, a long one before those within it.

    >>> [run.text for run in title_runs("Rain - Weather | Pigeon")]
    ['Rain - Weather | Pigeon', 'Rain - Weather', 'Weather | Pigeon', 'Rain', 'Weather', 'Pigeon']
    """
    breaks = _breaks(title)
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(title)]
    parts = [end - start for start, end in zip(starts, ends, strict=True)]
    yield TitleRun(title.strip())
    count = len(parts) if len(parts) <= MAX_RUNS_OF else 0
    for length in range(count - 1, 0, -1):
        for first in range(count - length + 1):
            text = title[starts[first] : ends[first + length - 1]].strip()
            before, behind = parts[:first], parts[first + length :]
            yield TitleRun(text, False, max(before, default=0), max(behind, default=0))


def whole_titles(titles: Iterable[str], texts: Iterable[str] = ()) -> list[str]:
    """Titles, those that end in an ellipsis replaced by one, or by another text, that goes on.

    >>> whole_titles(["Rain in March…", "Rain in March and April | Pigeon"])
    ['Rain in March and April | Pigeon', 'Rain in March and April | Pigeon']
    """
    titles = [*titles]
    longer = [*titles, *texts]
    return [_whole(title, longer) for title in titles]


def _whole(title: str, longer: Iterable[str]) -> str:
    begins = ELLIPSIS.sub("", title)
    if begins == title or len(begins) < MIN_CUT_CHARS:
        return title
    return next((text for text in longer if text.startswith(begins) and not ELLIPSIS.search(text)), title)


def without_sections(title: str, link_keys: Collection[str]) -> str:
    """A title without the parts at its end that are links of the page, too: names of sections, of the site.

    >>> without_sections("Rain in March | Weather | Pigeon", {"weather", "pigeon"})
    'Rain in March'
    """
    for start, end in reversed(_breaks(title)):
        if title_key(title[end:]) not in link_keys:
            break
        title = title[:start]
    return title


def _breaks(title: str) -> list[tuple[int, int]]:
    return [m.span() for m in islice(SEPARATOR.finditer(title), MAX_PARTS)]
