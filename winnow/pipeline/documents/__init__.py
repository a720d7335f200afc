"""One document: from its raw bytes to its record."""
