"""Removals that were judged by hand: which firing of which rule was right.

``bench/labels/judged.jsonl`` has one removal a line and no text: the article's key and hash, offsets, kind,
rule, verdict, and how it was drawn: ``rule`` (read to judge its rule) or ``random`` (of all removals).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from bench.results import ROOT

JUDGED: Final = ROOT / "bench" / "labels" / "judged.jsonl"
HASH_CHARS: Final = 12

Key = tuple[str, int, int, str]  # article, start, end, rule


@dataclass(frozen=True, slots=True)
class Judged:
    """One removal with its verdict."""

    article: str  # doc_id of the article
    text: str  # hash of its text
    start: int
    end: int
    kind: str
    rule: str
    right: bool  # noise, or at least clearly not the document's own text
    draw: str  # "rule" or "random"

    @property
    def key(self) -> Key:
        """What tells it from every other removal."""
        return self.article, self.start, self.end, self.rule


@cache
def load_judged() -> tuple[Judged, ...]:
    """All judged removals, in the order of the file."""
    lines = JUDGED.read_text(encoding="utf8").splitlines()
    return tuple(Judged(**json.loads(line)) for line in lines)


def text_hash(text: str) -> str:
    """The first characters of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


def tally(keys: Iterable[Key]) -> tuple[int, int]:
    """How many of some removals were judged, and how many of those were right."""
    verdicts = {judged.key: judged.right for judged in load_judged()}
    found = [verdicts[key] for key in keys if key in verdicts]
    return len(found), sum(found)
