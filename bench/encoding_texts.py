"""Texts in many languages, and bytes that hold them: declared, wrongly declared or not, with some bytes broken.

The texts are the messages of Django's translations, one catalogue a language, without placeholders.
"""

import gettext
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SIZES = (60, 200, 1_000, 5_000)  # bytes of a sample, without its markup
BROKEN_SHARES = (0.0, 0.001, 0.01)  # of the bytes outside markup, replaced at random
DECLARATIONS = ("declared", "wrongly declared", "undeclared text", "undeclared page")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|&\w+;|<[^>]*>")
LATIN_1, LATIN_2, BALTIC = (
    ("cp1252", "iso8859-15"),
    ("cp1250", "iso8859-2"),
    ("cp1257", "iso8859-13"),
)
CYRILLIC = ("cp1251", "iso8859-5")
ENCODINGS = {
    **dict.fromkeys("ca da de es eu fi fr ga gl is it nb nl pt sq sv".split(), LATIN_1),
    **dict.fromkeys("cs hr hu pl sk sl".split(), LATIN_2),
    **dict.fromkeys("be bg mk sr".split(), CYRILLIC),
    "et": ("cp1257", "iso8859-15"),
    "lt": BALTIC,
    "lv": BALTIC,
    "tr": ("cp1254",),
    "el": ("cp1253", "iso8859-7"),
    "ru": (*CYRILLIC, "koi8-r", "cp866"),
    "uk": (*CYRILLIC, "koi8-u"),
    "he": ("cp1255",),
    "ar": ("cp1256", "iso8859-6"),
    "fa": ("cp1256",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "ko": ("cp949",),
    "zh_Hans": ("gb18030",),
    "zh_Hant": ("big5",),
    **dict.fromkeys("bn hi hy ka km kn ta".split(), ()),
}
EVERYWHERE = ("utf-8", "utf-16-le")
LABELS = {  # as pages write them
    "cp932": "Shift_JIS", "cp949": "euc-kr", "gb18030": "gb2312", "cp874": "tis-620", "cp1254": "iso-8859-9",
    "iso2022_jp": "iso-2022-jp", "euc_jp": "euc-jp", "cp866": "ibm866",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Bytes in an encoding, the text that they hold, and how they were made."""

    language: str
    encoding: str
    size: int
    declaration: str
    broken: float  # share of the bytes outside markup
    text: str  # that was encoded
    readable: str  # the same, as its own encoding reads the bytes: with U+FFFD for what is broken
    content: bytes


def catalogues() -> Path | None:
    """The folder of Django's packages, None where Django is not installed."""
    spec = find_spec("django")
    return Path(spec.origin).parent if spec and spec.origin else None


def samples(count: int, seed: int) -> Iterator[Sample]:
    """So many samples of each language, encoding, size, declaration and share of broken bytes."""
    draw = random.Random(seed)
    for language, encodings in ENCODINGS.items():
        messages = _messages(language)
        for encoding in (*encodings, *EVERYWHERE):
            texts = [_text(messages, encoding, size, draw) for size in SIZES for _ in range(count)]
            for at, text in enumerate(filter(None, texts)):
                for declaration in DECLARATIONS:
                    for broken in BROKEN_SHARES:
                        octets = _damaged(encoded(text, encoding), broken, draw)
                        readable = octets.decode(encoding, "replace") if broken else text
                        content = _content(octets, language, encoding, declaration)
                        size = SIZES[at // count]
                        yield Sample(language, encoding, size, declaration, broken, text, readable, content)


def _messages(language: str) -> list[str]:
    folder = catalogues()
    assert folder is not None
    messages: list[str] = []
    for path in sorted(folder.glob(f"**/locale/{language}/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # not in typeshed
        pairs = sorted((k, v) for k, v in catalogue.items() if isinstance(k, str) and isinstance(v, str))
        messages += [
            " ".join(PLACEHOLDER.sub("", value).split()) for key, value in pairs if key and key != value
        ]
    return [unicodedata.normalize("NFC", message) for message in messages if message]


def _text(messages: list[str], encoding: str, size: int, draw: random.Random) -> str:
    """Messages from a place by chance on, cut to a number of bytes; "" for a text with nothing outside ASCII."""
    at = draw.randrange(len(messages))
    text, octets = "", b""
    for message in messages[at:] + messages[:at]:
        try:
            octets += encoded(message, encoding) + b" "
        except UnicodeEncodeError:
            continue
        text += message + " "
        if len(octets) >= size:
            break
    while text and len(encoded(text, encoding)) > size:
        text = text[:-1]
    return "" if text.isascii() else text.strip()


def encoded(text: str, encoding: str) -> bytes:
    """A text in an encoding; Vietnamese with its tones as letters of their own, as Windows-1258 has them."""
    if encoding != "cp1258":
        return text.encode(encoding)
    pieces = (_with_tone_apart(c) for c in text)
    return "".join(pieces).encode(encoding)


def _with_tone_apart(character: str) -> str:
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", character)
        tone = next((p for p in parts[1:] if p in "\u0300\u0301\u0303\u0309\u0323"), "")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else character
    return character


def _damaged(content: bytes, share: float, draw: random.Random) -> bytes:
    """Bytes of which a share is replaced by others outside ASCII."""
    octets = bytearray(content)
    for at in draw.sample(range(len(octets)), round(share * len(octets))):
        octets[at] = draw.randrange(0x80, 0x100)
    return bytes(octets)


def _content(octets: bytes, language: str, encoding: str, declaration: str) -> bytes:
    """A text, or a page around it."""
    if declaration == "undeclared text":
        return octets
    head = (
        f'<html lang="{language.partition("_")[0]}"><head>'
        + {
            "declared": f'<meta charset="{LABELS.get(encoding, encoding)}">',
            "wrongly declared": f'<meta charset="{_wrong_label(language, encoding)}">',
            "undeclared page": "",
        }[declaration]
    )
    ascii_encoding = encoding if encoding.startswith("utf-16") else "ascii"
    start, end = f"{head}<title>-</title></head><body>\n<p>", "</p>\n</body></html>\n"
    return start.encode(ascii_encoding) + octets + end.encode(ascii_encoding)


def _wrong_label(language: str, encoding: str) -> str:
    """What pages declare by mistake: what their server has as its default, or what they had before."""
    if not encoding.startswith("utf-"):
        return "utf-8"
    legacy = ENCODINGS[language]
    return LABELS.get(legacy[0], legacy[0]) if legacy else "iso-8859-1"
