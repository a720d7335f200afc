"""Hostile inputs: those that once broke a promise, a fixed number of others for each target, and the fuzzer's own work."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bench.fuzz import fault_lines, figures, table
from tests.fuzz.mutation import mutate
from tests.fuzz.target import NAMES, LostError, Target, load
from tests.fuzz.trial import Tally, attempt

ROOT = Path(__file__).parents[1]
BROKEN_ONCE = sorted((Path(__file__).parent / "fuzz" / "broken_once").glob("*/*"))
INPUTS = 150  # of each target in the slow run; one takes up to 60 ms


@pytest.mark.parametrize("path", BROKEN_ONCE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_input_that_broke_a_promise_once_does_so_no_more(path: Path) -> None:
    tally = Tally()
    attempt(load(path.parent.name), path.read_bytes(), tally)
    assert tally.faults == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_mutated_input_breaks_a_promise(name: str) -> None:
    target, dice, tally = load(name), Random(1), Tally()
    seeds = list(target.seeds())
    for _ in range(INPUTS):
        attempt(target, mutate(dice.choice(seeds), target.pieces, dice, target.max_bytes), tally)
    assert tally.inputs == INPUTS
    assert [*fault_lines({name: tally})] == []


def planted(data: bytes) -> None:
    if data.startswith(b"lose"):
        raise LostError("1 line went in, 0 came out")
    if data.startswith(b"raise"):
        raise ValueError(data.decode())
    assert not data.startswith(b"break"), "a promise"


PLANTED = Target(planted, lambda: (b"fine",), (b"lose", b"raise", b"break"))


@pytest.mark.parametrize(
    ("data", "kind"), [(b"lose", "lost"), (b"raise", "exception"), (b"break", "promise"), (b"fine", "")]
)
def test_each_kind_of_fault_is_counted_as_what_it_is(data: bytes, kind: str) -> None:
    tally = Tally()
    attempt(PLANTED, data, tally)
    counts = figures(tally)
    assert [name for name in ("exception", "lost", "promise", "slow", "crash") if counts[name]] == [
        kind
    ] * bool(kind)
    assert counts["inputs"] == 1


def test_of_alike_faults_the_smallest_input_is_told_with_its_place() -> None:
    tally = Tally()
    for data in (b"raise more", b"raise", b"raise much more"):
        attempt(PLANTED, data, tally)
    [line] = fault_lines({"planted": tally})
    assert "test_fuzz.py:" in line and "3 times: raise\n" in line and "5 bytes: b'raise'" in line


def test_the_table_has_a_row_for_each_target_and_one_for_all() -> None:
    one, other = (
        Tally(inputs=1500, bytes=100_000, slowest=0.25),
        Tally(inputs=500, bytes=200_000, slowest=0.5),
    )
    assert [*table({"layout": one, "cleaners": other})][2:] == [
        "| layout | 1,500 | 0.1 | 0 | 0 | 0 | 0 | 0 | 0.25 |",
        "| cleaners | 500 | 0.2 | 0 | 0 | 0 | 0 | 0 | 0.5 |",
        "| all | 2,000 | 0.3 | 0 | 0 | 0 | 0 | 0 | 0.5 |",
    ]


def test_figures_of_other_code_are_dropped_and_those_of_the_same_go_on(tmp_path: Path) -> None:
    tally = Tally(code="a")
    attempt(PLANTED, b"raise", tally)
    tally.write(tmp_path / "tally.json")
    assert Tally.read(tmp_path / "tally.json", "a") == tally
    assert Tally.read(tmp_path / "tally.json", "b") == Tally(code="b")


def test_changes_are_the_same_for_the_same_dice_and_keep_to_the_length() -> None:
    def changed(seed: int) -> Iterator[bytes]:
        dice = Random(seed)
        return (mutate(b"Rain fell on Monday.", (b"<p>",), dice, 30) for _ in range(50))

    assert [*changed(1)] == [*changed(1)] != [*changed(2)]
    assert all(len(data) <= 30 for data in changed(3))
    assert len({*changed(1)}) > 40
