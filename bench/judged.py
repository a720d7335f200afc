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
class JudgedRemoval:
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
def load_judged() -> tuple[JudgedRemoval, ...]:
    """All judged removals, in the order of the file."""
    lines = JUDGED.read_text(encoding="utf8").splitlines()
    return tuple(JudgedRemoval(**json.loads(line)) for line in lines)


def text_hash(text: str) -> str:
    """The first characters of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


def tally(keys: Iterable[Key]) -> tuple[int, int]:
    """How many of some removals were judged, and how many of those were right."""
    by_key = {removal.key: removal.right for removal in load_judged()}
    verdicts = [by_key[key] for key in keys if key in by_key]
    return len(verdicts), sum(verdicts)
