"""Winnow: clean web documents, keep every removed span with its reason, score each source."""

__version__ = "0.1.0"
