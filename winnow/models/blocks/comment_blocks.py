"""Readers' comments under a text, known by the names of the elements around them."""

import re
from functools import lru_cache
from typing import Final

from winnow.corpus.document import Block

COMMENTS: Final = re.compile(r"(?:^|[./_-])comments?(?:[./_-]|$)", re.IGNORECASE)
FORM: Final = re.compile(r"(?:^|/)form[./]")
LINK_SHARE: Final = 0.5  # of a line that counts comments or answers one, and is none


def is_comment(block: Block) -> bool:
    """Whether a block stands inside an element that is named for comments, and is no link or form there."""
    return block.link_share < LINK_SHARE and _is_among_comments(block.path)


@lru_cache(maxsize=10_000)  # the blocks of a page share few paths
def _is_among_comments(path: str) -> bool:
    return COMMENTS.search(path) is not None and not FORM.search(path)
