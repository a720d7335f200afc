"""All sources of a run, scored in buckets by the hash of their keys; a bucket holds one source at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from winnow.corpus.settings import NO_RECALIBRATION
from winnow.models.reliability.calibration import Recalibration
from winnow.models.reliability.name_prior import load_name_prior
from winnow.models.reliability.source_model import ReliabilityModel, load_model
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.copies import COPY, copy_tables
from winnow.pipeline.sources.hosts import SeparateHosts, separate_hosts_table
from winnow.pipeline.sources.judgements import Judgements
from winnow.pipeline.sources.quotes import DocumentChoice, choose_documents
from winnow.pipeline.sources.scores import ScoredSource, SourceTotals, scored_source
from winnow.pipeline.tables.bucket_files import kept_files
from winnow.pipeline.tables.intermediate import INTERMEDIATE, read_columns
from winnow.pipeline.tables.joins import (
    Carry,
    Goes,
    Join,
    JoinRound,
    JoinTable,
    Over,
    bucket_count,
    carry_out_join,
    in_turn,
)

FOLDER: Final = "sources"  # in the work folder
BY_SOURCE: Final = (
    "by_source"  # a table there, of a file for each bucket: documents in the order of their sources
)
READ_COLUMNS: Final = ("id", "source_key", "host", "domain", "language", "sums")
# ``same_source`` of a copy says whether its original is of the same source; of an original it is null.
SELECT_DOCUMENTS: Final = """
    SELECT *, bucket_of(source) AS bucket FROM (
        SELECT if(host IN (FROM separate_hosts), host, source_key) AS source, shard, row, id, host, domain, language,
            same_source, if(same_source IS NULL, sums, '') AS sums
        FROM shards LEFT JOIN copies USING (shard, row)
    )
"""
SELECT_BY_SOURCE: Final = "FROM documents ORDER BY source, shard, row"


@dataclass(frozen=True, slots=True)
class Scoring:
    """What sources are scored by, besides their documents."""

    separate_hosts: SeparateHosts = field(default_factory=SeparateHosts)
    judgements: Judgements = field(default_factory=Judgements)
    recalibration: tuple[float, float, float] = NO_RECALIBRATION
    name_prior: bool = True

    def model(self) -> ReliabilityModel:
        """The model that is shipped, with the level that a user has set."""
        model = load_model().recalibrated(Recalibration(*self.recalibration))
        return replace(model, names=load_name_prior() if self.name_prior else None)


def gather_documents(
    parts: Sequence[ShardParts],
    separate_hosts: SeparateHosts,
    work: Path,
    carry: Carry = in_turn,
    buckets: int | None = None,
) -> list[Path]:
    """Files of all documents in the order of their sources, each with those of a bucket; for `score_bucket`.

    Needs the copies in the work folder (`winnow.pipeline.sources.copies.find_copies`).
    """
    shards = [part.numbered for part in parts]
    documents = JoinTable("documents", SELECT_DOCUMENTS, Goes.TO_BUCKETS)
    by_source = JoinTable(BY_SOURCE, SELECT_BY_SOURCE, Goes.TO_FILE)
    rounds = (
        JoinRound(Over.SHARDS, ("copies",), (documents,)),
        JoinRound(Over.BUCKETS, ("documents",), (by_source,)),
    )
    join = Join(
        work / FOLDER,
        rounds,
        pa.schema([INTERMEDIATE.field(name) for name in READ_COLUMNS]),
        {"copies": (tuple(copy_tables(work)), COPY)},
        {"separate_hosts": separate_hosts_table(separate_hosts)},
        buckets or bucket_count(shards),
    )
    carry_out_join(join, shards, [BY_SOURCE], carry)
    return kept_files(work / FOLDER / BY_SOURCE)


def score_bucket(file: Path, scoring: Scoring) -> list[tuple[ScoredSource, DocumentChoice]]:
    """The sources of a bucket in the order of their keys, with the documents to quote; no order of shards can matter.

    The file is read twice at once, so that a source's documents need not be held.
    """
    model, scored = scoring.model(), list[tuple[ScoredSource, DocumentChoice]]()
    for (key, rows), (_, same_rows) in zip(_sources(file), _sources(file), strict=True):
        totals = SourceTotals()
        for row in rows:
            totals.add(row)
        source = scored_source(key, totals, scoring.separate_hosts, model, scoring.judgements)
        chosen = choose_documents(source, same_rows)
        # The features have served their purpose.
        scored.append((replace(source, sums=replace(source.sums, features=())), chosen))
    return scored


def in_order_of_keys(
    buckets: Iterable[Sequence[tuple[ScoredSource, DocumentChoice]]],
) -> dict[str, tuple[ScoredSource, DocumentChoice]]:
    """The sources of all buckets, by their keys."""
    return {
        each[0].key: each for each in sorted(chain.from_iterable(buckets), key=lambda each: each[0].key)
    }


def _sources(file: Path) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """The documents of each source of a bucket."""
    return groupby(read_columns(file), itemgetter("source"))
