"""A watch on the inputs: a run soon after they change, once they are quiet."""

import hashlib
from collections.abc import Callable, Sequence
from threading import Event
from typing import Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.inputs import find_files

NOTHING: Final = ""  # of inputs that cannot be listed now, such as a folder that is not mounted


def watch(
    inputs: Sequence[str],
    seconds: float,
    begin_run: Callable[[], bool],
    stop: Event,
    *,
    seen: str = NOTHING,
) -> None:
    """Begin a run when the inputs are not as ``seen``, and the same at two looks ``seconds`` apart.

    ``begin_run`` gives False while another run goes on; then the change waits for a later look, and
    none is lost. It looks rather than be told by the kernel, because that tells nothing of network
    folders and of globs; a look costs what listing the inputs costs.
    """
    last = NOTHING
    while not stop.wait(seconds):
        now = appearance(inputs)
        if now not in (NOTHING, seen) and now == last and begin_run():
            seen = now
        last = now


def appearance(inputs: Sequence[str]) -> str:
    """A hash of the names, sizes and times of all input files; `NOTHING` where they cannot be listed."""
    try:
        listing = find_files(inputs)
    except (OSError, WinnowError):
        return NOTHING
    return hashlib.sha256(repr(listing).encode(errors="surrogateescape")).hexdigest()
