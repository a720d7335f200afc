"""Evidence of several lines together: labels of a form, and user names that belong to nobody in it."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from winnow.models.identity.evidence import is_bare_handle
from winnow.models.identity.evidence_lines import Clues
from winnow.models.identity.fields import fields as line_values
from winnow.models.identity.marks import MAIL, PROFILE, made_hosts
from winnow.models.identity.names import handle_names, is_full_name, names_in, plain

MAX_CHARS: Final = 1200  # of a line that is read for names
MENTION: Final = re.compile(r"(?<![\w.])@([\w.-]{4,30})")
WORD: Final = re.compile(r"[^\W\d_]{2,}")
ADDRESSES: Final = re.compile(r"\S{1,80}@\S{1,80}|https?://\S{1,200}|\bwww\.\S{1,100}")
# letters that a user name shares with the name of its owner, or the whole of a shorter name
AKIN: Final = 4
PROFILE_LABELS: Final = frozenset(
    {"username", "followers", "following"}
)  # as full a form as five of a person
MAX_PROFILES: Final = 8  # of a block whose owners are compared
FIRMS: Final = frozenset(
    {"company_local", "company_suffix", "company_pair", "company_in", "company_listed"}
)
BEFORE: Final = 4  # lines before a block that tell what it is
AFTER: Final = 1
CODE: Final = re.compile(
    r"={3} .{1,60} ={3}|\[SUCCESS\]|^\s*(?:\$ [a-z./]|>>> |PS>)|\bfaker\b|console\.log|\bprint\(|\bdef \w{1,40}\(|"
    r"\b(?:const|let|var) \w{1,40} =|^\s*from [\w.]{1,40} import |^\s*import [\w.]{1,40};?$|"
    r"\bSELECT\b.{1,80}\bFROM\b|\becho [\"'$]|"
    r"\b(?:sample|example|mock|dummy|fake|test|seed|generated) (?:output|data|rows?|records?|users?|response)\b|"
    r"\b(?:Output|Ausgabe|Salida|Sortie):\s*$|输出|出力",
    re.IGNORECASE,
)


def block_evidence(lines: Sequence[str], names: set[str], clues: Sequence[Clues]) -> set[str]:
    """The evidence of a block: ``names``, the evidence of its lines, and what only several lines show together."""
    labels = {label for clue in clues for label in clue.labels}
    evidence = names | {f"labels_{n}" for n in (3, 5) if len(labels) >= n or labels >= PROFILE_LABELS}
    words = _words(lines)
    if {"mail_surname", "web_surname"} & evidence and _bears_a_host(lines, words):
        evidence -= {"mail_surname", "web_surname"}
    if _is_own_firm(lines):
        evidence -= FIRMS
    if "name" in evidence or any(names_in(line[:MAX_CHARS]) for line in lines):
        evidence |= _strangers(lines)
    elif "followers" in labels and _has_two_owners(lines):
        evidence |= {"stranger", "strangers"}
    return evidence


def _has_two_owners(lines: Sequence[str]) -> bool:
    """Whether the user names of profiles are made of the names of different persons: no person has both."""
    users = {plain(handle) for line in lines for handle in _users(line[:MAX_CHARS])}
    owners = [{name[:AKIN] for name in handle_names(user)} for user in users]
    return any(one and two and one.isdisjoint(two) for one, two in combinations(owners[:MAX_PROFILES], 2))


def _is_own_firm(lines: Sequence[str]) -> bool:
    """Whether a surname stands again beside its bearer, as in the firm of a family."""
    words = [word for line in lines for word in WORD.findall(plain(ADDRESSES.sub(" ", line[:MAX_CHARS])))]
    surnames = {plain(name).split()[-1] for line in lines for name in _people(line[:MAX_CHARS])}
    return any(words.count(surname) > 1 for surname in surnames)


def is_code_sample(lines: Sequence[str], first: int, last: int) -> bool:
    """Whether a block is shown as what a program prints, and belongs to the text."""
    around = (*lines[max(0, first - BEFORE) : first], *lines[last + 1 : last + 1 + AFTER])
    return any(CODE.search(line[:MAX_CHARS]) for line in around)


def _strangers(lines: Sequence[str]) -> set[str]:
    """Evidence of user names that are made of names, where none of a block shares any with the names in it."""
    people = {plain(name) for line in lines for name in _people(line[:MAX_CHARS])}
    name_words = {word for name in people for word in WORD.findall(name) if len(word) > 2}
    mails, users, mentions = (
        {plain(handle) for line in lines for handle in handles_in(line[:MAX_CHARS])}
        for handles_in in (_mails, _users, _mentions)
    )
    if not name_words or any(_is_akin(handle, name_words) for handle in mails | users | mentions):
        return set()
    owners = [
        {name[:AKIN] for handle in handles for name in handle_names(handle)} for handles in (mails, users)
    ]
    if all(owners) and owners[0].isdisjoint(owners[1]):
        return {"stranger", "strangers"}
    if any(owners):
        return {"stranger"}
    return {"stranger_mentioned"} if any(map(handle_names, mentions)) else set()


def _is_akin(handle: str, name_words: set[str]) -> bool:
    """Whether a user name contains one of the names beside it, or the beginning of one."""
    return any(word[:AKIN] in handle for word in name_words)


def _people(line: str) -> Iterator[str]:
    """The full names of a line, in Latin script: others are spelt another way in user names."""
    names = [field.value for field in line_values(line) if is_full_name(field.value)]
    yield from (name for name in (*names, *names_in(ADDRESSES.sub(" ", line))) if plain(name).isascii())


def _mails(line: str) -> Iterator[str]:
    yield from (local for local, _, _ in MAIL.findall(line))


def _users(line: str) -> Iterator[str]:
    """User names of a line that are fields."""
    yield from (
        field.value
        for field in line_values(line)
        if field.label == "username" or is_bare_handle(field.value)
    )


def _mentions(line: str) -> Iterator[str]:
    """User names of a line that it only mentions, or links to."""
    yield from PROFILE.findall(line)
    yield from (handle.rstrip(".-") for handle in MENTION.findall(line))


def _bears_a_host(lines: Sequence[str], words: set[str]) -> bool:
    return any(host in words for line in lines for host in made_hosts(line[:MAX_CHARS]))


def _words(lines: Sequence[str]) -> set[str]:
    return {word for line in lines for word in WORD.findall(plain(ADDRESSES.sub(" ", line[:MAX_CHARS])))}
