"""Lines that no rule has words for: a model judges words, shape, place and neighbours, and what the rules removed.

The cuts were chosen on labelled documents by sites held out (bench.noise) and by reading what is removed from real
articles; winnow/models/cards/lines.md has both.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.cleaners._content import has_figures, is_content, looks_like_code
from winnow.cleaners._dates import is_span_of_days
from winnow.cleaners._rule_removals import rule_removals
from winnow.cleaners._rules import is_table_row, phrase_lines
from winnow.cleaners._whole_pages import PAGE_RULE, PAGE_SIGNS, page_lines
from winnow.corpus.document import Document, Removal
from winnow.models.lines.line_model import LineModel, load_model
from winnow.models.lines.line_shapes import Matrix
from winnow.models.lines.removal_context import Groups, removed_groups
from winnow.models.lines.word_model import LineScores, Vector
from winnow.models.site_line_keys import SITE_RULE, line_odds

# Log-odds from which a line goes, by the text's signs of noise: lines that a rule removes, or that are sure
CUT: Final = 1.0  # with many signs
WARY_CUT: Final = 2.0  # with some
STRICT_CUT: Final = 2.5  # with fewer
# The last two for a line that its site repeats, or whose words are clear to both judges
SURE_WARY_CUT: Final = 1.4
SURE_STRICT_CUT: Final = 2.0
MANY_SIGNS: Final = 8
SIGNS: Final = 2
SURE: Final = 2.0  # log-odds
LONG: Final = 1.0  # log-odds that a paragraph must have more
FIRST: Final = 1.0  # and the first line, where titles stand
SILENT: Final = 0.5  # and a line whose words say nothing, of which both judges must be nearly as sure
SENTENCE: Final = 0.75  # and one that is a sentence, with no clear words: posts and letters answer briefly
AGREEMENT: Final = 0.5  # log-odds by which the mean may exceed the more doubtful judge there
MIN_EVIDENCE: Final = 0.4  # log-odds by words, from which they speak for noise
CLEAR_EVIDENCE: Final = 1.25  # from which they are clear
# Mean log-odds by words, below which a line is not judged: it costs as much as the others, and hardly ever goes
# in a text with as many lines as are signs that rules remove, or that have the words below
MIN_WORDS: Final = -2.0
QUIET_WORDS: Final = 0.75  # in others: two in five labelled texts, and most articles, have no such line
MIN_PARAGRAPH_SHARE: Final = 0.3  # of the characters; below it a text is a list, a recipe, a dump of a page
NOISY_SHARE: Final = 0.5  # of the lines that speak for noise; such a text is judged all the same
MAX_LINES: Final = 300  # beyond it there are debates, statutes and references
MAX_CODE_LINES: Final = 2
MAX_CODE_SHARE: Final = 0.1  # of the lines, where those are more
COPIES: Final = frozenset(
    {"repeated_text", "pull_quote"}
)  # kinds of removals that say nothing of their neighbours
RULE: Final = "line_model"


def lines(document: Document) -> Iterator[Removal]:
    r"""Find lines of noise that the rules have no words for.

    All of a text stays that is not mostly running text and does not show much noise, or that holds code. Of a whole
    page, menus and all, or a piece of one, lines go by a judge that learned from such pages (rule ``page_lines``).

    >>> list(lines(Document("Verse one\nShare this\nVerse two\n")))
    []
    """
    yield from judged_lines(document, load_model())


def judged_lines(document: Document, model: LineModel, cut: float = CUT) -> Iterator[Removal]:
    """What a model removes at a cut of its log-odds, which is higher in a text that shows little noise.

    That a line stands on several pages of its site moves its odds; such removals have the rule ``site_lines``. Its
    words must speak for noise still: without that, 110 of 489 such removals from 12,646 articles were wrong, the
    names of newspapers over quotations first of all; with it, about 20 of 390.
    """
    if not document.lines or len(document.lines) > MAX_LINES:
        return
    removed, repeated = _removed(document), line_odds(document)
    noisy = _noisy_lines(document, model, removed, repeated, cut)
    of_page = _page_lines(document, model, removed, cut)
    noise = phrase_lines(document).union(noisy, of_page, np.flatnonzero(removed).tolist())
    for index, odds in (of_page | noisy).items():
        line = document.lines[index]
        if not _is_kept(document, index, noise):
            rule = PAGE_RULE if index not in noisy else SITE_RULE if index in repeated else RULE
            yield Removal(
                line.start, line.stop, model.kind(line), rule, round(1 / (1 + math.exp(-odds)), 4)
            )


def _noisy_lines(
    document: Document, model: LineModel, removed: Groups, repeated: Mapping[int, float], cut: float
) -> dict[int, float]:
    """The lines that reach a cut of both judges' log-odds, with them."""
    judgement = _judgement(document, model, removed, repeated)
    if judgement is None:
        return {}
    return {
        index: odds
        for index, odds in judgement.at(cut).items()
        if (judgement.speaking[index] or index not in repeated)
        and (judgement.telling[index] or not has_figures(document.lines[index]))
    }


