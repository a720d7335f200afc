"""Pages whose markup is past mending: the text between the tags, without a tree."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from corpus.document import Block

TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{0,4000}>")
UNREAD: Final = frozenset({"script", "style", "template", "noscript", "title", "textarea"})


def lay_out_flat(page: str) -> tuple[str, tuple[Block, ...]]:
    r"""The text between the tags of a page, a block each; entities stay as they are written.

    For pages that libxml2 gives up on: it follows 2,048 nested elements and drops the rest.

    >>> lay_out_flat("<p><b>Rain fell.</p><script>x()</script> Sun.")[0]
    'Rain fell.\nSun.\n'
    """
    lines, blocks, length = [], [], 0
    for text in _texts(page):
        lines.append(text + "\n")
        blocks.append(Block(length, length + len(text) + 1))
        length += len(text) + 1
    return "".join(lines), tuple(blocks)


def _texts(page: str) -> Iterator[str]:
    """What stands between two tags, white space collapsed, outside of elements that are not read."""
    at, unread = 0, ""
    for tag in chain(TAG.finditer(page), (None,)):
        text = " ".join(page[at : tag.start() if tag else len(page)].split())
        if text and not unread:
            yield text
        if tag is None:
            return
        at, name, is_end = tag.end(), tag[2].lower(), bool(tag[1])
        if unread:
            unread = "" if is_end and name == unread else unread
        elif not is_end and name in UNREAD:
            unread = name
