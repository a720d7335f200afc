"""What a line shows of an identity that a program made up: named coincidences, each small and alone harmless."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from models.identity.fields import Field, fields
from models.identity.lexicon import Lexicon, load_lexicon

READ_CHARS: Final = 2500  # of a line
MAX_VALUE: Final = 110  # characters of a field's value
MAIL: Final = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63})\.(\w[\w.-]{1,30})")
STATE_ZIP: Final = re.compile(r"\b([A-Z]{2}),? (\d)\d{4}(?:-\d{4})?\b")
UNIT: Final = re.compile(r"\b(?:Apt\.|Suite) \d{3}\b")
MILITARY: Final = re.compile(
    r"\b(?:[FDA]PO A[AEP] \d{5}|USNS [A-Z]\w+|USNV [A-Z]\w+|Unit \d{4} Box \d{4}|PSC \d{4}, Box \d{4})"
)
EXTENSION: Final = re.compile(r"(?<![\w.])[-+().\d ]{6,16}\d{3}\s?x\d{2,5}\b")
STAMP: Final = re.compile(r"'(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d'")
TEXT_PATTERNS: Final = {
    "street_unit": UNIT,
    "military": MILITARY,
    "sql_stamp": STAMP,
    "phone_extension": EXTENSION,
}
PROFILE: Final = re.compile(
    r"https?://(?:www\.)?(?:tiktok|facebook|instagram|twitter|linkedin|github)\.com/(?:in/|@)?([\w.-]{2,40})",
    re.IGNORECASE,
)
ISO_DATE: Final = re.compile(r"(?:19\d\d|20[01]\d)-[01]\d-[0-3]\d")
PHONE: Final = re.compile(r"\+?[\d(][\d() .-]{6,18}\d")
TITLED: Final = re.compile(
    r"((?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Sr|Sra|Dott|Ing|Mgr)\.? )?(.{3,50}?)"
    r"( (?:DVM|DDS|MD|PhD|Jr\.|Sr\.|II|III|IV|V))?"
)
HANDLE: Final = re.compile(r"[a-z][\w.-]{3,24}")
THREE: Final = re.compile(r"(\w[\w'’]{1,30}), (\w[\w'’]{1,30}) and (\w[\w'’]{1,30})")
SONS: Final = re.compile(r"([A-Z][\w'’-]{1,30}) and Sons")
DASH: Final = re.compile(r"([A-Z][\w'’]{1,30})-([A-Z][\w'’]{1,30})")
WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CAPITALISED: Final = re.compile(r"[A-Z][a-z']{4,24}")
SENTENCE: Final = re.compile(r"[^.!?]{1,300}[.!?]")
LATIN_SHARE: Final = 0.75  # of a sentence's words
LATIN_WORDS: Final = 4  # words of a sentence that are not also ordinary words elsewhere
ORDINARY_LATIN: Final = frozenset(
    "a ab ad in id et sit non sed cum eos est ex quo qui at error animi minus nemo".split()
)
MADE_ENDINGS: Final = frozenset(  # of the domains that generators make; a university's is none of them
    "com net org biz info name io de fr it es pl br com.br ru nl cz se tr com.tr".split()
)
MAX_COMPANY_WORDS: Final = 6
FREE_HOSTS: Final = frozenset({"gmail", "yahoo", "hotmail", "outlook"})
LEGAL: Final = frozenset({"group", "llc", "plc", "inc", "ltd"})
FIRST_DIGITS: Final = (  # of US postcodes, and the states that have them (USPS Publication 65)
    *("CT MA ME NH NJ RI VT PR VI AE", "DE NY PA", "DC MD NC SC VA WV", "AL FL GA MS TN AA", "IN KY MI OH"),
    *(
        "IA MN MT ND SD WI",
        "IL KS MO NE",
        "AR LA OK TX",
        "AZ CO ID NM NV UT WY",
        "AK CA HI OR WA GU AS MP AP",
    ),
)
STATES: Final = frozenset(" ".join(FIRST_DIGITS).split())


def line_evidence(line: str) -> set[str]:
    """Names of the evidence (``evidence.toml``) that a line shows."""
    found = set(_of_text(line[:READ_CHARS]))
    for field in fields(line):
        if len(field.value) <= MAX_VALUE:
            found.update(name for name, shows in FIELD_EVIDENCE.items() if shows(field, load_lexicon()))
    return found


def line_labels(line: str) -> set[str]:
    """Meanings of the labels of a line's fields."""
    return {field.label for field in fields(line) if field.label}


def _of_text(line: str) -> Iterator[str]:
    """Evidence that stands anywhere in a line."""
    for local, host, ending in MAIL.findall(line) if "@" in line else ():
        yield _mail(local.casefold(), host.casefold(), ending.casefold())
    for state, digit in STATE_ZIP.findall(line):
        if state in STATES:
            yield "zip_right" if state in FIRST_DIGITS[int(digit)].split() else "zip_wrong"
    yield from (name for name, pattern in TEXT_PATTERNS.items() if pattern.search(line))
    for handle in PROFILE.findall(line):
        yield "social_name" if is_handle_of_names(handle) else "social_url"
    if shows_latin(line):
        yield "latin"


