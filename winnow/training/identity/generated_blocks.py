"""Blocks to train with: identities in layouts of their own, apart from those that ``bench/`` measures with."""

import json
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
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

DRAWS: Final = (0.45, 0.45)  # shares of Python's and PHP's lineage; the rest is JavaScript's
PLACEHOLDERS: Final = 0.01  # share of blocks with the persons of a sample service that much code shows
PLACEHOLDER_NAMES: Final = ("Leanne Graham", "Ervin Howell", "Clementine Bauch", "Patricia Lebsack")


def sample_blocks(count: int, seed: int) -> Iterator[list[str]]:
    """Blocks of 5 to 11 fields, as lines; the same for the same seed and versions of the packages."""
    chance = random.Random(seed)
    for _ in range(count):
        person, language = _person(chance)
        yield chance.choice(LAYOUTS)(_some_fields(person, chance), language, chance)


def _person(chance: random.Random) -> tuple[Person, str]:
    draw = chance.random()
    if draw > 1 - PLACEHOLDERS:
        person = php_person(chance)
        return {**person, "name": chance.choice(PLACEHOLDER_NAMES), "email": "Sincere@april.biz"}, "en"
    if draw < DRAWS[0]:
        locale = chance.choice(PYTHON_LOCALES)
        return python_person(locale, chance), locale[:2]
    if draw < sum(DRAWS) - 0.2:
        return php_person(chance), "en"
    locale = chance.choice(JS_LOCALES)
    return js_person(locale, chance), locale[:2]


def _some_fields(person: Person, chance: random.Random) -> Person:
    shown_keys = {"name", *chance.sample(KEYS[1:], chance.randint(FEWEST - 1, len(KEYS) - 1))}
    return {key: person[key] for key in KEYS if key in shown_keys}


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return tomllib.loads((files("winnow.training.identity") / "samples.toml").read_text(encoding="utf8"))


def _labels(person: Person, language: str) -> list[str]:
    labels = dict(zip(KEYS, _words().get(language, _words()["en"]), strict=True))
    return [labels[key] for key in person]


def _form(person: Person, language: str, chance: random.Random) -> list[str]:
    mark, divider = chance.choice(["", "* "]), chance.choice([": ", " = "])
    return [
        f"{mark}{label}{divider}{v}"
        for label, v in zip(_labels(person, language), person.values(), strict=True)
    ]


def _bare(person: Person, language: str, chance: random.Random) -> list[str]:
    del language, chance
    return [*person.values()]


def _row(person: Person, language: str, chance: random.Random) -> list[str]:
    divider = chance.choice(["\t", " | ", "; ", " / "])
    return [divider.join(_labels(person, language)), divider.join(person.values())]


def _object(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    return json.dumps(person, ensure_ascii=False, indent=chance.choice([None, 4])).split("\n")


def _insert(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in person.values())
    stamp = chance.choice(["", f", '20{chance.randint(10, 24)}-07-1{chance.randint(0, 9)} 08:45:10'"])
    return [f"INSERT INTO people VALUES ({chance.randint(1, 999)}, {values}{stamp});"]  # noqa: S608 - text, never run


def _story(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    says = {
        "job": "{} by trade",
        "company": "employed by {}",
        "address": "living at {}",
        "birth": "born {}",
        "email": "write to {}",
        "phone": "call {}",
        "web": "see {}",
        "username": "known as {}",
        "extra": "no. {}",
    }
    parts = [says[key].format(value) for key, value in person.items() if key in says]
    chance.shuffle(parts)
    return [f"{person['name']}, {', '.join(parts)}. {person.get('bio', '')}".strip()]


def _badge(person: Person, language: str, chance: random.Random) -> list[str]:
    del language
    rest = [value for key, value in person.items() if key not in {"name", "job", "company"}]
    work = [person[key] for key in ("job", "company") if key in person]
    return [person["name"], *([chance.choice([", ", " – ", " @ "]).join(work)] if work else []), *rest]


LAYOUTS: Final[tuple[Callable[[Person, str, random.Random], list[str]], ...]] = (
    *(_form, _form, _bare, _row, _object, _insert, _story, _badge),
)
