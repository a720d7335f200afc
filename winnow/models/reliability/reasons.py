"""The reasons for a score, as people read them: steps from the average source to this one, rates, one sentence."""

from collections.abc import Iterable, Sequence
from math import expm1
from typing import Final

from winnow.models.reliability.meanings import feature_meanings
from winnow.models.reliability.source_score import Step

AVERAGE, LIMIT = "average source", "limit"
GROUPS: Final = ("headline", "wording", "sourcing", "form", "name")  # of features, as a reader meets them
STEPS: Final = {  # group: what it is; written into the docs, which a test compares
    AVERAGE: "what the model says of a source with average features, at as many documents",
    "headline": "how its titles are written",
    "wording": "the words that it chooses, and how it strings them together",
    "sourcing": "whom and what it quotes, cites and attributes",
    "form": "length, sentences, marks, dates and numbers",
    "name": "the name of its domain, which no document bears out; `--no-name-prior` leaves it out",
    LIMIT: "what would lie beyond .02 and .98, which no model can know",
}
# What stands beside every number of the model, wherever people read it.
LIMITS: Final = (
    "It judges style and checks no facts: polished propaganda passes, its ratings are those of lists centred on the US,"
    " and it says little of sources with a single topic"
)
WIDTH: Final = "the interval is mostly the model's own error, and hardly narrows with more documents"
MIN_NAMED: Final = 0.01  # rating points, from which a group is named in the sentence
RATE, PERCENT, RANK = "in 1,000 words", "%", "% of rated sources"  # units; the second is how several begin
LOGARITHMS: Final = frozenset({"words", "paragraph_words"})  # features that are log(1 + words)


def steps_of(base: float, points: Iterable[tuple[str, float]], score: float) -> tuple[Step, ...]:
    """Steps that add up from ``base`` to ``score``; ``points`` are pairs of a group and what a part of it adds.

    Groups without any points are left out. What is still missing at the end is the last step, `LIMIT`.
    """
    totals = dict[str, float]()
    for group, added in points:
        totals[group] = totals.get(group, 0.0) + added
    levels = [(AVERAGE, base)]
    for group in GROUPS:
        if group in totals:
            levels.append((group, levels[-1][1] + totals[group]))
    return _as_steps(levels, score)


def _as_steps(levels: Sequence[tuple[str, float]], score: float) -> tuple[Step, ...]:
    """Steps between rounded levels, so that the rounded changes add up too."""
    rounded = [(group, round(level, 4)) for group, level in levels]
    if abs(rounded[-1][1] - score) > 1e-3:
        rounded.append((LIMIT, score))
    else:
        rounded[-1] = (rounded[-1][0], score)
    before = [0.0, *(level for _, level in rounded)]
    return tuple(
        Step(group, round(level - earlier, 4), level)
        for (group, level), earlier in zip(rounded, before, strict=False)
    )


def summary(steps: Sequence[Step]) -> str:
    """One sentence on the groups that move a score most, "" without steps.

    >>> summary([Step("average source", 0.6, 0.6), Step("headline", -0.2, 0.4), Step("form", 0.05, 0.45)])
    'The model says 0.45, of an average source 0.60: against it speak headlines (−0.20); for it form (+0.05).'
    """
    if not steps:
        return ""
    moving = [step for step in steps[1:] if abs(step.change) >= MIN_NAMED and step.group in GROUPS]
    sides = (
        ("for it", [s for s in moving if s.change > 0]),
        ("against it", [s for s in moving if s.change < 0]),
    )
    named = [(f"{side} ", _named(groups)) for side, groups in sides if groups]
    if steps[-1].level < steps[0].level:
        named.reverse()
    reasons = "; ".join(f"{side}{'speak ' * (not at)}{groups}" for at, (side, groups) in enumerate(named))
    head = f"The model says {steps[-1].level:.2f}, of an average source {steps[0].level:.2f}"
    return f"{head}: {reasons or 'no group of features moves it much'}."


def _named(steps: Sequence[Step]) -> str:
    """Groups with what each moves, the strongest first."""
    ranked = sorted(steps, key=lambda step: -abs(step.change))
    names = [f"{'headlines' if s.group == 'headline' else s.group} ({signed(s.change)})" for s in ranked]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def signed(change: float) -> str:
    """A change of the rating with its sign, two decimals.

    >>> signed(-0.041), signed(0.2)
    ('−0.04', '+0.20')
    """
    return f"{change:+.2f}".replace("-", "−")


def in_units(name: str, value: float) -> float:
    """A feature's value in its unit: uses in 1,000 words, per cent, words or letters."""
    unit = feature_meanings()[name].unit
    if unit == RATE:
        return max(0.0, 10 * expm1(value))
    if name in LOGARITHMS:
        return max(0.0, expm1(value))
    return 100 * value if unit.startswith(PERCENT) else value


def rate_text(rate: float | None, usual: float | None, unit: str) -> str:
    """A rate beside the usual one.

    >>> rate_text(3.14, 0.8, "in 1,000 words"), rate_text(62.0, 4.0, "% of titles")
    ('3.1 in 1,000 words, usually 0.80', '62 % of titles, usually 4.0 %')
    >>> rate_text(62.0, 50.0, "% of rated sources")
    '62 % of rated sources have less'
    """
    if rate is None or usual is None or not unit:
        return ""
    if unit == RANK:
        return f"{rate:.0f} {unit} have less"
    sign = " %" if unit.startswith(PERCENT) else ""
    return f"{_figure(rate)} {unit}, usually {_figure(usual)}{sign}"


def _figure(value: float) -> str:
    """A number with as many digits as a reader can use."""
    return (
        f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.95 or not value else f"{value:.2f}"
    )
