"""Blocks of lines whose coincidences add up to a generated identity."""

import math
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from models.identity.evidence import line_evidence, line_labels
from models.identity.fields import bare_label

THRESHOLD: Final = 7.0  # summed log-likelihood ratio; real articles reach 5 (design notes)
FORM_LIMIT: Final = 3.5  # what a contact form can add: real press contacts have all of it
TELLING_WEIGHT: Final = 2.5  # from which a family counts towards the gate
FULL_FORM: Final = 4  # families of form evidence
GAP_LINES: Final = 2  # without evidence, inside a block
SPAN_LINES: Final = 60  # of a block
MAX_LINE: Final = 400  # characters of a line that belongs to a block by its label
HEADING_CHARS: Final = 40
PARAGRAPH_CHARS: Final = 160
ALONE: Final = frozenset({"latin", "name"})  # no evidence without something beside it: pages quote both

Side = Literal["specific", "form"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of coincidence; weights as measured in ``evidence.toml``."""

    name: str
    family: str
    side: Side
    weight: float


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


@dataclass(frozen=True, slots=True)
class _Clues:
    """What one line shows."""

    evidence: frozenset[str]
    labels: frozenset[str]
    is_heading: bool  # nothing but a label, or a few words that end in a colon
    is_long: bool  # running text, unless it shows something

    @property
    def is_empty(self) -> bool:
        """Shows nothing."""
        return not (self.evidence or self.labels)

    @property
    def is_alone(self) -> bool:
        """Shows only what pages also quote."""
        return self.evidence <= ALONE and not self.labels


def find_identities(lines: Sequence[str]) -> list[Identity]:
    """The generated identities among the lines of a text, in order.

    >>> find_identities(["Name : Roxane Doe", "Phone : 1-364-625-4188", "Rain fell."])
    []
    """
    clues = [_clues(line) for line in lines]
    found = (_judged(first, last, clues) for first, last in _groups(clues))
    return [identity for identity in found if identity.score >= THRESHOLD]


def weigh(names: Iterable[str]) -> tuple[float, tuple[Evidence, ...]]:
    """The summed weight of some evidence, and what of it counts: the strongest of each family and side.

    Evidence that any contact form shows adds `FORM_LIMIT` at most, and the sum stays under the
    threshold unless two families are specific to generators, or one is and a full form stands around it.
    """
    known = evidence_kinds()
    strongest: dict[tuple[Side, str], Evidence] = {}
    for kind in sorted((known[name] for name in names), key=lambda kind: kind.weight):
        strongest[kind.side, kind.family] = kind
    specific = [kind for kind in strongest.values() if kind.side == "specific"]
    form = [kind for kind in strongest.values() if kind.side == "form"]
    total = sum(k.weight for k in specific) + min(FORM_LIMIT, sum(k.weight for k in form))
    telling = sum(kind.weight >= TELLING_WEIGHT for kind in specific)
    is_form = len(form) >= FULL_FORM or any(kind.name == "labels_5" for kind in form)
    if telling < 2 and not (telling and is_form):
        total = min(total, THRESHOLD - 2)
    ranked = sorted(strongest.values(), key=lambda kind: (-kind.weight, kind.name))
    return total, tuple(ranked)


@cache
def evidence_kinds() -> dict[str, Evidence]:
    """The kinds of ``evidence.toml`` by name."""
    tables = tomllib.loads((files("models.identity") / "evidence.toml").read_text(encoding="utf8"))
    return {name: Evidence(name, t["family"], t["side"], t["weight"]) for name, t in tables.items()}


def _clues(line: str) -> _Clues:
    bare = line.strip()
    heading = bare_label(line)
    labels = (line_labels(line) | ({heading} - {""})) if len(line) <= MAX_LINE else set()
    is_heading = bool(heading) or (bare.endswith(":") and len(bare) <= HEADING_CHARS)
    return _Clues(
        frozenset(line_evidence(line)), frozenset(labels), is_heading, len(bare) > PARAGRAPH_CHARS
    )


def _groups(clues: Sequence[_Clues]) -> Iterator[tuple[int, int]]:
    """Stretches of lines that show something, with gaps of `GAP_LINES` at most."""
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


def _judged(first: int, last: int, clues: Sequence[_Clues]) -> Identity:
    """A group as an identity, its ends trimmed to lines that belong to a form."""
    while first < last and clues[first].is_alone:
        first += 1
    while last > first and clues[last].is_alone:
        last -= 1
    inside = clues[first : last + 1]
    names = {name for clue in inside for name in clue.evidence}
    labels = {label for clue in inside for label in clue.labels}
    names |= {f"labels_{n}" for n in (3, 5) if len(labels) >= n}
    score, evidence = weigh(names)
    heading = 1 if first and clues[first - 1].is_heading else 0
    return Identity(first - heading, last, score, evidence)
