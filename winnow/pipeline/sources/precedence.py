"""The order of precedence for a source's score: a person's decision, then rating lists, then the model."""

from dataclasses import replace

from winnow.corpus.decisions.events import Event
from winnow.models.reliability.ratings import Rating, combined
from winnow.models.reliability.source_score import SourceScore


def strongest_score(model: SourceScore, ratings: tuple[Rating, ...], override: Event | None) -> SourceScore:
    """A source's score on its strongest basis: human, list, model or none.

    A person's score has no interval and lists give no probability: these stay None. The signals of
    the model are kept, whatever the basis.
    """
    if override:
        return replace(
            model,
            score=override.score,
            low=None,
            high=None,
            probability=None,
            label=override.label,
            basis="human",
        )
    if consensus := combined(ratings):
        return replace(
            model,
            score=consensus.score,
            low=consensus.low,
            high=consensus.high,
            probability=None,
            label=consensus.label,
            basis="list",
        )
    return model
