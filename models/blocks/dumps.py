"""Raw dumps: the text of a whole page with its menus and footers, in which the markup is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from corpus.document import Block
from corpus.layout import ROOT, Page
from corpus.layout.page import Runs
from models.arrays import read_arrays, write_arrays
from models.blocks.model import BlockModel
from models.blocks.outline import Floats
from models.blocks.tokens import words_of

SHORT_WORDS: Final = 5  # of a line that is no sentence
MIN_LINES: Final = 40  # of a dump: a page with its menu has more, nine of ten times
MIN_SHORT_SHARE: Final = 0.3  # of a dump's lines; below, no menu stands in the text
EDGE_LINES: Final = 8  # at both ends, where a dump has menu and footer
NEVER: Final = 0.1  # a line below it is surely no content
SURE: Final = 0.9  # probability of being a dump, above which a text is one: .79 of dumps, .0014 of articles
ARTIFACT: Final = "artifacts/dumps.npz"
SIGNS: Final = (
    "one",
    "short_lines",
    "short_words",
    "content_words",
    "never_words",
    "first_lines",
    "last_lines",
)


@dataclass(frozen=True, slots=True)
class DumpModel:
    """Which texts are raw dumps, and which of their lines are the main content."""

    blocks: BlockModel  # fitted on pages without their markup
    weights: Floats  # (len(SIGNS),): log-odds of a text being a dump

    def line_shares(self, lines: Sequence[str]) -> Floats | None:
        """For a dump, how sure each line is to be content, with .5 at the text's own cut; None for another text."""
        if not may_be_dump(lines):
            return None
        verdict = self.blocks.judge(plain_page(lines), "", self.blocks.types.probabilities(()))
        odds = dump_signs(lines, verdict.probabilities) @ self.weights
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
    runs = Runs([ROOT] * len(lines), plain, none, none, none)
    text = "".join(f"{line}\n" for line in lines)
    return Page(text, tuple(map(Block, starts, ends)), runs)


def may_be_dump(lines: Sequence[str]) -> bool:
    """Whether a text is long and broken enough to be asked about at all; nearly no article is."""
    if len(lines) < MIN_LINES:
        return False
    return sum(len(words_of(line)) < SHORT_WORDS for line in lines) >= MIN_SHORT_SHARE * len(lines)


def dump_signs(lines: Sequence[str], probabilities: Floats) -> Floats:
    """What tells a dump from a text that is all content, (len(SIGNS),); all but the first are shares."""
    words = np.array([len(words_of(line)) for line in lines], dtype=np.float64)
    short, total = words < SHORT_WORDS, max(1.0, float(words.sum()))
    return np.array(
        [
            1.0,
            short.mean(),
            words[short].sum() / total,
            (probabilities * words).sum() / total,
            words[probabilities < NEVER].sum() / total,
            probabilities[:EDGE_LINES].mean(),
            probabilities[-EDGE_LINES:].mean(),
        ]
    )
