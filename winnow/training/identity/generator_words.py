"""Write the artifact of the word lists that generators draw from.

Usage: python -m winnow.training.identity.generator_words [faker_js.json]

The lists of Python's Faker come from the installed package; those of npm's @faker-js/faker from the file that
``faker_js.mjs`` prints, and without one they stay as the packaged artifact has them. Both packages are under the MIT
licence; neither is needed afterwards.
"""

import gzip
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from winnow.corpus.writers import replacing
from winnow.models.hashes import ARTIFACTS
from winnow.models.identity.generator_lexicon import Lists, packed_lists

ARTIFACT: Final = ARTIFACTS / "identity.json.gz"
LAST: Final = (
    *("last_names", "last_names_male", "last_names_female", "last_names_unisex"),
    *("last_name_pairs", "surnames"),
)
FIRST: Final = (
    *(
        "first_names",
        "first_names_male",
        "first_names_female",
        "first_names_nonbinary",
        "first_names_unisex",
    ),
    *("first_name_pairs", "first_male_name_pairs", "first_female_name_pairs"),
)
STREETS: Final = (
    *("street_suffixes", "street_suffixes_long", "street_suffixes_short", "street_prefixes"),
    *("street_prefix", "street_prefixes_long", "street_prefixes_short"),
)
ADDED: Final = {  # the kinds of list, the provider that has them, and the names that its locales give them
    "first": ("person", FIRST),
    "last": ("person", LAST),
    "legal": ("company", ("company_suffixes", "company_prefixes", "company_preffixes")),
    "company": ("company", ("large_companies",)),
    "company_category": ("company", ("company_categories",)),
    "lorem": ("lorem", ("word_list",)),
    "free_mail": ("internet", ("free_email_domains",)),
    "street": ("address", STREETS),
    "city_suffix": ("address", ("city_suffixes",)),
    "ja_city": ("address", ("cities",)),
    "job": ("job", ("jobs", "jobs_male", "jobs_female", "jobs_neutral", "jobs_pairs")),
}

WordLists = dict[str, dict[str, list[str]]]


def faker_lists() -> WordLists:
    """The lists of Faker that matter, lower-case and sorted, by kind and locale."""
    lists = {kind: _by_locale(provider, names) for kind, (provider, names) in ADDED.items()}
    lists["ja_city"] = {"ja_JP": lists["ja_city"]["ja_JP"]}
    lists["ascii_first"], lists["ascii_last"] = _ascii_names(lists["first"]), _ascii_names(lists["last"])
    english = import_module("faker.providers.company.en_US").Provider
    for kind, groups in (("slogan", english.catch_phrase_words), ("buzz", english.bsWords)):
        lists[kind] = {
            part: _folded(words) for part, words in zip(("one", "two", "three"), groups, strict=True)
        }
    return lists


def make_lists(artifact: Path = ARTIFACT, javascript: Path | None = None) -> Path:
    """Write the artifact, whole or not at all; equal versions of the packages give equal bytes."""
    packed = {"faker": faker_lists(), "faker_js": _javascript_lists(javascript)}
    with replacing(artifact) as stream:
        stream.write(
            gzip.compress(json.dumps(packed, ensure_ascii=False, sort_keys=True).encode(), mtime=0)
        )
    return artifact


def _javascript_lists(dump: Path | None) -> Lists:
    """The lists of a dump, or those of the packaged artifact."""
    if dump is None:
        return packed_lists()[1]
    lists = {
        kind: {locale: _folded(words) for locale, words in by_locale.items()}
        for kind, by_locale in json.loads(dump.read_text(encoding="utf8")).items()
    }
    lists["ascii_first"], lists["ascii_last"] = _ascii_names(lists["first"]), _ascii_names(lists["last"])
    return lists


def _by_locale(kind: str, attributes: Sequence[str]) -> dict[str, list[str]]:
    """The union of some lists of a provider, for each locale that has them."""
    package = import_module(f"faker.providers.{kind}")
    providers = {"base": package.Provider}
    for module in pkgutil.iter_modules(package.__path__):
        providers[module.name] = import_module(f"faker.providers.{kind}.{module.name}").Provider
    words_of = {
        locale: _folded(
            word for name in attributes for word in _locale_words(provider, name, package.Provider)
        )
        for locale, provider in providers.items()
    }
    return {locale: words for locale, words in words_of.items() if words}


def _locale_words(provider: type, name: str, base: type) -> Iterator[str]:
    """The words of a list that a locale does not just inherit from the general provider."""
    value: Any = getattr(provider, name, None)
    if (provider is not base and value is getattr(base, name, None)) or not isinstance(
        value, tuple | list | Mapping
    ):
        return
    for entry in value:
        for word in [entry] if isinstance(entry, str) else entry:
            if isinstance(word, str):
                yield word


def _folded(words: Iterable[str]) -> list[str]:
    return sorted({" ".join(word.casefold().split()) for word in words} - {""})


def _ascii_names(names: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The names as user names spell them, in the way of their locale; those that are ASCII already left out."""
    unidecode = import_module("faker.decode").unidecode
    ascii_names = {}
    for locale, words in names.items():
        spelt = {_spelt(word, _replacements(locale), unidecode) for word in words if not word.isascii()}
        ascii_names[locale] = sorted(word for word in spelt if len(word) > 1)
    return ascii_names


def _spelt(word: str, replacements: Iterable[tuple[str, str]], unidecode: Any) -> str:
    for letter, other in replacements:
        word = word.replace(letter, other)
    return "".join(letter for letter in str(unidecode(word)).casefold() if letter.isalpha())


def _replacements(locale: str) -> Sequence[tuple[str, str]]:
    try:
        provider = import_module(f"faker.providers.internet.{locale}").Provider
    except ModuleNotFoundError:
        return ()
    replacements: Sequence[tuple[str, str]] = provider.replacements
    return replacements


if __name__ == "__main__":
    print(make_lists(ARTIFACT, *map(Path, sys.argv[1:2])))
