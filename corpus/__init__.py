"""The kernel: documents, what was removed from them, and how both are read and written."""
