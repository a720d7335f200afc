"""Texts for machines, told by their content whatever type they came under: feeds, sitemaps, scripts, styles, data."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from typing import Final

import orjson

HEAD_BYTES: Final = 1 << 16  # that are looked at; of JSON, all
MARKS: Final = "ï»¿þÿ"  # byte order marks, read as Latin-1
# What stands before the first element of an XML file (XML 1.0, 2.8)
PROLOG: Final = re.compile(
    r"(?:\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*",
    re.DOTALL | re.IGNORECASE,
)
ELEMENT: Final = re.compile(r"<([\w.-]+:)?([\w.-]+)[\s>/]")
# The first elements of files that no person reads, in lower case: RSS and Atom, sitemaps, playlists, lists of feeds,
# search descriptions, maps, pictures, settings, policies, answers of stores and services, style sheets for XML
MACHINE_ELEMENTS: Final = frozenset(
    "rss feed rdf channel urlset sitemapindex playlist opml opensearchdescription kml gpx svg plist browserconfig "
    "cross-domain-policy envelope methodresponse methodcall error listbucketresult oai-pmh stylesheet transform schema "
    "definitions wsdl component asx smil manifest project configuration resources".split()
)
MACHINE_PREFIXES: Final = frozenset({"public:"})  # of HTML components (.htc)
PAGE_MARKUP: Final = re.compile(
    r"<(?:!doctype html|html|head|body|article|main|div|p|h[1-6]|table|ul)\b", re.IGNORECASE
)
CALL: Final = re.compile(r"(?:/\*\*/)?\s*[\w$.]{1,80}\s*\(\s*(?=[\[{])")  # of JSONP
# Against being read as a script
GUARDS: Final = re.compile(r"\)\]\}'?,?|(?:while\s?\(1\)|for\s?\(;;\));")
ROBOTS: Final = re.compile(
    r"(?:user-agent|disallow|allow|crawl-delay|sitemap|host|noindex|clean-param|request-rate|visit-time)\s*:",
    re.IGNORECASE,
)
ADS: Final = re.compile(
    r"[\w.-]+\.[a-z]{2,}\s*,\s*[^,]+,\s*(?:direct|reseller)\b|(?:subdomain|contact|ownerdomain|managerdomain)=",
    re.IGNORECASE,
)
FIRST_LINES: Final = ("#extm3u", "[playlist]", "cache manifest")
LISTED_SHARE: Final = 0.9  # of the lines that are no comments
# Strings and addresses, in which any sign may stand, and rules without braces
CSS_SKIPPED: Final = re.compile(
    r"\"[^\"\n]*\"|'[^'\n]*'|(?<=url\()[^)\n]*|@(?:charset|import)\b[^;{}\n]{0,300};"
)
DECLARATION: Final = re.compile(r"\s*[-*_\w]{2,60}\s*:[^:?]{0,2000}(?:progid:[^:]*)?", re.IGNORECASE)
MAX_SELECTOR_WORDS: Final = 15  # between two commas
STYLE_SHARE: Final = 0.85  # of the characters; a tutorial has more sentences than rules
LINE_COMMENT: Final = re.compile(r"(?<![:\w])//[^\n]*")
END_OF_STATEMENT: Final = re.compile(r"[;}]")
SIGNS: Final = "{}()[];=<>&|!+"  # of code
CODE_SIGNS: Final = re.compile(rf"([{re.escape(SIGNS)}])(?!\1)")  # a line of equal signs is no code
# Of the characters that are no white space. Scripts have .1 to .25, prose .01 to .03, a tutorial with listings .06.
SIGN_SHARE: Final = 0.085
# Words that scripts have and prose has not
SCRIPT_WORDS: Final = re.compile(
    r"\bfunction\b\s{0,9}[\w$]{0,60}\s{0,9}\(|\b(?:var|let|const)\s+[\w${\[]|=>|(?<!=)===(?!=)|!==(?!=)|\bdocument\.\w|\bwindow\.\w|"
    r"\$\(|\bjQuery\b|\.prototype\b|\.addEventListener\(|[\"']use strict[\"']|\btypeof\b|\bmodule\.exports\b|"
    r"\breturn\b[^.\n]{0,80};|\bnew\s+[A-Z]\w*\(|\}\s*else\b|\bthis\.\w|\brequire\([\"']|\bexports\.\w|"
    r"\bimport\s*[\w{*][^;\n]{0,200}\bfrom\s{0,9}[\"']|\bexport\s*(?:default|const|function|class|\{)|\bcatch\s*\("
)
CHARS_PER_SCRIPT_WORD: Final = 250  # no white space; scripts have one in 30 to 120
MAX_SCRIPT_WORDS: Final = 20
MIN_SCRIPT_WORDS: Final = 2
# A line of words with few signs, as between the listings of a tutorial
SENTENCE: Final = re.compile(r"\s*(?:[\w'’,.:()-]+\s+){5,}[\w'’,.:()-]+\s*")
SENTENCE_SHARE: Final = 0.1
# Bytes beyond ASCII of such a line in another script: 20 letters of Cyrillic, 14 ideographs; most of the line are these
MIN_FOREIGN_BYTES: Final = 40
STATEMENT_SIGNS: Final = frozenset('{}=<>;"`')  # none is in such a line


def machine_format(content: bytes) -> str:
    """The format of a text for machines, "" for a text for people; told by its structure, which is ASCII.

    >>> machine_format(b"User-agent: *\\nDisallow: /admin\\n"), machine_format(b"<p>User-agent: *")
    ('robots.txt', '')
    """
    head = _narrow(content[:HEAD_BYTES]).decode("latin-1").lstrip(MARKS).lstrip()
    if head.startswith("<"):
        return _xml_format(head)
    if head and _is_json(head, content):
        return "JSON"
    if not head or PAGE_MARKUP.search(head):
        return ""
    return next((name for name, is_format in FORMATS.items() if is_format(head)), "")


def _xml_format(head: str) -> str:
    """The first element of an XML file for machines."""
    element = ELEMENT.match(head, PROLOG.match(head).end())  # type: ignore[union-attr]  # it matches nothing, too
    if not element:
        return ""
    prefix, name = (part.lower() for part in element.groups(""))
    is_machine = prefix in MACHINE_PREFIXES or name in MACHINE_ELEMENTS
    return f"XML ({name})" if is_machine else ""


def _is_json(head: str, content: bytes) -> bool:
    """Whether all of a text is one JSON value, a line of them each, or such a value in a call."""
    guard = GUARDS.match(head) or CALL.match(head)
    if not guard and head[0] not in "[{":
        return False
    text = content.replace(b"\0", b"").decode("latin-1").lstrip(MARKS).strip()
    text = text[guard.end() :] if guard else text
    if guard and guard.re is CALL:
        text = text.rstrip("; \r\n").removesuffix(")")
    if _parses(text):
        return True
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and all(map(_parses, lines))


def _parses(text: str) -> bool:
    """Whether a text is a JSON object or a list that is more than numbers, as ``[1]`` is in a note."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) or (
        isinstance(value, list) and not all(isinstance(v, int) for v in value)
    )


