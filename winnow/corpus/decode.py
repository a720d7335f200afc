"""Bytes to text: byte order mark, what is declared, UTF-8, then a guess."""

import codecs
import re
from typing import Final

from winnow.corpus.encoding_guess import contradicts, guess_codec, with_windows_signs
from winnow.corpus.encoding_labels import codec_of, read_lossily
from winnow.corpus.errors import UnreadableError
from winnow.corpus.mojibake import mended
from winnow.corpus.normal_form import plain_text, visible_text, without_controls
from winnow.corpus.wide_encodings import wide_codec

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
LANGUAGE: Final = re.compile(
    rb"""<html[^>]{0,500}?\slang\s{0,9}=\s{0,9}["']?([a-z]{2,3})\b|<meta[^>]{0,80}?content-language[^>]{0,80}?"""
    rb"""content\s{0,9}=\s{0,9}["']?([a-z]{2,3})\b""",
    re.IGNORECASE,
)
# Where a page declares its encoding: the HTML standard asks for the first 1,024, but browsers read later ones, too
HEAD_BYTES: Final = 65_536
CONTROL_HEAD_BYTES: Final = 4096  # that control characters are counted in
CONTROL_SHARE: Final = 0.05  # of these; more than any text has
CONTROLS: Final = 8  # of any length; so many stand in texts that were badly converted
CONTROL_BYTES: Final = bytes({*range(32)} - {7, 8, 9, 10, 12, 13, 27})
# Characters outside ASCII for each broken one. Text in another encoding, read as UTF-8, has .42 at most (Chinese in
# GB 18030), in European encodings .2; of UTF-8 with one byte in a hundred broken 2 % of 60 bytes have fewer than .6
# (`python -m bench.encodings`). A page that declares its encoding proves less by it.
UTF_8_PER_BROKEN: Final = 0.6
DECLARED_PER_BROKEN: Final = 1.5
ESCAPED_JAPANESE: Final = re.compile(
    rb"\x1b(?:\$[@B]|\$\(D|\([IJ])"
)  # what changes the letters in ISO-2022-JP
ESCAPED_KOREAN: Final = b"\x1b$)C"
BY_ESCAPES: Final = ("iso2022", "hz")  # codecs whose bytes are ASCII, and whose letters come behind a sign
CONTROLS_OF_ISO: Final = re.compile("[\x80-\x84\x86-\x9f]")  # what no text has; 85 is a line end


def decode(content: bytes, declared: str = "", *, html: bool = False) -> str:
    r"""The text of some bytes, in the one form of `plain_text`, with mojibake mended.

    The encoding is that of the byte order mark; else UTF-8 where the bytes are valid in it but for a few, which
    text in another encoding almost never is; else ``declared``, else what the page declares, read with U+FFFD for a
    few broken bytes; else chardet's guess. A declaration that does not fit is passed over, and so is one against
    which the letters speak clearly.
    Raises UnreadableError (``empty``, ``binary``, ``undecodable``).

    >>> decode("Caf\xe9\r\n".encode("cp1252"), "utf-8")
    'Café\n'
    """
    if not content or content.isspace():
        raise UnreadableError("empty", f"{len(content)} bytes without text")
    text = without_controls(_read_bytes(content, declared, html=html))
    while True:
        # Of mojibake, soft hyphens and others that nobody sees may be needed to mend it; where others are gone, what
        # stood around them may be some. Each turn but the last makes the text shorter.
        repaired = mended(text)
        plain = visible_text(text) if repaired is text else plain_text(repaired)
        if plain == text:
            return plain
        text = plain


def _read_bytes(content: bytes, declared: str, *, html: bool) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    _check_magic(content)
    outside = codec_of(declared)
    if wide := wide_codec(content, outside):
        return content.decode(wide, errors="replace")
    _check_controls(content)
    inside = DECLARED.search(content, 0, HEAD_BYTES) if html else None
    declared_codecs = [outside, codec_of(inside[1].decode("ascii", "replace")) if inside else ""]
    text = _read_escaped(content, outside)
    text = _read_utf_8(content) if text is None else text
    text = _read_declared(content, declared_codecs) if text is None else text
    return _guess(content, _language(content) if html else "") if text is None else text


def _check_magic(content: bytes) -> None:
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            raise UnreadableError("binary", f"the content is {what}")


def _check_controls(content: bytes) -> None:
    head = content[:CONTROL_HEAD_BYTES]
    controls = len(head) - len(head.translate(None, CONTROL_BYTES))
    if controls > max(CONTROLS, CONTROL_SHARE * len(head)):
        raise UnreadableError("binary", f"{controls} of the first {len(head)} bytes are control characters")


def _read_escaped(content: bytes, declared: str) -> str | None:
    """Text whose letters stand behind escapes, declared or told by the escapes; None for any other."""
    codec = declared if declared.startswith(BY_ESCAPES) else ""
    if b"\x1b" in content:
        codec = "iso2022_jp" if ESCAPED_JAPANESE.search(content) else codec
        codec = "iso2022_kr" if ESCAPED_KOREAN in content else codec
    text = read_lossily(content, codec) if codec else ""
    return text if codec and _has_few_broken(text, DECLARED_PER_BROKEN) else None


def _read_utf_8(content: bytes) -> str | None:
    """UTF-8 with a few broken bytes at most; a character that is cut off at the end is left out."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        text, _ = codecs.utf_8_decode(content, "replace")
    return text if not text.isascii() and _has_few_broken(text, UTF_8_PER_BROKEN) else None


def _read_declared(content: bytes, declared: list[str]) -> str | None:
    """The text as it is declared, by the first declaration that fits."""
    narrow = (codec for codec in declared if codec and not codec.startswith("utf"))
    for codec in (with_windows_signs(content, codec) for codec in narrow):
        text = read_lossily(content, codec)
        if _has_few_broken(text, DECLARED_PER_BROKEN) and not contradicts(content, codec):
            return text
    return None


def _guess(content: bytes, language: str) -> str:
    """The most likely reading. Raises UnreadableError for bytes that are like no text."""
    codec = guess_codec(content, language)
    if not codec:
        raise UnreadableError("undecodable", "no encoding fits the bytes; name one with --encoding")
    return read_lossily(content, codec)


def _language(content: bytes) -> str:
    """The language that a page declares, two or three letters, "" if it does not."""
    declaration = LANGUAGE.search(content, 0, HEAD_BYTES)
    return (declaration[1] or declaration[2]).decode().lower() if declaration else ""


def _has_few_broken(text: str, characters_per_broken: float) -> bool:
    good, bad = _good_and_bad(text)
    return good >= characters_per_broken * bad


def _good_and_bad(text: str) -> tuple[int, int]:
    """How many characters outside ASCII are letters or signs, and how many broken or control characters."""
    outside = len(text) - len(text.encode("ascii", "ignore"))
    bad = text.count("\ufffd") + len(CONTROLS_OF_ISO.findall(text))
    return outside - bad, bad
