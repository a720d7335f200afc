"""What a source's score rests on: a person's decision before rating lists, these before the model."""

from dataclasses import replace

from winnow.corpus.decisions.events import Event
from winnow.models.reliability.ratings import Rating, combined
from winnow.models.reliability.source_model import SourceScore


def strongest_score(model: SourceScore, ratings: tuple[Rating, ...], override: Event | None) -> SourceScore:
    """A source's score by the strongest of what is known: human, list, model, none.

    A person's score has no interval and lists give no probability: these stay None. The signals that
    the model found are kept, whatever the basis.
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
