"""The fields of a line, labelled or not, in any of the layouts in which identities are printed."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

MAX_CHARS: Final = 1200  # of a line that is read as fields; longer ones are prose
MAX_LABEL: Final = 26  # characters
MAX_LISTED: Final = 400  # characters of a line that lists values
MAX_CELLS: Final = 40  # of a row
MIN_CELLS: Final = 4  # of a row that only commas or semicolons divide
BULLET: Final = re.compile(r"^[\s•*·>|#–—-]{1,20}|[\s|]{1,20}$")
PAIR: Final = re.compile(
    r"[\"'\[]?([\w .'’/№-]{1,26})[\"'\]]?(?:;[\w=,;-]{1,30})?\s{0,4}(?:=>|[:=：])\s{0,4}(\S.{0,700})"
)
JSON_PAIR: Final = re.compile(r'"([\w ]{2,24})"\s{0,4}:\s{0,4}"([^"]{2,400})"')
TAGGED: Final = re.compile(r"<([\w-]{2,24})>([^<]{1,400})</")
QUOTED: Final = re.compile(r"'((?:[^'\\]|''){2,400})'")
CELLS: Final = {
    ",": re.compile(r'"([^"]{1,400})"|([^",]{1,400})'),
    ";": re.compile(r'"([^"]{1,400})"|([^";]{1,400})'),
}
INLINE_PAIR: Final = re.compile(r"(?:^|[.,;|·] )([^\W\d_][\w -]{1,20}): (?=\S)")
DIVIDERS: Final = (" | ", " · ", " • ", " / ", "; ", ", ", " — ", " – ", " at ")
EDGES: Final = " \t'\"`*,;[]{}()📧✉☎📞📍🌐🎂💼🏠📱@"


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
    values = (
        Field(label_of(label), value.strip(EDGES)) for label, value in _pairs(BULLET.sub("", line), line)
    )
    return [field for field in values if field.value]


def label_of(text: str) -> str:
    """The meaning of a label, "" if it has none that identities have.

    >>> label_of("Date_of_birth:"), label_of("Weather")
    ('birth', '')
    """
    if len(text) > MAX_LABEL + 4:
        return ""
    return _labels().get(text.strip(" :：*\"'-").casefold().replace("_", " "), "")


def bare_label(line: str) -> str:
    """The meaning of a line that is only a label, as a heading or a field left empty."""
    bare = BULLET.sub("", line).rstrip(" :：")
    return label_of(bare) if len(bare) <= MAX_LABEL else ""


def _pairs(bare: str, line: str) -> Iterable[tuple[str, str]]:
    """Labels and values, by the first of the layouts that a line can be read as."""
    if len(pairs := JSON_PAIR.findall(bare)) > 1 or (pairs := TAGGED.findall(bare)):
        return pairs
    if "\t" in line.strip():
        return _cells(line.strip().split("\t"))
    if line.count("|") >= 2:
        return _cells(line.strip().strip("|").split("|"))
    if line.count("'") >= 6 and "'," in line:
        return (("", cell) for cell in QUOTED.findall(line))
    pairs = list(_inline_pairs(bare))
    if any(label_of(label) for label, _ in pairs[1:]):
        return pairs
    if (pair := PAIR.fullmatch(bare)) and not pair[2].startswith("//"):
        return [(pair[1], pair[2])]
    return (("", cell) for cell in _row(bare) or _list_parts(bare))


def _inline_pairs(bare: str) -> Iterator[tuple[str, str]]:
    """Values that stand one after another, each with its label: "Email: x. Phone: y"."""
    labels = list(INLINE_PAIR.finditer(bare))
    if labels and labels[0].start() > 0:
        yield "", bare[: labels[0].start()]
    ends = [following.start() for following in labels[1:]] + [len(bare)] * bool(labels)
    for here, end in zip(labels, ends, strict=True):
        value, _, rest = bare[here.end() : end].partition(". ")
        yield here[1], value.rstrip(". ")
        if rest:
            yield "", rest


def _cells(cells: list[str]) -> list[tuple[str, str]]:
    """A row of a table: a label and its value, or values."""
    if len(cells) == 2 and label_of(cells[0]):
        return [(cells[0], cells[1])]
    return [_cell(cell) for cell in cells[:MAX_CELLS]]


def _cell(cell: str) -> tuple[str, str]:
    """A cell as a value, labelled where it is a label and a value itself."""
    pair = PAIR.fullmatch(cell.strip())
    return (pair[1], pair[2]) if pair and label_of(pair[1]) else ("", cell)


def _row(bare: str) -> list[str]:
    """A line of comma-separated values, quoted where they need it."""
    divider = ";" if bare.count(";") > bare.count(",") else ","
    if bare.count(divider) < MIN_CELLS - 1 or (f"{divider} " in bare and '"' not in bare):
        return []
    return [quoted or plain for quoted, plain in CELLS[divider].findall(bare)][:MAX_CELLS]


def _list_parts(bare: str) -> list[str]:
    """A line whole, and its parts where it lists a few."""
    for divider in DIVIDERS:
        parts = bare.split(divider)
        if len(bare) < MAX_LISTED and 1 < len(parts) <= 16 and not (bare.endswith(".") and divider == ", "):
            return [bare, *parts, divider.join(parts[1:]), divider.join(parts[:-1])]
    return [bare]


@cache
def _labels() -> dict[str, str]:
    tables = tomllib.loads((files("winnow.models.identity") / "labels.toml").read_text(encoding="utf8"))
    return {word: meaning for meaning, words in tables.items() for word in words}
