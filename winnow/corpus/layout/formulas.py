"""Formulas as one line of text: the TeX that the page gives for them, or MathML written in a line."""

import re
from collections.abc import Callable
from itertools import islice
from typing import Final

from lxml.etree import iterwalk

from winnow.corpus.layout.html import PageTree

MATH: Final = frozenset({"math", "m:math", "mml:math"})
TEX_TYPE: Final = re.compile(r"math/(?:tex|asciimath)|application/x-tex", re.IGNORECASE)
DISPLAY: Final = re.compile(
    r"\{\s*+\\(?:display|text|script)style\s++(.*)\}|\\(?:display|text|script)style\s++(.*)", re.DOTALL
)
DELIMITED: Final = re.compile(r"\$\$?(.+?)\$\$?|\\\((.+)\\\)|\\\[(.+)\\\]", re.DOTALL)
CDATA: Final = re.compile(r"%? ?<!\[CDATA\[|%? ?\]\]>")
# Classes of pictures of formulas: MediaWiki, WordPress, Moodle, Wikiversity's old texvc.
TEX_CLASS: Final = re.compile(r"(?:^|\s)(?:tex|latex|texrender|mwe-math-\S+|ql-img-\S+)(?:\s|$)")
TEX_ADDRESS: Final = re.compile(r"latex|mathtex|mimetex|codecogs|/math/|texvc", re.IGNORECASE)
TEX_SIGN: Final = re.compile(r"[\\^_{}=+]|^\s*\w\s*$")
# Classes of elements that draw a formula.
RENDERED: Final = re.compile(r"(?:^|\s)(?:MathJax(?:_\w+)?|mjx-chtml|katex-html)(?:\s|$)")
SOURCE: Final = re.compile(r"katex-mathml|MJX_Assistive_MathML")
MAX_WRAPPED_CHARS: Final = 5_000  # of TeX whose wrappers are taken off
NEAR: Final = 3  # siblings of a rendered formula among which its source stands
SPACED: Final = frozenset("=<>≤≥≠≈≡∼→⇒∈⊂+−±×")
UNSEEN: Final = dict.fromkeys(range(0x2061, 0x2065))  # signs for "times" and "of" that show nothing


def formula_text(math: PageTree) -> str:
    """The text of a MathML element: ``$TeX$`` where the page gives its TeX, else the formula in a line."""
    for annotation in math.iter("annotation", "m:annotation", "mml:annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and (text := marked_tex(annotation.text)):
            return text
    return marked_tex(math.get("alttext")) or _in_a_line(math)


def marked_tex(tex: str | None) -> str:
    r"""TeX between dollar signs, without what only sets its size; "" for none.

    >>> marked_tex(r"{\displaystyle T_{n}}")
    '$T_{n}$'
    """
    bare = CDATA.sub("", tex or "").strip()
    for wrapper in (DELIMITED, DISPLAY) if len(bare) <= MAX_WRAPPED_CHARS else ():
        if match := wrapper.fullmatch(bare):
            bare = next(filter(None, match.groups()), "").strip()
    return f"${bare}$" if bare else ""


def script_tex(script: PageTree) -> str:
    """The formula that a script element holds for MathJax, "" for any other script."""
    kind = script.get("type")
    return marked_tex(script.text) if kind and TEX_TYPE.match(kind) else ""


def picture_tex(picture: PageTree) -> str:
    """The formula that a picture shows, by its text; "" for any other picture."""
    alt = picture.get("alt") or ""
    if not TEX_SIGN.search(alt):
        return ""
    is_formula = TEX_CLASS.search(picture.get("class") or "") or TEX_ADDRESS.search(
        picture.get("src") or ""
    )
    return marked_tex(alt) if is_formula else ""


def has_formula_beside(element: PageTree) -> bool:
    """Whether the source of a formula stands beside an element, which draws it."""
    before = element.getprevious()
    behind = islice(element.itersiblings(), NEAR)
    return (before is not None and bool(SOURCE.search(before.get("class") or ""))) or any(
        map(_is_source, behind)
    )


def _is_source(element: PageTree) -> bool:
    return bool(element.tag == "script" and script_tex(element))


def _in_a_line(math: PageTree) -> str:
    """MathML without TeX, written in a line."""
    parts: list[list[str]] = [[]]
    for event, element in iterwalk(math, events=("start", "end")):
        if event == "start":
            parts.append([])
            continue
        name = element.tag.rpartition(":")[2]
        inner = parts.pop()
        parts[-1].append(
            WRITTEN.get(name, "".join)(inner) if inner or name in WRITTEN else _token(name, element)
        )
    return " ".join("".join(parts[0]).split())


def _token(name: str, element: PageTree) -> str:
    text = (element.text or "").strip().translate(UNSEEN)
    return f" {text} " if name == "mo" and text in SPACED else text


def _grouped(text: str) -> str:
    text = text.strip()
    return text if len(text) < 2 or text.isdecimal() else f"({text})"


def _joined(signs: str) -> Callable[[list[str]], str]:
    """A writer that puts one of some signs before each part but the first."""

    def write(parts: list[str]) -> str:
        """The parts with a sign before each but the first."""
        rest = (
            f"{sign}{_grouped(part)}" for sign, part in zip(signs, parts[1:], strict=False) if part.strip()
        )
        return "".join([*parts[:1], *rest])

    return write


def _spaced(signs: str) -> Callable[[list[str]], str]:
    """A writer that also puts a space behind, where what is summed up follows."""
    write = _joined(signs)
    return lambda parts: f"{write(parts)} "


def _first(parts: list[str]) -> str:
    return "".join(parts[:1])


def _fraction(parts: list[str]) -> str:
    return "/".join(map(_grouped, parts))


def _root(parts: list[str]) -> str:
    return f"√{_grouped(''.join(parts))}"


def _space(parts: list[str]) -> str:
    return "".join([*parts, " "])


def _nothing(parts: list[str]) -> str:
    return "".join(parts[:0])


WRITTEN: Final[dict[str, Callable[[list[str]], str]]] = {
    "msup": _joined("^"),
    "msub": _joined("_"),
    "msubsup": _joined("_^"),
    "munder": _spaced("_"),
    "munderover": _spaced("_^"),
    "mover": _first,
    "mfrac": _fraction,
    "msqrt": _root,
    "mtr": ", ".join,
    "mtable": "; ".join,
    "mspace": _space,
    "annotation": _nothing,
    "annotation-xml": _nothing,
}
