"""How many sources of a run each rating list matches, and what of the list was passed over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Final

from winnow.models.reliability.ratings import PASSED_OVER, Rating, RatingList
from winnow.pipeline.tables.journal import note

MATCHED: Final = "rating_list"  # the event that is logged for each list
LINE: Final = "said"  # its fact that is a line for people
LOGGED: Final = ("list", "kind", "sites", "sources", "of", "passed_over", "contradictions")


@dataclass(frozen=True, slots=True)
class ListMatch:
    """A rating list beside the sources of a run."""

    list: str
    kind: str
    sha256: str
    sites: int  # that the list rates
    sources: int  # of the run, which it rates
    of: int  # sources of the run
    passed_over: int  # rows of the list
    reasons: Mapping[str, int]  # the same by `winnow.models.reliability.ratings.PASSED_OVER`
    examples: Sequence[str]
    contradictions: int  # sites that the list rates twice, differently

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)


def match_lists(
    lists: Iterable[RatingList], ratings_by_source: Iterable[Sequence[Rating]]
) -> list[ListMatch]:
    """Each list with the number of sources that it rates; ``ratings_by_source`` has an item for every source."""
    sources = [[rating.list_name for rating in ratings] for ratings in ratings_by_source]
    counts = Counter(chain.from_iterable(sources))
    return [
        ListMatch(
            list=each.name,
            kind=each.kind,
            sha256=each.sha256,
            sites=len(each.ratings),
            sources=counts[each.name],
            of=len(sources),
            passed_over=each.passed_over,
            reasons=each.skipped,
            examples=each.examples,
            contradictions=each.contradictions,
        )
        for each in lists
    ]


def note_matches(matches: Iterable[ListMatch]) -> None:
    """Log a line for each list; what its rows say stays out of the log."""
    for match in matches:
        facts = match.to_json()
        note(MATCHED, **{name: facts[name] for name in LOGGED}, **{LINE: match_line(facts)})


def match_line(match: Mapping[str, Any]) -> str:
    """A match, as JSON values, in a line for people.

    >>> match_line(match_lists([RatingList("watchers", "", {}, skipped={"no_site": 2})], [()])[0].to_json())
    'watchers: 0 of 1 sources matched; sites rated: 0; rows passed over: 2 without a site'
    """
    parts = [f"{match['list']}: {match['sources']} of {match['of']} sources matched", list_line(match)]
    return "; ".join(parts)


def list_line(match: Mapping[str, Any]) -> str:
    """What a list holds, for people."""
    skipped = [
        f"{number} {PASSED_OVER.get(why, why)}" for why, number in match["reasons"].items() if number
    ]
    parts = [f"sites rated: {match['sites']}"]
    if skipped:
        parts.append(f"rows passed over: {', '.join(skipped)}")
    if match["contradictions"]:
        parts.append(f"rated twice, differently: {match['contradictions']} (the lowest counts)")
    return "; ".join(parts)
