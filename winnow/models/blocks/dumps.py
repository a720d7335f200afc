"""Raw dumps: the text of a whole page with its menus and footers, in which the markup is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from winnow.corpus.document import Block
from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.layout.laid_out import Runs
from winnow.corpus.word_breaks import words_of
from winnow.models.arrays import read_arrays, write_arrays
from winnow.models.blocks.block_model import BlockModel
from winnow.models.blocks.outline import Floats
from winnow.models.blocks.token_weights import Weights

SHORT_WORDS: Final = 5  # of a line that is no sentence
MIN_LINES: Final = 40  # of a dump: a page with its menu has more, nine of ten times
MIN_SHORT_SHARE: Final = 0.3  # of a dump's lines; below, no menu stands in the text
EDGE_LINES: Final = 8  # at both ends, where a dump has menu and footer
NEVER: Final = 0.1  # a line below it is surely no content
MENU_SCORE: Final = -0.5  # log-odds of being content by its words, below which a line is of a menu
MENU_WORDS: Final = 12  # from which a line is a sentence, whatever its words
MENU_EDGE_LINES: Final = 40  # at both ends, where lines of menus are counted
MIN_MENU_LINES: Final = 3  # of a dump; .99 of the recognised ones have them, nine articles in ten have not
SURE: Final = 0.94  # above it a text is a dump: .83 of dumps, .0002 of articles (bench.dumps)
ARTIFACT: Final = "artifacts/dumps.npz"
SIGNS: Final = (
    "one",
    "short_lines",
    "short_words",
    "content_words",
    "never_words",
    "first_lines",
    "last_lines",
    "menu_lines",
    "menu_at_both_ends",
)


@dataclass(frozen=True, slots=True)
class DumpModel:
    """Which texts are raw dumps, and which of their lines are the main content."""

    blocks: BlockModel  # fitted on pages without their markup
    weights: Floats  # (len(SIGNS),): log-odds of a text being a dump

    def line_shares(self, lines: Sequence[str]) -> Floats | None:
        """For a dump, how sure each line is to be content, with .5 at the text's own cut; None for another text."""
        weights = self.blocks.weights
        if not may_be_dump(lines) or len(menu_lines(lines, weights)) < MIN_MENU_LINES:
            return None
        verdict = self.blocks.judge(plain_page(lines), "", self.blocks.types.probabilities(()))
        odds = dump_signs(lines, verdict.probabilities, weights) @ self.weights
        if odds < np.log(SURE / (1 - SURE)):
            return None
        return np.interp(verdict.probabilities, [0.0, verdict.cut, 1.0], [0.0, 0.5, 1.0])


@cache
def load_dump_model(path: Path | None = None) -> DumpModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    arrays, sha256 = read_arrays(path, ARTIFACT)
    return DumpModel(BlockModel.from_arrays(arrays, sha256), arrays["signs"])


def save_dump_model(model: DumpModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    write_arrays(path, {**model.blocks.arrays(), "signs": model.weights})


def plain_page(lines: Sequence[str]) -> Page:
    """Lines as a page of blocks without elements."""
    ends = np.cumsum([len(line) + 1 for line in lines]).tolist()
    starts = [0, *ends[:-1]]
    none, plain = [0] * len(lines), [0.0] * len(lines)
    runs = Runs([NO_PARENT] * len(lines), plain, none, none, none, [False] * len(lines))
    text = "".join(f"{line}\n" for line in lines)
    return Page(text, tuple(map(Block, starts, ends)), runs)


def may_be_dump(lines: Sequence[str]) -> bool:
    """Whether a text has enough lines, and short ones among them, to be a dump; hardly any article has."""
    if len(lines) < MIN_LINES:
        return False
    return sum(len(words_of(line)) < SHORT_WORDS for line in lines) >= MIN_SHORT_SHARE * len(lines)


def menu_lines(lines: Sequence[str], weights: Weights) -> frozenset[str]:
    """The different lines whose words alone speak for a menu or a footer, in lower case.

    Short lines and their place do not distinguish a dump from a recipe or a table; these words do.
    """
    menu = set()
    for line in {line.lower() for line in lines}:
        words = words_of(line)
        if words and len(words) < MENU_WORDS and weights.text_score(words) < MENU_SCORE:
            menu.add(line)
    return frozenset(menu)


def dump_signs(lines: Sequence[str], probabilities: Floats, weights: Weights) -> Floats:
    """Signs by which a dump differs from a text that is all content, (len(SIGNS),).

    A constant, shares of lines and of words, means of probabilities, and log counts of `menu_lines`.
    """
    words = np.array([len(words_of(line)) for line in lines], dtype=np.float64)
    short, total = words < SHORT_WORDS, max(1.0, float(words.sum()))
    ends = (lines[:MENU_EDGE_LINES], lines[-MENU_EDGE_LINES:])
    return np.array(
        [
            1.0,
            short.mean(),
            words[short].sum() / total,
            (probabilities * words).sum() / total,
            words[probabilities < NEVER].sum() / total,
            probabilities[:EDGE_LINES].mean(),
            probabilities[-EDGE_LINES:].mean(),
            np.log1p(len(menu_lines(lines, weights))),
            np.log1p(min(len(menu_lines(end, weights)) for end in ends)),
        ]
    )
