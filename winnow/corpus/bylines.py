"""What a byline says: when a text was published and by whom."""

import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from itertools import chain
from typing import Final

from winnow.corpus.byline_words import alternatives, any_word_of, words_of_group
from winnow.corpus.dates import is_by, iso_date
from winnow.corpus.person_names import bare_name, is_house, is_of_date, nobody
from winnow.corpus.written_dates import DateStyle, written_days

MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
DATE: Final = re.compile(  # forms whose order of day and month is not in doubt; English months
    r"(?<!\d)(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d\.\d\d\.\d{4}"
    rf"|{MONTH}\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} {MONTH} \d{{4}}(?!\d))"
)
FIRST_YEAR: Final = "1990"  # of the web: an earlier date is what the text is about
NAME: Final = r"[^\W\d_][\w.'’-]{0,30}(?: (?:de|del|della|der|di|van|von|da|dos|le|la|el|bin|al))?"
CREDIT: Final = re.compile(
    rf"(?:By|BY|Written by|Posted by|Author:|Von|Por|Par) ({NAME}(?: {NAME}){{1,3}})"
    r"(?=$|[,|·•(–—-]| (?:and|on|in|\d)| [|·])"
)
HOUSE_NAME: Final = re.compile(
    r"(?i)\b(?:admin|editor|editors|staff|team|desk|newsroom|reporter|contributor)\b"
)

MAX_CREDIT_CHARS: Final = 1_000  # of a text that names authors
ADDED_SIGN: Final = r"\s{0,3}[|•·⋅»–—\n(\[]|\s-\s|:\s"  # before a date, a role or a remark
BREAK: Final = re.compile(
    r"\s{0,3}[;；，、／]\s{0,3}|\s{0,3}/\s|\s{0,3}&\s{0,3}|\s{0,3},\s{0,3}|(?<=\w\w)/(?=\w\w)"
)
LABEL_END: Final = "[:：／/＝=|｜]"
GLUED_CREDIT: Final = r"(?:By|BY|Von|Par|Por)(?=[A-ZÀ-Þ][a-zß-ÿ’'.])"  # as in "ByAda Moss"
# The same in Chinese, where two to four signs follow that are a name
GLUED_LABEL: Final = (
    r"(?:本报|本報|本社|本网|本網)?(?:记者|記者|通讯员|作者|撰文)"
    r"(?=[\u4e00-\u9fff·]{2,4}(?:\Z|[\s/／,，、（(]))"
)
# Inside a line words of credit stand behind a number, a time, a sign, or at the beginning of an element
BEFORE_INNER: Final = r"(?<=\d\s)|(?<=[AaPp][Mm]\s)|(?<=[A-Z][DS]T\s)|(?<=[|•·–—/,-]\s)|(?<=\n)|(?<=\n\s)"
INNER_CREDITS: Final = "[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]oor|[Dd]i|[Aa]v|[Aa]f"
JOINS_IN_CAPITALS: Final = "AND|And|UND|Und|ET|Y|OCH|OG|И"
MAX_ROLE_WORDS: Final = 8
READING_TIME: Final = re.compile(r"\d\s?(?:min|Min|мин|分)")
MAY_CREDIT: Final = re.compile(rf"[:：]|(?:{INNER_CREDITS})\s")
ADDRESS: Final = re.compile(r"\w\.\w\w|://")  # whose slashes stand between no two names
# A family name, a comma, a given name: "Moss, Ada", "van der Berg, Anna Maria", "Li, B."
CATALOGUED: Final = re.compile(
    r"((?:(?:van|von|de|der|den|del|della|di|da|dos|la|le|ten|ter|al|el|bin) ){0,3}[^\W\d_a-z][\w'’-]{1,30}),"
    r" ([^\W\d_a-z](?:[\w'’-]{0,30}\.?)(?: [^\W\d_a-z][\w'’-]{0,30}\.?){0,2})(?=\Z|,)"
)


