"""The script that a text is written in, and the language where the script alone tells it."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

HAN: Final = "CJK"
KANA: Final = "HIRAGANA"
# Letters of Chinese, Japanese and Korean count twice: a word has two where other scripts take five.
DENSE: Final = frozenset({HAN, KANA, "HANGUL"})
# Unicode's names of letters begin with their script, but for these.
SAME_SCRIPT: Final = {"KATAKANA": KANA, "KATAKANA-HIRAGANA": KANA, "HALFWIDTH": KANA, "FULLWIDTH": "LATIN"}
# Scripts that one language uses in practice. Those of several, such as Latin and Cyrillic, are not among them, nor are
# those whose languages have no code of two letters, such as Cherokee.
SCRIPT_LANGUAGES: Final = {
    "ARMENIAN": "hy", "BENGALI": "bn", HAN: "zh", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el",
    "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", KANA: "ja", "KANNADA": "kn",
    "KHMER": "km", "LAO": "lo", "MALAYALAM": "ml", "MONGOLIAN": "mn", "MYANMAR": "my", "ORIYA": "or",
    "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAANA": "dv", "THAI": "th", "TIBETAN": "bo",
    "YI": "ii",
}  # fmt: skip
MIN_LETTERS_BY_SCRIPT: Final = 5
MIN_HAN_LETTERS: Final = 10  # fewer may be a Japanese name
# Words that only one of the standards of Serbo-Croatian has: Serbian says "gde" where the others say "gdje".
SERBIAN: Final = re.compile(
    r"\b(?:gde|pre|vreme\w*|mest[oau]|det[ei]\w*|deca|uvek|posle|ovde|svet[au]?|reči?|nedelj\w*)\b"
)
CROATIAN: Final = re.compile(
    r"\b(?:tko|netko|nitko|svatko|tijekom|tjed[an]\w*|tisuć\w*|glazb\w*|sveučiliš\w*|europ\w*)\b",
    re.IGNORECASE,
)
BOSNIAN: Final = re.compile(
    r"\b(?:neko|svako|niko|tokom|sedmic\w*|hiljad\w*|histori\w*|evrop\w*)\b", re.IGNORECASE
)
INDONESIAN: Final = re.compile(
    r"\b(?:karena|bahwa|bisa|kantor|pemerintah|pengadilan|maupun|\w+apapun)\b", re.IGNORECASE
)
MALAY: Final = re.compile(
    r"\b(?:kerana|bahawa|boleh|ialah|sesiapa|sebarang|hendaklah|pejabat)\b", re.IGNORECASE
)
WORD_SHARE: Final = 0.003  # two words in a sample of 600 characters, which has some 450 letters
SERBO_CROATIAN: Final = (
    ("hr", CROATIAN, WORD_SHARE),
    ("sr", SERBIAN, WORD_SHARE),
    ("bs", BOSNIAN, WORD_SHARE),
)
JAPANESE_FORMS: Final = "々円駅県広図帰団応気売読変様発対実経歩毎権検沢浜総関転鉄顔黒単戦験済価仮伝労楽込働"
# Letters or common words of languages that would be taken for another one: by that other's script or code, their own
# code ("" where it has none of two letters), the signs, and the least share of all letters that the signs make up.
SIGNS: Final = {
    "ARABIC": (
        ("", re.compile("[ݨݙ]"), 0.005),  # Saraiki
        ("ms", re.compile("[ڠڽۏݢ]"), 0.01),
        ("sd", re.compile("[ٿڊڌڪڻڦڃڇڀ]"), 0.02),
    ),
    "BENGALI": (("as", re.compile("[ৰৱ]"), 0.01),),
    HAN: (("ja", re.compile(f"[{JAPANESE_FORMS}]"), 0.03),),
    "ETHIOPIC": (("ti", re.compile(r"[ኣቐ-ቝኽ]|\bዝ|\b(?:ናይ|እቲ|ካብ|ኣብ|ኦብ|ነቲ|እዚ|እዩ|ኢዩ|ሰብ)\b"), 0.03),),
    "HEBREW": (("yi", re.compile(r"[װױײ]|אַ|אָ|\b(?:און|פון|איז|דער|מיט|נישט)\b"), 0.02),),
    "MYANMAR": (("", re.compile("[ၐ-ႏꧠ-ꧾꩠ-ꩿ]"), 0.02),),  # Mon, Shan, Karen
    "TIBETAN": (("dz", re.compile("ཨིན|འབད|་ལུ་|ཚུ་"), 0.005),),
    "bs": SERBO_CROATIAN,
    "hr": SERBO_CROATIAN,
    "id": (("ms", MALAY, WORD_SHARE),),
    "ms": (("id", INDONESIAN, WORD_SHARE),),
    "sr": SERBO_CROATIAN,
    # Bhojpuri, Maithili, Magahi
    "hi": (("", re.compile(r"(?<!\S)(?:बा|बानी|बाटे|अछि|छथि|सँ|हइ|हई)(?!\w)"), 0.006),),
    "ne": (("", re.compile(r"(?<!\S)(?:अछि|छथि|सँ)(?!\w)"), 0.006),),  # Maithili
    "rw": (("rn", re.compile(r"vy|\bcanke\b"), 0.003),),
    "tl": (("", re.compile(r"\b(?:ug|nga|kag|sang|ngan|han)\b"), 0.008),),  # Cebuano, Hiligaynon, Waray
    "ur": (("", re.compile(r"\b(?:نوں|دا|دے|وچ|اتے)\b"), 0.008),),  # Punjabi
    "zu": (
        ("ss", re.compile(r"tf|\bnobe\b|\bkutsi\b"), 0.004),
        ("nr", re.compile(r"\b(?:begodu|nanyana|namkha|lokha)\b"), 0.002),
    ),
}


class Writing(NamedTuple):
    """A text's main script by the name that Unicode has for it, its letters, and its share of all letters."""

    script: str
    letters: int
    share: float


