"""The encoding that bytes are most likely in, by chardet's models of letters that stand together."""

import re
from collections.abc import Collection
from typing import Final

import chardet

from winnow.corpus.encoding_labels import WINDOWS_SIBLINGS, read_lossily

GUESS_BYTES: Final = (
    16_384  # that are looked at, from the first one outside ASCII on; chardet counts no more
)
SEARCHED_BYTES: Final = 500_000  # that tags and most of what is ASCII are taken out of, to find so many
ASCII: Final = bytes(range(128))
TAG: Final = re.compile(rb"<[^<>]{1,2000}>")
# The middle of stretches of ASCII, which say nothing: of scripts, above all
ASCII_MIDDLE: Final = re.compile(rb"(?<=[\x00-\x7f]{16})[\x00-\x7f]{16,}(?=[\x00-\x7f]{16})")
OUTSIDE_ASCII: Final = re.compile(rb"[\x80-\xff]")
CONTEXT_BYTES: Final = 200  # before the first byte outside ASCII
# What is guessed: encodings of the HTML standard, without those that next to no page is in.
GUESSED: Final = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 iso8859-2 iso8859-5 iso8859-6 iso8859-7"
    " iso8859-8 iso8859-13 iso8859-15 koi8-r koi8-u cp866 mac-roman mac-cyrillic gb18030 big5hkscs cp932 euc_jp"
    " cp949".split()
)
CHARDETS_NAMES: Final = {"euc_jp": "euc_jis_2004"}
PYTHONS_NAMES: Final = {name: codec for codec, name in CHARDETS_NAMES.items()}
IF_NONE_FITS: Final = "cp1252"  # what chardet answers then
CONFIDENCE_IF_NONE_FITS: Final = 0.1
# Encodings of the pages in a language, the most frequent first
OF_LANGUAGES: Final = {
    **dict.fromkeys("ca da de es eu fi fo fr ga gl is it nb nl nn no pt sq sv".split(), ("cp1252", "iso8859-15")),
    **dict.fromkeys("bs cs hr hu pl ro sk sl".split(), ("cp1250", "iso8859-2")),
    **dict.fromkeys("be bg mk ru sr uk".split(), ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")),
    **dict.fromkeys(("lt", "lv"), ("cp1257", "iso8859-13")),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256", "iso8859-6")),
    "et": ("cp1257", "cp1252", "iso8859-15"),
    "tr": ("cp1254",),
    "az": ("cp1254", "cp1251"),
    "el": ("cp1253", "iso8859-7"),
    "he": ("cp1255", "iso8859-8"),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"),
}  # fmt: skip
LANGUAGE_BONUS: Final = 2.0  # factor on chardet's confidence in an encoding of the page's own language
MIN_BYTES: Final = 3  # outside ASCII; with fewer, the first encoding of the language, or Windows-1252
# Of samples of `bench.encodings` with 60 bytes outside ASCII, the least likely has .05 in its own encoding; of
# 60 bytes drawn by chance from 80 to 9F the best has .004, from 20 to FF .015.
MIN_CONFIDENCE: Final = 0.015
MIN_NOISE_BYTES: Final = 60
MAX_BROKEN_SHARE: Final = 0.1  # of the characters outside ASCII, in an encoding that may still be the one
# Of `python -m bench.encodings`, 1 in 1,000 texts seems twice as likely in another encoding than its own, none of
# those with 20 bytes outside ASCII three times; of those read in the wrong one, nine in ten of another script do.
CONTRADICTION: Final = 3.0
MIN_CONTRADICTING_BYTES: Final = 20
# Of another encoding; in their own, texts have less only in short pieces, and in languages that chardet does not know
MIN_CONTRADICTING_CONFIDENCE: Final = 0.15


def guess_codec(content: bytes, language: str) -> str:
    """The codec that bytes are most likely in, some of which may be broken; "" for noise that is like no text.

    ``language`` is what the page declares.
    At most 16 kB count. Takes about a millisecond, ten where bytes are broken.
    """
    sample = _sample(content)
    own = OF_LANGUAGES.get(language, ())
    if _outside_ascii(sample) < MIN_BYTES:
        return own[0] if own else "cp1252"
    whole = _confidences(sample, GUESSED)
    broken = {codec: _confidence_without_broken(sample, codec) for codec in GUESSED if codec not in whole}
    weighed = {
        codec: share * (LANGUAGE_BONUS if codec in own else 1.0)
        for codec, share in (broken | whole).items()
    }
    codec = max(GUESSED, key=lambda codec: weighed.get(codec, 0.0))
    if weighed.get(codec, 0.0) < MIN_CONFIDENCE and _outside_ascii(sample) >= MIN_NOISE_BYTES:
        return ""
    return with_windows_signs(content, codec)


def contradicts(content: bytes, codec: str) -> bool:
    """Whether bytes, however well they can be read by a codec, are much more likely in another encoding."""
    sample = _sample(content)
    if codec not in GUESSED or _outside_ascii(sample) < MIN_CONTRADICTING_BYTES:
        return False
    readable = _without_broken(sample, codec)
    confidences = _confidences(readable, GUESSED)
    highest = max(confidences.values(), default=0.0)
    return highest >= max(MIN_CONTRADICTING_CONFIDENCE, CONTRADICTION * confidences.get(codec, 0.0))


def with_windows_signs(content: bytes, codec: str) -> str:
    """The Windows code page for an ISO 8859 encoding in which bytes would be controls, where it is as likely."""
    sibling = WINDOWS_SIBLINGS.get(codec)
    if not sibling or not re.search(rb"[\x80-\x84\x86-\x9f]", content):
        return codec
    sample, pair = _sample(content), (codec, sibling)
    confidences = [_confidences(_without_broken(sample, each), pair).get(each, 0.0) for each in pair]
    return sibling if confidences[1] >= confidences[0] else codec


def _sample(content: bytes) -> bytes:
    """Bytes without markup, from shortly before the first that are not ASCII."""
    first = OUTSIDE_ASCII.search(content)
    if not first:
        return b""
    start = max(0, first.start() - CONTEXT_BYTES)
    text = TAG.sub(b" ", content[start : start + SEARCHED_BYTES])
    return ASCII_MIDDLE.sub(b" ", text)[:GUESS_BYTES]


def _outside_ascii(content: bytes) -> int:
    return len(content.translate(None, ASCII))


def _confidences(sample: bytes, codecs: Collection[str]) -> dict[str, float]:
    """Chardet's confidence in each of some codecs that can read a sample whole, 0 to 1."""
    names = {CHARDETS_NAMES.get(codec, codec) for codec in (*codecs, IF_NONE_FITS)}
    results = chardet.detect_all(
        sample,
        ignore_threshold=True,
        compat_names=False,
        include_encodings=names,
        no_match_encoding=IF_NONE_FITS,
        empty_input_encoding=IF_NONE_FITS,
    )
    named = {PYTHONS_NAMES.get(str(r["encoding"]), str(r["encoding"])): r["confidence"] for r in results}
    if named == {IF_NONE_FITS: CONFIDENCE_IF_NONE_FITS}:
        return {}
    return {codec: confidence for codec, confidence in named.items() if codec in codecs}


def _confidence_without_broken(sample: bytes, codec: str) -> float:
    """Confidence in a codec by the bytes that it can read; 0 where these are too few, or another is more likely."""
    text = read_lossily(sample, codec)
    broken = text.count("\ufffd")
    outside = len(text) - len(text.encode("ascii", "ignore"))
    if not broken or broken > MAX_BROKEN_SHARE * outside:
        return 0.0
    confidences = _confidences(_without_broken(sample, codec), GUESSED)
    confidence = confidences.get(codec, 0.0)
    return confidence if confidence >= max(confidences.values(), default=0.0) else 0.0


def _without_broken(sample: bytes, codec: str) -> bytes:
    return read_lossily(sample, codec).replace("\ufffd", "").encode(codec, "ignore")
