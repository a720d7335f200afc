"""UTF-16 and UTF-32 without a byte order mark, told by their zero bytes, or by their label where they have none."""

from collections.abc import Iterator
from typing import Final

HEAD_BYTES: Final = 4096  # that are looked at; a multiple of the width of a character
CODECS: Final = {
    "utf-32-le": (4, (2, 3)),
    "utf-32-be": (4, (0, 1)),
    "utf-16-le": (2, (1,)),
    "utf-16-be": (2, (0,)),
}
# Width of a character in bytes, and which of them are mostly 0. In UTF-32 all are, of a text without emoji; in
# UTF-16 those of line ends, digits and markup, one in two hundred even of Chinese.
MIN_ZERO_SHARE: Final = {4: 0.9, 2: 0.005}
ELSEWHERE: Final = 0.1  # of these zeros, as many at most stand in the other bytes
MIN_PRINTABLE_SHARE: Final = 0.95  # of the characters, white space left out


def wide_codec(content: bytes, declared: str) -> str:
    """The codec of bytes in UTF-16 or UTF-32, "" for others.

    ``declared`` is the codec that is declared outside the content; it counts where zero bytes say nothing.
    """
    head = content[:HEAD_BYTES]
    by_zeros = (codec for codec in CODECS if _has_zeros_of(head, codec) and _is_text(head, codec))
    return next(by_zeros, "") or _declared_codec(head, declared)


def _has_zeros_of(head: bytes, codec: str) -> bool:
    width, places = CODECS[codec]
    characters = len(head) // width
    zeros = [head[at::width].count(0) for at in range(width)]
    fewest = min(zeros[at] for at in places)
    others = max(zeros[at] for at in range(width) if at not in places) if width == 2 else 0
    return fewest > MIN_ZERO_SHARE[width] * characters and others <= ELSEWHERE * fewest


def _declared_codec(head: bytes, declared: str) -> str:
    """The declared codec, or that of the other byte order, whichever gives letters of fewer kinds."""
    if not declared.startswith(("utf-16", "utf-32")) or _is_narrow(head):
        return ""
    width = declared[:6]
    fitting = [codec for codec in (f"{width}-le", f"{width}-be") if _is_text(head, codec)]
    return min(fitting, key=lambda codec: len({ord(c) >> 8 for c in _characters(head, codec)}), default="")


def _is_narrow(head: bytes) -> bool:
    """Whether bytes are UTF-8 without control characters, which UTF-16 is next to never."""
    text = head.decode("utf-8", "ignore")
    return len(text.encode()) >= len(head) - 3 and all(map(str.isprintable, "".join(text.split())))


def _is_text(head: bytes, codec: str) -> bool:
    characters = "".join(_characters(head, codec))
    return bool(characters) and sum(map(str.isprintable, characters)) >= MIN_PRINTABLE_SHARE * len(
        characters
    )


def _characters(head: bytes, codec: str) -> Iterator[str]:
    """The characters of the first bytes, without white space and what is cut off."""
    width = CODECS[codec][0]
    return iter("".join(head[: len(head) // width * width].decode(codec, "replace").split()))
