"""Flags of a source: what a reader should know beside its score. None of them moves the score.

Background rates: `bench/flags.py`, over 3,351 sources of ordinary collections: 2 are flagged `seo_spam`, none
`suspected_persona` or `syndicated_majority`. `imitates` marks 1.3 % of 12,854 names that rating lists know
(`bench/name_prior.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from winnow.models.reliability.ratings import Rating, combined
from winnow.models.reliability.source_model import ENOUGH_DOCUMENTS, MIN_SCORED_SHARE
from winnow.models.reliability.sums import SourceSums

# flag: the rule; written into the docs, which a test compares
FLAGS: Final = {
    "satire_listed": "a rating list marks it as satire",
    "ratings_conflict": "one rating list calls it reliable and another unreliable",
    "suspected_persona": "a tenth of its documents or more print an author block that looks generated",
    "seo_spam": "one phrase is repeated as if for search engines in half of its documents, three or more of them, "
    "or one if a generated author is printed too; or it is a subdomain whose pages look planted",
    "syndicated_majority": "over half of its documents, of three or more, are copies of other sources'",
    "little_evidence": "its model score rests on one or two documents in English",
    "imitates": "its name is like that of another, well-rated site, and so says nothing for it; one of the signals "
    "`imitates_spelling`, `imitates_letter` and `imitates_word` says how",
    "not_english": "over half of its documents are in other languages: the model does not score it",
}
TAGGED: Final[tuple[str, ...]] = ("satire_listed", "seo_spam")  # also tags of the source's documents
PERSONA_SHARE: Final = 0.1  # so that one mistake of the detector marks no newspaper
PERSONA, STUFFED = "fake_author", "stuffed_phrase"  # signals
STUFFED_SHARE, STUFFED_DOCUMENTS = 0.5, 3  # 3.5 % of honest articles repeat a phrase so: one says nothing
SYNDICATED_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts of a source that flags rest on."""

    sums: SourceSums  # of the source's originals
    articles: int  # its documents, those that stand in it twice counted once
    syndicated: int  # of them copies of other sources' documents
    foreign: int  # originals in a known language that is not scored
    is_planted: bool  # a subdomain whose pages look planted
    ratings: tuple[Rating, ...] = ()
    is_scored: bool = False  # by the model
    is_imitation: bool = False  # by its name


def source_flags(facts: SourceFacts) -> tuple[str, ...]:
    """The flags of a source, sorted."""
    return tuple(sorted(_flags(facts)))


def prints_persona(signals: Iterable[str]) -> bool:
    """Whether a document prints a generated author, by the names of its signals (none of 12,646 articles does)."""
    return PERSONA in signals


def _flags(facts: SourceFacts) -> Iterator[str]:
    yield from _list_flags(facts.ratings)
    personas = _documents_with(PERSONA, facts.sums)
    if personas and personas >= PERSONA_SHARE * facts.sums.documents:
        yield "suspected_persona"
    if facts.is_planted or _is_stuffed(facts.sums):
        yield "seo_spam"
    if facts.articles >= ENOUGH_DOCUMENTS and facts.syndicated > SYNDICATED_SHARE * facts.articles:
        yield "syndicated_majority"
    if facts.is_imitation:
        yield "imitates"
    yield from _evidence_flags(facts)


def _list_flags(ratings: tuple[Rating, ...]) -> Iterator[str]:
    """Flags by what rating lists say."""
    consensus = combined(ratings)
    if any(rating.is_satire for rating in ratings):
        yield "satire_listed"
    if consensus and consensus.is_conflict:
        yield "ratings_conflict"


def _evidence_flags(facts: SourceFacts) -> Iterator[str]:
    """Flags of sources of which the model knows little or nothing."""
    if facts.is_scored and facts.sums.scored < ENOUGH_DOCUMENTS:
        yield "little_evidence"
    if facts.foreign > (1 - MIN_SCORED_SHARE) * facts.sums.documents:
        yield "not_english"


def _is_stuffed(sums: SourceSums) -> bool:
    stuffed = _documents_with(STUFFED, sums)
    enough = 1 if _documents_with(PERSONA, sums) else STUFFED_DOCUMENTS
    return stuffed >= enough and stuffed >= STUFFED_SHARE * sums.documents


def _documents_with(signal: str, sums: SourceSums) -> int:
    return sums.signals[signal].documents if signal in sums.signals else 0