def _page_lines(document: Document, model: LineModel, removed: Groups, cut: float) -> dict[int, float]:
    """The lines of which the judge of whole pages is sure, with its log-odds, where the rules remove others."""
    is_running = _is_running_text(document)
    if np.count_nonzero(removed) < (PAGE_SIGNS if is_running else SIGNS) or _holds_code(document):
        return {}
    return page_lines(document, model, removed, cut, is_running=is_running)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What speaks for noise in a document's lines."""

    removed: Groups  # by the rules
    speaking: NDArray[np.bool_]  # by their words to one judge
    telling: NDArray[np.bool_]  # by their words to the mean of both
    clear: NDArray[np.bool_]  # by their words to both
    repeated: Mapping[int, float]  # log-odds of the lines that the site repeats
    # log-odds of the lines that may be noise, those of repeated ones added, less what each must have beyond the cut
    odds: Mapping[int, float]

    def at(self, cut: float) -> dict[int, float]:
        """The lines that reach a cut, a higher one where the text shows fewer signs of noise."""
        signs = int(np.count_nonzero(self.removed)) + sum(odds >= SURE for odds in self.odds.values())
        return {
            index: odds
            for index, odds in self.odds.items()
            if odds >= max(cut, _least_odds(signs, is_sure=self._is_sure(index)))
        }

    def _is_sure(self, index: int) -> bool:
        return bool(self.clear[index]) or index in self.repeated


def _least_odds(signs: int, *, is_sure: bool) -> float:
    """Log-odds from which a line goes in a text with so many signs of noise."""
    if signs >= MANY_SIGNS:
        return CUT
    if signs >= SIGNS:
        return SURE_WARY_CUT if is_sure else WARY_CUT
    return SURE_STRICT_CUT if is_sure else STRICT_CUT


def _judgement(
    document: Document, model: LineModel, removed: Groups, repeated: Mapping[int, float]
) -> _Judgement | None:
    """What the two judges say, or nothing for a text that is clean by its words alone, or must not be judged."""
    scores = model.word_scores(document)
    evidence = np.array([one.evidence for one in scores])
    speaking = evidence.max(axis=0) >= MIN_EVIDENCE
    rows = _candidates(scores, removed, repeated)
    if not rows or not _is_judged(document, speaking | (removed > 0)):
        return None
    odds = _agreed(model.log_odds(document, scores, removed, rows), speaking[rows])
    clear = evidence.min(axis=0) >= CLEAR_EVIDENCE
    odds += [repeated.get(row, 0.0) for row in rows] - _caution(document, evidence, clear)[rows]
    telling = evidence.mean(axis=0) >= MIN_EVIDENCE
    return _Judgement(
        removed, speaking, telling, clear, repeated, dict(zip(rows, odds.tolist(), strict=True))
    )


def _removed(document: Document) -> Groups:
    """What the rules remove, but for copies: a test page repeats its own lines, which is no sign of noise."""
    return removed_groups(document, (r for r in rule_removals(document) if r.kind not in COPIES))


def _candidates(scores: Sequence[LineScores], removed: Groups, repeated: Collection[int]) -> list[int]:
    """The lines that are worth judging, by their words and those of the others."""
    words = np.mean([one.total for one in scores], axis=0)
    is_noisy = np.count_nonzero((removed > 0) | (words >= QUIET_WORDS)) >= SIGNS
    is_candidate = words >= (MIN_WORDS if is_noisy else QUIET_WORDS)
    is_candidate[list(repeated)] = True
    return [int(row) for row in np.flatnonzero(is_candidate & (removed == 0))]


def _agreed(odds: Vector, speaking: NDArray[np.bool_]) -> Vector:
    """The mean of the judges' log-odds, ``odds[judge, line]``; of lines that do not speak little more than the least.

    The natural judge takes all that stands below removed lines for noise: ingredients, results, notes of changes.
    """
    mean = np.mean(odds, axis=0)
    return np.asarray(np.where(speaking, mean, np.minimum(mean, np.min(odds, axis=0) + AGREEMENT)))


def _is_kept(document: Document, index: int, noise: Collection[int]) -> bool:
    """Whether a line is content whatever the model says."""
    line = document.lines[index]
    return is_table_row(line) or is_span_of_days(line) or is_content(document, index, noise)


def _caution(document: Document, evidence: Matrix, clear: NDArray[np.bool_]) -> Vector:
    """Log-odds that each line must have beyond the cut; the less, the more its words, (judges, lines), say."""
    caution = np.asarray(SILENT * np.clip(1 - evidence.max(axis=0) / MIN_EVIDENCE, 0, 1))
    is_sentence = np.array([line.is_sentence and not line.is_long for line in document.lines])
    caution += np.where(is_sentence & ~clear, SENTENCE, 0.0)
    caution += [LONG * line.is_long for line in document.lines]
    caution[0] += FIRST
    return caution


def _is_judged(document: Document, has_noise: NDArray[np.bool_]) -> bool:
    """Whether a document is mostly running text, or half of its lines speak for noise, ``has_noise``."""
    if _holds_code(document):
        return False
    return _is_running_text(document) or bool(has_noise.mean() >= NOISY_SHARE)


def _holds_code(document: Document) -> bool:
    """Whether too many lines look like code."""
    code = sum(map(looks_like_code, document.lines))
    return code > max(MAX_CODE_LINES, MAX_CODE_SHARE * len(document.lines))


def _is_running_text(document: Document) -> bool:
    """Whether paragraphs hold enough of a text."""
    paragraphs = sum(document.lines[index].weight for index in document.paragraphs)
    return paragraphs > 0 and paragraphs >= MIN_PARAGRAPH_SHARE * sum(
        line.weight for line in document.lines
    )
