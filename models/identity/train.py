"""Make the identity artifact from the installed Faker package: python -m models.identity.train [ARTIFACT].

Nothing of Faker is needed afterwards. The weights of the evidence are data of their own (``evidence.toml``).
"""

import gzip
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from corpus.writers import replacing

ARTIFACT: Final = Path(__file__).parents[1] / "artifacts" / "identity.json.gz"
LAST: Final = (
    "last_names",
    "last_names_male",
    "last_names_female",
    "last_names_unisex",
    "last_name_pairs",
    "surnames",
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
JOBS: Final = ("jobs", "jobs_male", "jobs_female", "jobs_neutral", "jobs_pairs")
MIN_JOB_CHARS: Final = 8  # of several words; a shorter title is an ordinary word
MIN_JOB_WORD_CHARS: Final = 11  # of one word

Lists = dict[str, dict[str, list[str]]]


def faker_lists() -> Lists:
    """The lists that matter, lower-case and sorted, by name and locale."""
    jobs = {job for words in _by_locale("job", JOBS).values() for job in words}
    cities = import_module("faker.providers.address.en_US").Provider.city_suffixes
    return {
        "first": _by_locale("person", FIRST),
        "last": _by_locale("person", LAST),
        "company_suffixes": _by_locale("company", ("company_suffixes",)),
        "latin": {"la": _by_locale("lorem", ("word_list",))["la"]},
        "jobs": {"all": sorted(filter(_is_telling, jobs))},
        "city_suffixes": {"en_US": sorted(set(cities))},
    }


def train(artifact: Path = ARTIFACT) -> Path:
    """Write the artifact, whole or not at all; equal versions of Faker give equal bytes."""
    packed = json.dumps(faker_lists(), ensure_ascii=False, sort_keys=True).encode()
    with replacing(artifact) as stream:
        stream.write(gzip.compress(packed, mtime=0))
    return artifact


def _by_locale(kind: str, attributes: Sequence[str]) -> dict[str, list[str]]:
    """The union of some lists of a provider, for each locale that has them."""
    package = import_module(f"faker.providers.{kind}")
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        provider = import_module(f"faker.providers.{kind}.{module.name}").Provider
        words = {word for name in attributes for word in _own_words(provider, name, package.Provider)}
        if words:
            found[module.name] = sorted(words)
    return found


def _own_words(provider: type, name: str, base: type) -> Iterator[str]:
    """The words of a list that a locale does not just inherit from the general provider."""
    value: Any = getattr(provider, name, None)
    if value is getattr(base, name, None) or not isinstance(value, tuple | list | Mapping):
        return
    for entry in value:
        for word in [entry] if isinstance(entry, str) else entry:
            if isinstance(word, str):
                yield word.casefold()


def _is_telling(job: str) -> bool:
    """Whether a job title is long enough to be no ordinary word."""
    if not job.isascii():
        return len(job) > 3
    return len(job) >= (MIN_JOB_CHARS if " " in job else MIN_JOB_WORD_CHARS)


if __name__ == "__main__":
    print(train(*map(Path, sys.argv[1:2])))  # noqa: T201
