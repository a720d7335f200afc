"""Winnow: clean web documents, keep every removed span with its reason, score each source.

>>> import winnow
>>> cleaned = winnow.clean("Rain fell on Monday over the old harbour town.\\nADVERTISEMENT\\n")
>>> cleaned.text
'Rain fell on Monday over the old harbour town.\\n'
>>> [(removal.kind, removal.rule) for removal in cleaned.removals][0][0]
'ad_marker'
"""

from winnow.api import clean, read, run, score
from winnow.corpus import __version__
from winnow.corpus.document import Block, Cleaned, Document, Metadata, Removal
from winnow.corpus.errors import UnreadableError, UsageError, WinnowError
from winnow.corpus.reading import Corpus
from winnow.corpus.rows import DocumentRow, QuarantineRow, SourceRow
from winnow.corpus.selection.select import Selected, select
from winnow.corpus.selection.selection_settings import Selection
from winnow.corpus.settings import Fields, Settings
from winnow.drop_in import extract
from winnow.models.reliability.source_model import SourceScore
from winnow.pipeline.ending import RunResult

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
