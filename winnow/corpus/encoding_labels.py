"""What the label of an encoding means: as the HTML standard says, else as Python does."""

import codecs
from collections.abc import Callable, Mapping
from typing import Final

import webencodings

NOT_OF_TEXTS: Final = frozenset(
    {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "utf-7"}
)
AROUND_LABELS: Final = " \t\n\r\f\"';,"  # what pages leave at the ends of a label
# What a page means that the standard reads as no text: what Python reads instead
READ_BY_PYTHON: Final = frozenset({"replacement", "x-user-defined"})
SAME_AS: Final = {"gbk": "gb18030", "utf-16": "utf-16-le"}  # as the standard decodes these
# Bytes 80 to 9F are controls in an ISO 8859 encoding, which no text has, and characters in the Windows code page of
# the same language; pages name the one and use the other.
WINDOWS_SIBLINGS: Final = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
MAX_EXTENDED: Final = 100_000  # characters of a text that are looked up one by one, at 2 microseconds each
EXTENDED: Final = "winnow-extended"  # name of the error handler
ROWS_BEFORE_GAP: Final = 62  # of JIS X 0208, which Shift_JIS puts before its gap
CELLS_BEFORE_DELETE: Final = 63  # of an odd row, before the byte 7F, which is left out


def codec_of(label: str) -> str:
    """The name of Python's codec for a label, "" for one that names no encoding of texts.

    Labels mean what the HTML standard says: those of a subset its superset. A label that the standard does not have
    is looked up among Python's encodings.

    >>> codec_of("latin1"), codec_of("Shift_JIS"), codec_of("gb2312"), codec_of("cp437"), codec_of("base64")
    ('cp1252', 'cp932', 'gb18030', 'cp437', '')
    """
    label = label.strip(AROUND_LABELS)
    encoding = webencodings.lookup(label) if label.isascii() else None
    if encoding is None or encoding.name in READ_BY_PYTHON:
        return _python_codec(label)
    name: str = encoding.codec_info.name
    return SAME_AS.get(name, name)


def is_text_encoding(name: str) -> bool:
    """Whether a name is that of an encoding of texts; codecs such as base64 do not count.

    >>> is_text_encoding("latin-1"), is_text_encoding("unicode_escape"), is_text_encoding("base64")
    (True, False, False)
    """
    return bool(codec_of(name))


def read_lossily(content: bytes, codec: str) -> str:
    """The text of some bytes, with U+FFFD for each sequence that the encoding does not have.

    Japanese encodings are read with the characters that NEC and IBM added (①, ㈱, 髙), and Big5 with those of
    Microsoft's (碁, 粧), as browsers do.
    """
    text = content.decode(codec, "replace")
    unknown = text.count("\ufffd")
    if not unknown or codec not in EXTENDED_CHARACTERS or unknown > MAX_EXTENDED:
        return text
    codecs.register_error(EXTENDED, _extended_character)
    return content.decode(codec, EXTENDED)


def _python_codec(label: str) -> str:
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):  # an unknown name, or one with a NUL in it
        return ""
    return codec.name if codec._is_text_encoding and codec.name not in NOT_OF_TEXTS else ""


def _extended_character(error: UnicodeError) -> tuple[str, int]:
    """The character of two bytes that Python's codec does not have, and where to go on; else U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    character = EXTENDED_CHARACTERS[error.encoding](pair) if len(pair) == 2 else "\ufffd"
    return ("\ufffd", error.end) if "\ufffd" in character else (character, error.start + 2)


def _nec_or_ibm_character(pair: bytes) -> str:
    """The character of two bytes that JIS X 0208 leaves free, from Shift_JIS, which has it at the same place."""
    row, cell = (pair[0] & 0x7F) - 0x20, (pair[1] & 0x7F) - 0x20
    if (pair[0] ^ pair[1]) & 0x80 or not (1 <= row <= 94 and 1 <= cell <= 94):
        return "\ufffd"
    first = (row - 1) // 2 + (0x81 if row <= ROWS_BEFORE_GAP else 0xC1)
    second = cell + 0x3F + (cell > CELLS_BEFORE_DELETE) if row % 2 else cell + 0x9E
    return bytes((first, second)).decode("cp932", "replace")


def _microsofts_big5_character(pair: bytes) -> str:
    return pair.decode("cp950", "replace")


EXTENDED_CHARACTERS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "big5hkscs": _microsofts_big5_character,
    "euc_jp": _nec_or_ibm_character,
    "iso2022_jp": _nec_or_ibm_character,
}
