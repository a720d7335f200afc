"""Why a document is rejected for what it is, told by its content: texts for machines, and pages that are messages."""

from typing import Final

from winnow.corpus.document import Cleaned
from winnow.corpus.error_pages import is_error_page
from winnow.corpus.machine_text import machine_format
from winnow.corpus.raw import RawDocument

# Reasons of the table ``rejected`` that a document has by itself
MACHINE_TEXT: Final = "machine_text"
ERROR_PAGE: Final = "error_page"


def own_rejection(raw: RawDocument, cleaned: Cleaned) -> str:
    """The reason why a document is rejected whatever the others are, "" if there is none."""
    if machine_format(raw.content):
        return MACHINE_TEXT
    return ERROR_PAGE if is_error_page(cleaned, raw.content) else ""
