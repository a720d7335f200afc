"""Isolation: a document that hangs, kills or fills the process that cleans it costs one row, and nothing else."""

import pickle  # by which Dask and Ray send children to their workers
import sys
import types
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from tests.hostile import give_no_row, living_children, misbehave, noted_start
from tests.runs import STORY, output_bytes, rows, run
from winnow.corpus.errors import WinnowError
from winnow.corpus.raw import TEXT, Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.isolation import CHUNK_DOCUMENTS, clean_here, clean_in_child, open_children

WIDE = Settings()

# What a document does: reason and a part of the detail.
REASONS = {
    "loop": ("timed_out", "over 0.5 seconds of CPU time; raise --document-seconds"),
    "loop and catch everything": ("timed_out", "over 0.5 seconds of CPU time"),
    "match for ever": ("timed_out", "over 0.5 seconds of CPU time"),
    "loop in c": ("timed_out", "over 0.5 seconds of CPU time"),
    "ignore signals": ("timed_out", "no answer after 2 seconds by the clock; raise --document-seconds"),
    "wait": ("timed_out", "no answer after 2 seconds by the clock"),
    "allocate at once": ("out_of_memory", "over 200000000 bytes of memory; raise --document-memory-bytes"),
    "allocate bit by bit": ("out_of_memory", "over 200000000 bytes of memory"),
    "recurse": ("failed", "RecursionError"),
    "read nowhere": ("crashed", "signal 11"),
    "abort": ("crashed", "signal 6"),
    "leave": ("crashed", "exit code 0"),
    "be killed": ("crashed", "the system killed it"),
    "raise an error": ("failed", "ValueError: a ? b"),
}
# Tight only where a limit is to be reached: the machine may be busy.
LIMITS = {
    "over 0.5": replace(WIDE, document_seconds=0.5),
    "no answer": replace(WIDE, document_wall_seconds=2),
    "over 200000000": replace(WIDE, document_memory_bytes=200_000_000),
}


def documents(*deeds: str) -> list[RawDocument]:
    texts = [f"{deed}\n\n{STORY} Part {number}." for number, deed in enumerate(deeds)]
    return [RawDocument(f"raw/{n}.txt", text.encode(), TEXT, "raw", "") for n, text in enumerate(texts)]


def cleaned(*deeds: str, settings: Settings = WIDE) -> list[Row | Quarantined]:
    return [*map(timeless, clean_in_child(documents(*deeds), settings, misbehave))]


def path_of(row: Row) -> str:
    return cast(dict[str, str], row["metadata"])["raw_path"]


def timeless(outcome: Outcome) -> Row | Quarantined:
    return outcome if isinstance(outcome, Quarantined) else {**outcome.to_pylist()[0], "seconds": 0}


@pytest.mark.parametrize("deed", REASONS)
def test_a_document_that_harms_its_child_costs_one_row_and_its_neighbours_nothing(deed: str) -> None:
    reason, detail = REASONS[deed]
    if reason == "out_of_memory" and sys.platform != "linux":
        pytest.skip("memory is limited on Linux alone")
    settings = next((limits for start, limits in LIMITS.items() if detail.startswith(start)), WIDE)
    deeds = ["", "", deed, "", ""]
    before, bad, after = partition(cleaned(*deeds, settings=settings), 2)
    expected = [*map(timeless, clean_here(documents(*deeds), settings))]
    assert (before, after) == (expected[:2], expected[3:])
    assert isinstance(bad, Quarantined)
    assert (bad.path, bad.reason) == ("raw/2.txt", reason)
    assert detail in bad.detail


def partition(
    outcomes: list[Row | Quarantined], at: int
) -> tuple[list[Row | Quarantined], Row | Quarantined, list[Row | Quarantined]]:
    return outcomes[:at], outcomes[at], outcomes[at + 1 :]


def test_a_stack_that_overflows_in_c_costs_one_row() -> None:
    _, bad, _ = partition(cleaned("", "recurse in c", ""), 1)
    assert isinstance(bad, Quarantined)
    assert bad.reason in {"crashed", "failed"}  # Python 3.12 and later see it come


def test_slow_documents_of_one_chunk_have_their_time_each() -> None:
    outcomes = cleaned(*["take a while"] * 4, settings=replace(WIDE, document_seconds=0.9))
    assert {type(outcome) for outcome in outcomes} == {dict}


