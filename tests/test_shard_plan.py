"""How inputs are cut into shards: by the files alone, into enough for many cores, and nearly the same as they grow."""

import heapq
from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.inputs import InputFile
from winnow.corpus.settings import Settings
from winnow.pipeline.shards.shards import Shard
from winnow.pipeline.state.plan import MIN_BYTES, MIN_FILES, MIN_SHARDS, cut_shards, shard_limits

PAGE = 100_000  # bytes
DEFAULTS = Settings()


def files_of(sizes: Sequence[int]) -> list[InputFile]:
    return [
        InputFile(f"raw/{number:05}.html", f"/raw/{number:05}.html", "raw", "", size, "")
        for number, size in enumerate(sizes)
    ]


def plan(sizes: Sequence[int], settings: Settings = DEFAULTS) -> list[Shard]:
    return [*cut_shards(files_of(sizes), settings, "")]


def longest_worker(shards: Sequence[Shard], workers: int) -> int:
    """Bytes of the worker that has most to do, where each takes the largest shard that is left."""
    loads = [0] * workers
    for size in sorted((shard.size for shard in shards), reverse=True):
        heapq.heapreplace(loads, loads[0] + size)
    return max(loads)


@given(
    st.lists(st.integers(0, 5_000_000), min_size=1, max_size=400),
    st.integers(1, 1000),
    st.integers(1, 128_000_000),
)
def test_every_file_is_in_one_shard_and_none_holds_more_than_it_may(
    sizes: list[int], documents: int, most_bytes: int
) -> None:
    settings = Settings(shard_documents=documents, shard_bytes=most_bytes)
    shards, limits = plan(sizes, settings), shard_limits(files_of(sizes), settings)
    assert [*chain.from_iterable(shard.files for shard in shards)] == files_of(sizes)
    assert [shard.number for shard in shards] == [*range(len(shards))]
    assert limits.files <= documents and limits.size <= most_bytes
    assert all(
        len(shard.files) <= limits.files and (shard.size <= limits.size or len(shard.files) == 1)
        for shard in shards
    )


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=100), st.integers(1, 64))
def test_who_cleans_does_not_change_the_plan(sizes: list[int], workers: int) -> None:
    engine = "ray" if workers % 2 else "threads"
    assert plan(sizes, Settings(workers=workers, engine=engine)) == plan(sizes)


@pytest.mark.parametrize(
    ("files", "size", "expected"),
    [
        (MIN_FILES, 100, (1000, 128_000_000)),
        (MIN_FILES + 1, 100, (MIN_FILES, MIN_BYTES)),
        (1, MIN_BYTES, (1000, 128_000_000)),
        (1, MIN_BYTES + 1, (MIN_FILES, MIN_BYTES)),
        (500, PAGE, (32, 4_000_000)),
        (5_000, PAGE, (250, 32_000_000)),
        (MIN_SHARDS * 1000 - 1, 1, (500, 64_000_000)),
        (MIN_SHARDS * 1000, 1, (1000, 128_000_000)),
        (1, MIN_SHARDS * 128_000_000, (1000, 128_000_000)),
    ],
)
def test_few_files_are_cut_into_smaller_shards(files: int, size: int, expected: tuple[int, int]) -> None:
    limits = shard_limits(files_of([size] * files), DEFAULTS)
    assert (limits.files, limits.size) == expected


def test_ten_pages_are_one_shard() -> None:
    assert len(plan([PAGE] * 10)) == 1


@pytest.mark.parametrize("size", [3_000, PAGE, 280_000])
def test_five_hundred_pages_keep_sixteen_workers_busy(size: int) -> None:
    shards = plan([size] * 500)
    assert longest_worker(shards, 16) < 1.7 * 500 * size / 16
    assert longest_worker(shards, 2) < 1.1 * 500 * size / 2


@pytest.mark.parametrize("number", [0, 250, 499])
def test_a_page_more_changes_one_shard_or_two(number: int) -> None:
    files = files_of([PAGE] * 500)
    more = sorted([*files, InputFile(f"{files[number].name}.html", "/raw/new.html", "raw", "", PAGE, "")])
    keys = {shard.key for shard in cut_shards(files, DEFAULTS, "")}
    assert len({shard.key for shard in cut_shards(more, DEFAULTS, "")} - keys) <= 2
