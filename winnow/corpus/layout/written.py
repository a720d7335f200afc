"""The text of a page as documents have it: blocks that stand on one line are put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from winnow.corpus.document import Block
from winnow.corpus.layout.laid_out import Joint, Page, Span

CELL_BREAK = " | "


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """The text of a page with its blocks."""

    text: str
    blocks: tuple[Block, ...]
    code: tuple[Span, ...] = ()  # inline code, in order


@dataclass(slots=True)
class _Writer:
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    code: list[Span] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, block: Block, content: float, joint: Joint) -> None:
        """Write a block of a page that has a joint."""
        if joint.blank_lines and self.blocks:
            self._lengthen("\n" * joint.blank_lines)
        is_joined = joint.gap is not None and bool(self.blocks)
        if is_joined:
            self._join(joint.gap or "")
        start = self.length + len(joint.label)
        self.code += ((start + a, start + b) for a, b in joint.code)
        whole = f"{joint.label}{text}{joint.ending}\n"
        if is_joined:
            self._extend(whole, block.link_share, content, len(text))
        else:
            self._begin(whole, block, content, joint)

    def _extend(self, text: str, link_share: float, content: float, chars: int) -> None:
        """Write a block on the line of the one before."""
        line = self.blocks[-1]
        link_share, content = _weighted(line, link_share, content, chars)
        self.blocks[-1] = replace(line, link_share=link_share, content=content)
        self._lengthen(text)

    def _begin(self, whole: str, block: Block, content: float, joint: Joint) -> None:
        """Write a block on a line of its own, or on several."""
        path, tag = joint.place or (block.path, block.tag)
        continues = joint.continues
        for part in _parts(whole, joint, len(joint.label)):
            end = self.length + len(part)
            self.lines.append(part)
            place = self.length, end, path, tag
            self.blocks.append(Block(*place, block.link_share, content, continues=continues))
            self.length, continues = end, ""

    def add_line(self, text: str, block: Block, content: float) -> None:
        """Write a block of a page that is a line as it is."""
        end = self.length + len(text) + 1
        self.lines.append(f"{text}\n")
        self.blocks.append(Block(self.length, end, block.path, block.tag, block.link_share, content))
        self.length = end

    def _join(self, gap: str) -> None:
        """Take the line break of the last line away."""
        bare = self.lines[-1].rstrip("\n")
        self.length -= len(self.lines[-1]) - len(bare)
        self.lines[-1] = bare
        self._lengthen(gap)

    def _lengthen(self, text: str) -> None:
        self.lines.append(text)
        self.length += len(text)
        self.blocks[-1] = replace(self.blocks[-1], end=self.length)


def write_page(page: Page, shares: Sequence[float] | None = None) -> WrittenPage:
    """The text of a page in lines, with the content share of each block, 1 where none are given.

    What lies between two blocks says whether they stand on one line (`Page.joints`); a line has the shares
    of its blocks, weighted by their characters.
    """
    contents = [1.0] * len(page.blocks) if shares is None else [round(float(share), 3) for share in shares]
    writer = _Writer()
    for number, (block, content) in enumerate(zip(page.blocks, contents, strict=True)):
        text = page.text[block.start : block.end - 1]
        if joint := page.joints.get(number):
            writer.add(text, block, content, joint)
        else:
            writer.add_line(text, block, content)
    return WrittenPage("".join(writer.lines), tuple(writer.blocks), tuple(writer.code))


def _weighted(before: Block, link_share: float, content: float, chars: int) -> tuple[float, float]:
    """Link share and content share of a line and of a block of so many characters that is added to it."""
    line_chars = before.end - before.start
    share = chars / max(1, chars + line_chars)
    return (
        round(before.link_share + share * (link_share - before.link_share), 3),
        round(before.content + share * (content - before.content), 3),
    )


def _parts(whole: str, joint: Joint, offset: int) -> list[str]:
    """A written block in lines, parted where the cells of a table are that is no table of data."""
    parts, start = [], 0
    for place in joint.breaks:
        end = offset + place
        parts.append(f"{whole[start:end]}\n")
        start = end + len(CELL_BREAK)
    return [part for part in (*parts, whole[start:]) if part.strip()]
