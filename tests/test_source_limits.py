"""Limits of scores and flags that a reader of a corpus sees: a case on either side of each."""

from dataclasses import replace
from functools import reduce
from operator import add

import numpy as np
import pytest

from winnow.corpus.contacts.phones import find_phones
from winnow.models.reliability.calibration import BANDS, CLOSEST, Calibration
from winnow.models.reliability.flags import SourceFacts, source_flags
from winnow.models.reliability.rank_deviates import standardised
from winnow.models.reliability.source_model import load_model
from winnow.models.reliability.source_score import SourceScore, label_of, verdict_of
from winnow.models.reliability.sums import (
    SignalCount,
    SourceSums,
    Witness,
    measured_names,
    sums_of,
)

TEXT = (
    "The council approved the repair of the sea wall on Tuesday, according to its minutes. “The work begins in "
    "March,” said Ada Moss, a spokeswoman for the harbour board, which owns the wall. It will cost 3.4 million pounds."
)


def sums(english: int, other: int = 0, titled: int = 0) -> SourceSums:
    """A source with documents in English, some of them with a title, and in another language."""
    titles = ["Council approves repair"] * titled + [""] * (english - titled)
    documents = [sums_of(f"{n:032d}", title, TEXT, "en", []) for n, title in enumerate(titles)]
    others = [sums_of(f"{n:032d}", "", TEXT, "de", []) for n in range(english, english + other)]
    return reduce(add, [*documents, *others])


@pytest.mark.parametrize(
    ("english", "other", "is_scored"),
    [(3, 3, True), (3, 4, False), (1, 0, True), (1, 1, True), (1, 2, False)],
)
def test_a_source_is_scored_from_one_document_on_with_half_of_them_in_english(
    english: int, other: int, is_scored: bool
) -> None:
    assert (load_model().score(sums(english, other)).score is not None) is is_scored


@pytest.mark.parametrize(("titled", "of", "counts"), [(2, 4, True), (2, 5, False)])
def test_titles_count_where_half_of_the_documents_have_one(titled: int, of: int, counts: bool) -> None:
    model = load_model()
    assert (model.score(sums(of, titled=titled)) != model.score(sums(of))) is counts


@pytest.mark.parametrize(
    ("probability", "label"),
    [(0.2999, "unreliable"), (0.3, "mixed"), (0.7, "mixed"), (0.7001, "reliable")],
)
def test_a_probability_from_3_to_7_of_10_is_no_verdict(probability: float, label: str) -> None:
    assert label_of(probability) == label


@pytest.mark.parametrize(
    ("label", "low", "high", "verdict"),
    [
        ("reliable", 0.5, 0.98, "reliable"),
        ("reliable", 0.4999, 0.98, "leans reliable"),
        ("unreliable", 0.02, 0.4999, "unreliable"),
        ("unreliable", 0.02, 0.5, "leans unreliable"),
        ("mixed", 0.51, 0.6, "mixed"),
        ("unknown", None, None, "unknown"),
        ("reliable", None, None, "reliable"),
    ],
)
def test_a_model_is_sure_of_a_label_where_its_interval_keeps_to_one_side(
    label: str, low: float | None, high: float | None, verdict: str
) -> None:
    assert verdict_of(label, low, high) == verdict


@pytest.mark.parametrize("basis", ["human", "list"])
def test_what_people_and_lists_say_is_never_said_to_lean(basis: str) -> None:
    assert SourceScore(0.6, 0.3, 0.9, 0.8, "reliable", basis).verdict == "reliable"
    assert SourceScore(0.6, 0.3, 0.9, 0.8, "reliable", "model").verdict == "leans reliable"


def test_the_eight_strongest_features_for_and_against_are_shown() -> None:
    parts = load_model().score(sums(4, titled=4)).contributions
    features = [part.contribution for part in parts if part.name in measured_names()]
    assert (sum(value > 0 for value in features), sum(value < 0 for value in features)) == (8, 8)


def test_no_feature_is_further_than_two_and_a_half_deviations_from_the_middle() -> None:
    model = load_model()
    extreme = np.stack([np.full(len(model.quantiles), 1e9), np.full(len(model.quantiles), -1e9)])
    found = standardised(extreme, model.quantiles, np.linspace(-4, 4, len(model.normal)))
    assert (found.min(), found.max()) == (-2.5, 2.5)


