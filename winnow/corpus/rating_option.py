"""The value of ``--ratings``: a file, and for a list of columns that no kind has, which of them to read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.objects import absolute_location, is_remote

FIELDS: Final = ("domain", "rating", "scale", "date")
FORM: Final = "FILE:domain=COLUMN,rating=COLUMN,scale=0-100,date=COLUMN"
MAX_OPTION_CHARS: Final = 10_000  # of a path (4,096 on Linux) and names of columns
RANGE: Final = re.compile(
    r"(-?\d{1,9}(?:\.\d{1,9})?)\s{0,3}(?:-|–|to|\.\.)\s{0,3}(-?\d{1,9}(?:\.\d{1,9})?)", re.ASCII
)
_NAMES: Final = "|".join(FIELDS)
_MAPPING: Final = re.compile(rf":(?=(?:{_NAMES})=)")
_NEXT_FIELD: Final = re.compile(rf",(?=(?:{_NAMES})=)")
_ANY_FIELD: Final = re.compile(r":([A-Za-z_]{1,30})=")


@dataclass(frozen=True, slots=True)
class RatingOption:
    """A rating list as a user names it."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)  # of `FIELDS` but scale, names of columns
    scale: str = ""  # of all its numbers, as "0-100"; "" where the list says it

    @property
    def name(self) -> str:
        """What the list is called: its file, without the suffix; "?" for bytes of it that are not UTF-8."""
        return self.path.stem.encode("utf8", "replace").decode()

    @property
    def mapping(self) -> str:
        """The part after the file, "" where there is none."""
        pairs = {**self.columns, **({"scale": self.scale} if self.scale else {})}
        return ",".join(f"{name}={pairs[name]}" for name in FIELDS if name in pairs)


def parse_rating_option(text: str) -> RatingOption:
    """A file, or a file and names of columns: ``list.csv:domain=Site,rating=pc1,scale=0-1``.

    Colons belong to the path up to the first ``:domain=``, ``:rating=``, ``:scale=`` or ``:date=``, or to a later one
    if that gives a file that exists; names of columns may hold spaces, colons and commas. Raises UsageError.

    >>> option = parse_rating_option("C:/lists/a.csv:domain=Site,rating=pc1,scale=0-1")
    >>> option.path.as_posix(), option.columns, option.scale
    ('C:/lists/a.csv', {'domain': 'Site', 'rating': 'pc1'}, '0-1')
    """
    if len(text) > MAX_OPTION_CHARS or "\0" in text:
        raise UsageError(f"--ratings {text[:60]!r}…: names no file; give it as {FORM}")
    path, mapping = next((pair for pair in _splits(text) if _is_file(pair[0])), _first_split(text))
    if not path:
        raise UsageError(f"--ratings {text}: names no file; give it as {FORM}")
    pairs = _pairs(text, mapping) if mapping else {}
    return RatingOption(
        Path(path), {n: c for n, c in pairs.items() if n != "scale"}, pairs.get("scale", "")
    )


def absolute_rating_option(text: str) -> str:
    """The same list by a path that holds in any folder."""
    if is_remote(text):
        return text
    option = parse_rating_option(text)
    path = absolute_location(str(option.path))
    return f"{path}:{option.mapping}" if option.mapping else path


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """All ways to read a text as path and mapping, the one without a mapping first."""
    yield text, ""
    for colon in _MAPPING.finditer(text):
        yield text[: colon.start()], text[colon.end() :]


def _first_split(text: str) -> tuple[str, str]:
    """How a text is read of which no part is a file, for messages. Raises UsageError for a field that there is not."""
    path, mapping = [*_splits(text)][:2][-1]
    if not mapping and (unknown := _ANY_FIELD.search(text)):
        raise UsageError(f"--ratings {text}: no field is called {unknown[1]!r}; give it as {FORM}")
    return path, mapping


def _is_file(path: str) -> bool:
    try:
        return bool(path) and Path(path).is_file()
    except OSError:  # longer than a name may be
        return False


def _pairs(text: str, mapping: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in _NEXT_FIELD.split(mapping):
        name, _, value = part.partition("=")
        if name in pairs:
            raise UsageError(f"--ratings {text}: {name} is given twice; give each field once")
        if not value.strip():
            raise UsageError(f"--ratings {text}: {name} is empty; give it as {FORM}")
        pairs[name] = value
    _check_scale(text, pairs.get("scale", ""))
    return pairs


def _check_scale(text: str, scale: str) -> None:
    ends = RANGE.fullmatch(scale)
    if scale and not (ends and float(ends[1]) != float(ends[2])):
        raise UsageError(f"--ratings {text}: {scale!r} is no scale; give it from worst to best, like 0-100")
