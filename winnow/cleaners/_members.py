"""What a forum tells of its members beside their posts: since when they are there, how much they wrote."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

from winnow.cleaners._rules import load_patterns
from winnow.corpus.document import Document
from winnow.corpus.lines import Line

MAX_CHARS: Final = 60  # of a field with its label
MIN_FIELDS: Final = 2  # side by side, one of them a count
MIN_MEMBERS: Final = 2  # with such fields; one alone may be whom the text is about
COUNT, FIELD = "count", "field"


def member_fields(document: Document) -> Iterator[int]:
    """Indices into `Document.lines` of the fields of members: "Joined: May 2011" beside "Posts: 12".

    Only where several members have some, as beside the posts of a thread.
    """
    kinds = [_field_kind(line) for line in document.lines]
    runs = (list(run) for is_field, run in groupby(range(len(kinds)), lambda i: kinds[i] != "") if is_field)
    members = [run for run in runs if len(run) >= MIN_FIELDS and COUNT in (kinds[index] for index in run)]
    if len(members) >= MIN_MEMBERS:
        for run in members:
            yield from run


def _field_kind(line: Line) -> str:
    """Whether a line is a count or another field of a member, "" if neither."""
    found = _field().fullmatch(line.text) if len(line.text) <= MAX_CHARS else None
    if found is None:
        return ""
    return COUNT if found["count"] else FIELD


@cache
def _field() -> re.Pattern[str]:
    """A label of a member's field and its value: a number behind those that count."""
    counts, fields = (load_patterns("bylines", group) for group in ("member_counts", "member_fields"))
    return re.compile(
        rf"(?P<count>(?:{counts}) ?: ?\d[\d.,’ ]{{0,9}}k?)|(?:{fields}) ?: ?\S.{{0,{MAX_CHARS}}}",
        re.IGNORECASE,
    )
