"""Short lines above and below a text that its site prints there on other pages, too: menus, teasers, footers."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from winnow.cleaners._content import is_content
from winnow.cleaners._rules import phrase_lines
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import text_weight
from winnow.models.lines.line_model import load_model
from winnow.models.site_line_keys import MIN_WEIGHT, SITE_RULE, TEXT_STEP, line_odds, noise_odds

MIN_ODDS: Final = noise_odds(4, TEXT_STEP)  # as four pages of a site give
MIN_LINES: Final = 2  # that other pages show, of a run; one alone may be a heading
# Of a shorter run one line at least must read like noise: laws close with formulas and the names of offices
SURE_LINES: Final = 4
MIN_EVIDENCE: Final = 0.75  # log-odds by its words, of such a line
# Of 1,956 lines of runs in texts that six extractors made of news of 2011, 23 stand in the reference texts, most of
# them the story's own title in a list of the latest; 120 others that were read are noise.
SCORE: Final = 0.98


def site_edges(document: Document) -> Iterator[Removal]:
    """Find runs of lines that open or close a text and stand on several pages of its site.

    Lines that are too short to be counted go with those around them. Of few lines one must read like noise. The last
    line of a run above the text stays: where it is the title, other pages show it in their lists.
    """
    shared = {index for index, odds in line_odds(document).items() if odds >= MIN_ODDS}
    paragraphs = [index for index in document.paragraphs if document.lines[index].is_long]
    if len(shared) < MIN_LINES or not paragraphs:
        return
    above = _run(document, range(paragraphs[0]), shared)[:-1]
    below = _run(document, range(len(document.lines) - 1, paragraphs[-1], -1), shared)
    for run in (above, below):
        lines = len(shared.intersection(run))
        if lines >= SURE_LINES or (lines >= MIN_LINES and _reads_like_noise(document, run)):
            yield from _removals(document, run)


def _run(document: Document, order: Iterable[int], shared: Collection[int]) -> list[int]:
    """The lines from an edge of a text inwards that other pages show, with single short ones and noise between them."""
    noise, run, gap = phrase_lines(document), list[int](), list[int]()
    for index in order:
        if index in shared:
            run += [*gap, index]
            gap = []
        elif index in noise or _is_short(document, index):
            gap.append(index)
        else:
            break
        if sum(other not in noise for other in gap) > 1:
            break
    return run


def _reads_like_noise(document: Document, run: Collection[int]) -> bool:
    """Whether a line of a run fits a rule, or has words that speak for noise."""
    if not phrase_lines(document).isdisjoint(run):
        return True
    evidence = load_model().evidence(document)
    return any(evidence[index] >= MIN_EVIDENCE for index in run)


def _is_short(document: Document, index: int) -> bool:
    """Whether a line is too short to be told from others."""
    return text_weight(document.lines[index].key) < MIN_WEIGHT


def _removals(document: Document, run: Collection[int]) -> Iterator[Removal]:
    for index in run:
        if not is_content(document, index, run):
            line = document.lines[index]
            yield Removal(line.start, line.stop, load_model().kind(line), SITE_RULE, SCORE)
