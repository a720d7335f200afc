"""A finding of ``winnow doctor``, and its three statuses."""

from dataclasses import dataclass
from typing import Final, Literal

OK: Final = "ok"
NOTE: Final = "note"  # worth knowing; runs work
PROBLEM: Final = "problem"  # a run will fail, or give something wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing, and what to do about it."""

    name: str
    status: Literal["ok", "note", "problem"]
    found: str
    advice: str = ""  # "" where there is nothing to do
