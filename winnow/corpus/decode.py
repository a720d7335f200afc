"""Bytes to text: byte order mark, what is declared, UTF-8, then a guess."""

import codecs
import re
from contextlib import suppress
from typing import Final

from charset_normalizer import from_bytes

from winnow.corpus.errors import UnreadableError
from winnow.corpus.mojibake import mended
from winnow.corpus.normal_form import plain_text

MARKS: Final = (  # longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAGIC: Final = {  # first bytes: what the file is instead
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or office file",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"\x7fELF": "a program",
}
DECLARED: Final = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,80}?encoding)\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""",
    re.IGNORECASE,
)
HEAD_BYTES: Final = 4096  # where a page declares its encoding (the HTML standard asks for the first 1,024)
GUESS_BYTES: Final = 50_000  # that the guess looks at
MIN_GUESS_BYTES: Final = 8  # outside ASCII; with fewer, any guess is chance: Windows-1252, as in browsers
ASCII: Final = bytes(range(128))
BROKEN_SHARE: Final = 0.005  # of the characters of a text that is as declared, with some bytes spoilt
NEVER_GUESSED: Final = [f"utf_{form}" for form in ("7", "16", "16_le", "16_be", "32", "32_le", "32_be")]
NOT_OF_TEXTS: Final = frozenset(
    {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "utf-7"}
)
CONTROL_SHARE: Final = 0.05  # of the first bytes; more control characters than any text has
CONTROLS: Final = 8  # of any length; so many stand in texts that were badly converted
CONTROL_BYTES: Final = bytes({*range(32)} - {7, 8, 9, 10, 12, 13, 27})
# Their bytes can be valid UTF-8 by chance
WIDE: Final = ("utf-16", "utf-32", "utf16", "utf32", "iso-2022", "hz")
ALIASES: Final = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


def decode(content: bytes, declared: str = "", *, html: bool = False) -> str:
    r"""The text of some bytes: lines end in ``\n``, control characters are gone, mojibake is mended.

    The encoding is that of the byte order mark; else UTF-8 where the bytes are valid in it, which
    text in another encoding almost never is; else ``declared``, else what the page declares, else
    charset-normalizer's guess. A declaration that does not fit is passed over.
    Raises UnreadableError (``empty``, ``binary``, ``undecodable``).

    >>> decode("Caf\xe9\r\n".encode("cp1252"), "utf-8")
    'Café\n'
    """
    if not content or content.isspace():
        raise UnreadableError("empty", f"{len(content)} bytes without text")
    text = plain_text(_read_bytes(content, declared, html=html))
    repaired = mended(text)
    return text if repaired == text else plain_text(repaired)


def is_text_encoding(name: str) -> bool:
    """Whether Python knows a text encoding by this name; codecs such as base64 do not count.

    >>> is_text_encoding("latin-1"), is_text_encoding("unicode_escape"), is_text_encoding("base64")
    (True, False, False)
    """
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):  # an unknown name, or one with a NUL in it
        return False
    return codec._is_text_encoding and codec.name not in NOT_OF_TEXTS


def _read_bytes(content: bytes, declared: str, *, html: bool) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    declaration = DECLARED.search(content, 0, HEAD_BYTES) if html else None
    names = [name for name in (declared, declaration[1].decode("ascii") if declaration else "") if name]
    if names and names[0].lower().startswith(WIDE):  # bytes that look like ASCII, or like no text at all
        names = [names[0], "utf-8", *names[1:]]
    else:
        _check_binary(content)
        names = ["utf-8", *names]
    readings = (_read_strictly(content, name) for name in names)
    return next((text for text in readings if text is not None), None) or _guess(content, declared)


def _check_binary(content: bytes) -> None:
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            raise UnreadableError("binary", f"the content is {what}")
    head = content[:HEAD_BYTES]
    controls = len(head) - len(head.translate(None, CONTROL_BYTES))
    if controls > max(CONTROLS, CONTROL_SHARE * len(head)):
        raise UnreadableError("binary", f"{controls} of the first {len(head)} bytes are control characters")


def _read_strictly(content: bytes, name: str) -> str | None:
    """The text if the encoding exists and fits; web pages that declare Latin-1 mean Windows-1252."""
    encoding = ALIASES.get(name.lower(), name)
    try:
        return content.decode(encoding) if is_text_encoding(encoding) else None
    except (UnicodeError, LookupError):
        return None


def _guess(content: bytes, declared: str) -> str:
    """The most likely reading; a declared one with a few broken characters is more likely than a guess."""
    if text := _without_half_character(content):
        return text
    lossy = _read_lossily(content, declared or "utf-8")
    if lossy is not None and lossy.count("\ufffd") <= BROKEN_SHARE * len(lossy):
        return lossy
    sample = content[:GUESS_BYTES]
    if len(sample.translate(None, ASCII)) < MIN_GUESS_BYTES:
        return content.decode("cp1252", errors="replace")
    best = from_bytes(sample, cp_exclusion=NEVER_GUESSED).best()
    if best is None:
        raise UnreadableError("undecodable", "no encoding fits the bytes; name one with --encoding")
    return content.decode(best.encoding, errors="replace")


def _without_half_character(content: bytes) -> str:
    """UTF-8 that ends in the middle of a character, without that character; "" for anything else."""
    with suppress(UnicodeDecodeError):
        text, _ = codecs.utf_8_decode(content)
        return "" if text.isascii() else text
    return ""


def _read_lossily(content: bytes, name: str) -> str | None:
    try:
        encoding = ALIASES.get(name.lower(), name)
        return content.decode(encoding, errors="replace") if is_text_encoding(encoding) else None
    except (UnicodeError, LookupError):
        return None
