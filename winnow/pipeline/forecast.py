"""A forecast of a run: documents, shards, processor time, bytes, and how long so many workers take.

It is extrapolated from a sample by the bytes of the inputs, with an interval by the bootstrap (Efron 1979): files are
drawn again from those that were drawn, and documents from theirs.
"""

import heapq
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from winnow.corpus.engine_names import THREADS
from winnow.corpus.errors import UsageError
from winnow.corpus.listing import PackedFiles
from winnow.corpus.readers import holds_one_document
from winnow.corpus.settings import Settings
from winnow.pipeline.sampled_cost import DocumentCost, SampledCost, clean_sample
from winnow.pipeline.shards.engines import side_by_side
from winnow.pipeline.shards.shards import Shard, Tick
from winnow.pipeline.state.drawing import DrawnFile, FileSort, draw
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.workers.isolation import Cleaning

REPLICATES: Final = (
    400  # of the bootstrap; the ends of its interval then move by a few percent of its width
)
TWENTIETHS: Final = 20  # of which an interval leaves out the first and the last: 90 %
NOTHING: Final = DocumentCost(0.0, 0.0)  # what is in quarantine


class Guess(NamedTuple):
    """A number that was extrapolated, with the ends of its 90 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a first run over some inputs would take."""

    files: int
    unlisted: int  # inputs that could not be listed
    bytes_read: int
    shards: int
    sampled_files: int
    sampled_documents: int
    documents: Guess
    cleaning_seconds: Guess  # of processor time
    bytes_written: Guess  # as documents and rejected rows
    bytes_kept: Guess  # as cleaned shards, for the next run
    longest_shard_seconds: float  # no run is shorter, on any number of workers
    workers: int  # 0 where the engine knows them alone
    run_seconds: Guess | None  # on so many workers, at least: of cleaning alone


class _Totals(NamedTuple):
    """What one replicate of a sample says of all inputs."""

    documents: float
    seconds: float
    row_bytes: float


class _Unit(NamedTuple):
    """A file that was drawn, with what its documents that were drawn cost."""

    size: int
    documents: int
    costs: list[DocumentCost]


def forecast(plan: Plan, documents: int, settings: Settings, *, clean: Cleaning, tick: Tick) -> Forecast:
    """What a run by a plan would take, by a sample of about so many documents. Raises UsageError without any file."""
    if not plan.shards:
        raise UsageError("no input can be opened, so there is nothing to draw a sample from")
    files = PackedFiles.of(chain.from_iterable(shard.files for shard in plan.shards))
    with TemporaryDirectory(prefix="winnow-") as folder:
        sorts = draw(files, documents, settings, Path(folder))
        taking = sorted(each.file for sort in sorts for each in sort.drawn if each.drawn)
        cost = clean_sample(plan, taking, settings, clean=clean, tick=tick)
    return extrapolated(plan, sorts, cost, settings)


def extrapolated(plan: Plan, sorts: Sequence[FileSort], cost: SampledCost, settings: Settings) -> Forecast:
    """A forecast from what the documents drawn of each sort of files cost."""
    units = {sort: [_unit(drawn, cost) for drawn in sort.drawn] for sort in sorts}
    point = {sort: _totals(sort, units[sort]) for sort in sorts}
    chance = random.Random(plan.run_id)  # the same each time
    replicates = [
        _sum(_totals(sort, _drawn_again(sort, units[sort], chance)) for sort in sorts)
        for _ in range(REPLICATES)
    ]
    guesses = _guesses(_sum(point.values()), replicates)
    rates = {sort.is_of_one: point[sort].seconds / (sort.size or 1) for sort in sorts}
    shards = sorted((_seconds(shard, rates) for shard in plan.shards), reverse=True)
    is_known = settings.engine == THREADS or settings.workers
    workers = side_by_side(settings) if is_known else 0
    written, kept = (
        Guess(*(rows * each.by_row_byte + len(shards) * each.by_shard for rows in guesses["row_bytes"]))
        for each in (cost.written, cost.kept)
    )
    return Forecast(
        files=sum(sort.files for sort in sorts),
        unlisted=len(plan.quarantined),
        bytes_read=sum(sort.size for sort in sorts),
        shards=len(shards),
        sampled_files=sum(len(sort.drawn) for sort in sorts),
        sampled_documents=sum(each.drawn for sort in sorts for each in sort.drawn),
        documents=guesses["documents"],
        cleaning_seconds=guesses["seconds"],
        bytes_written=written,
        bytes_kept=kept,
        longest_shard_seconds=shards[0],
        workers=workers,
        run_seconds=_scaled(guesses["seconds"], run_seconds(shards, workers)) if workers else None,
    )


def run_seconds(shards: Sequence[float], workers: int) -> float:
    """How long workers take for shards, the longest first, of so many seconds each; each takes the next when free.

    >>> run_seconds([5, 3, 3, 2], 2)
    7.0
    """
    free = [0.0] * min(workers, len(shards))
    for seconds in shards:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)


def _unit(drawn: DrawnFile, cost: SampledCost) -> _Unit:
    costs = cost.documents.get(drawn.file.name, [])
    return _Unit(drawn.file.size, drawn.documents, costs + [NOTHING] * (drawn.drawn - len(costs)))


def _totals(sort: FileSort, units: Sequence[_Unit]) -> _Totals:
    """What files that were drawn say of all of their sort: documents by bytes, and the mean of what those cost."""
    size = sum(unit.size for unit in units)
    documents = sort.size * sum(unit.documents for unit in units) / size if size else 0.0
    costs = [*chain.from_iterable(unit.costs for unit in units)] or [NOTHING]
    seconds, row_bytes = (documents * fmean(values) for values in zip(*costs, strict=True))
    return _Totals(sort.files if sort.is_of_one else documents, seconds, row_bytes)


def _drawn_again(sort: FileSort, units: Sequence[_Unit], chance: random.Random) -> list[_Unit]:
    """Files drawn with replacement from those that were drawn, and of archives their documents, too.

    Where all were, there is nothing that another draw could change.
    """
    again = [*units] if sort.is_whole else chance.choices(units, k=len(units))
    if sort.is_of_one or all(unit.documents == len(unit.costs) for unit in units):
        return again
    return [unit._replace(costs=[chance.choice(unit.costs) for _ in unit.costs]) for unit in again]


def _sum(totals: Iterable[_Totals]) -> _Totals:
    return _Totals(*map(sum, zip(*totals, strict=True)))


def _guesses(point: _Totals, replicates: Sequence[_Totals]) -> dict[str, Guess]:
    """The numbers of a sample, by name, with what those of its replicates say of how far off they are."""
    guesses = {}
    for name, estimate, values in zip(_Totals._fields, point, zip(*replicates, strict=True), strict=True):
        ends = quantiles(values, n=TWENTIETHS)
        guesses[name] = Guess(estimate, min(ends[0], estimate), max(ends[-1], estimate))
    return guesses


def _seconds(shard: Shard, rates: dict[bool, float]) -> float:
    """The processor time of a shard, by the bytes of its files."""
    return sum(file.size * rates[holds_one_document(file)] for file in shard.files)


def _scaled(guess: Guess, estimate: float) -> Guess:
    """Another number with an interval as wide in proportion."""
    return Guess(*(estimate * each / (guess.estimate or 1) for each in guess))
