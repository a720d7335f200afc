"""The Prefect flows, on a real server: the same bytes as a run, or a training, in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect import get_client
from prefect.client.schemas.objects import StateType
from prefect.testing.utilities import prefect_test_harness

from corpus.settings import Settings
from flows.clean import clean_documents, run_flow
from flows.train import run_training, train_reliability
from models.reliability.train import train
from tests.runs import STORY, output_bytes, run
from tests.training import rated_articles, write_rated_articles

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


def test_the_flow_trains_the_same_bytes_and_shows_its_evaluation(tmp_path: Path) -> None:
    articles = write_rated_articles(tmp_path)
    here = train(articles, tmp_path / "here.npz")
    flow = run_training(articles, tmp_path / "flow.npz", None, force=False)
    assert flow.read_bytes() == here.read_bytes()
    report = here.with_suffix(".md").read_text(encoding="utf8")
    assert flow.with_suffix(".md").read_text(encoding="utf8") == report
    with get_client(sync_client=True) as client:
        shown = {artifact.key: artifact.data for artifact in client.read_latest_artifacts()}
    assert shown["train-reliability-report"] == report
    assert "left_out_brier" in str(shown["train-reliability"])


def test_a_flow_that_would_replace_a_better_model_fails_and_leaves_it(tmp_path: Path) -> None:
    articles, artifact = write_rated_articles(tmp_path), tmp_path / "model.npz"
    before = train(articles, artifact).read_bytes()
    ratings = rated_articles().pc1.sample(frac=1, random_state=0).to_numpy()
    rated_articles().assign(pc1=ratings).to_parquet(articles)
    state = train_reliability(articles, artifact, return_state=True)
    assert state.type == StateType.FAILED
    assert artifact.read_bytes() == before
