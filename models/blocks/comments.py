"""Readers' comments under a text, known by the names of the elements around them."""

import re
from typing import Final

from corpus.document import Block

COMMENTS: Final = re.compile(r"(?:^|[./_-])comments?(?:[./_-]|$)", re.IGNORECASE)
FORM: Final = re.compile(r"(?:^|/)form[./]")
LINK_SHARE: Final = 0.5  # of a line that counts comments or answers one, and is none


def is_comment(block: Block) -> bool:
    """Whether a block stands inside an element that is named for comments, and is no link or form there."""
    return (
        block.link_share < LINK_SHARE
        and COMMENTS.search(block.path) is not None
        and not FORM.search(block.path)
    )
