"""Lines that read like noise and are content: speech, code, entries of a list, and a text's own topic."""

import re
import tomllib
from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Final

from winnow.cleaners._entries import ENTRY_ENDS, is_entry
from winnow.cleaners._phrases import compile_mentions
from winnow.corpus.document import Document
from winnow.corpus.lines import Line, bare_words, text_weight

QUOTED: Final = re.compile(r"[\"“”„‟«»‹›「『'‘‚].*[\"”“«»‹›」』'’](?:[.,!?…]|,? [^\W\d_].{0,120})?")
BEHIND_DASH: Final = re.compile(r"\s{0,20}[—–]\s?[¿¡«“\"]?[^\W\d_].*[.!?…]\s{0,9}\Z")
MIN_SPEECHES: Final = 2  # of a dialogue; one dash may open a note of the editors
MAX_SPEECH_CHARS: Final = 700  # as many as any rule of words reads
# share(), follow(boat, pace) at the end of a line; not "Comment(s)", "Comments(12)", "Share(Opens in a new window)"
CALL: Final = re.compile(r"\w\((?!s\))[^\d()\s]{0,30}(?:, ?[^\d()\s]{1,30}){0,5}\)[;:]?\s{0,9}\Z")
CALL_CHARS: Final = 250  # of a line's end, in which a call is looked for
CODE: Final = "{};$=<>\\()[]"
CODE_SHARE: Final = 0.08  # of a line's characters, from which it looks like code
CODE_CHARS: Final = 3  # of a shorter line nothing is said
CODE_LINE: Final = re.compile(
    r"[{};]\s{0,9}\Z|\w\(\S{0,40}\)|</?[a-z]{1,12}[ >]|\\[a-z]{2}|\d --> \d|\Amsg(?:id|str) \"|"
    r"\A\s{0,40}[a-z_][\w.]{0,40} (?:=|:=|==) |"
    r"\A\s{0,40}(?:- )?[a-z][\w.-]{0,40}:(?: |\Z)|\A[\w.]{1,40} ?= ?\S|\A\[[\w. -]{1,40}\]\Z|"  # settings
    r"\A\s{0,40}(?:def|class|import|return|#include|static|\$|>>>|//|/\*) (?=[^\W\d_\"'<])"
)
CODE_LINES: Final = 0.3  # share of the lines that look like code, from which a text is code
BROKEN_CHARS: Final = range(50, 101)  # of a line in a text that is broken into lines of a width
MAX_TITLE_CHARS: Final = 60
MIN_CODE_LINES: Final = 3
PROSE_SHARE: Final = 0.2  # of the characters in paragraphs; with more a text tells of code


def is_speech(document: Document, index: int) -> bool:
    """Whether a line is what somebody says: all of it in quotation marks, or behind the dash of a dialogue."""
    raw = document.lines[index].raw
    if len(raw) > MAX_SPEECH_CHARS:
        return False
    is_behind_dash = BEHIND_DASH.match(raw) is not None and _has_dialogue(document)
    return is_behind_dash or QUOTED.fullmatch(raw.strip()) is not None


def has_figures(line: Line) -> bool:
    """Whether a line has a number: results, programmes, amounts and hours stand below noise, too."""
    return any(map(str.isdigit, line.text))


def looks_like_code(line: Line) -> bool:
    """Whether a line ends or is written as code is."""
    bare = line.raw.strip()
    marks = sum(map(bare.count, CODE))
    return bare[-1:] in "{};" or (len(bare) >= CODE_CHARS and marks >= CODE_SHARE * len(bare))


@lru_cache(maxsize=1)  # every family of rules asks in turn
def is_code(document: Document) -> bool:
    """Whether a text is code, settings or a session of commands: many of its different lines, and no paragraphs."""
    if sum(line.weight for line in document.lines if line.is_long) > PROSE_SHARE * text_weight(
        document.text
    ):
        return False
    lines = {line.raw for line in document.lines}
    code = sum(CODE_LINE.search(line) is not None for line in lines)
    return code >= max(MIN_CODE_LINES, CODE_LINES * len(lines))


@lru_cache(maxsize=1)
def _has_dialogue(document: Document) -> bool:
    """Whether several lines open with the dash of speech."""
    return sum(BEHIND_DASH.match(line.raw) is not None for line in document.lines) >= MIN_SPEECHES


@lru_cache(maxsize=1)
def has_own_topic(document: Document) -> bool:
    """Whether the title says that the text is a policy, a glossary or the like, whose lines read like notices."""
    titles = [document.metadata.title, *(line.text for line in document.lines[:1])]
    keys = (
        f" {bare_words(title.casefold())} " for title in titles if text_weight(title) <= MAX_TITLE_CHARS
    )
    return any(_topics().search(key) is not None for key in keys)


@cache
def _topics() -> re.Pattern[str]:
    """What titles of such texts mention."""
    text = files("winnow.cleaners").joinpath("words", "topics.toml").read_text(encoding="utf8")
    return compile_mentions(chain.from_iterable(tomllib.loads(text)["phrases"].values()))


def is_content(document: Document, index: int, noise: Collection[int]) -> bool:
    """Whether line ``index`` is content although it reads like noise; ``noise`` are all lines that do.

    >>> from winnow.corpus.document import Block
    >>> text = "1. Open the page.\\n2. Sign up.\\n3. Choose a boat.\\n"
    >>> is_content(Document(text, (Block(0, len(text)),)), 1, {1})
    True
    """
    if has_own_topic(document) or is_code(document):
        return True
    line = document.lines[index]
    is_call = CALL.search(line.raw[-CALL_CHARS:]) is not None
    is_said = is_speech(document, index) or _goes_on(document, index)
    return is_said or is_call or is_entry(document, index, noise)


def _goes_on(document: Document, index: int) -> bool:
    """Whether a line goes on with a sentence that the second of two full lines above it broke off."""
    line, above = document.lines[index], document.lines[max(0, index - 2) : index]
    stops = [*(other.start for other in above[1:]), line.start]
    is_broken = len(above) == 2 and all(
        len(other.raw.rstrip()) in BROKEN_CHARS and other.stop == stop
        for other, stop in zip(above, stops, strict=True)
    )
    return is_broken and line.raw.lstrip()[:1].islower() and not above[-1].text.endswith((*ENTRY_ENDS, ":"))
