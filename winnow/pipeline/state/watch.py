"""A watch on the inputs, which begins a run soon after they change and have settled."""

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
    """Begin a run when the inputs differ from ``seen`` and two looks ``seconds`` apart show the same.

    ``begin_run`` gives False while another run goes on; then the change waits for a later look, and
    none is lost. It polls, because notifications of the kernel cover neither network folders nor globs;
    a look costs as much as listing the inputs.
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
