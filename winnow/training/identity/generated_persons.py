"""Identities as the three lineages of generators make them: Python's Faker, PHP's, and JavaScript's.

For training and measuring only: needs the Faker package (MIT licence). PHP's manner is imitated with the name lists
that Python's Faker keeps from it, JavaScript's with the lists of npm's @faker-js/faker (MIT licence).
"""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from faker import Faker

from winnow.models.identity.generator_lexicon import packed_lists
from winnow.models.identity.marks import STATES

Person = dict[str, str]

KEYS: Final = (
    "name",
    "username",
    "email",
    "birth",
    "address",
    "phone",
    "company",
    "job",
    "bio",
    "web",
    "extra",
)
FEWEST: Final = 5  # of a person's fields that a block shows

PYTHON_LOCALES: Final = (
    *("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "es_MX", "it_IT", "pt_BR", "nl_NL", "pl_PL", "sv_SE"),
    *("cs_CZ", "tr_TR", "ru_RU", "uk_UA", "ja_JP", "zh_CN", "ar_SA", "ro_RO", "fi_FI", "da_DK", "hu_HU"),
)
JS_LOCALES: Final = (
    *("en", "de", "fr", "es", "es_MX", "it", "pt_BR", "nl", "pl", "sv", "cs_CZ", "tr"),
    *("ru", "uk", "ja", "zh_CN", "ar", "ro", "fi", "da", "hu"),
)
FREE_HOSTS: Final = ("gmail.com", "yahoo.com", "hotmail.com")
SAFE_HOSTS: Final = ("example.com", "example.net", "example.org")
ENDINGS: Final = ("com", "com", "biz", "info", "net", "org")
US_PHONES: Final = (
    *("+1-###-###-####", "1-###-###-####", "(###) ###-####", "###.###.####", "###-###-#### x####"),
    *("+1##########", "+1 (###) ###-####", "1-###-###-#### x###", "###-###-####"),
)
JS_PHONES: Final = {
    "en": US_PHONES,
    "": ("+## ## ### ####", "0## #######", "+############", "(0##) ### ## ##"),
}
PHP_JOBS: Final = (  # stand-ins: the lists of PHP's package are in no registry of ours
    *(
        "Diesel Engine Specialist",
        "Transportation Attendant",
        "Courier",
        "Fish Game Warden",
        "Tax Preparer",
    ),
    *("Rolling Machine Setter", "Claims Adjuster", "Poultry Cutter", "Medical Appliance Technician"),
)
COMPASS: Final = ("North", "East", "West", "South", "New", "Lake", "Port")


def python_person(locale: str, chance: random.Random) -> Person:
    """An identity of Python's Faker, in one of its locales; every field is drawn apart, as `profile()` does."""
    faker = _faker(locale)
    faker.seed_instance(chance.getrandbits(40))
    mail = chance.choice([faker.email, faker.free_email, faker.company_email])
    text = chance.choice([faker.paragraph, faker.sentence, lambda: faker.text(max_nb_chars=160)])
    return {
        "name": faker.name(),
        "username": faker.user_name(),
        "email": mail(),
        "birth": faker.date_of_birth(minimum_age=18, maximum_age=75).isoformat(),
        "address": faker.address().replace("\n", ", "),
        "phone": faker.phone_number(),
        "company": faker.company(),
        "job": faker.job(),
        "bio": " ".join(text().split()),
        "web": faker.url(),
        "extra": chance.choice([faker.iban, faker.ipv4, faker.uuid4, faker.ssn])(),
    }


def php_person(chance: random.Random) -> Person:
    """An identity in the manner of PHP's Faker, US English: what scraper farms fill their author boxes with."""
    first, last = (_picker(kind, "en", chance, 0) for kind in ("first", "last"))
    user = chance.choice(
        [
            f"{last()}.{first()}",
            f"{first()}.{last()}",
            f"{first()}{chance.randint(10, 99)}",
            f"{first()[0]}{last()}",
        ]
    )
    user = user.casefold().replace("'", "")
    host = chance.choice(
        [chance.choice(FREE_HOSTS), f"{last()}.{chance.choice(ENDINGS)}", chance.choice(SAFE_HOSTS)]
    )
    return {
        "name": _affixed(f"{first()} {last()}", chance),
        "username": user,
        "email": f"{user if chance.random() < 0.3 else f'{first()}.{last()}'}@{host}".casefold().replace(
            "'", ""
        ),
        "birth": f"{chance.randint(1970, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "address": _us_address(first, last, chance),
        "phone": _digits(chance.choice(US_PHONES), chance),
        "company": _us_company(last, chance),
        "job": chance.choice(PHP_JOBS),
        "bio": _latin("la", chance),
        "web": f"https://{chance.choice(['tiktok.com/@', 'facebook.com/', 'twitter.com/'])}{user}",
        "extra": f"https://via.placeholder.com/640x480.png/00{chance.randint(1000, 9999)}",
    }


def js_person(locale: str, chance: random.Random) -> Person:
    """An identity in the manner of @faker-js/faker, in one of its locales."""
    first, last = (_picker(kind, f"js_{locale}", chance, 1) for kind in ("first", "last"))
    latin_first, latin_last = (_picker(kind, "js_en", chance, 1) for kind in ("first", "last"))
    is_latin = first().isascii() and last().isascii()
    one, two = (first, last) if is_latin else (latin_first, latin_last)
    name = f"{first()} {last()}"
    user = f"{one()}{chance.choice(['_', '.', ''])}{two()}{chance.choice(['', str(chance.randint(1, 99))])}"
    domain = packed_lists()[1]["domain"]
    web = f"https://{chance.choice(domain['one'])}-{chance.choice(domain['two'])}.{chance.choice(ENDINGS)}"
    birth = f"{chance.randint(1945, 2006)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    slogan = (chance.choice(packed_lists()[1]["slogan"][part]) for part in ("one", "two", "three"))
    return {
        "name": name,
        "username": user.replace(" ", "").replace("'", ""),
        "email": f"{one()}{chance.choice('._')}{two()}@{chance.choice(FREE_HOSTS)}".replace(
            " ", ""
        ).replace("'", ""),
        "birth": chance.choice([birth, birth, f"{birth}T0{chance.randint(1, 9)}:14:32.118Z"]),
        "address": _us_address(first, last, chance),
        "phone": _digits(chance.choice(JS_PHONES.get(locale, JS_PHONES[""])), chance),
        "company": _js_company(locale, last, chance),
        "job": _js_job(locale, chance),
        "bio": _js_biography(chance),
        "web": web + chance.choice(["", "/"]),
        "extra": " ".join(slogan).capitalize(),
    }


@cache
def _faker(locale: str) -> Any:
    return Faker(locale)


def _picker(kind: str, locale: str, chance: random.Random, package: int) -> Any:
    words = packed_lists()[package][kind][locale]
    return lambda: chance.choice(words).title()


def _digits(pattern: str, chance: random.Random) -> str:
    return "".join(str(chance.randint(1, 9)) if letter == "#" else letter for letter in pattern)


def _affixed(name: str, chance: random.Random) -> str:
    before, after = (
        ("Mr.", "Mrs.", "Ms.", "Miss", "Dr.", "Prof."),
        ("Jr.", "Sr.", "II", "IV", "MD", "DDS", "PhD", "DVM"),
    )
    return chance.choice(
        [name, name, name, f"{chance.choice(before)} {name}", f"{name} {chance.choice(after)}"]
    )


def _us_address(first: Any, last: Any, chance: random.Random) -> str:
    faker, script = packed_lists()
    kind = chance.choice(script["street_suffix"]["js_en"]).title()
    unit = chance.choice(
        ["", "", f" Apt. {chance.randint(100, 999)}", f" Suite {chance.randint(100, 999)}"]
    )
    town = f"{chance.choice([first, last])()}{chance.choice(faker['city_suffix']['en_US'])}"
    city = chance.choice([town, f"{chance.choice(COMPASS)} {town}", f"{chance.choice(COMPASS)} {first()}"])
    street = f"{chance.randint(100, 99999)} {chance.choice([first, last])()} {kind}{unit}"
    return f"{street}{chance.choice([', ', ' '])}{city}, {chance.choice(sorted(STATES))} {chance.randint(10000, 99999)}"


def _us_company(last: Any, chance: random.Random) -> str:
    forms = ("Inc", "and Sons", "LLC", "PLC", "Ltd", "Group")
    return chance.choice(
        [f"{last()} {chance.choice(forms)}", f"{last()}-{last()}", f"{last()}, {last()} and {last()}"]
    )


def _js_company(locale: str, last: Any, chance: random.Random) -> str:
    forms: Sequence[str] = packed_lists()[1]["legal"].get(f"js_{locale}", ())
    legal = chance.choice(forms).upper() if forms else "Group"
    if locale in {"ja", "zh_CN"}:
        return f"{last()}{legal}"
    if locale in {"ru", "uk"}:
        return f"{legal} {last()}"
    patterns = [
        f"{last()} {legal}",
        f"{last()} {legal}",
        f"{last()} - {last()}",
        f"{last()}, {last()} and {last()}",
    ]
    return chance.choice(patterns)


def _js_job(locale: str, chance: random.Random) -> str:
    lists = packed_lists()[1]
    parts: list[Mapping[str, Sequence[str]]] = [
        lists[f"title_{part}"] for part in ("descriptor", "area", "type")
    ]
    has_all = all(part.get(f"js_{locale}") for part in parts)
    words = [chance.choice(part[f"js_{locale}" if has_all else "js_en"]) for part in parts]
    if locale == "ja":
        return "".join(words)
    return " ".join(words[::-1] if locale in {"fr", "es", "it", "pt_BR"} and has_all else words).title()


def _js_biography(chance: random.Random) -> str:
    bio = packed_lists()[1]["bio"]
    parts = ", ".join(chance.choice(bio["part"]) for _ in range(chance.randint(1, 3)))
    fan = f"{chance.choice(packed_lists()[1]['domain']['two'])} {chance.choice(bio['supporter'])}"
    return chance.choice([_latin("js_en", chance), parts, f"{fan}, {parts}"])


def _latin(locale: str, chance: random.Random) -> str:
    words = packed_lists()[locale.startswith("js_")]["lorem"][locale]
    sentences = (
        " ".join(chance.choice(words) for _ in range(chance.randint(4, 9)))
        for _ in range(chance.randint(1, 3))
    )
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)
