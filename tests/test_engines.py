"""Engines: the same bytes from threads, Dask and Ray, also when a node dies; and clear words where one is of no use."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UsageError
from corpus.output import lock_path, open_output
from corpus.settings import Settings
from flows.clusters import SentWork
from flows.isolation import clean_in_child
from flows.stages import run_here
from flows.version import version_of_everything
from tests.runs import STORY, output_bytes, run

FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(12)}
HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed: pip install 'winnow-corpus[ray]'")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["dask", pytest.param("ray", marks=needs_ray)])
def test_every_engine_writes_the_same_bytes(engine: str, tmp_path: Path) -> None:
    run(tmp_path, FILES, shard_documents=2)
    settings = Settings(shard_documents=2, workers=2, engine=engine)
    ticks: list[int] = []
    inputs, other = [str(tmp_path / "raw")], tmp_path / "other"
    run_here(inputs, other, settings, clean=clean_in_child, tick=ticks.append)
    assert output_bytes(other) == output_bytes(tmp_path / "clean")
    assert sum(ticks) == len(FILES)


@needs_ray
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pipes of the processes that are killed
def test_a_run_on_ray_outlives_one_of_its_two_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray.cluster_utils import Cluster

    run(tmp_path, FILES, shard_documents=2)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    second = [cluster.add_node(num_cpus=1)]
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)

    def kill_the_second(documents: int) -> None:
        if second:
            cluster.remove_node(second.pop(), allow_graceful=False)

    settings, inputs = Settings(shard_documents=2, engine="ray"), [str(tmp_path / "raw")]
    try:
        run_here(inputs, tmp_path / "other", settings, clean=clean_in_child, tick=kill_the_second)
    finally:
        cluster.shutdown()
    assert not second
    assert output_bytes(tmp_path / "other") == output_bytes(tmp_path / "clean")


@pytest.mark.parametrize("engine", ["spark", "ray:", "tcp://", "https://cluster", ""])
def test_an_engine_that_nobody_knows_is_named(engine: str) -> None:
    with pytest.raises(UsageError, match="the engine is threads, dask, ray, ray://"):
        Settings(engine=engine)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "0.0.1+cafe"}, r"has Winnow .*, not 0\.0\.1\+cafe; install the same everywhere"),
        ({"holder": "process 1 on elsewhere\n"}, "does not see .*clean; the output folder must be shared"),
        ({"lock": Path("/nowhere/clean/.winnow/lock")}, "does not see /nowhere/clean"),
    ],
)
def test_a_worker_that_would_spoil_a_run_says_why(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with open_output(tmp_path / "clean"):
        lock = lock_path(tmp_path / "clean")
        told: dict[str, Any] = {
            "version": version_of_everything(),
            "lock": lock,
            "holder": lock.read_text(),
        }
        assert SentWork(len, **told)("abc") == 3
        with pytest.raises(UsageError, match=said):
            SentWork(len, **{**told, **change})("abc")