def _mail(local: str, host: str, ending: str) -> str:
    """What an e-mail address shows. Harm: people do have addresses of their names, and companies of surnames."""
    if host == "example" and ending in {"com", "org", "net"}:
        return "mail_example"
    if host in FREE_HOSTS:
        return "mail_free_name" if is_handle_of_names(local) else "mail_free"
    lexicon = load_lexicon()
    is_surname = ending in MADE_ENDINGS and all(part in lexicon.any_last for part in host.split("-"))
    return "mail_surname" if is_surname else "mail"


def shows_latin(text: str) -> bool:
    """Whether a sentence is dummy Latin. Harm: real Latin is quoted; then it stands in no form."""
    latin = load_lexicon().latin
    for sentence in SENTENCE.findall(text):
        words = [word.casefold() for word in WORD.findall(sentence)]
        known = [word for word in words if word in latin]
        telling = [word for word in known if word not in ORDINARY_LATIN]
        if len(telling) >= LATIN_WORDS and len(known) >= LATIN_SHARE * len(words):
            return True
    return False


def is_handle_of_names(handle: str) -> bool:
    """Whether a user name is put together from listed names: ``first.last``, ``flast12``, ``firstlast``."""
    lexicon, bare = load_lexicon(), handle.casefold().rstrip("0123456789")
    parts = [part for part in re.split(r"[._-]", bare) if part]
    if len(parts) == 2:
        return all(lexicon.is_name(part) for part in parts)
    if len(parts) != 1 or not bare.isalpha() or len(bare) < 6:
        return False
    return bare[1:] in lexicon.any_last or any(
        bare[:at] in lexicon.any_first and bare[at:] in lexicon.any_last for at in range(3, len(bare) - 2)
    )


def _is_name(value: str, lexicon: Lexicon) -> bool:
    """Whether a value is a first and a last name of the same locale, with or without a title."""
    words = value.casefold().split()
    if not 2 <= len(words) <= 4 or not lexicon.is_name(words[0]):
        return False
    return any(
        (words[0] in first and (words[-1] in last or " ".join(words[1:]) in last))
        or (words[0] in last and words[-1] in first)
        for first, last in (
            (lexicon.first[k], lexicon.last[k]) for k in lexicon.first.keys() & lexicon.last.keys()
        )
    )


def _shows_name(field: Field, lexicon: Lexicon) -> bool:
    return _is_name(field.value, lexicon)


def _shows_affix(field: Field, lexicon: Lexicon) -> bool:
    """Harm: doctors and professors have such names; then nothing else of the block is specific."""
    titled = TITLED.fullmatch(field.value)
    return titled is not None and bool(titled[1] or titled[3]) and _is_name(titled[2], lexicon)


def _are_surnames(parts: re.Match[str] | None, lexicon: Lexicon) -> bool:
    return parts is not None and all(part.casefold() in lexicon.any_last for part in parts.groups())


def _shows_three(field: Field, lexicon: Lexicon) -> bool:
    """Harm: law firms are called so."""
    return _are_surnames(THREE.fullmatch(field.value), lexicon)


def _shows_sons(field: Field, lexicon: Lexicon) -> bool:
    """Harm: old shops are called so."""
    return _are_surnames(SONS.fullmatch(field.value), lexicon)


def _shows_dash(field: Field, lexicon: Lexicon) -> bool:
    """Harm: people and firms have double names."""
    return _are_surnames(DASH.fullmatch(field.value), lexicon)


def _shows_suffix(field: Field, lexicon: Lexicon) -> bool:
    words = field.value.rstrip(".").casefold().split()
    return 2 <= len(words) <= 3 and words[-1] in LEGAL and words[0] in lexicon.any_last


def _shows_local(field: Field, lexicon: Lexicon) -> bool:
    """Harm: family firms carry such names; then nothing else of the block is specific."""
    words = field.value.casefold().split()
    if not 1 < len(words) <= MAX_COMPANY_WORDS or words[-1] in LEGAL:
        return False
    endings = (" ".join(words[at:]) for at in range(1, len(words)))
    locales = (locale for ending in endings for locale in lexicon.suffix_locales.get(ending, ()))
    return any(word in lexicon.last[locale] for locale in locales for word in WORD.findall(" ".join(words)))


def _shows_city(field: Field, lexicon: Lexicon) -> bool:
    words = (word.casefold() for word in CAPITALISED.findall(field.value))
    return any(
        word.endswith(ending) and lexicon.is_name(word.removesuffix(ending))
        for word in words
        for ending in lexicon.city_suffixes
    )


FIELD_EVIDENCE: Final[dict[str, Callable[[Field, Lexicon], bool]]] = {
    "name": _shows_name,
    "name_affix": _shows_affix,
    "company_three": _shows_three,
    "company_sons": _shows_sons,
    "company_dash": _shows_dash,
    "company_suffix": _shows_suffix,
    "company_local": _shows_local,
    "city_glued": _shows_city,
    "job_listed": lambda field, lexicon: field.value.casefold() in lexicon.jobs,
    "birth_iso": lambda field, _: field.label == "birth" and bool(ISO_DATE.fullmatch(field.value)),
    "date_iso": lambda field, _: bool(ISO_DATE.fullmatch(field.value)),
    "phone": lambda field, _: (
        bool(PHONE.fullmatch(field.value)) and sum(map(str.isdigit, field.value)) >= 7
    ),
    "handle": lambda field, _: bool(HANDLE.fullmatch(field.value)) and is_handle_of_names(field.value),
}
