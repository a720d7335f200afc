"""Generated author blocks to measure with: three lineages, the locales of Faker, layouts apart from the training's."""

import json
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from winnow.training.identity.generated_persons import (
    FEWEST,
    JS_LOCALES,
    KEYS,
    PYTHON_LOCALES,
    Person,
    js_person,
    php_person,
    python_person,
)

# drawn evenly: Python's has half, for its locales
LINEAGES: Final = ("python", "python", "php", "javascript")
CODES: Final = "name username email birthdate address phone company job bio website uuid".split()
LOCAL_SHARE: Final = 0.6  # of forms whose labels are in the language of their locale
NETWORKS: Final = ("tiktok", "facebook", "linkedin", "instagram", "twitter")


@dataclass(frozen=True, slots=True)
class GeneratedBlock:
    """A generated block and what it was made as."""

    lineage: str
    locale: str
    layout: str
    lines: list[str]


def blocks(count: int, seed: int) -> Iterator[GeneratedBlock]:
    """Blocks of 5 to 11 fields, evenly over the layouts; the same for the same seed and versions of the packages."""
    chance = random.Random(seed)
    names = [*LAYOUTS]
    for number in range(count):
        lineage = chance.choice(LINEAGES)
        person, locale = _person(lineage, chance)
        layout = names[number % len(names)]
        lines = LAYOUTS[layout](_some_fields(person, layout, chance), locale[:2], chance)
        yield GeneratedBlock(lineage, locale, layout, lines)


def _person(lineage: str, chance: random.Random) -> tuple[Person, str]:
    if lineage == "php":
        return php_person(chance), "en_US"
    locale = chance.choice(PYTHON_LOCALES if lineage == "python" else JS_LOCALES)
    return (python_person if lineage == "python" else js_person)(locale, chance), locale


def _some_fields(person: Person, layout: str, chance: random.Random) -> Person:
    """Some of the fields. Prose and cards name at least job and company, as their sentences do."""
    always = {"name", "job", "company"} if layout in {"prose", "card"} else {"name"}
    others = [key for key in KEYS if key not in always]
    number = chance.randint(FEWEST, len(KEYS)) - len(always)
    shown_keys = always | {*chance.sample(others, number)}
    return {key: person[key] for key in KEYS if key in shown_keys}


@cache
def _words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf8"))


def _named(person: Person, names: Sequence[str]) -> dict[str, str]:
    return {names[KEYS.index(key)]: value for key, value in person.items()}


def _titled(person: Person, language: str, chance: random.Random) -> dict[str, str]:
    labels = _words()["labels"]
    local = labels.get(language, labels["en"]) if chance.random() < LOCAL_SHARE else labels["en"]
    return _named(person, local)


def _labelled(person: Person, language: str, chance: random.Random) -> list[str]:
    mark, divider = chance.choice(["", "  • ", "- "]), chance.choice([": ", " : "])
    heading = chance.choice([[], ["Detail Author:"], ["About the author:"], ["Profile"]])
    lines = [f"{mark}{label}{divider}{value}" for label, value in _titled(person, language, chance).items()]
    return [*heading, *lines, *(_socials(person, mark, chance) if chance.random() < 0.2 else [])]


def _socials(person: Person, mark: str, chance: random.Random) -> list[str]:
    user = person.get("username", "").casefold()
    lines = ["Socials"]
    for network in chance.sample(NETWORKS, 2 if user else 0):
        lines += [f"{network}:", f"{mark}url : https://{network}.com/{user}", f"{mark}username : {user}"]
        lines += [
            f"{mark}followers : {chance.randint(9, 9999)}",
            f"{mark}following : {chance.randint(9, 9999)}",
        ]
    return lines if user else []


def _lines(person: Person, language: str, chance: random.Random) -> list[str]:
    del language, chance
    return [*person.values()]


def _pairs(person: Person, language: str, chance: random.Random) -> list[str]:
    """Labels and values on lines by turns, as a definition list is printed."""
    colon = chance.choice(["", ":"])
    return [
        line
        for label, value in _titled(person, language, chance).items()
        for line in (label + colon, value)
    ]


