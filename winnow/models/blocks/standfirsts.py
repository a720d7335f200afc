"""Standfirsts: the summary that stands between the headline of an article and its body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.word_breaks import SENTENCE_ENDS, has_words
from winnow.models.blocks.headlines import HEADINGS, block_text, is_title, letters_of
from winnow.models.blocks.name_words import elements_around, holds, name_words

# What pages call it, in the languages that most of them are written in.
NAMES: Final = frozenset(
    "abstract alaotsikko anons anreisser anriss anrisstext bajada bajante catenaccio chapeau chapo copete deck dek"
    " einleitung entradilla excerpt ingress ingressi inleiding intro introduction introtext lead leadin leadtext lede"
    " lid linhafina manchet ozet perex podnaslov preamble preface sapo shortdescription sommario sottotitolo standfirst"
    " strapline subdeck subhed subhead subheader subheading subheadline subline subtitle subtitulo sumario summary"
    " teaser teasertext underrubrik undertitel undertittel unterzeile vorspann zajawka".split()
)
# Names of other things that stand there, some with one of `NAMES` beside them: "author-intro".
NEVER: Final = frozenset(
    "advert advertisement affiliate author authors bio button buttons byline bylines caption captions comment comments"
    " consent cookie cookies credit credits cta invisible metadata newsletter none promo related share sharing sidebar"
    " social tooltip".split()
)
# Names of other things, or of parts of the page that hold a standfirst, too: "media", "image-header".
OTHERWISE: Final = NEVER | frozenset(
    "ad ads alert autor branding breadcrumb breadcrumbs category copyright date dates datetime disclaimer disclosure"
    " gallery hidden image img kicker legend logo masthead media meta modal notice notification notify paywall photo"
    " player popup published rating signature slogan sponsor tag tagline tags time timestamp toolbar topline updated"
    " video".split()
)
OUTSIDE: Final = frozenset("aside button dl figcaption figure footer form nav table".split())
PARAGRAPHS: Final = frozenset({"p", "h2", "h3", "h4"})  # of a standfirst that nothing names
NAMING_ELEMENTS: Final = 2  # around a text, whose names speak of it
BODY_WORDS: Final = 15  # of the paragraph that the body begins with
MOST_BETWEEN: Final = 80  # blocks between headline and body
MEANT_LETTERS, LETTERS = 12, 20  # of a text that is named or described as the summary, and of any other
WORDS: Final = 8  # of a text that is neither, and no whole sentence
DESCRIBED_LETTERS: Final = 40  # that a summary and the page's description have in common
LINK_SHARE: Final = 0.3
MOST_PARAGRAPHS: Final = 3
REPEATED_CHARS: Final = 60  # of a text that the body has again
BYLINE: Final = re.compile(
    r"\W*(?:by|von|par|por|text|words|foto|photo|bild|image|published|updated|posted|stand|reviewed|editors?)\b",
    re.IGNORECASE,
)
BYLINE_CHARS: Final = 120  # at most
DAY: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[:.h]\d\d")
DAY_CHARS: Final = 60  # of a line that says when, at most


@dataclass(frozen=True, slots=True)
class Opening:
    """What lies between the headline of an article and its body."""

    page: Page
    headlines: frozenset[int]  # blocks that may be the headline
    body: int  # the first block of the body
    paragraphs: tuple[str, ...]  # of the body
    title: str  # letters of the page's title
    descriptions: tuple[str, ...]  # letters of what the page says of itself

    def headline_before(self, block: int) -> int:
        """The nearest headline above a block."""
        return max(headline for headline in self.headlines if headline < block)

    def elements_around(self, block: int) -> list[int]:
        """The elements around a block, from the inside, as far as they hold neither headline nor body."""
        others = self.headline_before(block), self.body
        return [
            *takewhile(
                lambda element: not any(holds(self.page, element, other) for other in others),
                elements_around(self.page, block),
            )
        ]


def standfirsts(page: Page, title: str, descriptions: Sequence[str], shares: Sequence[float]) -> list[int]:
    """The blocks of a page that are its standfirst, in order.

    What stands between headline and body is the summary if the page describes itself so for sharing
    (``descriptions``), if its elements are named so, or if it is a paragraph right behind the headline.
    ``title`` is the page's, letters only.
    """
    opening = _opening(page, title, descriptions, shares)
    if not opening:
        return []
    between = range(min(opening.headlines) + 1, opening.body)
    found = [number for number in between if _is_standfirst(opening, number)]
    beside = (n for n in found if n == found[0] or _parent(page, n) == _parent(page, found[0]))
    return [*beside][:MOST_PARAGRAPHS]


def _opening(
    page: Page, title: str, descriptions: Sequence[str], shares: Sequence[float]
) -> Opening | None:
    """The opening of a page with a headline not far above a body."""
    headings = [n for n, block in enumerate(page.blocks) if block.tag in HEADINGS]
    titles = [n for n in headings if is_title(letters_of(block_text(page, n)), title)]
    top = next(iter(titles or headings), len(page.blocks))
    body = next((n for n in range(top + 1, len(page.blocks)) if _is_body(page, n, shares)), None)
    if body is None:
        return None
    top_headings = [n for n in headings if n < body and page.blocks[n].tag == "h1"]
    headlines = {n for n in titles if n < body} | {*top_headings[-1:]}
    near = frozenset(n for n in headlines if body - n <= MOST_BETWEEN)
    paragraphs = tuple(block_text(page, n) for n in range(body, len(shares)) if shares[n] >= CONTENT_SHARE)
    described = tuple(text for text in map(letters_of, descriptions) if len(text) >= LETTERS)
    return Opening(page, near, body, paragraphs, title, described) if near else None


def _is_body(page: Page, number: int, shares: Sequence[float]) -> bool:
    """Whether a block is a paragraph of content."""
    return (
        shares[number] >= CONTENT_SHARE
        and page.blocks[number].tag != "figcaption"
        and has_words(block_text(page, number), BODY_WORDS)
    )


def _is_standfirst(opening: Opening, number: int) -> bool:
    """Whether a block of an opening is a summary."""
    page, text = opening.page, block_text(opening.page, number)
    letters, around = letters_of(text), opening.elements_around(number)
    names = [name_words(page.elements.names[element]) for element in around]
    is_named = any(words & NAMES for words in names[:NAMING_ELEMENTS])
    is_meant = is_named or _is_described(letters, opening.descriptions)
    others = NEVER if is_meant else OTHERWISE
    return (
        len(letters) >= (MEANT_LETTERS if is_meant else LETTERS)
        and (is_meant or (number - 1 in opening.headlines and _is_line(page, number, around, text)))
        and page.blocks[number].link_share < LINK_SHARE
        and not any(words & others for words in names)
        and OUTSIDE.isdisjoint(page.elements.tags[element] for element in around)
        and not _is_something_else(opening, letters, text)
    )


def _is_described(letters: str, descriptions: Sequence[str]) -> bool:
    """Whether a text is the description of its page, or its beginning, or a part of it."""
    start = letters[:DESCRIBED_LETTERS]
    return len(letters) >= LETTERS and any(d.startswith(start) or letters in d for d in descriptions)


def _is_line(page: Page, number: int, around: Sequence[int], text: str) -> bool:
    """Whether a block that nothing names is a sentence or long; text without an element of its own is to be both."""
    is_sentence, is_long = text.endswith(tuple(SENTENCE_ENDS)), has_words(text, WORDS)
    if not around:
        return is_sentence and is_long
    return page.blocks[number].tag in PARAGRAPHS and (is_sentence or is_long)


def _is_something_else(opening: Opening, letters: str, text: str) -> bool:
    """Whether a text is the title, a byline or a day, or the body has it again."""
    return (
        letters in opening.title
        or any(letters == letters_of(block_text(opening.page, headline)) for headline in opening.headlines)
        or text.endswith(":")
        or (not text.endswith(tuple(SENTENCE_ENDS)) and _says_who_or_when(text))
        or any(text[:REPEATED_CHARS] in paragraph for paragraph in opening.paragraphs)
    )


def _says_who_or_when(text: str) -> bool:
    is_byline = len(text) <= BYLINE_CHARS and BYLINE.match(text) is not None
    return is_byline or (len(text) <= DAY_CHARS and DAY.search(text) is not None)


def _parent(page: Page, number: int) -> int:
    """The element around the element of a block."""
    element = page.runs.elements[number]
    return page.elements.parents[element] if element != NO_PARENT else NO_PARENT
