"""Ratings of a source by lists, and their consensus where they disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

# of a rating; the bands of the design notes, NewsGuard's cut at 60
RELIABLE_FROM, UNRELIABLE_BELOW = (0.6, 0.4)
LIST_HALF_WIDTH: Final = 0.22  # of the 80 % interval of one rating, see `combined`
PASSED_OVER: Final = {  # rows of a list, in words
    "no_site": "without a site",
    "part_of_site": "for a part of a site",
    "no_rating": "without a rating",
    "unreadable": "not understood",
}


@dataclass(frozen=True, slots=True)
class Rating:
    """The rating of one site by one list."""

    list_name: str
    verdict: str  # in the list's words: "87.5 of 0-100", "mostly factual"
    date: str = ""  # ISO 8601, "" if the list does not say
    score: float | None = None  # 0 to 1; None where the list does not rate the site
    is_satire: bool = False

    @property
    def label(self) -> str:
        """Reliable, mixed or unreliable; unknown without a score."""
        return "unknown" if self.score is None else rating_label(self.score)


@dataclass(frozen=True, slots=True)
class RatingList:
    """A rating list that a user has."""

    name: str
    sha256: str  # of its file
    ratings: Mapping[str, Rating]  # by `winnow.corpus.domains.site_host`
    kind: str = ""  # whose columns it has
    skipped: Mapping[str, int] = field(default_factory=dict)  # rows by why: `PASSED_OVER`
    examples: tuple[str, ...] = ()  # the first row that was passed over for each reason, with its place
    contradictions: int = 0  # sites that rows of one day rate differently
    mapping: str = ""  # of its columns, as its option gives it

    @property
    def passed_over(self) -> int:
        """Rows that name no site, or a part of one, or do not rate it, or make no sense."""
        return sum(self.skipped.values())


@dataclass(frozen=True, slots=True)
class Consensus:
    """The common rating of several lists."""

    score: float
    low: float
    high: float
    label: str
    is_conflict: bool  # one list says reliable, another unreliable


def rating_label(score: float) -> str:
    """The label of a rating from 0 to 1.

    >>> rating_label(0.6), rating_label(0.59), rating_label(0.39)
    ('reliable', 'mixed', 'unreliable')
    """
    if score >= RELIABLE_FROM:
        return "reliable"
    return "mixed" if score >= UNRELIABLE_BELOW else "unreliable"


def combined(ratings: Sequence[Rating]) -> Consensus | None:
    """The mean rating of several lists, None where none of them rates the source.

    No list is right alone: each differs from the first principal component over six of them, the
    target of our own model, by less than .15, .18, .24 and .30 for four of five domains (four lists
    of Lin et al. 2023, 9,729 domains; levels of Media Bias/Fact Check as we map them: .17;
    `bench/ratings.py`; being part of that component flatters them). The interval is their mean of .22
    to both sides, and holds what every list says. Where one list says reliable and another
    unreliable, the label is mixed, wherever the mean lies. A date is shown and weighs nothing:
    ratings are stable over years (Lühring et al. 2024, of NewsGuard's).
    """
    scores = sorted(rating.score for rating in ratings if rating.score is not None)
    if not scores:
        return None
    mean = sum(scores) / len(scores)
    is_conflict = {"reliable", "unreliable"} <= {rating.label for rating in ratings}
    return Consensus(
        score=round(mean, 4),
        low=round(max(0.0, min(mean - LIST_HALF_WIDTH, scores[0])), 4),
        high=round(min(1.0, max(mean + LIST_HALF_WIDTH, scores[-1])), 4),
        label="mixed" if is_conflict else rating_label(round(mean, 4)),
        is_conflict=is_conflict,
    )
