"""Winnow: clean web documents, keep every removed span with its reason, score each source.

>>> import winnow
>>> cleaned = winnow.clean("Rain fell on Monday over the old harbour town.\\nADVERTISEMENT\\n")
>>> cleaned.text
'Rain fell on Monday over the old harbour town.\\n'
>>> [(removal.kind, removal.rule) for removal in cleaned.removals][0][0]
'ad_marker'
"""

from corpus import __version__
from corpus.document import Cleaned, Removal
from corpus.errors import UnreadableError, UsageError, WinnowError
from corpus.selection.select import Selected, select
from corpus.selection.settings import Selection
from corpus.settings import Settings
from winnow.api import clean, score

__all__ = [
    "Cleaned",
    "Removal",
    "Selected",
    "Selection",
    "Settings",
    "UnreadableError",
    "UsageError",
    "WinnowError",
    "__version__",
    "clean",
    "score",
    "select",
]
