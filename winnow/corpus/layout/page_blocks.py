"""The blocks of a page as they are made, with the facts about each that models measure."""

from dataclasses import dataclass, field, replace
from typing import Final

from winnow.corpus.document import Block
from winnow.corpus.layout.laid_out import Runs
from winnow.corpus.layout.paragraph import Paragraph

# Of a page that are told apart: the block model takes 4 kB for each. The pages of WCXB dev have 2,641 at most.
MAX_BLOCKS: Final = 50_000


@dataclass(slots=True)
class PageBlocks:
    """The blocks so far; each is a line."""

    blocks: list[Block] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)  # the innermost one around each
    _lines: list[str] = field(default_factory=list)
    _bold_shares: list[float] = field(default_factory=list)
    _links: list[int] = field(default_factory=list)
    _inline: list[int] = field(default_factory=list)
    _pictures: list[int] = field(default_factory=list)
    _closed: list[bool] = field(default_factory=list)
    _length: int = 0

    def add(
        self,
        line: str,
        place: tuple[str, str],
        element: int,
        paragraph: Paragraph,
        chars: int,
        *,
        is_closed: bool,
    ) -> None:
        """Make a block of a line of a paragraph of so many characters, which a reader may have to open first."""
        end = self._length + len(line) + 1
        link_share = round(min(1.0, paragraph.link_chars / chars), 3) if paragraph.link_chars else 0.0
        self.blocks.append(Block(self._length, end, *place, link_share))
        self.elements.append(element)
        self._bold_shares.append(min(1.0, paragraph.bold_chars / chars) if paragraph.bold_chars else 0.0)
        self._links.append(paragraph.links)
        self._inline.append(paragraph.inline)
        self._pictures.append(paragraph.pictures)
        self._closed.append(is_closed)
        paragraph.pictures = 0
        self._lines.append(f"{line}\n")
        self._length = end

    def lengthen(self, line: str) -> None:
        """Add a line to the last block: of a page with too many all that follows is one."""
        self._length += len(line) + 1
        self.blocks[-1] = replace(self.blocks[-1], end=self._length)
        self._lines[-1] = self._lines[-1].removesuffix("\n")
        self._lines.append(f" {line}\n")

    def text(self) -> str:
        """The text of all blocks."""
        return "".join(self._lines)

    def runs(self) -> Runs:
        """The facts about all blocks."""
        return Runs(
            self.elements, self._bold_shares, self._links, self._inline, self._pictures, self._closed
        )
