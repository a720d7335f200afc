"""The JSON values that a page embeds for its scripts, in `script` elements and attributes, in order."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from winnow.corpus.layout.html import PageTree

MAX_SCRIPT_CHARS: Final = 5_000_000  # of a script or attribute that is read; a longer one is left alone
MAX_PAGE_CHARS: Final = 20_000_000  # of all of them
MAX_VALUES: Final = 2_000  # of a script; Next.js pushes some hundreds, one each
MIN_QUOTED_CHARS: Final = 40  # of a string in a program; 25 words or 50 ideographs have more
ATTRIBUTES: Final = ("data-preloaded", "data-page", "data-react-props", "data-props", "data-initial-state")
# `window.__NUXT__ =`, `window["__INITIAL_STATE__"] =`, `self.__next_f.push(`, `var initialState =`
STATE: Final = re.compile(
    r"(?:\b__[A-Za-z][A-Za-z0-9_]{1,40}__|\b\w{0,40}(?i:state|data|props|payload))[\"']?\]?\s{0,9}=(?!=)\s{0,9}"
    r"|\.push\(\s{0,9}"
)
PARSED: Final = re.compile(r"(?:window\.)?JSON\.parse\(\s{0,9}")
# values that programs have and JSON has not
UNDEFINED: Final = re.compile(r"(?<=[:,\[])(?:undefined|NaN|-?Infinity|void 0|!0|!1)(?=[,}\]])")
QUOTED: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)(?:"|\Z)', re.DOTALL)  # never fails once it began: linear
ROW: Final = re.compile(r"[0-9a-f]{1,8}:(?:T([0-9a-f]{1,8}),|[A-Z]{0,2}(?=[\[{\"]))")
OPENERS: Final = frozenset('[{"')
FLIGHT: Final = "__next_f"  # rows of React's server components, pushed as one text in pieces
DECODER: Final = json.JSONDecoder(strict=False)


def embedded_values(tree: PageTree) -> Iterator[object]:
    """The JSON values that a page embeds for its scripts; of text that is not JSON, a list of its quoted strings.

    Read are attributes such as Discourse's, `script` elements of a JSON type, assignments to names
    like ``__INITIAL_STATE__``, arguments of ``push``, and the rows of Next.js. JSON-LD is left out.
    """
    room = MAX_PAGE_CHARS
    rows: list[str] = []
    for kind, text in _sources(tree):
        room -= len(text)
        if room < 0 or len(text) > MAX_SCRIPT_CHARS:
            continue
        if kind == "json":
            yield parsed_json(text)
        elif FLIGHT in text:
            rows.extend(_pushed_texts(text))
        else:
            yield from _state_values(text)
    yield from _flight_values("".join(rows))


def parsed_json(text: str) -> object:
    """The value of a JSON text, or the quoted strings of a broken or endlessly nested one."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return quoted_strings(text)


def quoted_strings(text: str) -> list[object]:
    r"""Strings in double quotes that are long enough for prose, escapes resolved; broken ones are left out.

    >>> quoted_strings('{a:"Rain",b:"\\u0053un on the hills for the third day in a row"}')
    ['Sun on the hills for the third day in a row']
    """
    strings: list[object] = []
    for match in QUOTED.finditer(text):
        with suppress(ValueError):
            if len(match[1]) >= MIN_QUOTED_CHARS:
                strings.append(DECODER.decode(f'"{match[1]}"'))
    return strings


def nested_json(text: str) -> object:
    """The value of a string that itself holds JSON, None if it does not."""
    if text[:1] not in ("{", "[") or text.rstrip()[-1:] not in ("}", "]"):
        return None
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _sources(tree: PageTree) -> Iterator[tuple[str, str]]:
    """Texts that hold state, each with ``json`` or ``code``."""
    for element in tree.iter("script", "div", "section", "main", "body", "input"):
        if element.tag != "script":
            yield from (("json", value) for name in ATTRIBUTES if (value := element.get(name)))
            continue
        kind = (element.get("type") or "").lower()
        if "json" in kind and "ld+json" not in kind:
            yield "json", element.text or ""
        elif not element.get("src") and kind in ("", "text/javascript", "module", "application/javascript"):
            yield "code", element.text or ""


def _state_values(script: str) -> Iterator[object]:
    """The values that a script assigns to state, or pushes on it."""
    at, script = 0, UNDEFINED.sub("null", script)
    for _ in range(MAX_VALUES):
        match = STATE.search(script, at)
        if match is None:
            return
        start = match.end()
        if parse := PARSED.match(script, start):
            start = parse.end()
        value, at = _value_at(script, start, is_state=match[0].startswith("__"))
        if value is not None:
            yield value


def _value_at(script: str, start: int, *, is_state: bool) -> tuple[object, int]:
    """The JSON value that begins at ``start``, and where to read on; of state written as code, all its strings."""
    if script[start : start + 1] in OPENERS:
        try:
            return DECODER.raw_decode(script, start)
        except (ValueError, RecursionError):
            pass
    return (quoted_strings(script[start:]), len(script)) if is_state else (None, start)


def _pushed_texts(script: str) -> Iterator[str]:
    """The texts that ``self.__next_f.push([1, text])`` adds to the rows."""
    for value in _state_values(script):
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]


def _flight_values(rows: str) -> Iterator[object]:
    """The values of React's rows: ``id:json``, or ``id:T``, a length in bytes, and that much text."""
    at = 0
    while 0 <= at < len(rows):
        match = ROW.match(rows, at)
        if match and match[1]:
            size = int(match[1], 16)
            octets = rows[match.end() : match.end() + size].encode("utf-8", "replace")[:size]
            text = octets.decode("utf-8", "ignore")
            yield text
            at = match.end() + len(text)  # the next row follows without a line break
            continue
        if match:
            value, _ = _value_at(rows, match.end(), is_state=False)
            yield value
        at = rows.find("\n", at) + 1 or len(rows)
