"""CPU time of a part of cleaning on a case of three sizes, and how it grows from one to the next."""

import gc
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bench.growth.cases import WorstCase
from bench.growth.parts import Part, Subject, consume
from winnow.corpus.errors import UnreadableError

MAX_RATIO: Final = 2.6  # of the time of twice the size; 2 is linear, 4 quadratic
MIN_SECONDS: Final = 0.02  # of the greatest size: less says nothing, and is not slow
ROUNDS: Final = 2  # more, of which the fastest counts, of what looks too slow
FIRST_SIZE: Final = 4_000  # bytes
STEP_FACTORS: Final = (4, 16)  # of the size, where the time grew too fast


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU seconds of a part on a case of size n, 2n and 4n."""

    part: str
    case: str
    size: int  # n, in bytes
    seconds: tuple[float, float, float]

    @property
    def ratio(self) -> float:
        """The greater of the two growths from one size to twice that size; 0 where the time is too short to tell."""
        one, two, four = self.seconds
        return max(two / one, four / two) if four >= MIN_SECONDS else 0.0

    @property
    def is_linear(self) -> bool:
        """Whether the time at most doubles with the size, within what a busy machine blurs."""
        return self.ratio <= MAX_RATIO


def growth(part: Part, case: WorstCase, most: int) -> Growth | None:
    """How the time of a part grows with a case, up to ``most`` bytes; None where the part cannot take it.

    The size is doubled until the time can be told from noise. Where it grows too fast, four and sixteen times the
    size decide: a page that becomes too deep for libxml2, or for the native layout, is read in another way, which is a
    step and no slope.
    """
    size = FIRST_SIZE
    try:
        while 4 * size < most and seconds(part, case, 4 * size) < MIN_SECONDS:
            size *= 2
        measured = _settled(part, case, size)
        for factor in STEP_FACTORS:
            if not measured.is_linear:
                measured = _settled(part, case, factor * size)
    except UnreadableError:
        return None
    return measured


def _settled(part: Part, case: WorstCase, size: int) -> Growth:
    """The growth, measured again while it looks too fast: other work makes times longer, never shorter."""
    sizes = (size, 2 * size, 4 * size)
    best = [seconds(part, case, each) for each in sizes]
    for _ in range(ROUNDS):
        if Growth(part.name, case.label, size, (best[0], best[1], best[2])).is_linear:
            break
        best = [min(before, seconds(part, case, each)) for before, each in zip(best, sizes, strict=True)]
    return Growth(part.name, case.label, size, (best[0], best[1], best[2]))


def seconds(part: Part, case: WorstCase, size: int) -> float:
    """CPU seconds of one run, without what it is given being made. Raises UnreadableError where that cannot be made."""
    given = part.given(subject_of(case, size))
    gc.disable()
    began = time.thread_time()
    try:
        consume(part.run(given))
    except UnreadableError:  # some parts say so of a document that shows nothing, and take time for it
        pass
    finally:
        taken = time.thread_time() - began
        gc.enable()
    return max(taken, 1e-6)


@lru_cache(maxsize=8)
def subject_of(case: WorstCase, size: int) -> Subject:
    """A case of a size; kept, because one part after the other is measured on it."""
    return Subject(case.text(size), case.content_type)
