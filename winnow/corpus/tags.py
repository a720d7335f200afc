"""The vocabulary of the ``tags`` column."""

from collections.abc import Iterable
from typing import Final

# tag (or its prefix, ending in a colon): what it says of a document
TAGS: Final = {
    "lang:": "language, ISO 639-1 or und",
    "noise:": "a kind of noise that was found and removed",
    "reliability:": "the label of its source",
    "contacts_masked": "contacts of people in its text were masked",
    "duplicate": "its text is that of an earlier document",
    "near_duplicate": "its text is nearly that of an earlier document, which `metadata.dup_of` names",
    "satire_listed": "a rating list marks its source as satire",
    "seo_spam": "its source has pages that look made for search engines",
    "suspected_persona": "it prints an author block that looks generated",
    "syndicated": "its text, or nearly the same, stood on another site before",
    "truncated_quote": "a quotation opens and breaks off",
    "mostly_removed": "more than four fifths of a plain text were removed",
}


def tag_list(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags sorted, each once.

    >>> tag_list(["noise:promo", "lang:en", "noise:promo"])
    ('lang:en', 'noise:promo')
    """
    return tuple(sorted(set(tags)))
