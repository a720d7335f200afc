"""The word lists that generators draw from: a small artifact, made by `winnow.training.identity.generator_words`."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

ARTIFACT: Final = "artifacts/identity.json.gz"
MIN_JOB_CHARS: Final = 8  # of several words; a shorter title is an ordinary word
MIN_JOB_WORD_CHARS: Final = 11  # of one word
MIN_CJK_JOB: Final = 3  # characters, in a script without spaces
LATIN_ALIKE: Final = 100  # words in common with the dummy Latin, from which a list is that Latin
EDGES: Final = ".,;:()"  # of a word in running text
CJK_LOCALES: Final = ("ja_JP", "zh_CN", "zh_TW")

Words = frozenset[str]
Parts = tuple[Words, Words, Words]
Lists = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lower-case word lists. Where lists must agree, a word has a bit for each language whose locales list it."""

    first: Mapping[str, int]
    last: Mapping[str, int]
    handle_first: Words  # names as user names spell them, in ASCII
    handle_last: Words
    legal: Mapping[str, int]  # legal forms of companies, before or after the name
    heads: Words  # of companies in a script without spaces
    legal_edges: Words  # first and last words of legal forms of several words, and those of one
    companies: Words
    jobs: Words
    job_starts: Words  # first words of job titles
    titles: tuple[Parts, ...]  # of a locale: descriptors, areas, types of built job titles
    title_edges: Words
    latin: Words
    salad: Mapping[str, int]  # words of dummy text in modern languages
    cjk_salad: Words
    hosts: Words  # what the domains of made companies are made of
    slogans: tuple[Parts, ...]
    domain: tuple[Words, Words]  # adjectives and nouns of made domains
    bio: Words
    free_mail: Words
    city_suffixes: tuple[str, ...]
    streets: Words
    tokyo: Words  # wards and towns that generators put into any prefecture

    def is_name(self, word: str) -> bool:
        """Whether a lower-case word is a first or last name of any locale."""
        return word in self.first or word in self.last


@cache
def load_lexicon() -> Lexicon:
    """The packaged lists."""
    return lexicon_of(*packed_lists())


@cache
def packed_lists() -> tuple[Lists, Lists]:
    """The lists by kind and locale, as packed: those of Faker, and those of its kin in JavaScript."""
    packed = json.loads(gzip.decompress((files("winnow.models") / ARTIFACT).read_bytes()))
    return packed["faker"], packed["faker_js"]


def lexicon_of(faker: Lists, javascript: Lists) -> Lexicon:
    """A lexicon of the lists that `winnow.training.identity.generator_words` writes."""
    both = {kind: {**faker.get(kind, {}), **javascript.get(kind, {})} for kind in {*faker, *javascript}}
    bits = _bits({*both["first"], *both["last"], *both["legal"]})
    first, last = _masks(both["first"], bits), _masks(both["last"], bits)
    legal = _masks(both["legal"], bits)
    latin = frozenset(faker["lorem"]["la"]) | _telling_latin(javascript["lorem"]["js_en"], faker["lorem"])
    titles = tuple(_title_parts(javascript, locale) for locale in javascript["title_type"])
    jobs = frozenset(filter(_is_telling, _union(both["job"])))
    return Lexicon(
        first=first,
        last=last,
        handle_first=_ascii(first) | _union(both["ascii_first"]),
        handle_last=_ascii(last) | _union(both["ascii_last"]),
        legal=legal,
        heads=_union({locale: faker["legal"][locale] for locale in ("zh_CN", "zh_TW")}),
        legal_edges=frozenset(edge for form in legal for edge in (form.split()[0], form.split()[-1])),
        companies=_union(both["company"]),
        jobs=jobs,
        job_starts=frozenset(job.split()[0].strip(EDGES) for job in jobs),
        titles=titles,
        title_edges=frozenset(word for parts in titles for part in parts for word in _edges(part)),
        latin=latin,
        salad=_salad(both["lorem"], latin),
        cjk_salad=_union(
            {locale: faker["lorem"][locale] for locale in CJK_LOCALES} | _japanese(javascript)
        ),
        hosts=_ascii(last) | _union(faker["ascii_last"]) | _ascii(form.split()[0] for form in legal),
        slogans=tuple(_parts(lists[kind]) for lists in (faker, javascript) for kind in ("slogan", "buzz")),
        domain=(frozenset(javascript["domain"]["one"]), frozenset(javascript["domain"]["two"])),
        bio=_union(javascript["bio"]),
        free_mail=_union(both["free_mail"]),
        city_suffixes=tuple(sorted({*faker["city_suffix"]["en_US"], *javascript["city_suffix"]["js_en"]})),
        streets=_union(both["street"]) | _union(both["street_suffix"]),
        tokyo=_union(faker["ja_city"]),
    )


def _bits(locales: Iterable[str]) -> dict[str, int]:
    """A bit for each locale, the same for all of a language; what no locale has of its own is English."""
    languages = {locale: locale.removeprefix("js_").replace("base", "en")[:2] for locale in locales}
    order = sorted({*languages.values()})
    return {locale: 1 << order.index(language) for locale, language in languages.items()}


def _masks(by_locale: Mapping[str, Iterable[str]], bits: Mapping[str, int]) -> dict[str, int]:
    masks: dict[str, int] = {}
    for locale, words in by_locale.items():
        bit = bits[locale]
        for word in words:
            masks[word] = masks.get(word, 0) | bit
    return masks


def _salad(by_locale: Mapping[str, list[str]], latin: Words) -> dict[str, int]:
    """Words of dummy text, without the lists that are Latin under another name."""
    modern = {
        locale: {part for entry in words for part in entry.split()}
        for locale, words in by_locale.items()
        if len(latin.intersection(words)) < LATIN_ALIKE
    }
    return _masks(modern, {locale: 1 << at for at, locale in enumerate(sorted(modern))})


def _telling_latin(words: Iterable[str], lorem: Mapping[str, list[str]]) -> Words:
    """The Latin of the JavaScript package without its words that are English too."""
    return frozenset(word for word in words if len(word) > 3) - frozenset(lorem["en_US"])


def _japanese(javascript: Lists) -> dict[str, list[str]]:
    return {"js_ja": [word for word in javascript["lorem"]["js_ja"] if len(word) > 1]}


def _parts(lists: Mapping[str, list[str]]) -> Parts:
    return frozenset(lists["one"]), frozenset(lists["two"]), frozenset(lists["three"])


def _title_parts(javascript: Lists, locale: str) -> Parts:
    kinds = {"one": "title_descriptor", "two": "title_area", "three": "title_type"}
    return _parts({part: javascript[kind].get(locale, []) for part, kind in kinds.items()})


def _edges(words: Words) -> Iterable[str]:
    return (edge for phrase in words for edge in (phrase.split()[0], phrase.split()[-1]))


def _union(by_locale: Mapping[str, Iterable[str]]) -> Words:
    return frozenset().union(*by_locale.values())


def _ascii(names: Iterable[str]) -> Words:
    return frozenset(name.replace("'", "").replace(" ", "") for name in names if name.isascii())


def _is_telling(job: str) -> bool:
    """Whether a job title is long enough to be no ordinary word."""
    if not job.isascii():
        return len(job) >= MIN_CJK_JOB
    return len(job) >= (MIN_JOB_CHARS if " " in job else MIN_JOB_WORD_CHARS)
