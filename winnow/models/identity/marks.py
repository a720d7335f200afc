"""Marks that generators leave anywhere in a line: addresses of nowhere, reserved domains, numbers of programs."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from winnow.models.identity.generator_lexicon import Lexicon, load_lexicon
from winnow.models.identity.names import handle_names

MAIL: Final = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){0,2})\.([a-z]{2,8})\b", re.IGNORECASE
)
URL: Final = re.compile(r"https?://(?:www\.)?([\w.-]{3,80})/?(?=[\s,;|\"'<)\]]|\.?(?:\s|$))", re.IGNORECASE)
SITE: Final = re.compile(r"([a-z0-9-]{2,60})\.([a-z]{2,8}(?:\.[a-z]{2})?)")
PROFILE: Final = re.compile(
    r"https?://(?:www\.)?(?:tiktok|facebook|instagram|twitter|x|linkedin|github)\.com/(?:in/|@)?([\w.-]{2,40})",
    re.IGNORECASE,
)
# not "DE 80331 München"
STATE_ZIP: Final = re.compile(r"([A-Z](?<!\w.)[A-Z]),? (\d)\d{4}(?:-\d{4})?\b(?! (?!US|United)[A-ZÀ-Þ])")
PREFECTURE: Final = re.compile(
    r"[都道府県](?<![千葉東京].)([一-鿿]{1,4}?区|[一-鿿]{1,4}?[市町村]|[一-鿿]{1,4}?郡[一-鿿]{1,5}?[町村])"
)
BORN: Final = re.compile(
    r"\b(?:born|geboren|geb\.|n[ée]e?|nacid[oa]|nat[oa]|nascid[oa]|urodzon[ya]|ur\.|född|født|syntynyt|született|родил\w{1,4}|"
    r"народи\w{1,5}|narozen\w?|născut\w?|doğum\w{0,6})(?: \w{1,4})?[ :]{1,2}[12]\d{3}-[01]\d-[0-3]\d",
    re.IGNORECASE,
)
STREET: Final = re.compile(
    r"\d(?<!\w.)\d{1,4} ([A-Z][\w']{2,20})(?: [A-Z][\w']{2,20})? ([A-Z][a-z]{2,12})\b"
)
COMMON_STREETS: Final = frozenset(
    "street avenue road drive lane court place boulevard way square park center bridge club river lake mill view "
    "hill station village garden gardens island terrace valley springs mountain field forest port union".split()
)
TEXT_PATTERNS: Final = {  # before each, parts of which a match has one: they are sooner seen to be missing
    "street_unit": (("Apt. ", "Suite "), re.compile(r"\b(?:Apt\.|Suite) \d{3}\b")),
    "military": (
        ("PO A", "USN", "Unit ", "PSC "),
        re.compile(
            r"\b(?:[FDA]PO A[AEP] \d{5}|USNS [A-Z]\w+|USNV [A-Z]\w+|Unit \d{4} Box \d{4}|PSC \d{4}, Box \d{4})"
        ),
    ),
    "sql_stamp": (("'19", "'20"), re.compile(r"'(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d'")),
    "phone_extension": (
        tuple(f"x{digit}" for digit in range(10)),
        re.compile(r"(?<![\w.])[-+().\d ]{6,16}\d{3}\s?x\d{2,5}\b"),
    ),
    "birth_iso_in": (("-0", "-1"), re.compile(r"\b19[2-9]\d-(?:0\d|1[0-2])-[0-3]\d(?![\d-])")),
    "birth_iso": (("-0", "-1"), BORN),
    "placeholder_image": (
        ("://",),
        re.compile(
            r"https?://(?:www\.)?(?:picsum\.photos|dummyimage\.com|placekitten\.com|placekittens\.com|placeimg\.com|"
            r"loremflickr\.com|lorempixel\.com|via\.placeholder\.com|i\.pravatar\.cc|randomuser\.me)/"
        ),
    ),
    "placeholder_person": (
        ("",),
        re.compile(
            r"\b(?:leanne graham|ervin howell|clementine bauch|patricia lebsack|chelsey dietrich|"
            r"dennis schulist|kurtis weissnat|nicholas runolfsdottir|glenna reichert|clementina dubuque|"
            r"sincere@april\.biz)\b",
            re.IGNORECASE,
        ),
    ),
}
MADE_ENDINGS: Final = frozenset(  # of the domains that generators make; a university's is none of them
    "com net org biz info name io de fr it es pl br ru nl cz se tr ro fi dk hu uk ua mx ar at be pt jp cn co.uk "
    "com.br com.tr co.jp com.mx com.ua kiev.ua".split()
)
RARE_ENDINGS: Final = frozenset({"biz", "info", "name"})
FIRST_DIGITS: Final = (  # of US postcodes, and the states that have them (USPS Publication 65)
    *("CT MA ME NH NJ RI VT PR VI AE", "DE NY PA", "DC MD NC SC VA WV", "AL FL GA MS TN AA", "IN KY MI OH"),
    *("IA MN MT ND SD WI", "IL KS MO NE", "AR LA OK TX", "AZ CO ID NM NV UT WY"),
    "AK CA HI OR WA GU AS MP AP",
)
STATES: Final = frozenset(" ".join(FIRST_DIGITS).split())


def text_evidence(text: str) -> Iterator[str]:
    """Names of the evidence that stands anywhere in a text."""
    yield from filter(partial(_shows, text), TEXT_PATTERNS)
    if "@" in text:
        for local, host, ending in MAIL.findall(text):
            yield from _mail_evidence(local, host.casefold(), ending.casefold())
    if "://" in text:
        yield from _web_evidence(text)
    for state, digit in STATE_ZIP.findall(text):
        if state in STATES:
            yield "zip_right" if state in FIRST_DIGITS[int(digit)].split() else "zip_wrong"
    yield from _street_evidence(text)
    if any(town in load_lexicon().tokyo for town in PREFECTURE.findall(text)):
        yield "ward_wrong"


def _shows(text: str, name: str) -> bool:
    parts, pattern = TEXT_PATTERNS[name]
    return any(map(text.__contains__, parts)) and pattern.search(text) is not None


def made_hosts(text: str) -> set[str]:
    """Surnames that the hosts of a text's addresses are made of."""
    hosts = {host.casefold() for _, host, ending in MAIL.findall(text)} if "@" in text else set()
    hosts |= {site.casefold().rpartition(".")[0] for site in URL.findall(text)} if "://" in text else set()
    lexicon = load_lexicon()
    return {part for host in hosts if _is_of_surnames(host, lexicon) for part in host.split("-")}


