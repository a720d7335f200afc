"""Agreement between reviewers: the ratings of each, the pairs of people with Cohen's kappa, and what is disputed."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby
from typing import Final

from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import RATING_LABELS, Event
from winnow.corpus.decisions.log import read_events

# Sources that several people rated, whether or not the ratings still count.
_SHARED: Final = (
    "source in (select source from events where action = 'rate_source' "
    "group by source having count(distinct who) > 1)"
)
_RATINGS: Final = "action in ('rate_source', 'undo')"
# Words for kappa from 0 upwards, by fifths: Landis and Koch, Biometrics 33 (1977), p. 165.
WORDS: Final = ("slight", "fair", "moderate", "substantial", "almost perfect")
Opinions = Mapping[str, Mapping[str, Event]]  # by source, then by person: the last rating that counts


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How two people rate the sources that both have rated."""

    first: str
    second: str
    table: Mapping[tuple[str, str], int]  # sources by the label of the first and that of the second

    @property
    def sources(self) -> int:
        """Sources that both rated."""
        return sum(self.table.values())

    @property
    def agreed(self) -> int:
        """Sources that both rate alike."""
        return sum(number for (one, other), number in self.table.items() if one == other)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond chance, 1 at most; None where both give all sources one label.

        J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
        """
        firsts, seconds = Counter[str](), Counter[str]()
        for (one, other), number in self.table.items():
            firsts[one] += number
            seconds[other] += number
        by_chance = sum(firsts[label] * seconds[label] for label in RATING_LABELS)
        most = self.sources**2
        return None if by_chance == most else (self.agreed * self.sources - by_chance) / (most - by_chance)

    @property
    def words(self) -> str:
        """Kappa in a word."""
        if self.kappa is None:
            return "one label only"
        return "poor" if self.kappa < 0 else WORDS[min(int(self.kappa * len(WORDS)), len(WORDS) - 1)]


def opinions(index: sqlite3.Connection, sources: Sequence[str], at: datetime) -> Opinions:
    """What each person says about some sources, where several people have rated them."""
    marks = ", ".join("?" * len(sources))
    return _by_source(read_events(index, f"{_RATINGS} and source in ({marks})", sources), at)


def shared_opinions(index: sqlite3.Connection, at: datetime) -> Opinions:
    """What each person says about all sources that several have rated; reads the events about these alone."""
    return _by_source(read_events(index, f"{_RATINGS} and {_SHARED}"), at)


def disputed(shared: Opinions) -> list[str]:
    """The sources on which people disagree, in the order of their names.

    A disagreement ends when one of them decides anew or the rating of one is undone. Whose was the later counts
    for a run all the same.
    """
    return sorted(source for source, said in shared.items() if len({e.label for e in said.values()}) > 1)


def pairs(shared: Opinions) -> list[PairAgreement]:
    """All pairs of people who have rated the same sources, those with most such sources first."""
    tables: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for said in shared.values():
        for first, second in combinations(sorted(said), 2):
            tables[first, second][said[first].label, said[second].label] += 1
    found = [PairAgreement(*people, table) for people, table in tables.items()]
    return sorted(found, key=lambda pair: (-pair.sources, pair.first, pair.second))


def _by_source(events: Iterable[Event], at: datetime) -> Opinions:
    """The last rating of each person that counts, by source, where several people have one."""
    ordered = sorted(events, key=lambda event: event.who)
    undos = [event for event in ordered if event.action == "undo"]
    said: dict[str, dict[str, Event]] = defaultdict(dict)
    for who, group in groupby(ordered, lambda event: event.who):
        own = [event for event in group if event.action != "undo"]
        for source, event in fold([*own, *undos], at).overrides.items():
            said[source][who] = event
    return {source: people for source, people in said.items() if len(people) > 1}