def credited_names(text: str) -> tuple[str, ...]:
    """The names of the authors whom a text credits, each once, without the words and signs around them.

    Words of credit, dates, roles, e-mails, addresses and degrees are left out, and so are words that name
    nobody ("admin"). A text that reads like a sentence names nobody.

    >>> credited_names("By Ada Moss, PhD, and Bo Li | 3 May 2024")
    ('Ada Moss', 'Bo Li')
    >>> credited_names("Par Marine Le Moss le 3 mai 2024")
    ('Marine Le Moss',)
    >>> credited_names("admin"), credited_names("https://example.com/ada"), credited_names("By the time we met")
    ((), (), ())
    """
    joined = _around_joins().sub(r" \1 ", unescape(text[:MAX_CREDIT_CHARS]))  # whatever line ends are there
    first, *others = [name for part in _persons(_without_credit(joined)) for name in _pieces(part)]
    if _is_prose(first):
        return ()
    names = [bare_name(first), *(bare_name(piece) for piece in others if not _is_role(piece))]
    # Behind a full name, and behind one who is nobody, a single word is no name: "Ada Moss, Privacy Expert"
    needs_two_words = " " in names[0] or not names[0]
    return tuple(dict.fromkeys(name for name in names if name and (" " in name or not needs_two_words)))


def _persons(text: str) -> list[str]:
    """Parts of a text that credit one person each where they are written as in catalogues, else the text."""
    parts = [side.strip(" ,") for part in text.split(" ; ") for side in _joins().split(part)]
    spoken = [spoken_name(part) for part in parts]
    return spoken if all(map(str.__ne__, spoken, parts)) else [text]


def spoken_name(text: str) -> str:
    """One name in spoken order, from that of catalogues; another text as it is.

    >>> spoken_name("Moss, Ada"), spoken_name("Ada Moss, Bo Li"), spoken_name("Moss, PhD"), spoken_name("Reuters, AFP")
    ('Ada Moss', 'Ada Moss, Bo Li', 'Moss, PhD', 'Reuters, AFP')
    """
    name = re.sub(" , ", ", ", text.strip())
    match = CATALOGUED.match(name)
    if not match or any(map(_is_addition, match.groups())):
        return text
    rest = name[match.end() :].lstrip(" ,")
    return f"{match[2]} {match[1]}" if not rest or _is_addition(rest) else text


def _is_addition(text: str) -> bool:
    """Whether a part between commas is a degree, a role, an agency or a word that names nobody."""
    key = text.casefold().replace(".", "")
    return key in nobody() or is_of_date(key) or key in words_of_group("agencies") or _is_role(text)


def is_role_or_day(text: str) -> bool:
    """Whether a short text is a day, says how long a text takes to read, or what a person does.

    >>> is_role_or_day("3 May 2024"), is_role_or_day("Senior Writer"), is_role_or_day("It rained all night again.")
    (True, True, False)
    """
    words = text.split()
    if len(words) > MAX_ROLE_WORDS:
        return False
    return READING_TIME.search(text) is not None or _is_role(text) or any(written_days(text))


def starts_with_credit(text: str) -> bool:
    """Whether a text begins with words that name an author: "By", "Written by", "Von".

    >>> starts_with_credit("By Ada Moss"), starts_with_credit("Byzantium fell")
    (True, False)
    """
    return _credit().match(text.strip()) is not None


def may_have_credit(text: str) -> bool:
    """Whether a text has a colon or a word of credit anywhere; most have none, and need not be searched closely."""
    return MAY_CREDIT.search(text) is not None


def inner_credit(text: str) -> str:
    """What follows words of credit inside a text, from these words on; "" without any.

    >>> inner_credit("Weather 3 May 2024 by Ada Moss"), inner_credit("Notes | Par Ada Moss"), inner_credit("Stand by")
    ('by Ada Moss', 'Par Ada Moss', '')
    """
    match = _inner_credit().search(text[:MAX_CREDIT_CHARS], 1)
    return text[match.start() :] if match else ""


def _without_credit(text: str) -> str:
    """A text without the words of credit at its beginning and without what follows the names."""
    text = text.strip()
    while credit := _credit().match(text):
        text = text[credit.end() :]
    if _other_credit().match(text):
        return ""
    added = _remark_start().search(text, 1)
    return text[: added.start()] if added else text


def _pieces(text: str) -> list[str]:
    """Parts of a text that may be names: split at signs and at words for "and"."""
    parts = BREAK.split(text) if not ADDRESS.search(text) else re.split(r"\s{0,3}[,;]\s{0,3}", text)
    return [side.strip() for part in parts for side in _joins().split(part)]


