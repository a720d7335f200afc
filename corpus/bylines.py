"""What a byline says: when a text was published and by whom."""

import re
from collections.abc import Iterable
from typing import Final

from corpus.dates import iso_date

MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
DATE: Final = re.compile(  # forms whose order of day and month is not in doubt; English months
    r"(?<!\d)(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d\.\d\d\.\d{4}"
    rf"|{MONTH}\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} {MONTH} \d{{4}}(?!\d))"
)
FIRST_YEAR: Final = "1990"  # of the web: an earlier date is what the text is about
NAME: Final = r"[^\W\d_][\w.'’-]{0,30}(?: (?:de|del|della|der|di|van|von|da|dos|le|la|el|bin|al))?"
CREDIT: Final = re.compile(
    rf"(?:By|BY|Written by|Posted by|Author:|Von|Por|Par) ({NAME}(?: {NAME}){{1,3}})"
    r"(?=$|[,|·•(–—-]| (?:and|on|in|\d)| [|·])"
)
HOUSE_NAME: Final = re.compile(
    r"(?i)\b(?:admin|editor|editors|staff|team|desk|newsroom|reporter|contributor)\b"
)


def byline_date(bylines: Iterable[str]) -> str:
    """The first date in some bylines, ISO 8601; "" without one.

    A counter may be glued to it, as templates do that print both without a space.

    >>> byline_date(["By Ada Moss", "2025-03-14158 view"]), byline_date(["Updated March 3, 2024"])
    ('2025-03-14', '2024-03-03')
    """
    found = (iso_date(re.sub(r"\.(?= )", "", m.group())) for line in bylines for m in DATE.finditer(line))
    return next((date for date in found if date >= FIRST_YEAR), "")


def byline_authors(bylines: Iterable[str]) -> tuple[str, ...]:
    """The persons whom bylines credit, each once; names of a role or a house are left out.

    >>> byline_authors(["By Ada Moss | 3 May 2024", "By Staff Writer"])
    ('Ada Moss',)
    """
    names = (m.group(1) for line in bylines if (m := CREDIT.match(line.strip())))
    persons = (n for n in names if n[0].isupper() and not HOUSE_NAME.search(n))
    return tuple(dict.fromkeys(persons))