def site_evidence(value: str) -> Iterator[str]:
    """What a domain shows. Harm: families own domains of their names."""
    site = SITE.fullmatch(value.casefold().removeprefix("www.").rstrip("/"))
    if site is None:
        return
    lexicon, parts = load_lexicon(), site[1].split("-")
    if site[2] in RARE_ENDINGS:
        yield "ending_rare"
    if len(parts) == 2 and parts[0] in lexicon.domain[0] and parts[1] in lexicon.domain[1]:
        yield "web_made"
    elif site[2] in MADE_ENDINGS and _is_of_surnames(site[1], lexicon):
        yield "web_surname"


def _mail_evidence(local: str, host: str, ending: str) -> Iterator[str]:
    """What an address shows. Harm: people do have addresses of their names, and companies of surnames."""
    lexicon, full = load_lexicon(), f"{host}.{ending}"
    if full in {"example.com", "example.org", "example.net"}:
        yield "mail_example"
    elif full in lexicon.free_mail:
        yield "mail_free_name" if handle_names(local) else "mail_free"
    else:
        is_made = ending in MADE_ENDINGS and _is_of_surnames(host.partition(".")[0], lexicon)
        yield "mail_surname" if is_made else "mail"
    if ending in RARE_ENDINGS:
        yield "ending_rare"


def _is_of_surnames(host: str, lexicon: Lexicon) -> bool:
    return all(len(part) > 2 and part in lexicon.hosts for part in host.split("-"))


def _web_evidence(text: str) -> Iterator[str]:
    for handle in PROFILE.findall(text):
        yield "social_name" if handle_names(handle) else "social_url"
    for site in URL.findall(text):
        yield from site_evidence(site)


def _street_evidence(text: str) -> Iterator[str]:
    """Numbered streets; a listed name with a rare word for street is telling."""
    for name, kind in STREET.findall(text):
        low = kind.casefold()
        if low in load_lexicon().streets:
            is_rare = low not in COMMON_STREETS and load_lexicon().is_name(name.casefold())
            yield "street_rare" if is_rare else "street"
