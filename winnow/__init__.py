"""Winnow: clean web documents, keep every removed span with its reason, score each source.

>>> import winnow
>>> cleaned = winnow.clean("Rain fell on Monday over the old harbour town.\\nADVERTISEMENT\\n")
>>> cleaned.text
'Rain fell on Monday over the old harbour town.\\n'
>>> [(removal.kind, removal.rule) for removal in cleaned.removals][0][0]
'ad_marker'

Each name is imported when it is first used (PEP 562), so that ``import winnow`` takes a few hundredths of a second.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from winnow.corpus import __version__

if TYPE_CHECKING:
    from winnow.api import clean, explain, read, run, score
    from winnow.corpus.document import Block, Cleaned, Cleaner, Document, Metadata, Removal
    from winnow.corpus.errors import CancelledError, CleanerError, UnreadableError, UsageError, WinnowError
    from winnow.corpus.explained import ExplainedRemoval, PageExplanation
    from winnow.corpus.reading import Corpus
    from winnow.corpus.rows import DocumentRow, QuarantineRow, SourceRow
    from winnow.corpus.selection.select import Selected, select
    from winnow.corpus.selection.selection_settings import Selection
    from winnow.corpus.settings import Fields, Settings
    from winnow.drop_in import extract
    from winnow.models.reliability.source_score import SourceScore
    from winnow.pipeline.ending import RunResult
    from winnow.pipeline.shards.run_progress import RunProgress

__all__ = [
    "Block",
    "CancelledError",
    "Cleaned",
    "Cleaner",
    "CleanerError",
    "Corpus",
    "Document",
    "DocumentRow",
    "ExplainedRemoval",
    "Fields",
    "Metadata",
    "PageExplanation",
    "QuarantineRow",
    "Removal",
    "RunProgress",
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
    "explain",
    "extract",
    "read",
    "run",
    "score",
    "select",
]

# The same imports for `__getattr__`; a test checks that both lists agree.
_MODULES: Final = {
    "winnow.api": ("clean", "explain", "read", "run", "score"),
    "winnow.corpus.document": ("Block", "Cleaned", "Cleaner", "Document", "Metadata", "Removal"),
    "winnow.corpus.errors": (
        "CancelledError",
        "CleanerError",
        "UnreadableError",
        "UsageError",
        "WinnowError",
    ),
    "winnow.corpus.explained": ("ExplainedRemoval", "PageExplanation"),
    "winnow.corpus.reading": ("Corpus",),
    "winnow.corpus.rows": ("DocumentRow", "QuarantineRow", "SourceRow"),
    "winnow.corpus.selection.select": ("Selected", "select"),
    "winnow.corpus.selection.selection_settings": ("Selection",),
    "winnow.corpus.settings": ("Fields", "Settings"),
    "winnow.drop_in": ("extract",),
    "winnow.models.reliability.source_model": ("SourceScore",),
    "winnow.pipeline.ending": ("RunResult",),
    "winnow.pipeline.shards.run_progress": ("RunProgress",),
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


# Hidden from type checkers, which would take any misspelt name for one of an unknown type.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported now and kept. Raises AttributeError for any other."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted(__all__)
