"""Lines that no rule has words for: a model judges words, shape, place and neighbours of every short line.

The thresholds were chosen on labelled documents by sites held out (bench.noise) and by reading what is removed
from real articles; models/cards/lines.md has both.
"""

from collections.abc import Iterator
from typing import Final

from corpus.document import Document, Removal
from corpus.lines import BULLETS, Line
from models.lines.model import LineModel, load_model

MIN_PROBABILITY: Final = 0.75
MIN_PROBABILITY_INSIDE: Final = 0.875  # between paragraphs, where headings, tables and facts stand
MIN_EVIDENCE: Final = (
    0.4  # log-odds by words; shape and place alone take names, facts and headings for noise
)
STRONG_LINES: Final = 4  # with such evidence: so noisy a text needs none for its other lines
MIN_PARAGRAPHS: Final = 2  # without them (lyrics, lists) length and place mean nothing
MIN_PARAGRAPH_SHARE: Final = 0.3  # of the characters; below it a text is a list, a recipe, a dump of a page
MAX_LINES: Final = 300  # beyond it there are debates, statutes and references
MAX_CODE_LINES: Final = 2
CODE: Final = dict.fromkeys(map(ord, "{};$=<>\\()[]"))  # to leave out by `str.translate`
CODE_SHARE: Final = 0.08  # of a line's characters, from which it looks like code
CODE_CHARS: Final = 3  # of a shorter line nothing is said
RULE: Final = "line_model"


def lines(document: Document) -> Iterator[Removal]:
    r"""Find lines of noise that the rules have no words for.

    Paragraphs, items of lists, rows of tables and the first line (often the title) stay, and so
    does all of a text that is not mostly running text, or holds code.

    >>> list(lines(Document("Verse one\nShare this\nVerse two\n")))
    []
    """
    yield from judged_lines(document, load_model())


def judged_lines(
    document: Document, model: LineModel, threshold: float = MIN_PROBABILITY
) -> Iterator[Removal]:
    """What a model removes at a threshold of its probability; between paragraphs it is at least the stricter one."""
    if not _is_judged(document):
        return
    judgement = model.judge(document)
    probable = [
        index
        for index, line in enumerate(document.lines)
        if _is_open(index, line)
        and judgement.probabilities[index] >= _threshold(document, index, threshold)
    ]
    strong = [index for index in probable if judgement.evidence[index] >= MIN_EVIDENCE]
    for index in probable if len(strong) >= STRONG_LINES else strong:
        line, score = document.lines[index], round(float(judgement.probabilities[index]), 4)
        yield Removal(line.start, line.stop, model.kind(line), RULE, score)


def _is_judged(document: Document) -> bool:
    """Whether a document is short enough and mostly running text."""
    if len(document.paragraphs) < MIN_PARAGRAPHS or len(document.lines) > MAX_LINES:
        return False
    paragraphs = sum(document.lines[index].weight for index in document.paragraphs)
    if paragraphs < MIN_PARAGRAPH_SHARE * sum(line.weight for line in document.lines):
        return False
    return sum(map(_looks_like_code, document.lines)) <= MAX_CODE_LINES


def _is_open(index: int, line: Line) -> bool:
    """Whether a line is one that the model may judge."""
    return index > 0 and not line.is_long and line.raw.lstrip()[:1] not in BULLETS


def _threshold(document: Document, index: int, threshold: float) -> float:
    is_inside = document.first_paragraph < index < document.last_paragraph
    return max(threshold, MIN_PROBABILITY_INSIDE) if is_inside else threshold


def _looks_like_code(line: Line) -> bool:
    bare = line.raw.strip()
    marks = len(bare) - len(bare.translate(CODE))
    return bare[-1:] in "{};" or (len(bare) >= CODE_CHARS and marks >= CODE_SHARE * len(bare))
