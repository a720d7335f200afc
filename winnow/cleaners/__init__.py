"""Cleaners: each finds one family of noise. A cleaner is a function ``Document -> Removals``.

Every cleaner sees the same untouched document and knows nothing of the others; where two claim
the same characters, `winnow.corpus.document.disjoint` decides.
"""

from typing import Final

from winnow.cleaners.ads import ads
from winnow.cleaners.boilerplate import boilerplate
from winnow.cleaners.bylines import bylines
from winnow.cleaners.captions import captions
from winnow.cleaners.comments import comments
from winnow.cleaners.endnotes import endnotes
from winnow.cleaners.fake_authors import fake_authors
from winnow.cleaners.furniture import furniture
from winnow.cleaners.lines import lines
from winnow.cleaners.navigation import navigation
from winnow.cleaners.pieces import pieces
from winnow.cleaners.prompts import prompts
from winnow.cleaners.pull_quotes import pull_quotes
from winnow.cleaners.repeats import repeats
from winnow.corpus.document import Cleaner

CLEANERS: Final[tuple[Cleaner, ...]] = (
    ads,
    boilerplate,
    bylines,
    captions,
    comments,
    endnotes,
    fake_authors,
    furniture,
    lines,
    navigation,
    pieces,
    prompts,
    pull_quotes,
    repeats,
)
