"""The block model: token weights, page types and boosted trees, kept as plain arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count, takewhile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.layout import Page
from winnow.models.arrays import packed_words, read_arrays, unpacked_words, write_arrays
from winnow.models.blocks.block_choice import best_cut
from winnow.models.blocks.block_facts import FACTS
from winnow.models.blocks.block_features import FEATURES, page_features
from winnow.models.blocks.outline import Floats
from winnow.models.blocks.page_types import TypeModel
from winnow.models.blocks.token_weights import Weights
from winnow.models.trees import Trees

ARTIFACT: Final = "artifacts/blocks.npz"


@dataclass(frozen=True, slots=True)
class BlockVerdict:
    """What the model makes of a page of n blocks."""

    probabilities: Floats  # (n,): that a block is main content
    cut: float  # above which a block is taken


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Which blocks of a page are its main content."""

    weights: Weights  # of tokens
    types: TypeModel
    trees: tuple[Trees, ...]  # the last was fitted on pages of other years and conventions, too
    sha256: str = ""  # of the artifact; "" for a model that was not read from one

    def judge(self, page: Page, title: str, page_type: Floats, *, is_old: bool = False) -> BlockVerdict:
        """The probability of each block of a page that has some, and the page's own cut.

        ``page_type`` is the probability of each of `winnow.models.blocks.page_types.PAGE_TYPES`. An old page, of
        before 2013, is judged by the last trees alone, another by the mean of all.
        """
        features = page_features(page, title, page_type, self.weights).astype(np.float64)
        judges = self.trees[-1:] if is_old else self.trees
        odds = np.mean([trees.raw_scores(features) for trees in judges], axis=0)
        probabilities = 1 / (1 + np.exp(-odds))
        words = features[:, FACTS.index("words")].astype(np.float64)
        return BlockVerdict(probabilities, best_cut(probabilities, words))

    def arrays(self) -> dict[str, Any]:
        """The model as plain arrays, for ``numpy.savez``."""
        flat = self.weights.flat()
        return {
            "names": np.array(FEATURES),
            "tokens": packed_words(flat),
            "weights": np.array([*flat.values()], dtype=np.float32),
            "type_tokens": packed_words(self.types.weights),
            "type_weights": np.array([*self.types.weights.values()], dtype=np.float32),
            "intercept": self.types.intercept,
            **{
                f"{name}_{number}": array
                for number, trees in enumerate(self.trees)
                for name, array in trees.arrays().items()
            },
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], sha256: str) -> "BlockModel":
        """The model that `arrays` gave. Raises ValueError for one with other features."""
        if tuple(arrays["names"]) != FEATURES:
            raise ValueError("the artifact of the block model has other features; train it again")
        flat = dict(zip(unpacked_words(arrays["tokens"]), arrays["weights"].tolist(), strict=True))
        of_types = dict(zip(unpacked_words(arrays["type_tokens"]), arrays["type_weights"], strict=True))
        types = TypeModel(of_types, arrays["intercept"])
        return cls(Weights.of(flat), types, (*_numbered_trees(arrays),), sha256)


def _numbered_trees(arrays: Mapping[str, NDArray[Any]]) -> Iterator[Trees]:
    for number in takewhile(lambda number: f"roots_{number}" in arrays, count()):
        ending = f"_{number}"
        own = {name.removesuffix(ending): arrays[name] for name in arrays if name.endswith(ending)}
        yield Trees.from_arrays(own)


@cache
def load_model(path: Path | None = None) -> BlockModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    return BlockModel.from_arrays(*read_arrays(path, ARTIFACT))


def save_model(model: BlockModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    write_arrays(path, model.arrays())
