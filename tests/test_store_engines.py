"""Clusters whose nodes share no folder: inputs and output in a store, and a node that is lost in the middle."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.runs import STORY, output_bytes
from tests.stores import BUCKET, running_store
from tests.test_engines import free_port
from tests.test_store_output import URL, stored_bytes
from winnow.corpus.locations import located
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

WORKERS = 3
INPUTS = f"s3://{BUCKET}/raw"
SETTINGS = Settings(shard_documents=1)
HAS_RAY = importlib.util.find_spec("ray") is not None


@contextmanager
def dask_workers(machines: list[Path]) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and workers whose folders for what they fetch are not each other's, nor ours."""
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    with ExitStack() as opened:

        def start(command: list[str], machine: Path) -> subprocess.Popen[bytes]:
            environment = {**os.environ, "TMPDIR": str(machine)}
            program = subprocess.Popen(
                [*dask, *command, "--no-dashboard"], stderr=subprocess.DEVNULL, env=environment, cwd=machine
            )
            opened.enter_context(program)
            opened.callback(program.kill)
            return program

        start(["scheduler", "--host", address], machines[0])
        yield address, [start(["worker", address, "--nthreads", "1"], machine) for machine in machines]


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """The output that threads give of the inputs in a store, in a folder; the store runs while a test does."""
    monkeypatch.setattr(
        "winnow.pipeline.tables.joins.DOCUMENTS_A_BUCKET", 3
    )  # buckets that send to each other
    with running_store() as store:
        for number in range(6):
            key, text = (
                f"raw/site{number % 2}.example/{number}.txt",
                f"{STORY} Part {number}.\n\nADVERTISEMENT\n",
            )
            store.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
        clean_corpus([INPUTS], tmp_path / "clean", SETTINGS, clean=clean_here, tick=lambda _: None)
        yield output_bytes(tmp_path / "clean")


@pytest.fixture
def machines(tmp_path: Path) -> list[Path]:
    """Folders for what each worker fetches."""
    folders = [tmp_path / f"machine-{number}" for number in range(WORKERS)]
    for folder in folders:
        folder.mkdir()
    return folders


@pytest.mark.slow
def test_dask_workers_that_share_no_folder_write_the_same_bytes_when_one_is_lost(
    expected: dict[str, bytes], machines: list[Path]
) -> None:
    with dask_workers(machines) as (address, workers), located(URL) as output:
        settings = Settings(shard_documents=1, engine=address)
        clean_corpus([INPUTS], output, settings, clean=clean_here, tick=lambda _: workers[1].kill())
        assert workers[1].wait() != 0
        assert not list(output.rglob("*.jsonl.gz"))  # no document came to this machine
    assert stored_bytes() == expected


@pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed: pip install 'winnow-corpus[ray]'")
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pipes of the processes that are killed
def test_ray_nodes_that_share_no_folder_write_the_same_bytes_when_one_is_lost(
    expected: dict[str, bytes], machines: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes = []
    for machine in machines[1:]:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("TMPDIR", str(machine))
            nodes.append(cluster.add_node(num_cpus=1))
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)

    def lose_one(documents: int) -> None:
        if len(nodes) == WORKERS - 1:
            cluster.remove_node(nodes.pop(), allow_graceful=False)

    try:
        with located(URL) as output:
            settings = Settings(shard_documents=1, engine="ray")
            clean_corpus([INPUTS], output, settings, clean=clean_here, tick=lose_one)
            assert not list(output.rglob("*.jsonl.gz"))
    finally:
        cluster.shutdown()
    assert len(nodes) == WORKERS - 2
    assert stored_bytes() == expected
