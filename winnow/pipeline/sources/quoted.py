"""Passages that earlier runs chose, kept so that a run looks for new ones in new texts only."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from winnow.corpus.writers import write_text
from winnow.models.reliability.passages import best_passages

QUOTATIONS: Final = "quoted.jsonl"  # in the folder `.winnow`; it may be deleted
KEY_BYTES: Final = 16


class QuotationCache:
    """`best_passages` with a memory, told by all that it depends on: the document, what is sought, and the version."""

    def __init__(self, path: Path | None, version: str) -> None:
        self._path = path
        self._version = version
        self._kept = _read(path) if path and path.exists() else {}
        self._used: dict[str, dict[str, str]] = {}

    def passages(self, title: str, text: str, is_more: Mapping[str, bool]) -> dict[str, str]:
        """What `best_passages` gives; it takes 7 ms, and to find it here a tenth of one."""
        question = json.dumps([self._version, title, text, sorted(is_more.items())]).encode()
        key = hashlib.blake2b(question, digest_size=KEY_BYTES).hexdigest()
        passages = self._kept.get(key)
        self._used[key] = best_passages(title, text, is_more) if passages is None else passages
        return self._used[key]

    def keep(self) -> None:
        """Keep what was used for the next run, and nothing else."""
        if self._path:
            write_text(self._path, "".join(json.dumps(each) + "\n" for each in self._used.items()))


def _read(path: Path) -> dict[str, dict[str, str]]:
    """What a run kept; nothing of a file that is damaged."""
    try:
        return dict(map(json.loads, path.read_text(encoding="utf8").splitlines()))
    except (ValueError, TypeError):
        return {}
