"""The place of a line in a document, relative to its running text."""

from functools import lru_cache
from typing import Final, Literal, TypeAlias

from winnow.corpus.document import Document

Place: TypeAlias = Literal["anywhere", "head", "tail", "edge", "border", "after", "end", "top"]

HEAD_LINES: Final = 15  # the head ends here at the latest (prototype text/rules.py, as all below)
TAIL_LINES: Final = 12
TAIL_SHARE: Final = 0.6  # of the lines: the tail begins here at the latest
BORDER_LINES: Final = 8
END_LINES: Final = 5
TOP_LINES: Final = 3
STORY_SHARE: Final = 0.5  # of the characters: below it pages are lists, forums, references (bench.rules)


@lru_cache(maxsize=1)  # asked for lines in turn
def is_story(document: Document) -> bool:
    """Whether a document is mostly paragraphs, as articles are, and not a list, a forum or a reference.

    Place and repetition mean something only in these.
    """
    long = sum(line.weight for line in document.lines if line.is_long)
    return long > STORY_SHARE * sum(line.weight for line in document.lines)


def stands_in(document: Document, index: int, place: Place) -> bool:
    """Whether line ``index`` stands in a place.

    ``head``: up to the first paragraph. ``tail``: after the last one, or in the last part of the
    lines. ``edge``: in either. ``border``: in the first or last lines. ``after``: after the last
    paragraph. ``end``: in the very last lines. ``top``: in the first three, above a paragraph.
    """
    lines_to_end = len(document.lines) - index  # lines from here to the end
    if place == "anywhere":
        return True
    if place == "border":
        return index < BORDER_LINES or lines_to_end <= BORDER_LINES
    if place == "top":
        return index < min(TOP_LINES, document.first_paragraph) and bool(document.paragraphs)
    if place == "end":
        return lines_to_end <= END_LINES
    is_after = 0 <= document.last_paragraph < index
    if place == "after":
        return is_after
    is_head = index <= document.first_paragraph and index < HEAD_LINES
    if place == "head" or (is_head and place == "edge"):
        return is_head
    return is_after or lines_to_end <= TAIL_LINES or index >= TAIL_SHARE * len(document.lines)
