"""The Prefect flow, on a real server: the same bytes as a run in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType
from prefect.testing.utilities import prefect_test_harness

from corpus.settings import Settings
from flows.clean import clean_documents, run_flow
from tests.runs import STORY, output_bytes, run

FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(6)}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """One temporary Prefect server and database for all tests of this file."""
    with prefect_test_harness(server_startup_timeout=300):
        yield


def test_the_flow_writes_the_same_bytes_as_a_run_in_this_process(tmp_path: Path) -> None:
    here = run(tmp_path, FILES, shard_documents=2)
    expected = output_bytes(tmp_path / "clean")
    settings = Settings(shard_documents=2, workers=2)
    flow = run_flow([str(tmp_path / "raw")], tmp_path / "by_flow", settings)
    assert (flow.run_id, flow.documents) == (here.run_id, here.documents) == (here.run_id, 6)
    assert output_bytes(tmp_path / "by_flow") == expected


def test_a_flow_with_something_in_quarantine_completes_with_errors(tmp_path: Path) -> None:
    run(tmp_path, {**FILES, "bad.html": b"\x89PNG\r\n\x1a\n" + bytes(500)})
    state = clean_documents([str(tmp_path / "raw")], str(tmp_path / "by_flow"), return_state=True)
    assert (state.type, state.name) == (StateType.COMPLETED, "CompletedWithErrors")


def test_a_flow_over_nothing_fails_and_writes_nothing(tmp_path: Path) -> None:
    state = clean_documents([str(tmp_path / "nowhere")], str(tmp_path / "by_flow"), return_state=True)
    assert state.type == StateType.FAILED
    assert not (tmp_path / "by_flow").exists()
