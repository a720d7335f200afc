"""Anchors: spans found again by their text and surroundings, because a new extraction changes offsets."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CONTEXT_CHARS: Final = 64  # kept on each side: more than a line of most menus, so that equal labels differ
SHORT_CHARS: Final = 32  # a shorter text says too little alone; some of its surroundings must be there too
CONTEXT_NEEDED: Final = 8  # characters of surroundings, both sides together, that a short text needs
MAX_CANDIDATES: Final = 1000  # occurrences that are weighed, for a text of nothing but repetition


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span's text, what stood around it, and where it was."""

    text: str
    prefix: str = ""
    suffix: str = ""
    near: int = 0  # code points before it; decides only between places that are alike

    def find(self, text: str) -> tuple[int, int] | None:
        """Where the span is in a text: the place whose surroundings agree most, then the nearest.

        White space may differ. None where the text is gone, or is short and its surroundings are
        gone: the decision is an orphan then.

        >>> Anchor("Share", prefix="Read more.\\n", suffix="\\nComments").find("Share\\n\\nRead more.\\nShare\\n")
        (18, 23)
        """
        return self._best(text, 0) or self._find_folded(text)

    def _best(self, text: str, prefer: int) -> tuple[int, int] | None:
        """The best occurrence of the exact text."""
        near = prefer or self.near
        candidates = [
            (self._agreement(text, at), -abs(at - near), at) for at in _occurrences(self.text, text)
        ]
        if not candidates:
            return None
        agreement, _, at = max(candidates)
        needed = min(CONTEXT_NEEDED, len(self.prefix) + len(self.suffix))
        if len(self.text) < SHORT_CHARS and agreement < needed:
            return None
        return at, at + len(self.text)

    def _agreement(self, text: str, at: int) -> int:
        """How many characters of the surroundings agree, counted outwards from the span."""
        before = text[max(0, at - len(self.prefix)) : at]
        after = text[at + len(self.text) : at + len(self.text) + len(self.suffix)]
        return _common(before[::-1], self.prefix[::-1]) + _common(after, self.suffix)

    def _find_folded(self, text: str) -> tuple[int, int] | None:
        """The best occurrence when each run of white space counts as one space; white space at its ends stays out."""
        bare = self.text.strip()
        if not bare:
            return None
        folded, origins = _fold_spaces(text)
        before, after = self.text.split(bare, 1)
        folded_anchor = Anchor(
            _fold_spaces(bare)[0],
            _fold_spaces(self.prefix + before)[0],
            _fold_spaces(after + self.suffix)[0],
        )
        place = folded_anchor._best(folded, bisect_right(origins, self.near))
        return (origins[place[0]], origins[place[1] - 1] + 1) if place else None


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of ``text[start:end]``."""
    return Anchor(
        text[start:end], text[max(0, start - CONTEXT_CHARS) : start], text[end : end + CONTEXT_CHARS], start
    )


def _common(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _occurrences(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    for _ in range(MAX_CANDIDATES):
        if at < 0:
            return
        yield at
        at = text.find(needle, at + 1)


def _fold_spaces(text: str) -> tuple[str, list[int]]:
    """A text with runs of white space as one space, and where each of its characters came from."""
    origins = [i for i, c in enumerate(text) if not c.isspace() or not text[i - 1 : i].isspace()]
    return "".join(" " if text[i].isspace() else text[i] for i in origins), origins
