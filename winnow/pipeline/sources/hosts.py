"""Separate hosts: the subdomains that count as sources of their own, not as part of their registered domain."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from winnow.corpus.domains import subdomain_labels
from winnow.pipeline.shards.shards import ShardParts, read_rows

PLANTED_SHARE: Final = 0.5  # of a subdomain's documents that print a generated author

HostCounts = Counter[tuple[str, str]]


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


def find_separate_hosts(parts: Iterable[ShardParts], judged_hosts: Container[str]) -> SeparateHosts:
    """The subdomains of all shards that are sources of their own.

    These are the ``judged_hosts``, which a rating list or a person names, and subdomains that must not be judged
    together with their parent domain: at least half of the documents print a generated author, or a label is like
    ``staging``. Pages under ``www.``, ``m.`` and the like are the site itself and never count as planted.
    """
    documents, personas = _count_documents(parts)
    labels = {(host, domain): set(host.removesuffix(f".{domain}").split(".")) for host, domain in documents}
    unlike_site = {site: names for site, names in labels.items() if not names <= subdomain_labels("same")}
    planted = (
        host
        for (host, domain), names in unlike_site.items()
        if names & subdomain_labels("unused")
        or personas[host, domain] >= PLANTED_SHARE * documents[host, domain]
    )
    return SeparateHosts(
        frozenset(planted), frozenset(host for host, _ in documents if host in judged_hosts)
    )


def _count_documents(parts: Iterable[ShardParts]) -> tuple[HostCounts, HostCounts]:
    """Documents by host and domain, for hosts below a domain: all of them, and those with a generated author."""
    documents, personas = HostCounts(), HostCounts()
    for part in parts:
        for _, row in read_rows(part, ["host", "domain", "prints_persona"]):
            if row["host"] not in ("", row["domain"]):
                documents[row["host"], row["domain"]] += 1
                personas[row["host"], row["domain"]] += row["prints_persona"]
    return documents, personas
