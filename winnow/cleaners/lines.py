"""Lines that no rule has words for: a model judges words, shape, place and neighbours of every short line.

The thresholds were chosen on labelled documents by sites held out (bench.noise) and by reading what is removed
from real articles; winnow/models/cards/lines.md has both.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from winnow.cleaners._content import is_content, looks_like_code
from winnow.cleaners._dates import is_span_of_days
from winnow.cleaners._rules import phrase_lines
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import BULLETS
from winnow.models.lines.line_model import LineModel, load_model
from winnow.models.site_line_keys import SITE_RULE, line_odds, shifted_probability

MIN_PROBABILITY: Final = 0.8
STRICT_PROBABILITY: Final = 0.9  # where headings, tables, lists, facts and titles stand
# log-odds by words; shape and place alone take names, facts and headings for noise
MIN_EVIDENCE: Final = 0.4
STRONG_LINES: Final = 4  # with such evidence: so noisy a text needs none for its other lines
FEW_PARAGRAPHS: Final = 1  # with so few length and place mean little, without any (lyrics, lists) nothing
MIN_PARAGRAPH_SHARE: Final = 0.3  # of the characters; below it a text is a list, a recipe, a dump of a page
MAX_LINES: Final = 300  # beyond it there are debates, statutes and references
MAX_CODE_LINES: Final = 2
RULE: Final = "line_model"


def lines(document: Document) -> Iterator[Removal]:
    r"""Find lines of noise that the rules have no words for.

    Paragraphs stay, and so does all of a text that is not mostly running text, or holds code.

    >>> list(lines(Document("Verse one\nShare this\nVerse two\n")))
    []
    """
    yield from judged_lines(document, load_model())


def judged_lines(
    document: Document, model: LineModel, threshold: float = MIN_PROBABILITY
) -> Iterator[Removal]:
    """What a model removes at a threshold of its probability; where it is easily wrong at the stricter one.

    That a line stands on several pages of its site moves its odds; such removals have the rule ``site_lines``. Its
    words must speak for noise still: without that, 110 of 489 such removals from 12,646 articles were wrong, the
    names of newspapers over quotations first of all; with it, about 20 of 390.
    """
    if not _is_judged(document):
        return
    scores, repeated = model.word_scores(document), line_odds(document)
    open_lines = [index for index, line in enumerate(document.lines) if not line.is_long]
    strong = {index for index in open_lines if scores.evidence[index] >= MIN_EVIDENCE}
    candidates = open_lines if len(strong) >= STRONG_LINES else sorted(strong)
    if not candidates:
        return
    judged = zip(candidates, map(float, model.judge(document, scores, candidates)), strict=True)
    probabilities = {
        index: shifted_probability(probability, repeated.get(index, 0.0)) for index, probability in judged
    }
    probable = _probable(document, probabilities, threshold)
    speaking = strong.intersection(probable)
    noise = phrase_lines(document).union(probable)
    for index in probable if len(speaking) >= STRONG_LINES else sorted(speaking):
        line = document.lines[index]
        if is_content(document, index, noise) or is_span_of_days(line):
            continue
        rule = SITE_RULE if index in repeated else RULE
        yield Removal(line.start, line.stop, model.kind(line), rule, probable[index])


def _probable(document: Document, probabilities: Mapping[int, float], threshold: float) -> dict[int, float]:
    """The probabilities, by line, that reach the threshold of their line, to four digits."""
    strict = max(threshold, STRICT_PROBABILITY)
    return {
        index: round(probability, 4)
        for index, probability in probabilities.items()
        if probability >= (strict if _is_risky(document, index) else threshold)
    }


def _is_judged(document: Document) -> bool:
    """Whether a document is short enough and mostly running text."""
    if not document.paragraphs or len(document.lines) > MAX_LINES:
        return False
    paragraphs = sum(document.lines[index].weight for index in document.paragraphs)
    if paragraphs < MIN_PARAGRAPH_SHARE * sum(line.weight for line in document.lines):
        return False
    return sum(map(looks_like_code, document.lines)) <= MAX_CODE_LINES


def _is_risky(document: Document, index: int) -> bool:
    """Whether a line stands between paragraphs, in a list, where titles stand, or in a text of one paragraph."""
    return (
        index == 0
        or len(document.paragraphs) <= FEW_PARAGRAPHS
        or document.first_paragraph < index < document.last_paragraph
        or document.lines[index].raw.lstrip()[:1] in BULLETS
    )
