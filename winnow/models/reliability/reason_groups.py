"""The signals of a row of ``sources``, by the step of the score that they are part of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from winnow.models.reliability.reasons import rate_text

MIN_REST: Final = 0.005  # rating points, from which the features that are not shown are worth a line


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """A step from the average source to this one, with the signals that are shown of it."""

    group: str
    change: float  # of the rating
    level: float  # the rating up to here
    signals: Sequence[Mapping[str, Any]]  # rows of the column ``signals``, the strongest first
    rest: float  # what the features that are not shown add together; 0 where that is next to nothing


def rate_of(signal: Mapping[str, Any]) -> str:
    """The rate of a row of ``signals`` beside the usual one, "" of what is no feature."""
    return rate_text(signal["rate"], signal["usual_rate"], signal["unit"])


def reason_groups(row: Mapping[str, Any]) -> Iterator[ReasonGroup]:
    """The steps of a source's score by the model, each with its signals; nothing where it has no score."""
    for step in row.get("model_steps") or ():
        signals = [s for s in row["signals"] if s["group"] == step["group"] and s["contribution"]]
        signals.sort(key=lambda signal: -abs(signal["points"]))
        rest = step["change"] - sum(signal["points"] for signal in signals)
        is_shown = bool(signals) and abs(rest) >= MIN_REST
        yield ReasonGroup(step["group"], step["change"], step["level"], signals, rest if is_shown else 0.0)
