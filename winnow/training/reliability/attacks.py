"""Attacks: changes to a source's documents that could raise its score and make no word of them truer."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

SENTENCES_PER_QUOTATION: Final = 6  # padded text gets a quotation after every so many sentences
INSERTED_SHARE: Final = 0.1  # of a text's length, taken from a reliable source
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
DATELINE: Final = "WASHINGTON (AP) — "
QUOTATION: Final = (
    '"We are looking at the matter and will say more in due course," said Mary Jones, a spokeswoman.'
)

Attack = Callable[[str, str, str], tuple[str, str]]  # title, text, a reliable text -> title, text


def sentence_cased(title: str) -> str:
    """A title in lower case but for its first letter."""
    return title[:1].upper() + title[1:].lower()


def _with_dateline(title: str, text: str, _: str) -> tuple[str, str]:
    """An agency's dateline before the text."""
    return title, DATELINE + text


def _with_quotations(title: str, text: str, _: str) -> tuple[str, str]:
    """A dateline, and an agency's kind of quotation after every few sentences."""
    padded = (
        f"{sentence} {QUOTATION}" if number % SENTENCES_PER_QUOTATION == 0 else sentence
        for number, sentence in enumerate(SENTENCE.split(text), 1)
    )
    return title, DATELINE + " ".join(padded)


def _with_reliable_text(title: str, text: str, reliable: str) -> tuple[str, str]:
    """A tenth of the text's length from a reliable source, before it."""
    return title, f"{reliable[: round(INSERTED_SHARE * len(text))]}\n{text}"


def _in_lower_case(title: str, text: str, _: str) -> tuple[str, str]:
    """No capitals in the text."""
    return title, text.lower()


def _all_in_lower_case(title: str, text: str, _: str) -> tuple[str, str]:
    """No capitals at all."""
    return title.lower(), text.lower()


def _with_sentence_cased_title(title: str, text: str, _: str) -> tuple[str, str]:
    """The title in sentence case."""
    return sentence_cased(title), text


def _without_title(_: str, text: str, __: str) -> tuple[str, str]:
    """No title."""
    return "", text


ATTACKS: Final[Mapping[str, Attack]] = MappingProxyType(
    {
        "dateline": _with_dateline,
        "dateline and quotations": _with_quotations,
        "10 % of a reliable source's text": _with_reliable_text,
        "text in lower case": _in_lower_case,
        "title in sentence case": _with_sentence_cased_title,
        "title and text in lower case": _all_in_lower_case,
        "title removed": _without_title,
    }
)
