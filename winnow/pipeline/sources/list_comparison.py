"""What rating lists say of sources, where they disagree with each other, and where with the model."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from winnow.models.reliability.ratings import Consensus, Rating, RatingList, combined, rating_label

OPPOSITE: Final = frozenset({"reliable", "unreliable"})


@dataclass(frozen=True, slots=True)
class ComparedSource:
    """A source by the lists that rate it, and by the model."""

    domain: str
    documents: int  # 0 where no corpus is compared
    ratings: tuple[Rating, ...]  # in the order of the lists
    consensus: Consensus | None  # None where lists say satire alone
    model_score: float | None = None  # 0 to 1

    @property
    def differs(self) -> tuple[str, ...]:
        """Who calls the source reliable where another says unreliable: the lists, and the model against them.

        The model's score is put into the bands of ratings (`winnow.models.reliability.ratings.rating_label`), and set
        beside the mean of the lists.
        """
        if self.consensus is None:
            return ()
        lists = ("lists",) if self.consensus.is_conflict else ()
        by_lists = rating_label(self.consensus.score)
        by_model = "unknown" if self.model_score is None else rating_label(self.model_score)
        return (*lists, "model") if {by_lists, by_model} == OPPOSITE else lists

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        consensus = self.consensus
        return {
            "domain": self.domain,
            "documents": self.documents,
            "ratings": [
                {"list": each.list_name, "rating": each.verdict, "date": each.date}
                | {"score": each.score, "label": each.label, "is_satire": each.is_satire}
                for each in self.ratings
            ],
            "lists_score": consensus.score if consensus else None,
            "lists_low": consensus.low if consensus else None,
            "lists_high": consensus.high if consensus else None,
            "lists_label": consensus.label if consensus else "unknown",
            "model_score": self.model_score,
            "differs": [*self.differs],
        }


def compare_sources(
    lists: Sequence[RatingList], rows: Iterable[Mapping[str, Any]]
) -> Iterator[ComparedSource]:
    """Each source of a corpus that a list rates, from the rows of its table of sources, in their order.

    Lists are matched as in a run: by the source's own name, a registered domain or a host that is a source of its own.
    """
    for row in rows:
        if ratings := _ratings(lists, row["domain"]):
            score = None if row["model_score"] is None else round(row["model_score"], 4)
            yield ComparedSource(row["domain"], row["documents"], ratings, combined(ratings), score)


def compare_lists(lists: Sequence[RatingList]) -> Iterator[ComparedSource]:
    """Each site that a list rates, by name."""
    for site in sorted(set().union(*(each.ratings for each in lists))):
        ratings = _ratings(lists, site)
        yield ComparedSource(site, 0, ratings, combined(ratings))


def _ratings(lists: Sequence[RatingList], site: str) -> tuple[Rating, ...]:
    return tuple(each.ratings[site] for each in lists if site in each.ratings)
