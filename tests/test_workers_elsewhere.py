"""A shard that is sent to another machine: its worker cleans it, or says which folder it does not see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.runs import STORY, write_inputs
from winnow.corpus.errors import UsageError
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.output import open_output
from winnow.corpus.settings import Settings
from winnow.pipeline.shards.clusters import SentWork
from winnow.pipeline.shards.engines import Engine
from winnow.pipeline.shards.shards import Leftovers, Shard
from winnow.pipeline.tables.version import version_of_everything
from winnow.pipeline.workers.isolation import clean_here


def send_nowhere(work: SentWork) -> SentWork:
    """As a cluster of this one process would carry work out."""
    return work


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_output(tmp_path / "clean"), ThreadPoolExecutor(1) as threads:
        yield Engine(threads, send_nowhere, tmp_path / "clean", version_of_everything())


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    files = find_files([write_inputs(tmp_path, {"a.example/a.txt": STORY, "a.example/b.txt": STORY})])
    return Shard(0, tuple(file for file in files if isinstance(file, InputFile)), "0" * 32)


def test_a_shard_whose_folder_the_worker_sees_is_cleaned(
    engine: Engine, shard: Shard, tmp_path: Path
) -> None:
    ticks: list[int] = []
    clean = engine.cleaner(Settings(), tmp_path / "kept", clean_here, ticks.append)
    assert clean(shard, Leftovers()).documents == 2
    assert ticks == [2]


def test_a_shard_whose_folder_the_worker_does_not_see_is_refused(
    engine: Engine, shard: Shard, tmp_path: Path
) -> None:
    (tmp_path / "raw").rename(tmp_path / "elsewhere")
    ticks: list[int] = []
    clean = engine.cleaner(Settings(), tmp_path / "kept", clean_here, ticks.append)
    says = r"^raw/a\.example/a\.txt: its folder is not on a file system that all workers see$"
    with pytest.raises(UsageError, match=says):
        clean(shard, Leftovers())
    assert (ticks, (tmp_path / "kept").exists()) == ([], False)
