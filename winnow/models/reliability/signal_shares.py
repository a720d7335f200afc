"""The signals of a source: in what share of its documents each was found, and one that shows it."""

from winnow.models.reliability.source_score import Contribution, SourceScore
from winnow.models.reliability.sums import SourceSums, Witness


def unscored(sums: SourceSums, reason: str) -> SourceScore:
    """A source that is not scored, and why, with the signals that were found."""
    return SourceScore(contributions=signal_shares(sums), reason=reason)


def signal_shares(sums: SourceSums) -> tuple[Contribution, ...]:
    """The signals of a source, most frequent first; value is the share of documents that show it."""
    ranked = sorted(sums.signals.items(), key=lambda item: (-item[1].documents, item[0]))
    return tuple(
        _signal_contribution(name, count.documents / sums.documents, count.witness)
        for name, count in ranked
    )


def _signal_contribution(name: str, share: float, witness: Witness) -> Contribution:
    evidence, document_id = witness.evidence, witness.document_id
    return Contribution(name, round(share, 4), 0.0, evidence=evidence, document_id=document_id)
