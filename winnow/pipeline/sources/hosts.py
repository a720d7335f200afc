"""Separate hosts: the subdomains that count as sources of their own, not as part of their registered domain."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from winnow.corpus.domains import subdomain_labels
from winnow.pipeline.shards.shards import ShardParts
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

PLANTED_SHARE: Final = 0.5  # of a subdomain's documents that print a generated author

FOLDER: Final = "hosts"  # in the work folder
COUNTED: Final = "counted"  # a table there, of a file for each bucket: documents by host and domain
COUNT_DOCUMENTS: Final = """
    SELECT host, domain, count(*) AS documents, count_if(prints_persona) AS personas, bucket_of(host) AS bucket
    FROM shards WHERE host NOT IN ('', domain) GROUP BY host, domain
"""
ADD_COUNTS: Final = """
    SELECT host, domain, sum(documents)::BIGINT AS documents, sum(personas)::BIGINT AS personas
    FROM hosts GROUP BY host, domain
"""
ROUNDS: Final = (
    JoinRound(Over.SHARDS, (), (JoinTable("hosts", COUNT_DOCUMENTS, Goes.TO_BUCKETS),)),
    JoinRound(Over.BUCKETS, ("hosts",), (JoinTable(COUNTED, ADD_COUNTS, Goes.TO_FILE),)),
)


@dataclass(frozen=True, slots=True)
class SeparateHosts:
    """The subdomains that are sources of their own; all others belong to their registered domain."""

    # Their pages look planted, or are on a host that is not meant for readers.
    planted: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()  # a rating list or a person names them

    def key(self, row: Mapping[str, Any]) -> str:
        """The source of an intermediate row: its subdomain, its registered domain, or its collection."""
        host: str = row["host"]
        return host if host in self.planted or host in self.named else row["source_key"]


def find_separate_hosts(
    parts: Sequence[ShardParts],
    judged_hosts: Container[str],
    work: Path,
    carry: Carry = in_turn,
    buckets: int | None = None,
) -> SeparateHosts:
    """The subdomains of all shards that are sources of their own.

    These are the ``judged_hosts``, which a rating list or a person names, and subdomains that must not be judged
    together with their parent domain: at least half of the documents print a generated author, or a label is like
    ``staging``. Pages under ``www.``, ``m.`` and the like are the site itself and never count as planted.
    """
    shards = [part.numbered for part in parts]
    columns = pa.schema([INTERMEDIATE.field(name) for name in ("host", "domain", "prints_persona")])
    join = Join(work / FOLDER, ROUNDS, columns, buckets=buckets or bucket_count(shards))
    carry_out_join(join, shards, [COUNTED], carry)
    planted, named = set[str](), set[str]()
    for row in chain.from_iterable(map(read_columns, kept_files(work / FOLDER / COUNTED))):
        planted |= {row["host"]} if _is_planted(row) else set()
        named |= {row["host"]} if row["host"] in judged_hosts else set()
    return SeparateHosts(frozenset(planted), frozenset(named))


def separate_hosts_table(hosts: SeparateHosts) -> pa.Table:
    """The hosts that are sources of their own, as a table for queries."""
    return pa.table({"host": pa.array(sorted(hosts.planted | hosts.named), pa.string())})


def _is_planted(counted: Mapping[str, Any]) -> bool:
    """Whether a subdomain must not be judged together with its domain."""
    labels = {*counted["host"].removesuffix(f".{counted['domain']}").split(".")}
    if labels <= subdomain_labels("same"):
        return False
    is_unused = bool(labels & subdomain_labels("unused"))
    return is_unused or counted["personas"] >= PLANTED_SHARE * counted["documents"]
