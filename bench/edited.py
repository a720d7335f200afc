"""Texts to measure near-duplicates with: edited copies of a text, and pages of one template with different facts."""

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from faker import Faker

TEMPLATES: Final = Path(__file__).with_name("templates.toml")
SLOT: Final = re.compile(r"\{(\w+)\}")
PASSAGE_WORDS: Final = 12  # that an editor takes out, puts in or moves at once

Edit = Callable[[list[str], int, Sequence[str], random.Random], list[str]]


def _replace(words: list[str], count: int, others: Sequence[str], draw: random.Random) -> list[str]:
    """Single words, here and there, by words of another text."""
    edited = [*words]
    for at in draw.sample(range(len(words)), count):
        edited[at] = draw.choice(others)
    return edited


def _delete(words: list[str], count: int, _others: Sequence[str], draw: random.Random) -> list[str]:
    places = set(draw.sample(range(len(words)), count))
    return [word for at, word in enumerate(words) if at not in places]


def _insert(words: list[str], count: int, others: Sequence[str], draw: random.Random) -> list[str]:
    edited = [*words]
    for _ in range(count):
        edited.insert(draw.randrange(len(edited) + 1), draw.choice(others))
    return edited


def _move(words: list[str], count: int, _others: Sequence[str], draw: random.Random) -> list[str]:
    """Passages to other places."""
    edited = [*words]
    for _ in range(max(1, count // PASSAGE_WORDS)):
        start = draw.randrange(max(1, len(edited) - PASSAGE_WORDS))
        passage = edited[start : start + PASSAGE_WORDS]
        del edited[start : start + PASSAGE_WORDS]
        to = draw.randrange(len(edited) + 1)
        edited[to:to] = passage
    return edited


def _frame(words: list[str], count: int, others: Sequence[str], draw: random.Random) -> list[str]:
    """Boilerplate of another page before and after."""
    before = draw.randrange(count + 1)
    start = draw.randrange(max(1, len(others) - count))
    frame = [*others[start : start + count]]
    return [*frame[:before], *words, *frame[before:]]


def _truncate(words: list[str], count: int, _others: Sequence[str], _draw: random.Random) -> list[str]:
    return words[: len(words) - count]


def _mix(words: list[str], count: int, others: Sequence[str], draw: random.Random) -> list[str]:
    """A third replaced, a third taken out, a third put in."""
    third = max(1, count // 3)
    for edit in (_replace, _delete, _insert):
        words = edit(words, third, others, draw)
    return words


EDITS: Final[Mapping[str, Edit]] = {
    "words replaced": _replace,
    "words deleted": _delete,
    "words inserted": _insert,
    "passages moved": _move,
    "boilerplate added": _frame,
    "cut short": _truncate,
    "all of these words": _mix,
}


def edited(text: str, kind: str, share: float, other: str, draw: random.Random) -> str:
    """A copy with ``share`` of its words edited in one way, at least one; line breaks become spaces."""
    words = text.split()
    return " ".join(EDITS[kind](words, max(1, round(share * len(words))), other.split(), draw))


@cache
def templates() -> Mapping[str, str]:
    """Pages with slots, by name."""
    return {
        name: text.strip() for name, text in tomllib.loads(TEMPLATES.read_text(encoding="utf8")).items()
    }


def templated(name: str, seed: int) -> str:
    """A page of a template with its slots filled, each with a value of its own."""
    fake = Faker("en_US")
    fake.seed_instance(seed)
    fills: Mapping[str, Callable[[], object]] = {
        "name": fake.name,
        "first": fake.first_name,
        "last": fake.last_name,
        "city": fake.city,
        "street": fake.street_address,
        "company": fake.company,
        "day": fake.day_of_week,
        "date": lambda: fake.date(pattern="%B %d, %Y"),
        "time": lambda: fake.time(pattern="%I:%M"),
        "age": lambda: fake.random_int(55, 99),
        "small": lambda: fake.random_int(2, 40),
        "price": lambda: f"{fake.random_int(80, 990)},{fake.random_int(100, 999)}",
        "share": lambda: f"{fake.random_int(0, 9)}.{fake.random_int(0, 99)}",
        "food": lambda: fake.random_element(FOODS),
        "job": fake.job,
        "color": fake.color_name,
    }
    return SLOT.sub(lambda slot: str(fills[slot[1]]()), templates()[name])


FOODS: Final = (
    "onions carrots celery leeks lentils chickpeas spinach potatoes tomatoes lemons garlic ginger cumin coriander "
    "paprika butter cream yoghurt flour oats almonds walnuts raisins apples pears plums basil thyme rosemary mint"
).split()
