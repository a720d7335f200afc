"""Likeness of a domain's name to that of a well-rated site, told by hashes: no list of sites ships.

Kinds and limits are those of the design's trial: 300 names in 16 imitations each, .96 of them found, 1.75 % of 12,854
rated names flagged. `bench/imitations.py` measures them again.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import Final

import numpy as np

from winnow.models.arrays import Arrays

HASH_BYTES: Final = 8
MIN_EDITED: Final = 7  # letters of a name from which one edit is an imitation; shorter names are near many
MIN_BARE: Final = 5  # letters that must be left without a common word
MIN_STEP: Final = 4  # letters that must be left between two words that are taken off
CHARACTERS: Final = ascii_lowercase + digits
BEFORE: Final = re.compile(r"^(?:the|my|real|usa|us)")
BEHIND: Final = re.compile(
    r"(?:news|today|online|live|daily|now|report|tv|usa|us|com|world|breaking|media|politics|trending|24|247)$"
)
# Digits, and letters of other alphabets, that look like Latin letters.
LOOK_ALIKES: Final = str.maketrans(
    "0135\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u04cf\u0501\u051b\u051d\u03bf\u03b9\u03bd\u03b1",
    "olesaeopcyxisjldqwoiva",
)
# Kind of likeness: what it is; the signals of these names say it to people.
SPELLING, LETTER, WORD = "imitates_spelling", "imitates_letter", "imitates_word"


@dataclass(frozen=True, slots=True)
class NameGuard:
    """Hashes of names of well-rated sites, and of the domains that are known to be no imitations."""

    names: frozenset[int] = frozenset()  # of `bare_name` of domains rated `WELL_RATED` and more
    domains: frozenset[int] = frozenset()  # of registered domains that experts rate .5 or more

    def likeness(self, domain: str) -> str:
        """The kind of likeness between a registered domain and a well-rated one, or "" for none.

        `SPELLING`: the same without ending, hyphens and look-alikes; `LETTER`: one letter more, less, other or
        swapped; `WORD`: the same with a word such as *the* or *news*. About 1 ms for a domain with no likeness.
        """
        if not self.names or name_hash(domain) in self.domains:
            return ""
        name = bare_name(domain)
        if name_hash(name) in self.names:
            return SPELLING
        if len(name) >= MIN_EDITED and self._has_any(_one_edit(name)):
            return LETTER
        shorter = (part for part in _without_words(name) if len(part) >= MIN_BARE)
        return WORD if self._has_any(shorter) else ""

    def _has_any(self, names: Iterable[str]) -> bool:
        return any(name_hash(name) in self.names for name in names)

    def with_sites(self, domains: Iterable[str]) -> "NameGuard":
        """The same guard, of the names of some more domains."""
        more = NameGuard.of(*[sorted(domains)] * 2)
        return NameGuard(self.names | more.names, self.domains | more.domains)

    def arrays(self) -> Arrays:
        """As arrays for an artifact."""
        return {
            "guard_names": np.array(sorted(self.names), dtype=np.uint64),
            "guard_domains": np.array(sorted(self.domains), dtype=np.uint64),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "NameGuard":
        """The guard that `arrays` gave; other arrays are left alone."""
        return cls(*(frozenset(arrays[f"guard_{name}"].tolist()) for name in ("names", "domains")))

    @classmethod
    def of(cls, well_rated: Iterable[str], reliable: Iterable[str]) -> "NameGuard":
        """The guard of registered domains that are rated well, and of those rated .5 or more."""
        names = (name for name in map(bare_name, well_rated) if len(name) > 1)
        return cls(frozenset(map(name_hash, names)), frozenset(map(name_hash, reliable)))


NO_GUARD: Final = NameGuard()


def name_hash(name: str) -> int:
    """A name as a number of 64 bits that does not give it away."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=HASH_BYTES).digest())


def bare_name(domain: str) -> str:
    """The name of a registered domain without its ending, hyphens, accents and look-alikes.

    >>> bare_name("my-T1mes.com.co"), bare_name("xn--bcnews-2nf.example")
    ('mytlmes', 'abcnews')
    """
    label = domain.partition(".")[0].lower()
    if label.startswith("xn--"):
        label = _decoded(label)
    plain = unicodedata.normalize("NFKD", label).translate(LOOK_ALIKES)
    return "".join(c for c in plain if c in CHARACTERS)


def _decoded(label: str) -> str:
    """A label in Punycode as what people see; as it is where it is none."""
    try:
        return label.removeprefix("xn--").encode().decode("punycode")
    except UnicodeError:
        return label


def _one_edit(name: str) -> Iterator[str]:
    """The names that differ in one letter, which is not the first: left out, swapped with the next, other, added."""
    for at in range(1, len(name) + 1):
        before, rest = name[:at], name[at:]
        if rest:
            yield before + rest[1:]
            yield before[:-1] + rest[0] + before[-1] + rest[1:]
        for character in CHARACTERS:
            yield before + character + rest
            if rest and rest[0] != character:
                yield before + character + rest[1:]


def _without_words(name: str) -> Iterator[str]:
    """A name without one or two common words before and behind it, longest first."""
    names = {name}
    for _ in range(2):
        shorter = {pattern.sub("", each) for each in names for pattern in (BEFORE, BEHIND)}
        names |= {each for each in shorter if len(each) >= MIN_STEP}
    yield from sorted(names - {name}, key=lambda each: (-len(each), each))
