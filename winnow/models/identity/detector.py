"""Blocks of lines whose coincidences add up to a generated identity."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from winnow.models.identity.evidence_lines import Clues, read_clues
from winnow.models.identity.evidence_weights import SIDES, Evidence, evidence_kinds
from winnow.models.identity.shared_evidence import block_evidence, is_code_sample
from winnow.models.ordered_sum import ordered_sum

THRESHOLD: Final = 7.0  # summed log-likelihood ratio; the card says what real articles reach
FORM_LIMIT: Final = 3.5  # what a contact form can add: real press contacts have all of it
TELLING_WEIGHT: Final = 2.5  # from which evidence counts towards `_is_enough`
FULL_FORM: Final = 4  # families of form evidence
SOME_FORM: Final = 2
GAP_LINES: Final = 2  # without evidence, inside a block
SPAN_LINES: Final = 60  # of a block
SENTENCES_SHOW: Final = 2  # kinds of evidence that dummy text has by itself
FAR: Final = 10  # lines from the first or last with telling evidence; farther lines are contacts of others
BESIDE: Final = 2  # lines at an end that only name somebody, or are dummy text
# Evidence that pages without a block show as well.
QUOTED: Final = frozenset({"latin", "salad", "salad_run"})
NAMING: Final = QUOTED | {"name"}
ALONE: Final = NAMING | {"name_in", "city_glued", "job_in"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A block of lines ``first`` to ``last`` (both in it), with the evidence that counted, strongest first."""

    first: int
    last: int
    score: float  # summed log-likelihood ratio
    evidence: tuple[Evidence, ...]

    @property
    def probability(self) -> float:
        """The score as a probability, .5 at the threshold."""
        return 1 / (1 + math.exp(min(50.0, THRESHOLD - self.score)))


def find_identities(lines: Sequence[str]) -> list[Identity]:
    """The generated identities among the lines of a text, in order.

    >>> find_identities(["Name : Roxane Doe", "Phone : 1-364-625-4188", "Rain fell."])
    []
    """
    clues = read_clues(lines)
    identities = (_identity(first, last, lines, clues) for first, last in groups(clues))
    return [_with_frame(identity, lines, clues) for identity in identities if identity is not None]


def weigh(names: Iterable[str]) -> tuple[float, tuple[Evidence, ...]]:
    """The summed weight of some evidence, and the evidence that counts: the strongest of each family and side.

    Evidence that any contact form shows adds `FORM_LIMIT` at most. The sum stays under the threshold unless
    something is specific to generators, or odd, and enough stands beside it.
    """
    kinds = evidence_kinds()
    strongest: dict[tuple[bool, str], Evidence] = {}
    for kind in sorted((kinds[name] for name in names), key=_rank):
        strongest[kind.side == "form", kind.family] = kind
    telling = [kind for kind in strongest.values() if kind.side != "form" and kind.weight > 0]
    form = [kind for kind in strongest.values() if kind.side == "form" and kind.weight > 0]
    total = ordered_sum(k.weight for k in telling) + min(FORM_LIMIT, ordered_sum(k.weight for k in form))
    if not _is_enough(telling, form):
        total = min(total, THRESHOLD - 2)
    ranked = sorted(strongest.values(), key=lambda kind: (-kind.weight, kind.name))
    return total, tuple(ranked)


def _rank(kind: Evidence) -> tuple[int, float, str]:
    """Of two telling kinds of a family the one that is rarer among people counts; else the weightier."""
    return (SIDES.index(kind.side) if kind.weight >= TELLING_WEIGHT else 0, kind.weight, kind.name)


def _is_enough(telling: Sequence[Evidence], form: Sequence[Evidence]) -> bool:
    """Whether evidence suffices: neither the form of a real contact nor a single coincidence does."""
    strong = [kind for kind in telling if kind.weight >= TELLING_WEIGHT]
    specific, odd = (sum(kind.side == side for kind in strong) for side in ("specific", "odd"))
    families = len({kind.family for kind in form})
    is_form = families >= FULL_FORM or any(kind.name == "labels_5" for kind in form)
    if specific:
        return len(strong) > 1 or is_form
    if families >= SOME_FORM:
        return odd > 1 or (odd == 1 and len(strong) > 2)
    return odd > 1 and len(strong) > 2


def groups(clues: Sequence[Clues]) -> Iterator[tuple[int, int]]:
    """First and last line of each stretch of lines with clues, with gaps of at most `GAP_LINES`."""
    group: list[int] = []
    for index, clue in enumerate(clues):
        apart = group and (index - group[-1] > GAP_LINES + 1 or index - group[0] >= SPAN_LINES)
        if group and (apart or (clue.is_empty and clue.is_long)):
            yield group[0], group[-1]
            group = []
        if not clue.is_empty:
            group.append(index)
    if group:
        yield group[0], group[-1]


def _identity(first: int, last: int, lines: Sequence[str], clues: Sequence[Clues]) -> Identity | None:
    """The identity in a group of lines, its ends trimmed to lines of a form; None where there is none."""
    core = [index for index in range(first, last + 1) if _is_core(clues[index])]
    telling = [index for index in core if _telling_evidence(clues[index])] or core
    core = [index for index in core if telling[0] - FAR <= index <= telling[-1] + FAR]
    if not core:
        return None
    first, last = _with_names(core[0], core[-1], (first, last), clues)
    names = {name for clue in clues[first : last + 1] for name in clue.evidence}
    score, evidence = weigh(block_evidence(lines[first : last + 1], names, clues[first : last + 1]))
    if score < THRESHOLD or is_code_sample(lines, first, last):
        return None
    return Identity(first, last, score, evidence)


def _is_core(clue: Clues) -> bool:
    """Whether a line may stand at the end of a block: a field, or running text that tells something."""
    if not clue.is_long:
        return bool(clue.labels or clue.evidence - ALONE)
    telling = _telling_evidence(clue)
    has_more = len(clue.evidence) > SENTENCES_SHOW or bool(clue.labels)
    return len(telling) > 1 or any(
        has_more or (kind.side == "specific" and kind.name not in QUOTED) for kind in telling
    )


def _telling_evidence(clue: Clues) -> list[Evidence]:
    """The evidence of a line that counts towards `_is_enough`."""
    kinds = (evidence_kinds()[name] for name in clue.evidence)
    return [kind for kind in kinds if kind.side != "form" and kind.weight >= TELLING_WEIGHT]


def _with_names(first: int, last: int, bounds: tuple[int, int], clues: Sequence[Clues]) -> tuple[int, int]:
    """A block with the lines beside it that show a name or dummy text, `BESIDE` on each side at most."""
    for index in range(first - 1, max(first - 1 - BESIDE, bounds[0] - 1), -1):
        if clues[index].is_long or not clues[index].evidence & NAMING:
            break
        first = index
    for index in range(last + 1, min(last + BESIDE, bounds[1]) + 1):
        if not clues[index].evidence & (QUOTED if clues[index].is_long else NAMING):
            break
        last = index
    return first, last


def _with_frame(identity: Identity, lines: Sequence[str], clues: Sequence[Clues]) -> Identity:
    """An identity with its heading, the head of its table, and the brackets around it."""
    first, last = identity.first, identity.last
    while first > 0 and (clues[first - 1].is_heading or clues[first - 1].is_frame):
        first -= 1
    while last + 1 < len(lines) and clues[last + 1].is_frame:
        last += 1
    return Identity(first, last, identity.score, identity.evidence)
