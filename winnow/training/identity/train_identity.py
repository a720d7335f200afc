"""Measure the weights of the evidence: python -m winnow.training.identity.train_identity ARTICLES [ARTIFACT].

Each kind of evidence is counted in generated blocks (`winnow.training.identity.generated_blocks`) and in real
articles; its weight is the logarithm of the ratio of the two shares. The articles are those whose text has an
even hash: the other half is for measuring (`bench.authors`).
"""

import json
import math
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from winnow.corpus.writers import replacing
from winnow.models.hashes import ARTIFACTS
from winnow.models.identity.detector import groups
from winnow.models.identity.evidence_lines import read_clues
from winnow.models.identity.evidence_weights import kind_tables
from winnow.models.identity.shared_evidence import block_evidence
from winnow.training.identity.generated_blocks import sample_blocks

ARTIFACT: Final = ARTIFACTS / "identity_weights.json"
BLOCKS: Final = 4000
SEED: Final = 101
WEIGHTS: Final = (-1.5, 6.0)  # clipped: rarer than one article in some thousands is not known better
HALF: Final = 0.5  # added to each count, so that none is zero


def train(articles: Path, artifact: Path = ARTIFACT, blocks: int = BLOCKS) -> Path:
    """Write weights and counts; the same articles and packages give equal bytes."""
    texts = [text for text in pd.read_parquet(articles, columns=["text"]).text if is_for_training(text)]
    in_blocks = Counter(name for block in sample_blocks(blocks, SEED) for name in evidence_of(block))
    in_articles = Counter(name for text in texts for name in evidence_of(text.split("\n")))
    evidence = {
        name: {
            "weight": weight_of((in_blocks[name], blocks), (in_articles[name], len(texts))),
            "blocks": in_blocks[name],
            "articles": in_articles[name],
        }
        for name in sorted(kind_tables())
    }
    record = {"blocks": blocks, "articles": len(texts), "evidence": evidence}
    with replacing(artifact) as stream:
        stream.write((json.dumps(record, indent=1) + "\n").encode())
    return artifact


def is_for_training(text: str) -> bool:
    """Whether a real article is of the half that weights are counted in."""
    return zlib.crc32(text.encode()) % 2 == 0


def evidence_of(lines: Sequence[str]) -> set[str]:
    """Names of the evidence that any group of lines of a text shows."""
    lines = [line for line in lines if line.strip()]
    clues = read_clues(lines)
    evidence: set[str] = set()
    for first, last in groups(clues):
        names = {name for clue in clues[first : last + 1] for name in clue.evidence}
        evidence |= block_evidence(lines[first : last + 1], names, clues[first : last + 1])
    return evidence


def weight_of(in_blocks: tuple[int, int], in_articles: tuple[int, int]) -> float:
    """The logarithm of the ratio of two shares, each a count and of how many; clipped to `WEIGHTS`."""
    ratio = ((in_blocks[0] + HALF) / in_blocks[1]) / ((in_articles[0] + HALF) / in_articles[1])
    return round(min(max(math.log(ratio), WEIGHTS[0]), WEIGHTS[1]), 3)


if __name__ == "__main__":
    print(train(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else ARTIFACT))
