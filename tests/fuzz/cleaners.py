"""All cleaners over any text: they only remove, each span has its kind and rule, and their order does not matter."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.fuzz.target import Target, as_bytes
from tests.test_cleaners import CASES_FOLDER, NAMES, SCRAPS, assert_only_removes, document_of
from tests.test_markdown import SCRAPS as MARKDOWN

MORE: Final = (
    "[1]: ", "[[2]]", "^1", "(3)", "1. ", "- ", "* ", "> ", "“", "”", '"', "‘", "’", "—", "…", "\u0301", "\u200b", "\u2028",
    "\r\n", "\t", "  ", "ibid.", "References", "Bibliography", "Notes", "3 min read", "Posted by Ada", "Reply", "ago",
    "Monday, 3 May 2024", "03/05/2024", "12:30", "$1,000", "50 %", "https://", "@ada", "#rain", "Image: Ada Moss/Agency",
    "Subscribe", "Sign up for our newsletter", "As an AI language model", "Sure! Here is", "Continue reading", "»", "←",
)  # fmt: skip


def check(data: bytes) -> None:
    """Clean a text; the first byte says which of its lines are no content, and who wrote it."""
    text = data[1:].decode("utf8", "replace")
    mask = data[0] if data else 0
    left_out = [i for i in range(text.count("\n") + 1) if mask >> i % 8 & 1]
    document = document_of(
        text, "Harbour Ledger" if mask & 1 else "", left_out, ("Ada Moss",) if mask & 2 else ()
    )
    assert_only_removes(document)


def _texts() -> Iterator[bytes]:
    files: list[Path] = [CASES_FOLDER / f"{name}.jsonl" for name in NAMES]
    for file in files:
        for line in file.read_text(encoding="utf8").splitlines():
            yield b"\0" + json.loads(line)["text"].encode()


TARGET: Final = Target(check, _texts, as_bytes(SCRAPS, MARKDOWN, MORE), max_bytes=1024)
