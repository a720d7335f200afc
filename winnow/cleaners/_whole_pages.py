"""Lines of menus, footers and teasers in the text of a whole page, or of a piece of one.

A judge of its own says which, because in such texts hardly any line has words that tell, and lines of content are few.
The limits were chosen on excerpts of whole pages, by sites held out, and on lists, tables and songs of which nothing
may go (bench.harm_kinds); winnow/models/cards/lines.md has both.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.cleaners._content import has_figures
from winnow.corpus.document import Document
from winnow.models.lines.line_model import LineModel
from winnow.models.lines.removal_context import Groups
from winnow.models.lines.word_model import LineScores, Vector

PAGE_RULE: Final = "page_lines"
PAGE_SIGNS: Final = 4  # lines that the rules remove of a text that may be a whole page
PAGE_CUT: Final = 2.5  # log-odds from which a line goes
RUNNING_CUT: Final = 3.0  # the same in running text
RUNNING_SIGNS_SHARE: Final = (
    0.1  # of the lines of running text, that the rules remove where a page's menus came along
)
LAST_PARAGRAPHS: Final = 3  # at most, below a line inside running text that goes; footers hold some
FIRST: Final = 1.0  # that the first line, where titles stand, must have more
MIN_EVIDENCE: Final = 0.4  # log-odds by words, from which they speak for noise
CLEAR_EVIDENCE: Final = 1.25  # from which they are clear
GOES_ON: Final = (",", ";")  # what a line begins with that goes on with a sentence
BROKEN_WORDS: Final = 6  # of a line that is a piece of a sentence, if the next begins with a small letter
# Of a text without running text
MIN_PAGE_LINES: Final = 25  # a shorter list with a footer under it looks the same
MIN_PAGE_SHARE: Final = 0.3  # of the lines that speak for noise, where the words of one alone are clear
CLEAR_PAGE_SHARE: Final = 0.2  # where those of more are
PAGE_MEAN: Final = 2.5  # mean log-odds, from which fewer than `PAGE_SIGNS` removed lines are enough


def page_lines(
    document: Document, model: LineModel, removed: Groups, cut: float, *, is_running: bool
) -> dict[int, float]:
    """The lines of which the judge of whole pages is sure, with its log-odds.

    ``is_running`` says whether paragraphs hold much of the text. Where none do, all stays of a text that is no page of
    menus; where they do, lines stay that have figures and no telling words, results and ingredients, and those between
    paragraphs, headings and entries of the text's own lists.
    """
    scores, odds = model.page_log_odds(document, removed)
    signs = np.count_nonzero(removed)
    if signs < RUNNING_SIGNS_SHARE * len(odds) if is_running else not _is_page(scores, odds, removed):
        return {}
    odds[0] -= FIRST
    sure = (odds >= max(RUNNING_CUT if is_running else PAGE_CUT, cut)) & (removed == 0)
    if is_running:
        sure &= (scores.evidence >= MIN_EVIDENCE) | ~np.array([*map(has_figures, document.lines)])
        sure &= ~_between_paragraphs(document)
    pieces = _sentence_pieces(document)
    return {index: float(odds[index]) for index in np.flatnonzero(sure).tolist() if index not in pieces}


def _between_paragraphs(document: Document) -> NDArray[np.bool_]:
    """Which lines have paragraphs above them, and more than the last ones below."""
    lines = np.arange(len(document.lines))
    below = len(document.paragraphs) - np.searchsorted(document.paragraphs, lines, side="right")
    return (lines > document.first_paragraph) & (below > LAST_PARAGRAPHS)


def _sentence_pieces(document: Document) -> set[int]:
    """The lines that are pieces of a sentence: of a text broken into lines, or of one with links in it."""
    pieces = set[int]()
    for index, (line, after) in enumerate(zip(document.lines, document.lines[1:], strict=False)):
        start = after.raw.lstrip()
        if start.startswith(GOES_ON):
            pieces |= {index, index + 1}
        elif (
            start[:1].islower() and len(line.text.split()) >= BROKEN_WORDS and line.text[-1:] not in ".!?:"
        ):
            pieces.add(index)
    return pieces


def _is_page(scores: LineScores, odds: Vector, removed: Groups) -> bool:
    """Whether a text without running text is a page of menus, not a list, a table or a song with a footer."""
    speaking = (scores.evidence >= MIN_EVIDENCE) | (removed > 0)
    has_signs = np.count_nonzero(removed) >= PAGE_SIGNS or odds.mean() >= PAGE_MEAN
    clear = int(((scores.evidence >= CLEAR_EVIDENCE) & (removed == 0)).sum())
    needed_share = CLEAR_PAGE_SHARE if clear > 1 else MIN_PAGE_SHARE
    is_long = len(odds) >= MIN_PAGE_LINES
    return bool(is_long and has_signs and clear and speaking.mean() >= needed_share)
