"""The Prefect flows on a real server: the same bytes as a run or training in this process, and scheduled runs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow, get_run_logger, task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, State, StateType
from prefect.client.schemas.responses import DeploymentResponse, OrchestrationResult
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.settings import PREFECT_API_URL
from prefect.states import Pending, Scheduled
from prefect.testing.utilities import prefect_test_harness

import winnow
from tests.runs import STORY, output_bytes, run, write_inputs
from tests.training import rated_articles, write_rated_articles
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings
from winnow.flows.clean import clean_documents, run_flow
from winnow.flows.job import JOB_FILE, Job, job_for_runs, write_job
from winnow.flows.runs import end_dead_runs, order_run, skip_late_runs
from winnow.flows.scheduled import clean_on_schedule
from winnow.flows.serve import Timetable, make_deployment
from winnow.flows.tasks import PrefectStages
from winnow.flows.train import run_training, train_reliability
from winnow.training.reliability.train_reliability import Examples, train

ROOT = Path(__file__).parents[1]
FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(6)}
BAD = {"bad.html": b"\x89PNG\r\n\x1a\n" + bytes(500)}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """One temporary Prefect server and database for all tests of this file."""
    with prefect_test_harness(server_startup_timeout=300):
        yield


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


def test_the_flow_writes_the_same_bytes_as_a_run_in_this_process(tmp_path: Path) -> None:
    here = run(tmp_path, FILES, shard_documents=2)
    expected = output_bytes(tmp_path / "clean")
    settings = Settings(shard_documents=2, workers=2)
    flow = run_flow([str(tmp_path / "raw")], tmp_path / "by_flow", settings)
    assert (flow.run_id, flow.documents) == (here.run_id, here.documents) == (here.run_id, 6)
    assert output_bytes(tmp_path / "by_flow") == expected


def test_a_flow_with_something_in_quarantine_completes_with_errors(tmp_path: Path) -> None:
    run(tmp_path, {**FILES, **BAD})
    state = clean_documents([str(tmp_path / "raw")], str(tmp_path / "by_flow"), return_state=True)
    assert (state.type, state.name) == (StateType.COMPLETED, "CompletedWithErrors")


def test_a_run_that_misses_a_threshold_fails_by_name_and_is_told_of(tmp_path: Path) -> None:
    settings = Settings(fail_under={"kept": 1.0, "quarantine": 0.5})
    inputs = write_inputs(tmp_path, {**FILES, **BAD})
    state = _scheduled_run(replace(_telling_job(tmp_path, inputs), settings=settings))
    assert (state.type, state.name) == (StateType.FAILED, "ThresholdMissed")
    assert str(state.message).startswith("kept=1: 6 of 7 inputs were kept")
    notice = json.loads((tmp_path / "notice.json").read_text())
    assert notice["state"] == "ThresholdMissed" and str(state.message) in notice["text"]
    result = run_flow([inputs], tmp_path / "clean", settings)
    assert result.unchanged and result.missed == (state.message,)


def test_a_flow_over_nothing_fails_and_writes_nothing(tmp_path: Path) -> None:
    state = clean_documents([str(tmp_path / "nowhere")], str(tmp_path / "by_flow"), return_state=True)
    assert state.type == StateType.FAILED
    assert not (tmp_path / "by_flow").exists()


def test_the_flow_trains_the_same_bytes_and_shows_its_evaluation(tmp_path: Path) -> None:
    articles = Examples(write_rated_articles(tmp_path))
    here = train(articles, tmp_path / "here.npz")
    flow = run_training(articles, tmp_path / "flow.npz", None, force=False)
    assert flow.read_bytes() == here.read_bytes()
    report = here.with_suffix(".md").read_text(encoding="utf8")
    assert flow.with_suffix(".md").read_text(encoding="utf8") == report
    with get_client(sync_client=True) as client:
        artifacts = {artifact.key: artifact.data for artifact in client.read_latest_artifacts()}
    assert artifacts["train-reliability-report"] == report
    assert "left_out_brier" in str(artifacts["train-reliability"])


def test_a_flow_that_would_replace_a_better_model_fails_and_leaves_it(tmp_path: Path) -> None:
    articles, artifact = write_rated_articles(tmp_path), tmp_path / "model.npz"
    before = train(Examples(articles), artifact).read_bytes()
    ratings = rated_articles().pc1.sample(frac=1, random_state=0).to_numpy()
    rated_articles().assign(pc1=ratings).to_parquet(articles)
    state = train_reliability(Examples(articles), artifact, return_state=True)
    assert state.type == StateType.FAILED
    assert artifact.read_bytes() == before


def test_a_scheduled_run_shows_its_report_and_tells_of_quarantine(
    tmp_path: Path, client: SyncPrefectClient
) -> None:
    inputs = write_inputs(tmp_path, {**FILES, **BAD})
    state = _scheduled_run(_telling_job(tmp_path, inputs))
    assert state.name == "CompletedWithErrors"
    assert "1 in quarantine, 0 after" in json.loads((tmp_path / "notice.json").read_text())["text"]
    artifacts = {artifact.key: artifact.data for artifact in client.read_artifacts()}
    assert json.loads(str(artifacts["quarantine"])) == [{"reason": "binary", "documents": 1}]
    assert {"report", "moved-sources", "removals"} < artifacts.keys()
    events = [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert (events[0], events[-1]) == ("began", "done")


def test_a_scheduled_run_tries_again_and_tells_when_it_gives_up(tmp_path: Path) -> None:
    state = _scheduled_run(_telling_job(tmp_path, str(tmp_path / "nowhere")))
    assert state.type == StateType.FAILED
    assert "no such file" in json.loads((tmp_path / "notice.json").read_text())["text"]
    events = [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert events[-1] == "failed"


def _telling_job(folder: Path, inputs: str) -> Job:
    told, log = f"tee {folder / 'notice.json'}", str(folder / "log.jsonl")
    return Job(
        (inputs,), str(folder / "clean"), Settings(), notify=told, log=log, retries=1, retry_seconds=0
    )


def _scheduled_run(job: Job) -> State[State[None]]:
    with job_for_runs(job):
        return clean_on_schedule(return_state=True)


def test_the_server_keeps_the_schedule_of_a_job(tmp_path: Path, client: SyncPrefectClient) -> None:
    times = Timetable("0 3 * * *", timedelta(hours=6), "Europe/Berlin")
    number = make_deployment(_job(tmp_path), times.schedules()).apply()
    cron, interval = _schedules(deployment := client.read_deployment(UUID(str(number))))
    assert (cron.cron, cron.timezone) == ("0 3 * * *", "Europe/Berlin")
    assert (interval.interval, interval.timezone) == (timedelta(hours=6), "Europe/Berlin")
    assert interval.anchor_date.astimezone(UTC).hour == 23  # midnight there
    _check_one_at_a_time(deployment)


@pytest.mark.slow
def test_the_server_takes_prefect_yaml(tmp_path: Path, client: SyncPrefectClient) -> None:
    client.create_work_pool(WorkPoolCreate(name="winnow", type="process"))
    environment = os.environ | {"PREFECT_API_URL": str(PREFECT_API_URL.value()), "PYTHONPATH": str(ROOT)}
    deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(
        deploy, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    deployment = client.read_deployment_by_name("clean-on-schedule/nightly")
    cron, interval = _schedules(deployment)
    assert (cron.cron, cron.timezone) == ("0 3 * * *", "Europe/Berlin")
    assert interval.interval == timedelta(hours=6)
    assert {each.slug: each.active for each in deployment.schedules} == {
        "nightly": True,
        "four-times-a-day": False,
    }
    assert deployment.parameters == {}
    assert deployment.parameter_openapi_schema and deployment.parameter_openapi_schema["properties"] == {}
    _check_one_at_a_time(deployment)
    _check_a_worker_does_its_job(client, deployment, environment, tmp_path)


def _check_a_worker_does_its_job(
    client: SyncPrefectClient, deployment: DeploymentResponse, environment: dict[str, str], folder: Path
) -> None:
    """A worker takes the job from its own environment; a run cannot bring another."""
    write_job(_job(folder), folder / "job.json")
    run = client.create_flow_run_from_deployment(deployment.id)
    worker = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "winnow", "--run-once"]
    variables = environment | {JOB_FILE: str(folder / "job.json")}
    done = subprocess.run(
        worker, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=300, check=False
    )
    state = client.read_flow_run(run.id).state
    assert state and state.is_completed(), done.stdout + done.stderr
    assert (folder / "clean" / "report.json").exists()


def test_of_fifty_late_runs_none_is_left_and_then_one_is_ordered(
    tmp_path: Path, client: SyncPrefectClient
) -> None:
    number = UUID(str(make_deployment(_job(tmp_path), []).apply()))
    for minutes in range(50):
        at = datetime.now(UTC) - timedelta(minutes=minutes + 1)
        client.create_flow_run_from_deployment(number, state=Scheduled(scheduled_time=at))
    assert skip_late_runs(number) == 50
    assert (order_run(number), order_run(number)) == (True, False)


def test_a_run_whose_process_is_gone_gives_up_its_place(tmp_path: Path, client: SyncPrefectClient) -> None:
    number = UUID(str(make_deployment(_job(tmp_path), []).apply()))
    dead = client.create_flow_run_from_deployment(number)
    client.set_flow_run_state(dead.id, Pending())
    second = client.create_flow_run_from_deployment(number)
    assert _proposed(client, second.id) == StateType.CANCELLED
    assert end_dead_runs(number) == 1
    third = client.create_flow_run_from_deployment(number)
    assert _proposed(client, third.id) == StateType.PENDING


def _job(folder: Path) -> Job:
    return Job((write_inputs(folder, FILES),), str(folder / "clean"), Settings())


def _schedules(deployment: DeploymentResponse) -> tuple[CronSchedule, IntervalSchedule]:
    schedules = [each.schedule for each in deployment.schedules]
    [cron] = [each for each in schedules if isinstance(each, CronSchedule)]
    [interval] = [each for each in schedules if isinstance(each, IntervalSchedule)]
    return cron, interval


def _check_one_at_a_time(deployment: DeploymentResponse) -> None:
    assert deployment.global_concurrency_limit and deployment.global_concurrency_limit.limit == 1
    assert deployment.concurrency_options
    assert deployment.concurrency_options.collision_strategy == ConcurrencyLimitStrategy.CANCEL_NEW


def _proposed(client: SyncPrefectClient, run: UUID) -> StateType:
    """The state that the server gives a run that asks to begin."""
    answer: OrchestrationResult[None] = client.set_flow_run_state(run, Pending())
    assert answer.state
    return answer.state.type


def test_a_stage_ends_once_all_its_calls_have(tmp_path: Path) -> None:
    def call(number: int) -> None:
        if number == 0:
            raise UsageError("the first fails at once")
        time.sleep(0.5)
        (tmp_path / str(number)).touch()

    @flow
    def stages() -> set[str]:
        with ThreadPoolExecutor() as threads, pytest.raises(UsageError, match="the first fails"):
            PrefectStages().map("write-shard", call, [(number,) for number in range(3)], threads)
        return {path.name for path in tmp_path.iterdir()}

    assert stages() == {"1", "2"}


IN_TIME = 15  # seconds with those that Prefect takes; the cleaner would take 600
STUCK = """
import os, time
def stuck(document):
    with open("begun.txt", "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(600)
    return []
"""
# A flow of a user's own, which is killed as Prefect's workers do it.
OWN_FLOW = """
import sys, winnow
from pathlib import Path
from prefect import flow
from winnow.flows.clean import run_flow
settings = winnow.Settings(cleaners=("stuck:stuck",))
@flow
def own():
    winnow.run("raw", "clean", settings=settings)
own() if sys.argv[1] == "own" else run_flow(["raw"], Path("clean"), settings)
"""


@pytest.fixture
def stuck_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with inputs and a cleaner that never ends."""
    write_inputs(tmp_path, FILES)
    (tmp_path / "stuck.py").write_text(STUCK, encoding="utf8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "stuck", raising=False)
    return tmp_path


@pytest.mark.parametrize("thread", ["of the flow", "of a task runner"])
def test_a_task_that_takes_too_long_ends_in_time_and_says_how_far_it_was(
    thread: str, stuck_folder: Path, client: SyncPrefectClient, caplog: pytest.LogCaptureFixture
) -> None:
    @task(timeout_seconds=2)
    def clean() -> None:
        settings = Settings(cleaners=("stuck:stuck",))
        winnow.run("raw", "clean", settings=settings, progress=get_run_logger().info)

    @flow
    def own() -> State[None]:
        if thread == "of the flow":
            return clean(return_state=True)
        future = clean.submit()
        future.wait()
        return future.state

    began = time.monotonic()
    state = own(return_state=True)
    assert time.monotonic() - began < IN_TIME
    assert "exceeded timeout" in str(state.message) or state.is_failed()
    begun = [
        *stuck_folder.glob("begun.txt")
    ]  # none where the first child of this process did not start in time
    assert all(len(file.read_text().split()) == 1 for file in begun)  # none was started again
    assert "cleaning: 0 documents, 0:00:0" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["own", "winnow's"])
def test_a_flow_that_is_cancelled_ends_in_seconds_with_its_children(whose: str, stuck_folder: Path) -> None:
    environment = os.environ | {"PREFECT_API_URL": str(PREFECT_API_URL.value()), "PYTHONPATH": str(ROOT)}
    begun = stuck_folder / "begun.txt"
    with subprocess.Popen(
        [sys.executable, "-c", OWN_FLOW, whose], env=environment, stderr=subprocess.PIPE
    ) as run:
        while not begun.exists():
            assert run.poll() is None
            time.sleep(0.1)
        began = time.monotonic()
        run.terminate()
        assert run.wait(60) != 0
    assert time.monotonic() - began < IN_TIME
    [child] = begun.read_text().split()
    with pytest.raises(ProcessLookupError):
        os.kill(int(child), 0)


@pytest.mark.parametrize("name", ["nightly.py", "nightly_submitted.py"])
def test_the_flows_of_the_docs_clean_a_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = (ROOT / "docs" / "how-to" / "in-your-pipeline.md").read_text(encoding="utf8")
    code = page.partition(f"```python\n# {name}\n")[2].partition("```")[0]
    names: dict[str, Any] = {"__name__": name}
    exec(compile(code, name, "exec"), names)
    write_inputs(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    assert names["nightly"]() == 6
    assert ("done: 6 documents" in caplog.text) is (name == "nightly.py")
