"""Cleaners: each finds one family of noise. A cleaner is a function ``Document -> Removals``.

Every cleaner sees the same untouched document and knows nothing of the others; where two claim
the same characters, `winnow.corpus.document.disjoint` decides.
"""

from typing import Final

from winnow.cleaners._rule_removals import RULE_CLEANERS
from winnow.cleaners.lines import lines
from winnow.corpus.document import Cleaner

CLEANERS: Final[tuple[Cleaner, ...]] = (*RULE_CLEANERS, lines)