@lru_cache(maxsize=20_000)
def script_of(character: str) -> str:
    """The script of a letter, as Unicode names it; empty for what is no letter.

    >>> script_of("ж"), script_of("ド"), script_of("7")
    ('CYRILLIC', 'HIRAGANA', '')
    """
    name = unicodedata.name(character, "") if character.isalpha() else ""
    first = name.partition(" ")[0]
    return SAME_SCRIPT.get(first, first)


def writing_of(text: str) -> Writing:
    """The script that most letters of a text have; Japanese counts as kana, however much Han is between them."""
    counts = Counter(map(script_of, text))
    del counts[""]
    if counts[KANA] * 9 > counts[HAN]:
        counts[KANA] += counts.pop(HAN, 0)
    weights = {script: number * (1 + (script in DENSE)) for script, number in counts.items()}
    script = max(weights, key=weights.__getitem__, default="")
    return Writing(script, counts[script], weights[script] / sum(weights.values()) if script else 0.0)


def only_script(text: str, script: str) -> str:
    """A text without the letters of other scripts."""
    return "".join(c if script_of(c) in (script, "") else " " for c in text)


def language_by_signs(text: str, key: str, letters: int) -> str | None:
    """The language whose signs a text shows although its script or its words, the key, speak for another; or None.

    Empty for a language without a code of two letters.
    """
    for language, signs, min_share in SIGNS.get(key, ()):
        if len(signs.findall(text)) > min_share * letters:
            return language
    return None


def script_language(text: str, writing: Writing) -> str | None:
    """The language that the script of a text tells, None where it does not tell one.

    Empty where there are too few letters, and for a language without a code of two letters.
    """
    by_signs = language_by_signs(text, writing.script, writing.letters)
    language = SCRIPT_LANGUAGES.get(writing.script) if by_signs is None else by_signs
    min_letters = MIN_HAN_LETTERS if writing.script == HAN else MIN_LETTERS_BY_SCRIPT
    return "" if language and writing.letters < min_letters else language
