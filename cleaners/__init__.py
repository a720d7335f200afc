"""Cleaners: each finds one family of noise. A cleaner is a function ``Document -> Removals``.

Every cleaner sees the same untouched document and knows nothing of the others; where two claim
the same characters, `corpus.spans.disjoint` decides.
"""

from typing import Final

from cleaners.ads import ads
from cleaners.boilerplate import boilerplate
from cleaners.bylines import bylines
from cleaners.captions import captions
from cleaners.comments import comments
from cleaners.endnotes import endnotes
from cleaners.fake_authors import fake_authors
from cleaners.furniture import furniture
from cleaners.lines import lines
from cleaners.navigation import navigation
from cleaners.prompts import prompts
from cleaners.pull_quotes import pull_quotes
from cleaners.repeats import repeats
from corpus.document import Cleaner

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
    prompts,
    pull_quotes,
    repeats,
)