def test_the_forest_has_three_tenths_of_a_score_and_a_wider_spread() -> None:
    model = load_model()
    flat = replace(model, weights=np.zeros(len(model.weights)), intercept=1.0)
    means = sums(4, titled=4).means()[None, :]
    forest = model.trees.raw_scores(model.filled(means))
    assert np.allclose(flat.raw(means), 0.7 + 0.3 * (0.5 + 1.25 * (forest - 0.5)))


CALIBRATION = Calibration(np.array([0.0, 0.0, 1.0]), np.array([0.5, 0.0, 0.0]), np.arange(6) / 20)


def test_more_than_thirty_documents_make_a_score_no_surer() -> None:
    documents = np.array([29, 30, 31, 1000])
    odds = CALIBRATION.probabilities(np.ones(4), documents)
    assert odds[0] < odds[1] == odds[2] == odds[3]


@pytest.mark.parametrize("band", range(len(BANDS)))
def test_an_interval_is_that_of_its_number_of_documents(band: int) -> None:
    first, behind = (1, 2, 3, 5, 10, 20, 1000)[band : band + 2]
    for documents in (first, behind - 1):
        rating, _, high = CALIBRATION.ratings(np.zeros(1), np.array([documents]))
        assert (high - rating)[0] == pytest.approx(band / 20)


def test_no_probability_is_nearer_to_certainty_than_one_in_a_million() -> None:
    ends = CALIBRATION.probabilities(np.array([-10.0, 10.0]), np.array([30, 30]))
    assert ends.tolist() == [1e-6, 1 - 1e-6] == [CLOSEST, 1 - CLOSEST]


def facts(
    documents: int, signals: dict[str, int] | None = None, syndicated: int = 0, foreign: int = 0
) -> SourceFacts:
    counts = {name: SignalCount(number, Witness("1", "")) for name, number in (signals or {}).items()}
    return SourceFacts(
        SourceSums(documents, signals=counts), documents, syndicated, foreign, is_planted=False
    )


def scored(english: int, *, is_scored: bool = True, is_imitation: bool = False) -> SourceFacts:
    counted = SourceSums(english, english)
    return SourceFacts(
        counted, english, 0, 0, is_planted=False, is_scored=is_scored, is_imitation=is_imitation
    )


FLAGGED = [
    ("suspected_persona", facts(10, {"fake_author": 1}), facts(11, {"fake_author": 1})),
    ("seo_spam", facts(6, {"stuffed_phrase": 3}), facts(11, {"stuffed_phrase": 5})),
    ("seo_spam", facts(3, {"stuffed_phrase": 3}), facts(2, {"stuffed_phrase": 2})),
    ("seo_spam", facts(2, {"stuffed_phrase": 1, "fake_author": 1}), facts(2, {"stuffed_phrase": 1})),
    ("syndicated_majority", facts(5, syndicated=3), facts(6, syndicated=3)),
    ("syndicated_majority", facts(3, syndicated=2), facts(2, syndicated=2)),
    ("not_english", facts(5, foreign=3), facts(6, foreign=3)),
    ("little_evidence", scored(2), scored(3)),
    ("little_evidence", scored(1), scored(1, is_scored=False)),
    ("imitates", scored(9, is_imitation=True), scored(9)),
]


@pytest.mark.parametrize(("flag", "flagged", "spared"), FLAGGED)
def test_a_flag_needs_its_share_of_documents(flag: str, flagged: SourceFacts, spared: SourceFacts) -> None:
    assert flag in source_flags(flagged)
    assert flag not in source_flags(spared)


PHONES = [
    ("Phone: 555 0143", True),
    ("Phone: 55 0143", False),
    ("Phone: 1234 5678 9012 345", True),
    ("Phone: 1234 5678 9012 3456", False),
    ("Room 01234 5678", True),
    ("Room 01234 567", False),
    ("Room 01234 56789012", False),
]


@pytest.mark.parametrize(("text", "is_phone"), PHONES)
def test_a_telephone_number_has_as_many_digits_as_plans_allow(text: str, is_phone: bool) -> None:
    assert bool([*find_phones(text)]) is is_phone
