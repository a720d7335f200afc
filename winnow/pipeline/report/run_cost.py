"""What a run cost: processor time of cleaning, bytes read and bytes written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from winnow.pipeline.report.finished_parts import FinishedPart
from winnow.pipeline.shards.records import read_record
from winnow.pipeline.shards.shards import Shard, ShardParts


@dataclass(frozen=True, slots=True)
class RunCost:
    """The cost of the corpus that a run publishes, what it took over of earlier runs included."""

    shards: int
    cleaning_seconds: float  # of processor time, in which its documents were cleaned, by whatever run
    bytes_read: int  # of the input files, as they lie on disk
    bytes_written: int  # of documents and rejected rows, in both forms
    bytes_kept: int  # of cleaned shards, for the next run


def run_cost(
    shards: Sequence[Shard], cleaned: Iterable[ShardParts], finished: Sequence[FinishedPart]
) -> RunCost:
    """The cost of some shards, from what came of each stage; ``cleaned`` are the parts of both cleanings."""
    stems = {(parts.rows.parent, parts.rows.stem) for parts in cleaned}
    return RunCost(
        shards=len(shards),
        cleaning_seconds=round(sum(part.tally.seconds for part in finished), 3),
        bytes_read=sum(shard.size for shard in shards),
        bytes_written=sum(file.bytes for file in chain.from_iterable(part.files for part in finished)),
        bytes_kept=sum(file.bytes for folder, stem in stems for file in read_record(folder, stem)),
    )
