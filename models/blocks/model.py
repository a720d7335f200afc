"""The block model: token weights, page types and boosted trees, kept as plain arrays."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.layout import Page
from corpus.writers import replacing
from models.blocks.choice import best_cut
from models.blocks.facts import FACTS
from models.blocks.features import FEATURES, page_features
from models.blocks.outline import Floats
from models.blocks.types import TypeModel
from models.blocks.weights import Weights
from models.trees import Trees

ARTIFACT: Final = "artifacts/blocks.npz"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model makes of a page of n blocks."""

    probabilities: Floats  # (n,): that a block is main content
    cut: float  # above which a block is taken


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Which blocks of a page are its main content."""

    weights: Weights  # of tokens
    types: TypeModel
    trees: Trees
    sha256: str = ""  # of the artifact; "" for a model that was not read from one

    def judge(self, page: Page, title: str, page_type: Floats) -> Verdict:
        """The probability of each block of a page that has some, and the page's own cut.

        ``page_type`` is the probability of each of `models.blocks.types.PAGE_TYPES`.
        """
        features = page_features(page, title, page_type, self.weights)
        odds = self.trees.raw_scores(features.astype(np.float64))
        probabilities = 1 / (1 + np.exp(-odds))
        words = features[:, FACTS.index("words")].astype(np.float64)
        return Verdict(probabilities, best_cut(probabilities, words))


@cache
def load_model(path: Path | None = None) -> BlockModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    content = path.read_bytes() if path else (files("models") / ARTIFACT).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        if tuple(arrays["names"]) != FEATURES:
            raise ValueError("the artifact of the block model has other features; train it again")
        flat = dict(zip(_words(arrays["tokens"]), arrays["weights"].tolist(), strict=True))
        types = TypeModel(
            dict(zip(_words(arrays["type_tokens"]), arrays["type_weights"], strict=True)),
            arrays["intercept"],
        )
        trees = Trees.from_arrays({name: arrays[name] for name in arrays.files})
    return BlockModel(Weights.of(flat), types, trees, hashlib.sha256(content).hexdigest())


def save_model(model: BlockModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    flat = model.weights.flat()
    arrays: dict[str, Any] = {
        "names": np.array(FEATURES),
        "tokens": _packed(flat),
        "weights": np.array([*flat.values()], dtype=np.float32),
        "type_tokens": _packed(model.types.weights),
        "type_weights": np.array([*model.types.weights.values()], dtype=np.float32),
        "intercept": model.types.intercept,
        **model.trees.arrays(),
    }
    with replacing(path) as stream:
        np.savez_compressed(stream, **arrays)


def _packed(tokens: Iterable[str]) -> NDArray[np.uint8]:
    """Texts without line breaks, as bytes: a third of the size of an array of strings."""
    return np.frombuffer("\n".join(tokens).encode(), dtype=np.uint8)


def _words(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
