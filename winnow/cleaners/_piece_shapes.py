"""Shapes by which a piece at the end of a paragraph is noise: photo credits, teasers, signs of agencies, sources."""

import re
from functools import cache
from typing import Final

from winnow.cleaners._rules import load_patterns, load_words
from winnow.cleaners.bylines import SOURCE
from winnow.cleaners.captions import NAMED_CREDIT, PHOTO_BY
from winnow.cleaners.navigation import LEAD
from winnow.corpus.lines import bare_words

MARKS: Final = (":", "：", "©")  # one of these marks, ends or words is in every shape
BRACKETS: Final = (")", "]", "）", "】", ").", "].")
PICTURES: Final = ("hoto", "Foto", "Image", "Picture", "Bild", "Screenshot", "图", "圖", "写真", "画像")
CREDIT_CHARS: Final = 90
TEASER_CHARS: Final = 170
LEAD_WORDS: Final = 2  # of a lead in small letters: "Recommended: 16 GB" is a sentence of a manual
OPENING: Final = "([（【"
OPENERS: Final = OPENING + "-–—|>»* \xa0\u3000"  # before the words of a piece
AGENCY_SIGN: Final = re.compile(  # "(dpa/moss)", "[AFP]"
    r"[(\[（](?:dpa|AFP|afp|AP|Reuters|REUTERS|epd|KNA|kna|APA|SDA|sda|EFE|ANSA|PAP|TT|NTB|Ritzau|ANP|Belga|dts|rtr|jW)"
    r"(?: ?/ ?[\w-]{2,12}){0,3}[)\]）]\.?"
)

KindAndRule = tuple[str, str]


def may_have_shape(tail: str) -> bool:
    """Whether a paragraph's end has a mark or a word without which no piece has one of the shapes; few have."""
    return (
        tail.endswith(BRACKETS)
        or any(map(tail.__contains__, MARKS))
        or any(map(tail.__contains__, PICTURES))
    )


def piece_shape(piece: str) -> KindAndRule | None:
    """Kind and rule of the shape that a piece has, None if it has none.

    >>> piece_shape("(Ada Moss / The Paper)"), piece_shape("(dpa)"), piece_shape("Rain: and snow")
    (('image_caption', 'glued_credit'), ('byline_date', 'glued_agency'), None)
    """
    bare = piece.strip()
    if _is_credit(bare):
        return "image_caption", "glued_credit"
    if _is_teaser(bare):
        return "related_links", "glued_teaser"
    if AGENCY_SIGN.fullmatch(bare):
        return "byline_date", "glued_agency"
    return ("source_note", "glued_source") if SOURCE.fullmatch(bare.strip("()[]（） ")) else None


def _is_credit(piece: str) -> bool:
    """Whether a piece names who took a picture: "Photo: Ada Moss", "(Ada Moss / The Paper)"."""
    if len(piece) > CREDIT_CHARS:
        return False
    text = piece.lstrip(OPENERS)
    patterns = (_labelled_credit().fullmatch(text), PHOTO_BY.match(text), NAMED_CREDIT.fullmatch(piece))
    return any(match is not None for match in patterns)


def _is_teaser(piece: str) -> bool:
    """Whether a piece is a labelled link to another text: "Read also: The river rose"."""
    lead = LEAD.match(piece.lstrip(OPENERS)) if len(piece) <= TEASER_CHARS else None
    if lead is None:
        return False
    words = lead["words"]
    is_marked = words.isupper() or len(words.split()) >= LEAD_WORDS or piece[:1] in OPENING
    return is_marked and bare_words(words.casefold()) in load_words("navigation", "leads")


@cache
def _labelled_credit() -> re.Pattern[str]:
    """A label of a caption, its mark, and whom it names."""
    labels, slashed, signed = (
        load_patterns("captions", group) for group in ("labels", "slashed", "signed")
    )
    return re.compile(
        rf"(?:{labels})\s{{0,2}}[:：©]\s{{0,3}}(?-i:[A-ZÀ-ÞА-ЯŁŚŻ©\"“(@]).{{1,80}}|"
        rf"(?:{slashed}) ?/ ?(?-i:[A-ZÀ-ÞА-Я]).{{1,60}}|(?:{signed})\s{{0,2}}[:：／/=＝].{{1,40}}|"
        r"©\s{0,2}[\w.]{2,30}(?: [\w.]{2,20}){0,3}\W{0,2}",
        re.IGNORECASE,
    )