def _table(person: Person, language: str, chance: random.Random) -> list[str]:
    named = _titled(person, language, chance)
    if chance.random() < 0.5:
        return [f"| {label} | {value} |" for label, value in named.items()]
    return [f"| {' | '.join(named)} |", "|" + " --- |" * len(named), f"| {' | '.join(named.values())} |"]


def _tabs(person: Person, language: str, chance: random.Random) -> list[str]:
    named = _titled(person, language, chance)
    return [*(["\t".join(named)] if chance.random() < 0.5 else []), "\t".join(named.values())]


def _values(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    return [chance.choice([", ", "; ", " · ", " | "]).join(person.values())]


def _prose(person: Person, language: str, chance: random.Random) -> list[str]:
    says = _words()["says"]
    works, lives = says.get(language, says["en"])
    text = works.format(**person) + (f", and {lives.format(**person)}" if "address" in person else "") + "."
    others = {
        "birth": "Born {}.",
        "phone": "Phone: {}.",
        "email": "Contact: {}.",
        "username": "Follow @{}.",
        "web": "More at {}.",
    }
    rest = [others[key].format(value) for key, value in person.items() if key in others]
    chance.shuffle(rest)
    return [" ".join([text, *rest, person.get("bio", "")]).strip()]


def _json(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    return json.dumps(_named(person, CODES), ensure_ascii=False, indent=chance.choice([None, 2])).split(
        "\n"
    )


def _sql(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in person.values())
    stamp = f"'20{chance.randint(10, 24)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)} 20:05:22'"
    columns = ", ".join(f"`{name}`" for name in _named(person, CODES))
    head = chance.choice([["INSERT INTO `users` VALUES"], [f"INSERT INTO authors ({columns}) VALUES"], []])
    return [*head, f"({chance.randint(1, 999)}, {values}, {stamp})" + chance.choice([";", ","])]


def _card(person: Person, language: str, chance: random.Random) -> list[str]:
    """The text of a card in a page: name, work, biography, then marks and numbers."""
    del language
    marks = {
        "email": chance.choice(["📧 ", "✉ ", ""]),
        "phone": chance.choice(["☎ ", ""]),
        "address": "",
        "web": "",
        "birth": "🎂 ",
    }
    work = chance.choice(
        [f"{person['job']} at {person['company']}", f"{person['job']}, {person['company']}"]
    )
    middle = [person[key] for key in ("bio",) if key in person]
    low = [f"@{person['username']}"] if "username" in person else []
    rest = [mark + person[key] for key, mark in marks.items() if key in person]
    return [person["name"], *low, work, *middle, *rest]


def _csv(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    divider = chance.choice([",", ";"])
    head = divider.join(_named(person, CODES))
    return [head, divider.join(f'"{value}"' for value in person.values())]


def _vcard(person: Person, language: str, chance: random.Random) -> list[str]:
    del language, chance
    names = (
        "FN NICKNAME EMAIL;TYPE=internet BDAY ADR;TYPE=home TEL;TYPE=cell ORG TITLE NOTE URL X-ID".split()
    )
    lines = [f"{name}:{value}" for name, value in _named(person, names).items()]
    return ["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD"]


def _yaml(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    quote = chance.choice(["", "'"])
    first, *rest = (f"{key}: {quote}{value}{quote}" for key, value in _named(person, CODES).items())
    return ["author:", f"  {first}", *(f"  {line}" for line in rest)]


def _tags(person: Person, language: str, chance: random.Random) -> list[str]:
    del language, chance
    return [
        "<author>",
        *(f"  <{key}>{value}</{key}>" for key, value in _named(person, CODES).items()),
        "</author>",
    ]


LAYOUTS: Final[Mapping[str, Callable[[Person, str, random.Random], list[str]]]] = {
    "labelled": _labelled,
    "lines": _lines,
    "labels and lines": _pairs,
    "table": _table,
    "tab separated": _tabs,
    "values": _values,
    "prose": _prose,
    "json": _json,
    "sql": _sql,
    "card": _card,
    "csv": _csv,
    "vcard": _vcard,
    "yaml": _yaml,
    "tags": _tags,
}
