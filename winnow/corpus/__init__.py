"""The kernel: documents, what was removed from them, and how both are read and written."""

__version__ = "0.1.0"
