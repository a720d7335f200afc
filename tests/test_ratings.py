"""Rating lists: the rating of each site by each kind of list, disagreements between lists, and faulty lists."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.errors import UsageError
from winnow.models.reliability.rating_lists import read_rating_list
from winnow.models.reliability.ratings import LIST_HALF_WIDTH, Rating, combined

CASES = Path(__file__).parent / "cases" / "rating_lists.jsonl"


def cases() -> list[object]:
    records = map(json.loads, CASES.read_text(encoding="utf8").splitlines())
    return [pytest.param(c["input"], c["expected"], id=c["label"]) for c in records]


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "watchers.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(("content", "expected"), cases())
def test_a_list_rates_its_sites(
    tmp_path: Path, content: str, expected: dict[str, list[float | str | None]]
) -> None:
    rating_list = read_rating_list(written(tmp_path, content))
    assert {site: [r.score, r.label, r.date] for site, r in rating_list.ratings.items()} == expected
    assert {r.list_name for r in rating_list.ratings.values()} <= {"watchers"} == {rating_list.name}


def test_satire_is_marked_and_not_rated(tmp_path: Path) -> None:
    rating_list = read_rating_list(
        written(tmp_path, "domain,rating\npost.example,Satire\nledger.example,mixed\n")
    )
    assert {site: r.is_satire for site, r in rating_list.ratings.items()} == {
        "post.example": True,
        "ledger.example": False,
    }


def test_rows_that_are_passed_over_are_counted(tmp_path: Path) -> None:
    rows = "ledger.example/blogs,mixed\nThe Ledger,mixed\n\nledger.example,n/a\nledger.example,mixed\n"
    assert read_rating_list(written(tmp_path, f"domain,rating\n{rows}")).passed_over == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("domain,rating,scale\na.example,7,0-5\n", ["watchers.csv:2", "outside its scale 0-5", "correct"]),
        ("domain,rating\na.example,mixed\nb.example,7\n", ["watchers.csv:3", "no scale", "0-100"]),
        ("domain,rating,scale\na.example,7,7-7\n", ["watchers.csv:2", "no scale"]),
        ("domain,rating\na.example,splendid\n", ["watchers.csv:2", "'splendid'", "reliable, mixed"]),
        ("domain,factual_reporting\na.example,so-so\n", ["watchers.csv:2", "'so so'", "mostly factual"]),
        ("site,opinion\na.example,mixed\n", ["watchers.csv:1", "site, opinion", "domain and rating"]),
        ("", ["watchers.csv:1", "there are: "]),
        ('domain,rating\na.example,"mixed\n', ["watchers.csv:2", "broken CSV", "correct the row"]),
        (b"domain,rating\na.example,mi\xffxed\n", ["watchers.csv", "not UTF-8 at byte 26", "save it"]),
    ],
)
def test_a_mistake_names_file_row_and_next_step(
    tmp_path: Path, content: str | bytes, says: list[str]
) -> None:
    with pytest.raises(UsageError) as raised:
        read_rating_list(written(tmp_path, content))
    assert [word for word in says if word not in str(raised.value)] == []


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.csv: No such file"):
        read_rating_list(tmp_path / "nowhere.csv")


def ratings(*scores: float | None) -> list[Rating]:
    return [Rating(f"list {n}", "", score=score) for n, score in enumerate(scores)]


@given(st.lists(st.none() | st.floats(0, 1)))
def test_the_interval_holds_the_mean_and_what_every_list_says(scores: list[float | None]) -> None:
    known_scores = [score for score in scores if score is not None]
    consensus = combined(ratings(*scores))
    assert (consensus is None) == (not known_scores)
    if consensus:
        assert 0 <= consensus.low <= consensus.score <= consensus.high <= 1
        assert consensus.low <= min(known_scores) + 1e-4 and consensus.high >= max(known_scores) - 1e-4


def test_one_rating_has_the_interval_of_a_list_against_the_others() -> None:
    consensus = combined(ratings(0.5))
    assert consensus and (consensus.low, consensus.high) == (0.5 - LIST_HALF_WIDTH, 0.5 + LIST_HALF_WIDTH)


@pytest.mark.parametrize(
    ("scores", "label", "is_conflict"),
    [
        ((0.9, 0.8), "reliable", False),
        ((0.95, 0.9, 0.35), "mixed", True),
        ((0.65, 0.5), "mixed", False),
        ((0.1, 0.3), "unreliable", False),
    ],
)
def test_lists_that_contradict_each_other_give_mixed(
    scores: tuple[float, ...], label: str, is_conflict: bool
) -> None:
    consensus = combined(ratings(*scores))
    assert consensus and (consensus.label, consensus.is_conflict) == (label, is_conflict)


@pytest.mark.parametrize("row", ["a" * 10**5, "1" * 10**5 + "-", " " * 10**6, "http://" * 10**4])
def test_hostile_cells_cost_nothing(tmp_path: Path, row: str) -> None:
    began = time.process_time()
    with pytest.raises(UsageError):
        read_rating_list(written(tmp_path, f"domain,rating,scale\na.example,{row}z,{row}\n"))
    assert time.process_time() - began < 2
