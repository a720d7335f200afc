"""Files of ratings, a list's (`--ratings`) or a person's (`--overrides`): read, or refused with the line and a next step."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

from tests.fuzz.readers import folder
from tests.fuzz.target import Target, as_bytes, expect
from tests.test_ratings import CASES
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import RATING_LABELS, instant
from winnow.corpus.errors import UsageError
from winnow.corpus.overrides import FIELDS, read_overrides
from winnow.corpus.rating_option import FIELDS as OPTION_FIELDS
from winnow.corpus.rating_option import RatingOption, absolute_rating_option, parse_rating_option
from winnow.models.reliability.list_kinds import (
    BIASES,
    CREDIBILITY,
    DATES,
    LEVELS,
    RATINGS,
    SITES,
    STATUSES,
    TYPES,
)
from winnow.models.reliability.rating_lists import read_rating_list
from winnow.models.reliability.ratings import PASSED_OVER, combined

PLACE: Final = re.compile(
    r"(?::\d+|: (?:entry|row) \d+)?: .*; ", re.DOTALL
)  # of a mistake, before what to do
CELLS: Final = (
    ",", ";", "\t", "\n", "\r\n", '"', '""', "'=", "a.example", "https://b.example/", "www.a.example", "xn--a", "münchen.example",
    "a..example", "*.example", "[::1]", "localhost", "T", "N", "n/a", "87.5", "0-100", "6 to 1", "1-0", "high", "mostly factual",
    "satire", "reliable", "mixed", "2024-05-01", "1714521600000", "253402300800000", "1e5", "nan", "inf", "0.5", "²", "scale",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024-W18", "20240501", '{"domain": "a.example", "label": "mixed", ',
    '"by": "ada", "at": "2025-03-14"}', "ada", "\ufeff", "\0", "score", "null", "true", "[", "{",
)  # fmt: skip


def check(data: bytes) -> None:
    """Read a file; the first byte says which of the two kinds it is, or that the rest is an option."""
    if data[:1] == b"\2":
        _parse_option(data[1:].decode("utf8", "replace"))
        return
    path = folder() / "watchers.csv"
    path.write_bytes(data[1:])
    try:
        _read_overrides(path) if data[:1] == b"\1" else _read_list(path)
    except UsageError as error:
        expect(
            str(error).startswith(str(path)) and PLACE.match(str(error).removeprefix(str(path))),
            "a mistake has its place and a next step",
        )


def _read_list(path: Path) -> None:
    rating_list = read_rating_list(path)
    ratings = rating_list.ratings
    expect(rating_list.skipped.keys() <= PASSED_OVER.keys(), "what is passed over has a reason")
    for site, rating in ratings.items():
        expect(site and site == site.lower(), "a site is a host")
        expect(rating.score is None or 0 <= rating.score <= 1, "a score is from 0 to 1")
        expect(rating.is_satire or rating.score is not None, "a rating rates")
    for pair in combinations([*ratings.values()][:4], 2):
        consensus = combined(pair)
        expect(
            consensus is None or 0 <= consensus.low <= consensus.score <= consensus.high <= 1,
            "an interval is one",
        )


def _parse_option(text: str) -> None:
    try:
        option = parse_rating_option(text)
    except UsageError as error:
        expect(str(error).startswith("--ratings "), "a mistake names its option")
        return
    expect(option.columns.keys() <= set(OPTION_FIELDS), "only fields that there are")
    again: RatingOption = parse_rating_option(absolute_rating_option(text))
    expect((again.mapping, again.path.is_absolute()) == (option.mapping, True), "any folder reads the same")


def _read_overrides(path: Path) -> None:
    events = read_overrides(path)
    for event in events:
        expect(event.source and event.who and event.label in RATING_LABELS, "a decision is whole")
    decisions = fold(events, instant("2026-01-31"))
    expect(
        decisions.overrides.keys() <= {event.source for event in events},
        "decisions are about sources that are named",
    )


def _files() -> Iterator[bytes]:
    for line in CASES.read_text(encoding="utf8").splitlines():
        yield b"\0" + json.loads(line)["input"].encode()
    yield b"\2list.csv:domain=Site,rating=pc1,scale=0-1,date=Seen"
    yield b"\2C:\\lists\\a.csv:rating=A, B: c=d"
    yield b"\1" + f"{','.join(FIELDS)}\na.example,mixed,0.5,ada,2025-03-14,why,2026-01-01\n".encode()
    yield b'\1{"domain": "a.example", "label": "reliable", "by": "ada", "at": "2025-03-14", "score": 0.5}\n'


COLUMNS: Final = (
    *SITES, *DATES, *RATINGS, *LEVELS, *CREDIBILITY, *BIASES, *STATUSES, *TYPES, *FIELDS, "pc1", "credibility_score",
    "2nd type", "MBFC Fact", "MBFC cred", ":domain=", ":rating=", ",scale=", ",date=", "PAR1",
)  # fmt: skip
TARGET: Final = Target(check, _files, as_bytes(COLUMNS, CELLS), max_bytes=400)
