"""The filters and the order of the queue, as they stand in its address, and what they are in SQL."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlencode

from winnow.corpus.decisions.current import IN_FORCE_SQL
from winnow.review.index_rows import CHANCE_BINS, SCORE_BINS

STATES: Final = ("open", "decided", "disputed", "all")
# The order of the queue, and the column of the index that holds it; each has an index that covers all filters.
SORTS: Final = {"doubt": "rank", "documents": "by_size", "score": "by_score"}
_RATINGS: Final = f"events event where event.action = 'rate_source' and {IN_FORCE_SQL}"
_OPEN: Final = f"not exists (select 1 from {_RATINGS} and event.source = s.source)"  # noqa: S608  # ours
# By the decisions, of which there are few, and not by the sources.
DECIDED_SQL: Final = f"s.source in (select event.source from {_RATINGS})"  # noqa: S608  # ours
DISPUTED_SQL: Final = "s.source in (select value from json_each(:disputed))"
_CONDITIONS: Final = {
    "label": "s.label = :label",
    "basis": "s.basis = :basis",
    "language": "s.language = :language",
    "changed": "s.changed = 1",
    "score": "s.bin = :score",
    "chance": "s.chance = :chance",
    "moved": "s.moved = :moved",
    "find": "instr(lower(s.source), lower(:find)) > 0",
    "flag": "s.source in (select source from flags where flag = :flag)",
}
_DEFAULTS: Final = {("state", STATES[0]), ("sort", next(iter(SORTS)))}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the queue and its order, as in its URL; "" selects any."""

    state: str = STATES[0]  # open: no person has decided yet
    label: str = ""
    basis: str = ""
    language: str = ""
    flag: str = ""
    changed: str = ""  # "yes": since the run before
    find: str = ""  # anywhere in its name
    score: str = ""  # of its score, as the plots have them, from 0
    chance: str = ""  # bin of the model's probability, from 0
    moved: str = ""  # tenths by which its score changed since the run before
    sort: str = next(iter(SORTS))

    @property
    def column(self) -> str:
        """The column of the index that sorts the queue upwards, the name being the second key."""
        return SORTS[self.sort]

    @property
    def bare(self) -> "Filters":
        """The same state and order without a filter."""
        return Filters(self.state, sort=self.sort)

    @property
    def of_plots(self) -> Iterator[str]:
        """In words, the filters that bars of plots lead to, and no field of the queue shows."""
        if self.score.isdecimal():
            yield f"scores from {int(self.score) / SCORE_BINS:.2f} to {(int(self.score) + 1) / SCORE_BINS:.2f}"
        if self.chance.isdecimal():
            low, high = int(self.chance) / CHANCE_BINS, (int(self.chance) + 1) / CHANCE_BINS
            yield f"probabilities from {low:.1f} to {high:.1f}"
        if self.moved:
            yield f"scores that moved by {self.moved} tenths"

    def query(self, **more: object) -> str:
        """The filters and ``more`` as a query string; empty values and defaults are left out."""
        values = {**asdict(self), **more}
        return urlencode(
            {k: v for k, v in values.items() if v not in ("", None) and (k, v) not in _DEFAULTS}
        )

    def conditions(self) -> Iterator[str]:
        """The filters in SQL on sources ``s``, without the state; their values are the fields by their names."""
        yield from (sql for name, sql in _CONDITIONS.items() if getattr(self, name))

    def state_conditions(self) -> Iterator[str]:
        """The state in SQL, which takes ``day`` and ``disputed``, a list in JSON, as well."""
        states = {"open": [_OPEN], "decided": [DECIDED_SQL], "disputed": [DISPUTED_SQL]}
        yield from states.get(self.state, [])
