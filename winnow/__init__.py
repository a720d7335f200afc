"""Winnow: clean web documents, keep every removed span with its reason, score each source.

>>> import winnow
>>> cleaned = winnow.clean("Rain fell on Monday over the old harbour town.\\nADVERTISEMENT\\n")
>>> cleaned.text
'Rain fell on Monday over the old harbour town.\\n'
>>> [(removal.kind, removal.rule) for removal in cleaned.removals][0][0]
'ad_marker'
"""

from corpus import __version__
from corpus.document import Block, Cleaned, Document, Metadata, Removal
from corpus.errors import UnreadableError, UsageError, WinnowError
from corpus.reading import Corpus
from corpus.rows import DocumentRow, QuarantineRow, SourceRow
from corpus.selection.select import Selected, select
from corpus.selection.settings import Selection
from corpus.settings import Fields, Settings
from flows.ending import RunResult
from models.reliability.model import SourceScore
from winnow.api import clean, read, run, score
from winnow.drop_in import extract

__all__ = [
    "Block",
    "Cleaned",
    "Corpus",
    "Document",
    "DocumentRow",
    "Fields",
    "Metadata",
    "QuarantineRow",
    "Removal",
    "RunResult",
    "Selected",
    "Selection",
    "Settings",
    "SourceRow",
    "SourceScore",
    "UnreadableError",
    "UsageError",
    "WinnowError",
    "__version__",
    "clean",
    "extract",
    "read",
    "run",
    "score",
    "select",
]
