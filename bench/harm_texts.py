"""Texts of kinds that are no news: written from templates, and read from what Python and its packages install."""

import calendar
import http
import random
import re
import sysconfig
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from itertools import islice
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
EVERY_LANGUAGE: Final = "all"
REPEATED: Final = re.compile(r"^%(\d+)(?:-(\d+))?\n(.*?)^%\n", re.MULTILINE | re.DOTALL)
SLOT: Final = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
INDEX: Final = "{i}"  # counts how often its lines have come
SENTENCES: Final = 5  # of a paragraph
COMPOSED: Final[Mapping[str, str]] = {
    "name": "{first} {last}",
    "time": "{hour}:{mm}",
    "iso": "{year}-{month_number}-{day_number}",
    "dec": "{d}.{d}",
    "price": "{d}{d}.50",
    "paragraph": " ".join(["{sentence}"] * SENTENCES),
    "place_id": "harbour-{n}",
}
NUMBERS: Final[Mapping[str, range]] = {
    "d": range(1, 10),
    "n": range(10, 981),
    "mm": range(10, 60),
    "hour": range(10, 24),
    "month_number": range(10, 13),
    "day_number": range(10, 29),
    "year": range(1871, 2024),
}
PLURALS: Final[Mapping[str, str]] = {
    "weekday": "weekdays",
    "month": "months",
}  # slot -> list, where they differ
SHORTENED: Final[Mapping[str, tuple[str, int | None]]] = {  # slot -> the word and how many letters of it
    "wd": ("weekday", 3),
    "mon": ("month", 3),
    "F": ("first", 1),
    "FIRST": ("first", None),
}
MAX_LINES: Final = 300  # of a text that is installed; longer ones would outweigh the others
MAX_INSTALLED: Final = 25  # texts of a kind
STANDARD_LIBRARY: Final = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True, slots=True)
class HarmText:
    """A text none of whose lines may be removed."""

    kind: str
    language: str
    text: str


def written_texts(seed: int = 0) -> Iterator[HarmText]:
    """Every template in each of its languages, filled; the same texts for the same seed."""
    languages = _table("harm_words")
    for kind, templates in _table("harm_kinds").items():
        for named, template in templates.items():
            for language in languages if named == EVERY_LANGUAGE else (named,):
                chance = random.Random(f"{seed} {kind} {named} {language}")
                yield HarmText(kind, language, _filled(template, languages[language], chance))


def installed_texts() -> Iterator[HarmText]:
    """Licences, topics of help, modules, notes, calendars and tables that are installed, none copied here."""
    for kind, texts in INSTALLED.items():
        for text in islice(texts(), MAX_INSTALLED):
            lines = text.splitlines(keepends=True)
            yield HarmText(kind, "en", "".join(lines[:MAX_LINES]))


def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf8"))


def _filled(template: str, words: Mapping[str, Any], chance: random.Random) -> str:
    """A template with its lines repeated and its slots filled; double braces are braces of the text."""

    def repeated(match: re.Match[str]) -> str:
        fewest, most, lines = match.groups()
        count = chance.randint(int(fewest), int(most or fewest))
        return "".join(lines.replace(INDEX, str(number)) for number in range(1, count + 1))

    text = _slots_filled(REPEATED.sub(repeated, template), words, chance)
    return text.replace("{{", "{").replace("}}", "}")


def _slots_filled(text: str, words: Mapping[str, Any], chance: random.Random) -> str:
    """A text with each slot filled, also those of what fills it."""

    def filled(match: re.Match[str]) -> str:
        return _slots_filled(_fill(match[1], words, chance), words, chance)

    return SLOT.sub(filled, text)


def _fill(slot: str, words: Mapping[str, Any], chance: random.Random) -> str:
    """What stands in a slot: slots, a number, a word or the beginning of one."""
    if slot in COMPOSED:
        return COMPOSED[slot]
    if slot in NUMBERS:
        return str(chance.choice(NUMBERS[slot]))
    name, chars = SHORTENED.get(slot, (slot, None))
    choices = words[PLURALS.get(name, name)]
    chosen: str = choices if isinstance(choices, str) else chance.choice(choices)
    return chosen[:chars].upper() if slot == "FIRST" else chosen[:chars]


@cache
def _licence_files() -> tuple[Path, ...]:
    """The licences of the installed packages, in the order of their names."""
    files = (file for package in distributions() for file in package.files or ())
    paths = {Path(str(file.locate())) for file in files if file.name.upper().startswith("LICEN")}
    return tuple(sorted(path for path in paths if path.is_file()))


def _licences() -> Iterator[str]:
    """Licences that differ, the longest of which Python has itself."""
    texts = (path.read_text(encoding="utf8", errors="replace") for path in _licence_files())
    yield from dict.fromkeys(text for text in texts if text.strip())


def _topics() -> Iterator[str]:
    """Python's help by topics."""
    from pydoc_data.topics import topics

    yield from (topics[name] for name in sorted(topics))


def _modules() -> Iterator[str]:
    """Modules of the standard library."""
    for path in sorted(STANDARD_LIBRARY.glob("[a-z]*.py")):
        yield path.read_text(encoding="utf8")


def _release_notes() -> Iterator[str]:
    """Notes of Python's editor, where it is installed."""
    for path in sorted(STANDARD_LIBRARY.glob("idlelib/*.txt")):
        yield path.read_text(encoding="utf8", errors="replace")


def _calendars() -> Iterator[str]:
    """Calendars of some years."""
    yield from map(calendar.TextCalendar().formatyear, range(1996, 2026, 3))


def _status_table() -> Iterator[str]:
    """The statuses of HTTP, by number, name and meaning."""
    yield "".join(f"{status.value}\n{status.phrase}\n{status.description}\n" for status in http.HTTPStatus)


INSTALLED: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "licence": _licences,
    "help_topic": _topics,
    "module": _modules,
    "release_notes": _release_notes,
    "calendar": _calendars,
    "status_table": _status_table,
}