def _narrow(head: bytes) -> bytes:
    """The beginning of a text with one byte for each sign of ASCII, as UTF-8 has it."""
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").encode()
    return head.replace(b"\0", b"")


def _is_listed(head: str, line_format: re.Pattern[str]) -> bool:
    """Whether the lines of a text that are no comments have a form, nearly all of them."""
    lines = [
        line.lstrip() for line in head.splitlines() if not line.lstrip().startswith("#") and line.strip()
    ]
    if not lines or not line_format.match(lines[0]):
        return False
    return sum(1 for line in lines if line_format.match(line)) >= LISTED_SHARE * len(lines)


def _is_style(head: str) -> bool:
    """Whether a text is a style sheet: selectors with declarations in braces, and little else."""
    if "{" not in head or "}" not in head:
        return False
    text = CSS_SKIPPED.sub("", _without_comments(head)).strip()
    pieces = text.rpartition("}")[0].split("}")
    rules = [piece for piece in pieces if _is_style_rule(piece)]
    has_declarations = any(":" in rule.rpartition("{")[2] for rule in rules)
    return has_declarations and sum(map(len, rules)) + len(pieces) >= STYLE_SHARE * len(text)


def _without_comments(text: str) -> str:
    """A text without what stands between ``/*`` and ``*/``; a comment that does not end is kept."""
    first, *others = text.split("/*")
    rests = (part.partition("*/") for part in others)
    return first + "".join(rest if end else comment for comment, end, rest in rests)


def _is_style_rule(piece: str) -> bool:
    """Whether what stands before a closing brace is a rule of a style sheet, or nothing."""
    selector, brace, declarations = piece.rpartition("{")
    if not brace:
        return not piece.strip()
    words = max(len(part.split()) for part in selector.split(","))
    parts = (part for part in declarations.split(";") if part.strip())
    return 0 < words <= MAX_SELECTOR_WORDS and all(map(DECLARATION.fullmatch, parts))


def _is_script(head: str) -> bool:
    """Whether a text is a script: words of its language, signs as dense as only code has them, and no sentences."""
    code = _without_comments(head)
    if "//" in code:
        code = LINE_COMMENT.sub("", code)
    size = len("".join(code.split()))
    if (
        "(" not in code
        or not END_OF_STATEMENT.search(code)
        or sum(map(code.count, SIGNS)) < SIGN_SHARE * size  # rows of a sign included: most texts have fewer
        or sum(1 for _ in CODE_SIGNS.finditer(code)) < SIGN_SHARE * size
    ):
        return False
    if sum(len(line) for line in code.splitlines() if _is_sentence(line)) > SENTENCE_SHARE * size:
        return False
    words = sum(1 for _ in SCRIPT_WORDS.finditer(code))
    return words >= max(MIN_SCRIPT_WORDS, min(MAX_SCRIPT_WORDS, size / CHARS_PER_SCRIPT_WORD))


def _is_sentence(line: str) -> bool:
    """Whether a line, read as Latin-1, holds words with few signs between them, in any script."""
    foreign_bytes = len(line) - len(line.encode("ascii", "ignore"))
    if foreign_bytes >= max(MIN_FOREIGN_BYTES, len(line.strip()) / 2):
        return STATEMENT_SIGNS.isdisjoint(line)
    return SENTENCE.fullmatch(line) is not None


FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "robots.txt": lambda head: _is_listed(head, ROBOTS),
    "ads.txt": lambda head: _is_listed(head, ADS),
    "playlist": lambda head: head.lower().startswith(FIRST_LINES),
    "style sheet": _is_style,
    "script": _is_script,
}
