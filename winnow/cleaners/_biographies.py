"""Biographies of authors at the end of a text."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

from winnow.cleaners._places import is_story
from winnow.cleaners._rules import load_patterns, load_words, phrase_lines
from winnow.corpus.document import Document
from winnow.corpus.lines import Line
from winnow.models.identity.fields import BULLET, MAX_LABEL, label_of
from winnow.models.identity.shared_evidence import PROFILE_LABELS

CHARS: Final = range(40, 1201)  # of a biography's paragraph
PROFILE_CHARS: Final = 400  # of a line, in which its label stands
COUNTED: Final = frozenset({"followers", "following"})
PROFILE: Final = PROFILE_LABELS | {"name", "web", "biography", "social", "heading", "address", "other"}
TAIL_LINES: Final = 6  # of a text, in which biographies of its authors stand
MIN_LINES: Final = 4  # of a text with a biography
MIN_ABOVE: Final = 3  # lines of the text itself
MAX_PERSONS: Final = 2  # paragraphs that open so; with more a text presents persons
ROLE_CHARS: Final = 90  # behind the verb, in which a role is named
MIN_SURNAME_CHARS: Final = 3
WORD: Final = r"[A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻČŠŽĐĞİŞ][\w'’.-]{0,25}(?<!['’]s)"
FULL_NAME: Final = rf"(?P<name>{WORD}(?: (?:(?:de|van|von|der|di|da|al|bin|la|le) ){{0,2}}{WORD}){{1,3}})"
TITLE: Final = r"(?:(?:Dr|Prof|Rev|Mr|Mrs|Ms)\.? ){0,2}"
REACHED: Final = re.compile(  # how an author is reached
    rf"\W{{0,3}}(?:(?:[Yy]ou can )?(?:[Ff]ollow|[Rr]each|[Cc]ontact|[Ee]-?mail) {FULL_NAME}\b)|"
    rf"\W{{0,3}}{FULL_NAME.replace('name', 'other')} (?:can be (?:reached|contacted|followed)|tweets)\b"
)


def tail_biographies(document: Document) -> Iterator[int]:
    """Indices into `Document.lines` of paragraphs at the end that present somebody whom the text has not named before.

    Such a paragraph opens with a full name, what this person is or does, and a role. 15 of 15 on the labelled
    texts were biographies.
    """
    lines = document.lines
    if len(lines) < MIN_LINES:
        return
    names = {
        i: name
        for i in range(max(MIN_ABOVE, len(lines) - TAIL_LINES), len(lines))
        if (name := _person(lines[i]))
    }
    if (
        not names
        or sum(line.is_long and _opening().match(line.text) is not None for line in lines) > MAX_PERSONS
    ):
        return
    noise = phrase_lines(document)
    last = max(
        (i for i, line in enumerate(lines) if line.is_long and i not in names and i not in noise),
        default=-1,
    )
    for index, name in names.items():
        if index > last and not _is_named_before(document, index, name.split()[-1].strip(".,'’")):
            yield index


def is_about_persons(document: Document) -> bool:
    """Whether a text presents several persons, and little else: a board, a team, a list of speakers."""
    long = [line for line in document.lines if line.is_long]
    persons = sum(_opening().match(line.text) is not None for line in long)
    return persons > MAX_PERSONS and 2 * persons >= len(long)


def _person(line: Line) -> str:
    """The full name of whom a line presents, "" if it presents nobody."""
    text = line.text
    if (
        len(text) not in CHARS
        or not text[0].isupper()
        or text.partition(" ")[0].casefold() in load_words("bylines", "no_names")
    ):
        return ""
    if reached := REACHED.match(text):
        return reached["name"] or reached["other"]
    opening = _opening().match(text)
    has_role = opening is not None and _role().search(text, opening.end(), opening.end() + ROLE_CHARS)
    return opening["name"] if opening and has_role else ""


def _is_named_before(document: Document, index: int, surname: str) -> bool:
    """Whether running text above a line names somebody; one without a surname counts as named."""
    if len(surname) < MIN_SURNAME_CHARS:
        return True
    return any(
        surname in line.words
        for line in document.lines[:index]
        if (line.is_long or line.is_sentence) and surname in line.raw
    )


@cache
def _opening() -> re.Pattern[str]:
    """A full name with what may stand behind it, and what the person is or does."""
    verbs = load_patterns("bylines", "life_verbs")
    return re.compile(
        rf"(?:About )?{TITLE}{FULL_NAME}\b(?:,[^.]{{2,80}}?,)?(?:[^\w.]{{1,3}}[\w.-]{{1,30}}){{0,2}}?"
        rf"[^\w.]{{1,3}}(?:{verbs})\b"
    )


@cache
def _role() -> re.Pattern[str]:
    """What authors are by their biographies."""
    return re.compile(rf"\b(?:{load_patterns('bylines', 'roles')})\b", re.IGNORECASE)


def profile_lines(document: Document) -> Iterator[int]:
    """Indices into `Document.lines` of profiles of social networks in a story, line by line under their labels.

    A profile has a user name, followers and whom it follows; its heading, address and biography belong to it. On the
    page of a person such lines are the text: nothing is said there.
    """
    labelled = sum(":" in line.raw[:MAX_LABEL] for line in document.lines)
    if labelled < len(PROFILE_LABELS) or not is_story(document):
        return
    meanings = [_profile_meaning(line) for line in document.lines]
    for is_profile, group in groupby(range(len(meanings)), lambda index: meanings[index] != ""):
        run = list(group)
        if is_profile and PROFILE_LABELS.issubset(meanings[index] for index in run):
            yield from run


def _profile_meaning(line: Line) -> str:
    """What a line of a profile tells, by its label; "" for any other line."""
    label, _, value = BULLET.sub("", line.raw[:PROFILE_CHARS]).partition(":")
    meaning = label_of(label.strip()) if len(label) <= MAX_LABEL else ""
    is_counted = meaning not in COUNTED or value.strip()[:1].isdigit()
    return meaning if meaning in PROFILE and is_counted else ""
