"""What can be the name of a person who wrote a text, and what is a label, a house or a part of a sentence."""

import re
from functools import cache
from typing import Final

from winnow.corpus.byline_words import alternatives, words_of_group
from winnow.corpus.lines import SPACES
from winnow.corpus.written_dates import month_number

MAX_CHARS: Final = 100  # of a name
MAX_WORDS: Final = 7  # of a name
MAX_PERSON_WORDS: Final = 6  # of a person's name, particles among them
NOT_NAME: Final = re.compile(
    r"https?:|www\.|[\w.+-]{1,64}@[\w-]{1,63}\.\w|[{}<>=\\?!$€£%]|\w/\w|\A\d+\s|#|\d[:：]\d\d|[(（]\Z|\d日|[\u4e00-\u9fff][讯訊电電]\Z",
    re.IGNORECASE,
)
EAST_ASIAN: Final = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
MAX_HAN: Final = 6  # of a name; more are a house or a clause
AROUND_NAME: Final = SPACES + ",;:：.-–—|*\"'“”/／()（）[]【】、，"
INITIALS: Final = re.compile(r"[a-zа-я]{1,2}\.?")  # of a reporter, in lower case


def bare_name(piece: str) -> str:
    """A name without signs around it, "" if the piece is none.

    >>> bare_name("(Ada Moss) |"), bare_name("Wednesday January"), bare_name("1:14PM GMT"), bare_name("(am)")
    ('Ada Moss', '', '', '')
    """
    name = _suffix().sub("", piece.strip(AROUND_NAME))
    if not 1 < len(name) <= MAX_CHARS or NOT_NAME.search(name) or not any(map(str.isalpha, name)):
        return ""
    key = name.casefold().replace(".", "")
    is_other = key in nobody() or all(map(is_of_date, key.split())) or INITIALS.fullmatch(name)
    return "" if is_other or len(name.split()) > MAX_WORDS or is_company(name) else name


def is_of_date(word: str) -> bool:
    """Whether a word is a number or names a month or a day of the week."""
    return word.isdecimal() or word in _days() or month_number(word) > 0


def is_company(name: str) -> bool:
    """Whether a name ends in the form of a company: "Pigeon Ltd".

    >>> is_company("Pigeon Media GmbH"), is_company("Golub sp. z o.o."), is_company("Ada Moss")
    (True, True, False)
    """
    return _company().search(name) is not None


def is_house(name: str) -> bool:
    """Whether a name has a word that houses have and persons do not: "Pigeon News", "The Pigeon Staff"."""
    return _house().search(name) is not None


def may_be_person(name: str) -> bool:
    """Whether a name is written as those of persons are: each word with a capital, but for particles.

    Scripts without capitals have none to ask for; a single word must have one, too.

    >>> may_be_person("Ada van der Moss"), may_be_person("focusing"), may_be_person("Personal finance")
    (True, False, False)
    >>> may_be_person("王小明"), may_be_person("Ray graduated"), may_be_person("ADA MOSS")
    (True, False, True)
    """
    words, particles = name.split(), words_of_group("particles")
    if any(len(word) > MAX_HAN and HAN.fullmatch(word) for word in words):
        return False
    is_written = (
        not word[0].islower() or word.casefold() in particles or not word[1:].islower() for word in words
    )
    return 0 < len(words) <= MAX_PERSON_WORDS and all(is_written) and words[-1].casefold() not in particles


@cache
def nobody() -> frozenset[str]:
    """Words that stand in the place of a name, and academic degrees."""
    return words_of_group("nobody") | words_of_group("degrees")


@cache
def _suffix() -> re.Pattern[str]:
    """What a person is, behind a name of two signs or more in a script of East Asia."""
    return re.compile(rf"(?<=[{EAST_ASIAN}]{{2}})\s?(?:{alternatives('suffixes')})\Z")


@cache
def _days() -> frozenset[str]:
    return words_of_group("days")


@cache
def _company() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:\A|[\s,])(?:{alternatives('company_forms')})|{alternatives('company_ends')})\.?\Z",
        re.IGNORECASE,
    )


@cache
def _house() -> re.Pattern[str]:
    return re.compile(rf"(?:\A|\s)(?:{alternatives('houses')})(?:\s|\Z)", re.IGNORECASE)
