"""Captions and photo credits."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from winnow.cleaners._content import is_content
from winnow.cleaners._dates import month_pattern
from winnow.cleaners._rules import load_patterns, whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line

AGENCY_CREDIT: Final = re.compile(
    r"(?:\bAP ?Photo|\bREUTERS/|\bAFP ?(?:PHOTO|/)|\bGetty Images\b|\bShutterstock\b|\biStock\b|\bWikimedia Commons\b|"
    r"\bpicture[- ]alliance\b|\bimago(?:images)?/|\bEPA/|\bdpa/|\bUnsplash\b|\bPixabay\b|\bdomena publiczna\b)"
)
AGENCIES: Final = tuple(  # one is in every match
    "Photo REUTERS AFP Getty Shutterstock iStock Commons alliance imago EPA dpa Unsplash Pixabay domena".split()
)
PICTURES: Final = ("photo", "image", "picture", "foto", "bild", "screenshot")  # likewise, in any case
PHOTO_BY: Final = re.compile(
    r"\b(?:Photo(?:graph)?s?|Image|Picture|Foto|Bild|Screenshot)s? (?:by|courtesy(?: of)?|credit|source|via)\b:?"
    r"(?-i:\s{0,3}(?:[A-ZÀ-Þ@]|https?:|[\w.-]{2,60}\.[a-z]{2,10}\b|\Z))",
    re.IGNORECASE,
)
LABEL_MARK: Final = re.compile(r"[:：©/／=＝]")  # one is in every label
LABEL_CHARS: Final = 50  # that a label has at most
WIRE_TAIL: Final = re.compile(  # "Ada Moss / The Agency / AFP"
    r"[/|(©–—-] ?(?:AFP|AP|Reuters|REUTERS|dpa|DPA|EFE|EPA|ANSA|PAP|ANP|Xinhua|TASS|ТАСС|РИА Новости|Alamy|Adobe Stock|"
    r"Depositphotos|Pexels|Flickr|Keystone|LaPresse|East News|123RF|SIPA|Belga|NTB|Ritzau|Handout)\)?\Z"
)
SIGNED: Final = re.compile(
    r"[.!?][”“\"]?\s{0,2}[(/—–-] ?[^()/]{2,15}\)?\Z"
)  # behind a sentence: "is closed. (dpa)"
NEXT_SENTENCE: Final = re.compile(r"[.!?][”“\"]? [A-ZÀ-Þ].{60}")  # a paragraph that closes with its agency
CREDIT_TAIL: Final = re.compile(
    r"[,(|] ?(?:photo|foto|credit|bild|image|créditos?)\s{0,2}[:©].{3,60}\Z", re.IGNORECASE
)
NAMED_CREDIT: Final = re.compile(  # "(Ada Moss / The Paper)", "(AP Photo/Ada Moss)" at the end
    r"\((?:(?:(?:[A-ZÀ-Þ][a-zà-ÿ’'-]{1,20}|[A-Z]\.) ){1,3}?[A-ZÀ-Þ][\w’'-]{1,20} ?/ ?[A-ZÀ-Þ][\w.&’' -]{1,45}|"
    r"[A-Z]{2,5} Photo ?/ ?[A-ZÀ-Þ][\w.’' -]{2,40})\)\Z"
)
MAX_CHARS: Final = 320
TAIL_CHARS: Final = 90
DATED_LINES: Final = 20  # a caption with place and date stands in the first lines
DATED_WORDS: Final = range(6, 31)
SCORE: Final = 0.9
MARKED_UP: Final = re.compile(r"(?:\A|/)figcaption(?:[./]|\Z)")
MARKED_UP_SCORE: Final = 0.98  # HTML's own element for captions


def captions(document: Document) -> Iterator[Removal]:
    r"""Find lines that are a caption or a photo credit.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell.\nThe flooded bridge. Photo: Ada Moss\nPhoto: Getty Images\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [captions]).text
    'Rain fell.\nThe flooded bridge. Photo: Ada Moss\n'
    """
    yield from _marked_up(document)
    rules = {index: rule for index in range(len(document.lines)) if (rule := _rule(document, index))}
    signed = [index for index, rule in rules.items() if rule == "wire_tail" and _may_close(document, index)]
    if len(signed) == 1:  # several are the captions of a gallery
        del rules[signed[0]]
    for index, rule in rules.items():
        if not is_content(document, index, rules):
            yield whole_line(document.lines[index], "image_caption", rule, SCORE)


def _rule(document: Document, index: int) -> str:
    """The rule by which a line is a caption, "" if none."""
    line = document.lines[index]
    if line.weight > MAX_CHARS:
        return ""
    return caption_credit(line) or ("dated_scene" if _is_dated_scene(document, index) else "")


def _may_close(document: Document, index: int) -> bool:
    """Whether a line may be the last sentence of the text, signed by its agency: "The bridge is closed. (dpa)"."""
    return index >= document.last_paragraph >= 0 and SIGNED.search(document.lines[index].text) is not None


def _marked_up(document: Document) -> Iterator[Removal]:
    """Blocks that the page itself calls captions, content or not."""
    for block in document.blocks:
        if "figcaption" in block.path and MARKED_UP.search(block.path):
            yield Removal(block.start, block.end, "image_caption", "figcaption", MARKED_UP_SCORE)


def _is_dated_scene(document: Document, index: int) -> bool:
    """Whether a line between others of the head says who is seen, where and when: "A, B, May 3, 2016."."""
    line = document.lines[index]
    if not 0 < index < DATED_LINES or not DATED_WORDS.start <= len(line.words) < DATED_WORDS.stop:
        return False
    return _scene_pattern().fullmatch(line.text) is not None


@cache
def _scene_pattern() -> re.Pattern[str]:
    """Text without a full stop, a comma, a place with a capital, a comma, month, day, year at the end."""
    months = "|".join(month.capitalize() for month in month_pattern().split("|"))
    return re.compile(
        rf"[A-ZÀ-Þ][^.!?;:|]{{10,200}}, [A-ZÀ-Þ][^,.]{{1,30}}, (?:{months})\.? \d{{1,2}}, (?:19|20)\d\d\.?"
    )


def caption_credit(line: Line) -> str:
    """The rule by which a line is a caption with a credit, "" if none."""
    text = line.text
    if LABEL_MARK.search(text, 0, LABEL_CHARS) and _label().match(text):
        return "caption_label"
    if text.startswith("©") and line.weight <= TAIL_CHARS:
        return "copyright_credit"
    tail = text[-TAIL_CHARS:]
    if (
        any(map(tail.__contains__, AGENCIES))
        and AGENCY_CREDIT.search(tail)
        and not (line.is_sentence and AGENCY_CREDIT.match(text))
    ):
        return "agency_credit"
    if any(map(tail.casefold().__contains__, PICTURES)) and PHOTO_BY.search(tail):
        return "photo_by"
    if tail.endswith(")") and not line.is_long and NAMED_CREDIT.search(tail):
        return "named_credit"
    if WIRE_TAIL.search(tail) and not NEXT_SENTENCE.search(text):
        return "wire_tail"
    return "credit_tail" if CREDIT_TAIL.search(tail) else ""


@cache
def _label() -> re.Pattern[str]:
    """What a line begins with that is labelled as a caption: "Photo: Ada Moss"."""
    labels, slashed, signed = (
        load_patterns("captions", group) for group in ("labels", "slashed", "signed")
    )
    return re.compile(
        rf"(?:{labels})\s{{0,2}}[:©]\s{{0,3}}(?-i:[A-ZÀ-ÞА-ЯŁŚŻ©\"“(@])|(?:{slashed}) ?/ ?(?-i:[A-ZÀ-ÞА-Я])|"
        rf"\(credit:|(?:{signed})\s{{0,2}}[:：／/=＝]",
        re.IGNORECASE,
    )
