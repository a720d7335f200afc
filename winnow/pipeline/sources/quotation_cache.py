"""A cache of the passages that runs quote, so that only new texts are searched for them."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from winnow.corpus.writers import write_text
from winnow.models.reliability.passages import best_passages

QUOTATIONS: Final = "quoted.jsonl"  # among what a run keeps for the next; it may be missing
KEY_BYTES: Final = 16


class QuotationCache:
    """`best_passages` with a cache, keyed by all that it depends on: document, features and version."""

    def __init__(self, earlier: Path | None, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._earlier = _read(earlier) if earlier else {}
        self._used: dict[str, dict[str, str]] = {}

    def passages(self, title: str, text: str, names: Iterable[str]) -> dict[str, str]:
        """The result of `best_passages`, which takes 7 ms; from the cache it takes 0.1 ms."""
        wanted = sorted(names)
        inputs = json.dumps([self._version, title, text, wanted]).encode()
        key = hashlib.blake2b(inputs, digest_size=KEY_BYTES).hexdigest()
        passages = self._earlier.get(key)
        self._used[key] = best_passages(title, text, wanted) if passages is None else passages
        return self._used[key]

    def keep(self) -> None:
        """Write the passages that this run used for the next one, and drop all others."""
        write_text(self._path, "".join(json.dumps(each) + "\n" for each in self._used.items()))


def _read(path: Path) -> dict[str, dict[str, str]]:
    """The passages in a file by key."""
    return dict(map(json.loads, path.read_text(encoding="utf8").splitlines()))
