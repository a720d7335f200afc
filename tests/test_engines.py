"""Engines: the same bytes from threads, Dask and Ray, even when a node dies, and a clear error from an unusable one."""

import importlib.util
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from tests.runs import STORY, output_bytes, run
from winnow.corpus.engine_names import ENGINES, engine_name
from winnow.corpus.errors import UsageError
from winnow.corpus.output import lock_path, open_output
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.shards.clusters import Send, SentWork
from winnow.pipeline.shards.engines import CONNECTIONS
from winnow.pipeline.tables import joins
from winnow.pipeline.tables.version import version_of_everything
from winnow.pipeline.workers.isolation import clean_here, clean_in_child

FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(12)}
HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed: pip install 'winnow-corpus[ray]'")


@contextmanager
def dask_cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler with two workers, each in a process of its own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    commands = [
        ["scheduler", "--host", address, "--no-dashboard"],
        *[["worker", address, "--no-dashboard"]] * 2,
    ]
    commands[1:] = [[*command, "--nthreads", "1"] for command in commands[1:]]
    with ExitStack() as opened:
        programs = []
        for command in commands:
            dask = [sys.executable, "-m", "dask", *command]
            programs.append(
                opened.enter_context(subprocess.Popen(dask, stderr=subprocess.DEVNULL, text=True))
            )
            opened.callback(programs[-1].kill)
        yield address, programs[1:]


@contextmanager
def ray_cluster() -> Iterator[str]:
    """The address at which a Ray cluster of one node serves clients."""
    from ray.cluster_utils import Cluster

    port = free_port()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "ray_client_server_port": port})
    try:
        yield f"ray://127.0.0.1:{port}"
    finally:
        cluster.shutdown()


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["dask", pytest.param("ray", marks=needs_ray)])
def test_every_engine_writes_the_same_bytes(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, FILES, shard_documents=2)
    monkeypatch.setattr(joins, "DOCUMENTS_A_BUCKET", 5)  # so that workers send rows to each other
    settings = Settings(shard_documents=2, workers=2, engine=engine)
    ticks: list[int] = []
    inputs, other = [str(tmp_path / "raw")], tmp_path / "other"
    clean_corpus(inputs, other, settings, clean=clean_in_child, tick=ticks.append)
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
        clean_corpus(inputs, tmp_path / "other", settings, clean=clean_in_child, tick=kill_the_second)
    finally:
        cluster.shutdown()
    assert not second
    assert output_bytes(tmp_path / "other") == output_bytes(tmp_path / "clean")


@pytest.mark.slow
def test_a_run_at_the_address_of_a_dask_scheduler_outlives_one_of_its_two_workers(tmp_path: Path) -> None:
    run(tmp_path, FILES, shard_documents=2)
    with dask_cluster() as (address, workers):

        def kill_the_second(documents: int) -> None:
            workers[1].kill()

        settings, inputs = Settings(shard_documents=2, engine=address), [str(tmp_path / "raw")]
        clean_corpus(inputs, tmp_path / "other", settings, clean=clean_in_child, tick=kill_the_second)
        assert workers[1].wait() != 0
    assert output_bytes(tmp_path / "other") == output_bytes(tmp_path / "clean")


@needs_ray
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # files that Ray leaves open
def test_a_run_by_the_client_of_ray_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("grpc", reason="Ray's client is not installed: pip install 'winnow-corpus[ray]'")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))  # as if it were installed on the nodes
    run(tmp_path, FILES, shard_documents=2)
    with ray_cluster() as address:
        settings, inputs = Settings(shard_documents=2, engine=address), [str(tmp_path / "raw")]
        clean_corpus(inputs, tmp_path / "other", settings, clean=clean_in_child, tick=lambda _: None)
    assert output_bytes(tmp_path / "other") == output_bytes(tmp_path / "clean")


@pytest.mark.filterwarnings("ignore:Ray Client connection timed out")  # it is told as an error
@pytest.mark.slow
@pytest.mark.parametrize(
    "engine", ["tcp://127.0.0.1:9", pytest.param("ray://127.0.0.1:9", marks=needs_ray)]
)
def test_an_address_at_which_no_cluster_answers_is_named(engine: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"--engine {engine}: no cluster answers there"):
        run(tmp_path, FILES, engine=engine)


@pytest.mark.parametrize("engine", ["spark", "ray:", "tcp://", "https://cluster", ""])
def test_an_engine_that_nobody_knows_is_named(engine: str) -> None:
    with pytest.raises(
        UsageError, match=f"{engine!r}: the engine is threads, dask, ray, or .*ray://HOST:PORT"
    ):
        Settings(engine=engine)


@pytest.mark.parametrize(
    ("engine", "name"),
    [("threads", "threads"), ("ray://head:10001", "ray"), ("tls://10.0.0.7:8786", "dask")],
)
def test_an_engine_is_named_by_its_name_or_by_the_address_of_a_cluster(engine: str, name: str) -> None:
    assert engine_name(Settings(engine=engine).engine) == name


def test_every_engine_can_be_opened_and_is_documented() -> None:
    assert list(CONNECTIONS) == list(ENGINES)
    page = (Path(__file__).parents[1] / "docs" / "runs.md").read_text(encoding="utf8")
    assert [name for name in ENGINES if f"| `{name}`" not in page] == []


def test_an_engine_that_is_registered_runs_by_its_name_and_by_the_scheme_of_its_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses: list[str] = []

    @contextmanager
    def connect(address: str, workers: int) -> Iterator[Send]:
        """A cluster in this process, which carries out one call at a time."""
        addresses.append(address)
        turn = Lock()

        def send(work: SentWork) -> Callable[..., Any]:
            def sent(*arguments: object) -> Any:
                with turn:
                    return work(*arguments)

            return sent

        yield send

    monkeypatch.setitem(ENGINES, "queue", ("queue",))
    monkeypatch.setitem(CONNECTIONS, "queue", connect)
    run(tmp_path, FILES, shard_documents=2)
    for number, engine in enumerate(["queue", "queue://here:1"]):
        settings, other = Settings(shard_documents=2, workers=2, engine=engine), tmp_path / str(number)
        clean_corpus([str(tmp_path / "raw")], other, settings, clean=clean_here, tick=lambda _: None)
        assert output_bytes(other) == output_bytes(tmp_path / "clean")
    assert addresses == ["queue", "queue://here:1"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "0.0.1+cafe"}, r"has Winnow .*, not 0\.0\.1\+cafe; install the same everywhere"),
        ({"holder": "process 1 on elsewhere\n"}, "does not see .*clean; the output folder must be shared"),
        ({"lock": Path("/nowhere/clean/.winnow/lock")}, "does not see /nowhere/clean"),
    ],
)
def test_a_worker_that_would_spoil_a_run_says_why(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with open_output(tmp_path / "clean"):
        lock = lock_path(tmp_path / "clean")
        fields: dict[str, Any] = {
            "version": version_of_everything(),
            "lock": lock,
            "holder": lock.read_text(),
        }
        assert SentWork(len, **fields)("abc") == 3
        with pytest.raises(UsageError, match=message):
            SentWork(len, **{**fields, **change})("abc")
