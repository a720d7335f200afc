"""What stands for an element inside a line: formulas, emoji, raised letters, quotation marks; nothing for controls."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

from winnow.corpus.layout.formulas import MATH, RENDERED, formula_text, has_formula_beside, picture_tex
from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.raised import note_link_text, raised_text

EMOJI_CLASS: Final = re.compile(r"emoji|smiley|emoticon", re.IGNORECASE)
EMOJI: Final = re.compile(
    r"[#*0-9\u200d\u20e3\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]+"
)
MAX_ALT_CHARS: Final = 30  # of an emoji's name
# Signs that a page sets beside its headings and notes to link to a place of its own.
LINK_SIGNS: Final = frozenset("¶ # § ↩ ↩︎ ↩️ ↑ ↵ ⤴ ⤴︎ ⏎ ⇧ ^ 🔗 ∞".split())
MAX_SIGN_CHARS: Final = 3
EDIT_LINKS: Final = re.compile(r"(?:^|\s)(?:mw-editsection|editsection|mw-cite-backlink)(?:\s|$)")
GUTTER: Final = re.compile(
    r"(?:^|[\s_-])(?:line-?no[s]?|line-?numbers?|gutter|blob-num|ln-n[a-z]*|lnt?)(?:[\s_-]|$)",
    re.IGNORECASE,
)
MAX_GUTTER_TEXTS: Final = 100  # of a gutter that are looked at
MAX_GUTTER_CHARS: Final = 1_000  # of each
EDITING, DRAWING, COUNTING = "editing", "drawing", "counting"
NUMBERS: Final = re.compile(r"[\d\s.:]*")
# Elements whose classes are looked at.
NAMED: Final = frozenset({"span", "a", "div", "td", "pre", "code", "nobr"})
MARKED: Final = frozenset({*MATH, "sup", "sub", "mjx-math"})

# Opening and closing marks by language, as CLDR has them; then those inside a quotation.
QUOTES: Final = {
    **dict.fromkeys("bg cs da de et hr is lt sk sl sr".split(), "„“‚‘"),
    **dict.fromkeys("hu mk pl ro".split(), "„”‚’"),
    **dict.fromkeys("be el es fa hy it kk nb nn no pt ru sq uk".split(), "«»“”"),
    **dict.fromkeys("fi sv".split(), "””’’"),
    "fr": "«»‹›",
    "ja": "「」『』",
}
USUAL_QUOTES: Final = "“”‘’"
SPACED_QUOTES: Final = "fr"  # with a no-break space inside the marks
QUOTE_SIGNS: Final = frozenset("“”„‟«»‹›「」『』\"'‘’‚")


def stand_in(element: PageTree, before: str) -> str | None:
    """The text that stands for an element in a line, None for an element that is laid out as it is.

    ``before`` is the end of the text before it.
    """
    tag = element.tag
    if tag in MATH:
        return formula_text(element)
    if tag in {"sup", "sub"}:
        return raised_text(element, before)
    if tag == "mjx-math":
        behind = element.getnext()
        return "" if behind is not None and behind.tag == "mjx-assistive-mml" else None
    if _is_control(element):
        return ""
    return note_link_text(element, before) if tag == "a" else None


def picture_text(picture: PageTree) -> str:
    """What a picture says in a line: an emoji, or the TeX of a formula; "" for any other."""
    alt: str | None = picture.get("alt")
    if not alt:
        return ""
    if len(alt) <= MAX_ALT_CHARS:
        is_emoji = EMOJI.fullmatch(alt) and not alt.isascii()
        if is_emoji or (not alt.isalnum() and EMOJI_CLASS.search(picture.get("class") or "")):
            return alt
    return picture_tex(picture)


def quotation_marks(language: str, depth: int) -> tuple[str, str]:
    """The marks around a quotation of a language, inside ``depth`` others.

    >>> quotation_marks("de-AT", 0), quotation_marks("en", 1)
    (('„', '“'), ('‘', '’'))
    """
    name = language.lower().partition("-")[0]
    marks = QUOTES.get(name, USUAL_QUOTES)
    inside = 2 * (depth % 2)
    opening, closing = marks[inside], marks[inside + 1]
    return (f"{opening}\xa0", f"\xa0{closing}") if name == SPACED_QUOTES else (opening, closing)


def has_marks(element: PageTree, before: str) -> bool:
    """Whether a quotation brings its marks itself, inside the element or in front of it."""
    return before[-1:] in QUOTE_SIGNS or (element.text or "").lstrip()[:1] in QUOTE_SIGNS


def _is_control(element: PageTree) -> bool:
    """Whether an element is there to link, to edit or to count lines, or draws what another one says."""
    if element.tag == "a" and _is_link_sign(element):
        return True
    classes = element.get("class")
    if not classes or not (purpose := named_for(classes)):
        return False
    if purpose == DRAWING:
        return has_formula_beside(element)
    return purpose == EDITING or _holds_numbers(element)


@lru_cache(maxsize=20_000)  # the elements of a page share few classes
def named_for(classes: str) -> str:
    """What an element's classes say that it is there for: to edit, to draw a formula, to count lines; "" for else."""
    if EDIT_LINKS.search(classes):
        return EDITING
    if RENDERED.search(classes):
        return DRAWING
    return COUNTING if GUTTER.search(classes) else ""


def _is_link_sign(link: PageTree) -> bool:
    text = link.text
    if not text or len(text) > MAX_SIGN_CHARS or len(link) or "#" not in (link.get("href") or ""):
        return False
    return text.strip() in LINK_SIGNS


def _holds_numbers(element: PageTree) -> bool:
    """Whether an element's text begins with numbers and nothing else."""
    texts = [text[:MAX_GUTTER_CHARS] for text in islice(element.itertext(), MAX_GUTTER_TEXTS)]
    return all(map(NUMBERS.fullmatch, texts)) and not all(map(str.isspace, texts))