def _is_role(piece: str) -> bool:
    """Whether a part behind a name says what a person does, or names the house."""
    return any_word_of("roles").search(piece) is not None or is_house(piece)


def _is_prose(piece: str) -> bool:
    """Whether a piece reads like a part of a sentence: "my Top"; "Ada I Moss" does not."""
    words, prose = piece.split(), words_of_group("prose")
    if len(words) < 2:
        return False
    return not prose.isdisjoint(words) or (len(words[0]) > 1 and words[0].casefold() in prose)


@cache
def _credit() -> re.Pattern[str]:
    """Words of credit at the beginning, with a sign or a space behind them; a capital is glued to some by templates."""
    return re.compile(
        rf"(?:{alternatives('credits')})(?:\s{{0,3}}{LABEL_END}\s{{0,3}}|\s{{1,3}}|\Z)"
        rf"|(?:{alternatives('labels')})\s{{0,3}}{LABEL_END}\s{{0,3}}"
        rf"|(?-i:{GLUED_CREDIT})|{GLUED_LABEL}",
        re.IGNORECASE,
    )


@cache
def _other_credit() -> re.Pattern[str]:
    """The beginning of a text that names an editor, a photographer, a source."""
    return re.compile(
        rf"(?:{alternatives('editors')})\s{{0,3}}[:：]|(?:{alternatives('editors')})\Z", re.IGNORECASE
    )


@cache
def _inner_credit() -> re.Pattern[str]:
    """Words of credit inside a text: behind a time, a sign or the end of a line, or as a label."""
    return re.compile(
        rf"(?:{BEFORE_INNER})(?:{INNER_CREDITS})\s{{1,3}}(?=[^\W\d_a-z])"
        rf"|(?<!\w)(?i:{alternatives('credits')}|{alternatives('labels')})\s{{0,3}}[:：]"
    )


@cache
def _remark_start() -> re.Pattern[str]:
    return re.compile(
        rf"{ADDED_SIGN}|\s\S{{1,15}}\s?[:：]|\s\S{{1,12}}[讯訊电電](?!\w)|(?:\s(?:{alternatives('before_day')}))?[\s,]\s{{0,3}}\d"
        rf"|\s(?:{alternatives('before_place')})(?!\w)|\s(?i:{alternatives('added')})(?!\w)"
    )


@cache
def _joins() -> re.Pattern[str]:
    """Words between two names. In lower case, or some in capitals: "Dan" is a name, "dan" is "and" in Indonesian."""
    return re.compile(rf"(?:\s|\A)(?:{alternatives('joins')}|{JOINS_IN_CAPITALS})(?:\s|\Z)")


@cache
def _around_joins() -> re.Pattern[str]:
    return re.compile(rf"\s{{0,9}}([,&;]|\b(?:{alternatives('joins')})\b)\s{{0,9}}")


def byline_date(bylines: Iterable[str], language: str = "", latest: str = "") -> str:
    """The first date in some bylines up to ``latest``, a day, in ISO 8601; "" without one.

    A counter may be glued to it, as templates do that print both without a space. Of a name that means different
    months in two languages, that of ``language`` counts.

    >>> byline_date(["By Ada Moss", "2025-03-14158 view"]), byline_date(["Updated March 3, 2024"])
    ('2025-03-14', '2024-03-03')
    """
    lines = [*bylines]
    dates = (iso_date(re.sub(r"\.(?= )", "", m.group())) for line in lines for m in DATE.finditer(line))
    written = (date for line in lines for date in written_days(line, DateStyle("", language)))
    return next((date for date in chain(dates, written) if date >= FIRST_YEAR and is_by(date, latest)), "")


def byline_authors(bylines: Iterable[str]) -> tuple[str, ...]:
    """The persons whom bylines credit, each once; names of a role or a house are left out.

    >>> byline_authors(["By Ada Moss | 3 May 2024", "By Staff Writer"])
    ('Ada Moss',)
    """
    names = (m.group(1) for line in bylines if (m := CREDIT.match(line.strip())))
    persons = (n for n in names if n[0].isupper() and not HOUSE_NAME.search(n))
    return tuple(dict.fromkeys(persons))
