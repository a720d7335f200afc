"""The elements of a page that make blocks, as they are read."""

from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.laid_out import NAMELESS, NAMING, NO_PARENT, Elements

PATH_CHARS: Final = 300  # a path keeps its innermost elements
CLASSES: Final = 3  # of an element that a path names
NAME_CHARS: Final = 40


@dataclass(slots=True)
class OpenElements:
    """The elements so far, and which of them is open."""

    at: int = NO_PARENT  # the innermost open one
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    _elements: list[PageTree] = field(default_factory=list)
    _first_blocks: list[int] = field(default_factory=list)
    _end_blocks: list[int] = field(default_factory=list)
    _paths: list[str | None] = field(default_factory=list)  # made when a block asks for them
    _paths_below: dict[tuple[str, str, str | None], str] = field(default_factory=dict)  # those made before

    def open(self, tag: str, element: PageTree, blocks: int) -> int:
        """Begin an element behind so many blocks; its number."""
        self.tags.append(tag)
        self.parents.append(self.at)
        self._elements.append(element)
        self._first_blocks.append(blocks)
        self._end_blocks.append(0)
        self._paths.append(None)
        self.at = len(self.tags) - 1
        return self.at

    def close(self, blocks: int) -> tuple[int, int]:
        """End the innermost element behind so many blocks; its number, and that of the one around it."""
        closed = self.at
        self._end_blocks[closed] = blocks
        self.at = self.parents[closed]
        return closed, self.at

    def columns(self) -> Elements:
        """All elements."""
        spans = zip(self._elements, self._first_blocks, self._end_blocks, strict=True)
        names = [tuple(map(e.get, NAMING)) if first < end else NAMELESS for e, first, end in spans]
        return Elements(self.tags, names, self.parents, self._first_blocks, self._end_blocks)

    def place(self, element: int) -> tuple[str, str]:
        """The path of an element, cut off at the front, "" for the root; and its tag."""
        return (self._path(element), self.tags[element]) if element != NO_PARENT else ("", "")

    def _path(self, element: int) -> str:
        unnamed, at = [], element
        while at != NO_PARENT and self._paths[at] is None:
            unnamed.append(at)
            at = self.parents[at]
        path = self._paths[at] or "" if at != NO_PARENT else ""
        for at in reversed(unnamed):
            key = path, self.tags[at], self._elements[at].get("class")
            if key not in self._paths_below:  # elements side by side are often alike
                self._paths_below[key] = path_below(*key)
            path = self._paths[at] = self._paths_below[key]
        return path


def path_below(path: str, tag: str, classes: str | None) -> str:
    """The path of an element inside another, cut off at the front; "" for the root."""
    if tag == "html":
        return ""
    label = ".".join(name[:NAME_CHARS] for name in [tag, *(classes or "").split()[:CLASSES]])
    return f"{path}/{label}"[-PATH_CHARS:].lstrip("/")
