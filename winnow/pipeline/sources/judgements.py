"""Judgements of sources by people, from the files that a user names: rating lists and decisions."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import Event, instant
from winnow.corpus.decisions.log import NAME
from winnow.corpus.decisions.snapshot import read_decisions, take_snapshot
from winnow.corpus.errors import UsageError
from winnow.corpus.overrides import override_row, read_overrides
from winnow.corpus.settings import Settings
from winnow.models.reliability.rating_lists import read_rating_list
from winnow.models.reliability.ratings import Rating, RatingList


@dataclass(frozen=True, slots=True)
class Judgements:
    """Rating lists, and the decisions that are in force on the day of the run."""

    lists: tuple[RatingList, ...] = ()
    overrides: Mapping[str, Event] = field(default_factory=dict)  # by domain

    @property
    def hosts(self) -> frozenset[str]:
        """All hosts that a list or a person names."""
        return frozenset(self.overrides).union(*(each.ratings for each in self.lists))

    def ratings(self, host: str) -> tuple[Rating, ...]:
        """The ratings of a host, in the order of the lists; a rating of its parent domain does not count."""
        return tuple(each.ratings[host] for each in self.lists if host in each.ratings)

    def identity(self) -> list[object]:
        """What shapes the output, as JSON values; a decision that expires changes it on that day."""
        lists = [[each.name, each.sha256, *([each.mapping] if each.mapping else [])] for each in self.lists]
        return [lists, [override_row(self.overrides[domain]) for domain in sorted(self.overrides)]]

    def fingerprint(self) -> str:
        """A hash of its identity, 16 hex digits."""
        return hashlib.sha256(json.dumps(self.identity()).encode()).hexdigest()[:16]


def read_judgements(settings: Settings) -> Judgements:
    """The lists of ``settings.ratings``, sorted by name, and the decisions of ``settings.overrides`` and of the log.

    The decisions are those in force on ``settings.as_of``, or today where that is "". Raises UsageError for a file that
    cannot be read and for two lists of one name.
    """
    lists = read_lists(settings.ratings)
    overrides = chain.from_iterable(read_overrides(Path(name)) for name in settings.overrides)
    logged = read_decisions(settings.decisions).overrides.values() if settings.decisions else ()
    return Judgements(lists, fold(chain(overrides, logged), judging_instant(settings)).overrides)


def read_lists(options: Iterable[str]) -> tuple[RatingList, ...]:
    """Rating lists, sorted by name. Raises UsageError for one that cannot be read, and for two of one name."""
    lists = sorted(map(read_rating_list, options), key=lambda each: each.name)
    _check_names(each.name for each in lists)
    return tuple(lists)


def with_decisions(settings: Settings, log: Path | None, folder: Path | None) -> Settings:
    """Settings with a snapshot of a log of decisions: the one given, else ``decisions.db`` in a folder, if it exists.

    Raises UsageError where it cannot be read.
    """
    path = log or (folder / NAME if folder else None)
    if path is None or (log is None and not path.is_file()):
        return settings
    return replace(settings, decisions=take_snapshot(path, judging_instant(settings)))


def judging_instant(settings: Settings) -> datetime:
    """The instant at which decisions must be in force: the day of ``settings.as_of``, or now."""
    return instant(settings.as_of) if settings.as_of else datetime.now(UTC)


def _check_names(names: Iterable[str]) -> None:
    before = ""
    for name in names:
        if name == before:
            raise UsageError(
                f"two rating lists are called {name}; a list is named for its file, rename one"
            )
        before = name
