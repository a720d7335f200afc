"""Which subdomains are sources of their own, and not part of the site whose name they end in."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from winnow.corpus.domains import subdomain_labels
from winnow.pipeline.shards.shards import ShardParts, read_rows

PLANTED_SHARE: Final = 0.5  # of a subdomain's documents that print a generated author


@dataclass(frozen=True, slots=True)
class SeparateHosts:
    """The subdomains that are sources of their own; all others belong to their registered domain."""

    planted: frozenset[str] = frozenset()  # their pages look planted, or stand where nobody publishes
    named: frozenset[str] = frozenset()  # a rating list or a person names them

    def key(self, row: Mapping[str, Any]) -> str:
        """The source of an intermediate row: its subdomain, its registered domain, or its collection."""
        host: str = row["host"]
        return host if host in self.planted or host in self.named else row["source_key"]


def find_separate_hosts(parts: Iterable[ShardParts], named: Container[str]) -> SeparateHosts:
    """Find them over all shards.

    A subdomain is a source of its own if somebody names it, or if nothing it shows should be said of
    its parent, nor what is said of its parent of it: half of its documents print a generated author,
    or one of its labels is like ``staging``. ``www.``, ``m.`` and the like never are: they are the site.
    """
    documents: Counter[tuple[str, str]] = Counter()
    personas: Counter[tuple[str, str]] = Counter()
    for part in parts:
        for _, row in read_rows(part, ["host", "domain", "prints_persona"]):
            if row["host"] not in ("", row["domain"]):
                documents[row["host"], row["domain"]] += 1
                personas[row["host"], row["domain"]] += row["prints_persona"]
    labels = {(host, domain): set(host.removesuffix(f".{domain}").split(".")) for host, domain in documents}
    unlike_site = {at: names for at, names in labels.items() if not names <= subdomain_labels("same")}
    planted = (
        host
        for (host, domain), names in unlike_site.items()
        if names & subdomain_labels("unused")
        or personas[host, domain] >= PLANTED_SHARE * documents[host, domain]
    )
    return SeparateHosts(frozenset(planted), frozenset(host for host, _ in documents if host in named))
