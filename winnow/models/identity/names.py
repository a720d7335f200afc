"""Personal names and the user names made of them, as generators put them together."""

import re
import unicodedata
from typing import Final

from winnow.models.identity.generator_lexicon import Lexicon, load_lexicon

TITLED: Final = re.compile(
    r"((?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Hr|Fr|Sr|Sra|Srta|Sig|Sig\.ra|Dott|Ing|Mgr|Bc|pan|pani|пан|пані|панна|г-н|г-жа|Okt|Av|Dipl\.-Ing|Univ\.Prof)"
    r"\.? )?(.{2,50}?)"
    r"(,? (?:DVM|DDS|MD|PhD|Jr\.|Sr\.|II|III|IV|V|MBA\.?|B\.A\.|B\.Sc\.|Ph\.D\.|CSc\.|DiS\.|Th\.D\.|Filho|Neto))?"
)
CAPITALISED: Final = re.compile(r"[^\W\d_a-z][\w'’-]{1,24}(?: [^\W\d_a-z][\w'’-]{1,24}){1,3}")
HANDLE: Final = re.compile(r"(?=.{4,30}$)[a-z][a-z]{0,20}(?:[._-][a-z]{1,20})?[._-]?\d{0,4}")
CYRILLIC: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ie i i g".split(" "),
        strict=True,
    )
)
UNACCENTED: Final = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", **CYRILLIC})
DIVIDERS: Final = re.compile(r"[._-]")
LONG_NAME: Final = 4  # letters from which a first name makes a user name with digits alone
LONG_HANDLE: Final = 6  # letters from which one is cut into names
MIN_PART: Final = 3  # letters of a name in a user name that is cut


def is_full_name(value: str) -> bool:
    """Whether a value is a first and a last name that generators list for one locale, in either order.

    >>> is_full_name("Ona Kuhn"), is_full_name("Dr. Ona Kuhn DVM"), is_full_name("Ada Lovelace Memorial")
    (True, True, False)
    """
    titled = TITLED.fullmatch(value)
    return titled is not None and _is_bare_name(titled[2], load_lexicon())


def has_affix(value: str) -> bool:
    """Whether a full name carries a title or degree. Harm: doctors and professors have such names."""
    titled = TITLED.fullmatch(value)
    return (
        titled is not None
        and bool(titled[1] or titled[3])
        and _is_bare_name(titled[2].rstrip(","), load_lexicon())
    )


def names_in(text: str) -> list[str]:
    """Full names that stand in running text, in Latin script."""
    return [name for name in CAPITALISED.findall(text) if is_full_name(name)]


def plain(text: str) -> str:
    """A text in lower case without accents, Cyrillic in Latin letters."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(UNACCENTED))
    return (
        apart
        if apart.isascii()
        else "".join(letter for letter in apart if not unicodedata.combining(letter))
    )


def handle_names(handle: str) -> tuple[str, ...]:
    """The names that a user name is put together from, lower-case; none if it is not of listed names.

    Read are ``first.last``, ``flast12``, ``first97`` and ``firstlast``.

    >>> handle_names("lakin.chance"), handle_names("rgerhold"), handle_names("harbour-news")
    (('lakin', 'chance'), ('gerhold',), ())
    """
    handle = plain(handle)
    if not HANDLE.fullmatch(handle):
        return ()
    lexicon, bare = load_lexicon(), handle.rstrip("0123456789").rstrip("._-")
    has_digits = bare != handle
    parts = DIVIDERS.split(bare)
    if len(parts) == 2 and (names := _two_names(parts[0], parts[1], lexicon)):
        return names
    if has_digits and len(bare) >= LONG_NAME and bare in lexicon.handle_first:
        return (bare,)
    return _joined_names(bare.replace("-", ""), lexicon) if bare.replace("-", "").isalpha() else ()


def _two_names(one: str, two: str, lexicon: Lexicon) -> tuple[str, ...]:
    is_one = one in lexicon.handle_first or one in lexicon.handle_last
    is_two = two in lexicon.handle_first or two in lexicon.handle_last
    return (one, two) if is_one and is_two else ()


def _joined_names(bare: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A user name without dividers as an initial and a surname, or a first name and a surname."""
    if len(bare) < LONG_HANDLE:
        return ()
    if bare[1:] in lexicon.handle_last:
        return (bare[1:],)
    for at in range(MIN_PART, len(bare) - MIN_PART + 1):
        one, two = bare[:at], bare[at:]
        if one in lexicon.handle_first and two in lexicon.handle_last:
            return one, two
        if one in lexicon.handle_last and (two in lexicon.handle_first or two in lexicon.handle_last):
            return one, two
    return ()


def _is_bare_name(value: str, lexicon: Lexicon) -> bool:
    words = value.casefold().split()
    if len(words) == 1:
        return not value.isascii() and _is_joined_name(words[0], lexicon)
    if not 2 <= len(words) <= 5 or not (lexicon.is_name(words[0]) or lexicon.is_name(" ".join(words[:2]))):
        return False
    splits = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    skipped = [(words[0], words[-1])]  # a middle name, or a patronymic at the end
    skipped += [(words[0], words[1])] if len(words) == 3 and not value.isascii() else []
    return any(_agree(one, two, lexicon) for one, two in (*splits, *skipped))


def _is_joined_name(word: str, lexicon: Lexicon) -> bool:
    """A name in a script without spaces, surname first."""
    return 2 <= len(word) <= 5 and any(_agree(word[at:], word[:at], lexicon) for at in (1, 2, 3))


def _agree(one: str, two: str, lexicon: Lexicon) -> bool:
    first = lexicon.first
    one_first = first.get(one, 0) & _surname_languages(two, lexicon)
    return bool(one_first or first.get(two, 0) & _surname_languages(one, lexicon))


def _surname_languages(name: str, lexicon: Lexicon) -> int:
    """The languages of a surname, or of both parts of a double one."""
    one, dash, two = name.partition("-")
    languages = lexicon.last.get(name, 0)
    return languages or (lexicon.last.get(one, 0) & lexicon.last.get(two, 0) if dash else 0)
