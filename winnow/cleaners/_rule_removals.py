"""What the rules remove of a document, worked out once, for the list of cleaners and for the line model."""

from collections.abc import Iterable
from functools import lru_cache, wraps
from typing import Final

from winnow.cleaners.ads import ads
from winnow.cleaners.boilerplate import boilerplate
from winnow.cleaners.bylines import bylines
from winnow.cleaners.captions import captions
from winnow.cleaners.comments import comments
from winnow.cleaners.endnotes import endnotes
from winnow.cleaners.fake_authors import fake_authors
from winnow.cleaners.furniture import furniture
from winnow.cleaners.navigation import navigation
from winnow.cleaners.pieces import pieces
from winnow.cleaners.prompts import prompts
from winnow.cleaners.pull_quotes import pull_quotes
from winnow.cleaners.repeats import repeats
from winnow.corpus.document import Cleaner, Document, Removal


def kept(cleaner: Cleaner) -> Cleaner:
    """The same cleaner, which keeps its removals of the last document: the line model asks for them, too."""

    @lru_cache(maxsize=1)
    @wraps(cleaner)
    def removals(document: Document) -> Iterable[Removal]:
        """The cleaner's removals, once for a document that is asked about again."""
        return tuple(cleaner(document))

    return removals


RULE_CLEANERS: Final[tuple[Cleaner, ...]] = tuple(
    map(
        kept,
        (
            ads,
            boilerplate,
            bylines,
            captions,
            comments,
            endnotes,
            fake_authors,
            furniture,
            navigation,
            pieces,
            prompts,
            pull_quotes,
            repeats,
        ),
    )
)


def rule_removals(document: Document) -> list[Removal]:
    """What all the rules remove of a document, overlapping, in no order."""
    return [removal for cleaner in RULE_CLEANERS for removal in cleaner(document)]
