"""Agreement between reviewers: whose ratings count, Cohen's kappa, and the queue of what is disputed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from tests.deciding import NOON
from tests.reviewing import client_of, post, text_of
from tests.test_review_queue import RATINGS, SOURCES, index_of, shown
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import RATING_LABELS, Event
from winnow.corpus.decisions.log import read_events
from winnow.review.agreement import PairAgreement, disputed, opinions, pairs, shared_opinions
from winnow.review.desk import Desk
from winnow.review.queue import progress
from winnow.review.queue_filters import Filters

PEOPLE = ("ada", "bo", "cy")
LABELS = st.sampled_from(RATING_LABELS)


def pair_of(rated: Sequence[tuple[str, str]]) -> PairAgreement:
    """Two people who rated as many sources, by the labels of both."""
    return PairAgreement("ada", "bo", {each: rated.count(each) for each in rated})


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40))
def test_kappa_is_that_of_scikit_learn(rated: list[tuple[str, str]]) -> None:
    firsts, seconds = zip(*rated, strict=True)
    pair = pair_of(rated)
    if pair.kappa is None:
        assert len({*firsts, *seconds}) == 1 and pair.words == "one label only"
        return
    assert pair.kappa == pytest.approx(cohen_kappa_score(firsts, seconds), abs=1e-12)
    assert (pair.sources, pair.agreed) == (len(rated), sum(one == other for one, other in rated))


@pytest.mark.parametrize(
    ("rated", "kappa", "words"),
    [
        # .75 are alike, .47 by chance
        (
            [("reliable", "reliable")] * 8 + [("mixed", "mixed")] * 7 + [("reliable", "mixed")] * 5,
            0.53,
            "moderate",
        ),
        ([("reliable", "reliable"), ("mixed", "mixed")], 1.0, "almost perfect"),
        ([("reliable", "mixed"), ("mixed", "reliable")], -1.0, "poor"),
        ([("reliable", "reliable"), ("reliable", "mixed")], 0.0, "slight"),
    ],
)
def test_kappa_in_a_word(rated: list[tuple[str, str]], kappa: float, words: str) -> None:
    pair = pair_of(rated)
    assert pair.kappa == pytest.approx(kappa, abs=0.01) and pair.words == words


@given(st.lists(st.tuples(RATINGS, st.sampled_from(PEOPLE)), max_size=8))
def test_disputed_is_what_people_rate_differently_by_the_ratings_that_count(
    rated: Sequence[tuple[tuple[Event, bool], str]],
) -> None:
    events = [(replace(e, who=who, id=f"rating {n}"), undone) for n, ((e, undone), who) in enumerate(rated)]
    undos = [
        Event("undo", "dot", NOON.isoformat(), undoes=e.id, id=f"undo {e.id}")
        for e, undone in events
        if undone
    ]
    with index_of([*(event for event, _ in events), *undos]) as index:
        log = read_events(index)
        own = {who: fold([e for e in log if e.who in (who, "dot")], NOON).overrides for who in PEOPLE}
        said = {
            source: {who: own[who][source] for who in PEOPLE if source in own[who]} for source in SOURCES
        }
        shared = {source: people for source, people in said.items() if len(people) > 1}
        assert shared_opinions(index, NOON) == opinions(index, SOURCES, NOON) == shared
        differing = {s for s, people in shared.items() if len({e.label for e in people.values()}) > 1}
        assert {*disputed(shared)} == shown(index, "disputed", NOON) == differing
        assert progress(index, Filters("disputed"), NOON).disputed == len(differing)
        counted = {(pair.first, pair.second): pair.sources for pair in pairs(shared)}
        both = {
            p: sum({*p} <= people.keys() for people in shared.values()) for p in combinations(PEOPLE, 2)
        }
        assert counted == {people: number for people, number in both.items() if number}


def test_a_dispute_is_seen_in_queue_card_and_page_until_one_gives_way(desk: Desk) -> None:
    with client_of(desk) as ada, client_of(desk, "bo") as bo:
        assert "No source has been rated by two people yet" in text_of(ada.get("/agreement").text)
        post(ada, desk, "/rate", rate="reliable ledger.example")
        post(bo, desk, "/rate", rate="unreliable ledger.example")
        for client in (ada, bo):
            post(client, desk, "/rate", rate="mixed blaze.example")
        page = text_of(ada.get("/agreement").text)
        assert "ada and bo" in page and "Disagreements 1 source" in page
        assert "ledger.example reliable ada unreliable bo" in page
        queue = text_of(ada.get("/?state=disputed").text)
        assert "R reliable ada U unreliable bo" in queue and "disputed 1" in queue and "blaze" not in queue
        card = text_of(ada.get("/source?name=ledger.example").text)
        assert "reliable says ada , unreliable says bo" in card
        post(bo, desk, "/undo")
        post(bo, desk, "/undo")
        assert "No source has been rated by two people yet" in text_of(ada.get("/agreement").text)
        assert "disputed 0" in text_of(ada.get("/?state=disputed").text)
