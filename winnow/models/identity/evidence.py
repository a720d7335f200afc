"""Evidence in a line that a program made up an identity: named coincidences, each of them harmless alone."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from winnow.models.identity.dummy import dummy_evidence
from winnow.models.identity.fields import Field, label_of
from winnow.models.identity.generator_lexicon import load_lexicon
from winnow.models.identity.marks import site_evidence, text_evidence
from winnow.models.identity.names import handle_names, has_affix, is_full_name, names_in
from winnow.models.identity.work import (
    companies_in,
    company_evidence,
    is_made_biography,
    is_slogan,
    job_evidence,
    jobs_in,
)

READ_CHARS: Final = 2500  # of a line
PROSE_CHARS: Final = range(30, 900)  # of a line that is read for companies and jobs in running text
NAME_CHARS: Final = 60  # of a line, where sentences about somebody name him
MAX_VALUE: Final = 110  # characters of a field's value
MAX_BIOGRAPHY: Final = 700  # characters of a value that is read for dummy text
HEADER_CELLS: Final = 3  # labels without values that make the head of a table
ISO_DATE: Final = re.compile(r"(?:19\d\d|20[01]\d)-[01]\d-[0-3]\d")
ISO_BIRTH: Final = re.compile(rf"{ISO_DATE.pattern}(?:T[\d:.]{{8,15}}Z)?")
ISO_STAMP: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?Z?")
PHONE: Final = re.compile(r"\+?[\d(][\d() ./-]{6,20}\d")
HANDLE: Final = re.compile(r"[a-z][\w.-]{3,29}|(?=.{0,29}[._\d])[A-Z][\w.-]{3,29}")
CAPITALISED: Final = re.compile(r"[A-Z][a-z']{4,24}")
MACHINE: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:\d{1,3}\.){3}\d{1,3}",
    re.IGNORECASE,
)
ACCOUNT: Final = re.compile(
    r"\d{3}-\d{2}-\d{4}|[A-Z]{2}\d{2}[A-Z0-9]{11,30}|[3-6]\d{12,18}|[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]"
)


def line_evidence(line: str, line_fields: Sequence[Field], label: str = "") -> set[str]:
    """Names of the evidence (``evidence.toml``) in a line and its fields.

    ``label`` is that of the line above, if nothing else stands there.
    """
    evidence = set(text_evidence(line[:READ_CHARS]))
    for field in line_fields:
        if len(field.value) <= MAX_VALUE:
            evidence.update(_field_evidence(Field(field.label or label, field.value)))
        if len(field.value) <= MAX_BIOGRAPHY:
            evidence |= dummy_evidence(field.value)
    if not line_fields:
        evidence |= dummy_evidence(line[:READ_CHARS])
    if len(line) in PROSE_CHARS:
        evidence |= {"name_in"} if names_in(line[:NAME_CHARS]) else set()
        evidence.update(companies_in(line))
        evidence.update(jobs_in(line))
    return evidence


def is_bare_handle(value: str) -> bool:
    """Whether a value is a user name of listed names: in small letters, or with a divider or digits."""
    return bool(HANDLE.fullmatch(value)) and bool(handle_names(value))


def line_labels(line_fields: Sequence[Field]) -> set[str]:
    """Meanings of the labels of a line's fields, and of the cells of a table's head."""
    labels = {field.label for field in line_fields} - {""}
    heads = [label_of(field.value) for field in line_fields if not field.label]
    return labels | (set(heads) - {""} if sum(map(bool, heads)) >= HEADER_CELLS else set())


def _field_evidence(field: Field) -> Iterator[str]:
    yield from (name for name, shows in FIELD_EVIDENCE.items() if shows(field))
    yield from filter(None, (company_evidence(field.value), job_evidence(field.value)))
    yield from site_evidence(field.value)


def _shows_town(field: Field) -> bool:
    """A town made of a name and an ending: "Port Enricofort"."""
    lexicon = load_lexicon()
    return any(
        word.endswith(lexicon.city_suffixes)
        and any(word.endswith(s) and lexicon.is_name(word.removesuffix(s)) for s in lexicon.city_suffixes)
        for word in map(str.casefold, CAPITALISED.findall(field.value))
    )


def _shows_phone(value: str) -> bool:
    is_date = ISO_DATE.fullmatch(value) or ISO_STAMP.fullmatch(value)
    return not is_date and bool(PHONE.fullmatch(value)) and sum(map(str.isdigit, value)) >= 7


def _shows_street(field: Field) -> bool:
    """A number beside a street of a listed name: "Hartmannstraße 4", "rue Lebrun, 12"."""
    if not any(map(str.isdigit, field.value)):
        return False
    lexicon = load_lexicon()
    words = field.value.casefold().replace(",", " ").split()
    return any(one in lexicon.streets and two in lexicon.last for one, two in pairwise(words)) or any(
        word.endswith(kind) and lexicon.is_name(word.removesuffix(kind))
        for word in words
        if len(word) > 6 and word.isalpha()
        for kind in (word[at:] for at in range(3, len(word) - 2))
        if kind in lexicon.streets
    )


FIELD_EVIDENCE: Final[dict[str, Callable[[Field], bool]]] = {
    "name": lambda field: is_full_name(field.value),
    "name_affix": lambda field: has_affix(field.value),
    "city_glued": _shows_town,
    "street_name": _shows_street,
    "biography_made": lambda field: is_made_biography(field.value),
    "slogan": lambda field: is_slogan(field.value),
    "birth_iso": lambda field: field.label == "birth" and bool(ISO_BIRTH.fullmatch(field.value)),
    "date_iso": lambda field: bool(ISO_DATE.fullmatch(field.value)),
    "stamp": lambda field: bool(ISO_STAMP.fullmatch(field.value)),
    "phone": lambda field: _shows_phone(field.value),
    "handle": lambda field: is_bare_handle(field.value),
    "machine_number": lambda field: bool(MACHINE.fullmatch(field.value)),
    "account_number": lambda field: bool(ACCOUNT.fullmatch(field.value)),
}