def test_a_document_that_dies_of_what_was_before_it_is_cleaned_alone() -> None:
    assert [type(outcome) for outcome in cleaned("", "die once", "die once", "")] == [dict] * 4


def test_bad_documents_beside_each_other_and_at_the_edges_of_chunks_cost_a_row_each() -> None:
    deeds = [""] * (2 * CHUNK_DOCUMENTS + 1)
    bad = [0, CHUNK_DOCUMENTS - 1, CHUNK_DOCUMENTS, CHUNK_DOCUMENTS + 1, 2 * CHUNK_DOCUMENTS]
    for place in bad:
        deeds[place] = "abort"
    outcomes = cleaned(*deeds)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Quarantined)] == bad
    good = [path_of(outcome) for outcome in outcomes if not isinstance(outcome, Quarantined)]
    assert good == [f"raw/{n}.txt" for n in range(len(deeds)) if n not in bad]


def test_documents_that_fill_a_pipe_each_are_cleaned() -> None:
    long = [f"{STORY} Part {number}.\n\n" * 600 for number in range(4)]
    raws = [RawDocument(f"{n}.txt", text.encode(), TEXT, "raw", "") for n, text in enumerate(long)]
    assert len(raws[0].content) > 100_000
    outcomes = [*map(timeless, clean_in_child(raws, WIDE))]
    assert [type(outcome) for outcome in outcomes] == [dict] * 4


def test_no_child_is_left_where_nobody_wants_the_rest() -> None:
    outcomes = clean_in_child(documents("", "", ""), WIDE)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert living_children() == []


def test_a_document_of_which_no_row_can_be_made_costs_one_row() -> None:
    raws = documents("", "no row", "", "no row", "")
    outcomes = [*map(timeless, clean_in_child(raws, WIDE, give_no_row))]
    reasons = [outcome.reason if isinstance(outcome, Quarantined) else "" for outcome in outcomes]
    assert reasons == ["", "crashed", "", "crashed", ""]
    good = [path_of(outcome) for outcome in outcomes if not isinstance(outcome, Quarantined)]
    assert good == ["raw/0.txt", "raw/2.txt", "raw/4.txt"]


def test_one_child_cleans_shard_after_shard_and_ends_with_the_run(tmp_path: Path) -> None:
    with open_children(context=partial(noted_start, tmp_path)) as children:
        outcomes = [[*map(timeless, children(documents("", ""), WIDE))] for _ in range(3)]
        assert outcomes[0] == outcomes[1] == outcomes[2]
        assert len(outcomes[0]) == 2
    assert len([*tmp_path.iterdir()]) == 1
    assert living_children() == []


def test_children_that_travel_are_one_for_each_shard(tmp_path: Path) -> None:
    with open_children(misbehave, partial(noted_start, tmp_path)) as children:
        elsewhere = pickle.loads(pickle.dumps(children))  # as Dask and Ray send them
        for _ in range(2):
            [outcome] = elsewhere(documents("raise an error"), WIDE)
            assert isinstance(outcome, Quarantined)
    assert len([*tmp_path.iterdir()]) == 2


def test_a_child_that_cannot_start_ends_the_run_and_not_every_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only_here = types.ModuleType("only_here")
    exec("def clean(raw, settings): pass", only_here.__dict__)
    monkeypatch.setitem(sys.modules, "only_here", only_here)
    with pytest.raises(WinnowError, match="did not start: the process ended itself with exit code 1"):
        [*clean_in_child(documents(""), WIDE, only_here.clean)]


def test_a_run_over_bad_documents_repeats_byte_for_byte(tmp_path: Path) -> None:
    deeds = ["", "loop in c", "abort", "", "raise an error", ""]
    files = {f"{number}.txt": f"{deed}\n\n{STORY} Part {number}." for number, deed in enumerate(deeds)}
    clean = partial(clean_in_child, clean=misbehave)
    result = run(tmp_path, files, clean=clean, document_seconds=0.5)
    assert (result.documents, result.quarantined) == (3, 3)
    assert [row["reason"] for row in rows(tmp_path, "quarantine")] == ["timed_out", "crashed", "failed"]
    once = output_bytes(tmp_path / "clean")
    run(tmp_path, files, clean=clean, document_seconds=0.5, workers=2)
    assert output_bytes(tmp_path / "clean") == once
