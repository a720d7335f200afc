"""A line as fields: what is labelled, and what stands alone, in any of the ways that identities are printed."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

MAX_CHARS: Final = 1200  # of a line that is read as fields; longer ones are prose
MAX_LABEL: Final = 24  # characters
BULLET: Final = re.compile(r"^[\s•*·>|#–—-]{1,20}|[\s|]{1,20}$")
PAIR: Final = re.compile(r"[\"']?([\w .-]{2,24})[\"']?\s{0,4}[:=：]\s{0,4}(\S.{0,400})")
JSON_PAIR: Final = re.compile(r'"([\w ]{2,24})"\s{0,4}:\s{0,4}"([^"]{2,300})"')
QUOTED: Final = re.compile(r"'([^'\\]{2,300})'")
EDGES: Final = " \t'\"`*,;[]{}()"


@dataclass(frozen=True, slots=True)
class Field:
    """A value and what it is called: a key of ``labels.toml``, "" if it has no label that is known."""

    label: str
    value: str


def fields(line: str) -> list[Field]:
    """The fields of a line; a line that is not divided is one field.

    >>> fields("  • Birthdate : 1991-02-15")
    [Field(label='birth', value='1991-02-15')]
    >>> [field.value for field in fields("Ada Moss\\tada@moss.example")]
    ['Ada Moss', 'ada@moss.example']
    """
    if len(line) > MAX_CHARS:
        return []
    found = (
        Field(label_of(label), value.strip(EDGES)) for label, value in _pairs(BULLET.sub("", line), line)
    )
    return [field for field in found if field.value]


def label_of(text: str) -> str:
    """The meaning of a label, "" if it has none that identities have.

    >>> label_of("Date_of_birth:"), label_of("Weather")
    ('birth', '')
    """
    return _labels().get(text.strip(" :：*\"'").casefold().replace("_", " "), "")


def bare_label(line: str) -> str:
    """The meaning of a line that is only a label, as a heading or a field left empty."""
    bare = BULLET.sub("", line).rstrip(" :：")
    return label_of(bare) if len(bare) <= MAX_LABEL else ""


def _pairs(bare: str, line: str) -> Iterator[tuple[str, str]]:
    pairs = JSON_PAIR.findall(bare)
    if len(pairs) > 1:
        yield from pairs
    elif "\t" in line.strip():
        yield from (("", cell) for cell in line.strip().split("\t"))
    elif line.count("|") >= 2:
        yield from _cells(line.strip().strip("|").split("|"))
    elif line.count("'") >= 6 and "'," in line:
        yield from (("", cell) for cell in QUOTED.findall(line))
    elif (pair := PAIR.fullmatch(bare)) and not pair[2].startswith("//"):
        yield pair[1], pair[2]
    else:
        yield from (("", cell) for cell in _listed(bare))


def _cells(cells: list[str]) -> list[tuple[str, str]]:
    """A row of a table: a label and its value, or values."""
    if len(cells) == 2 and label_of(cells[0]):
        return [(cells[0], cells[1])]
    return [("", cell) for cell in cells]


def _listed(bare: str) -> list[str]:
    """A line whole, and its parts where it lists a few."""
    for divider in (", ", "; ", " · ", " — ", " at "):
        parts = bare.split(divider)
        if len(bare) < 400 and 1 < len(parts) <= 12 and not bare.endswith("."):
            return [bare, *parts, divider.join(parts[1:])]
    return [bare]


@cache
def _labels() -> dict[str, str]:
    tables = tomllib.loads((files("models.identity") / "labels.toml").read_text(encoding="utf8"))
    return {word: meaning for meaning, words in tables.items() for word in words}
