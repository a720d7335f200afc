"""The examples of docs/how-to/in-your-pipeline.md do what the page says, inside the tools as far as these are here."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from tests.notebooks import NOTEBOOK
from tests.runs import STORY, write_inputs

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "how-to" / "in-your-pipeline.md").read_text(encoding="utf8")
EXAMPLES: Final = dict(re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
# A worker as Celery has them: a daemonic process, in which the task's own methods are called.
WORKER: Final = """
import multiprocessing, tasks
class Task:
    def update_state(self, state, meta): print(state, meta["doing"], meta["documents"], flush=True)
if __name__ == "__main__":
    worker = multiprocessing.get_context("fork").Process(target=tasks.clean_folder, args=(Task(), "raw", "out"), daemon=True)
    worker.start()
    worker.join()
    print(worker.exitcode)
"""
NOTEBOOK_RUN: Final = """
import json, sys
from tests.notebooks import NOTEBOOK, cells, run_cells
notebook = json.loads(NOTEBOOK.read_text(encoding="utf8"))
kept = [[output.get("text", sorted(output.get("data", ()))) for output in cell["outputs"]] for cell in cells(notebook)]
shown = [[output.get("text", sorted(output.get("data", ()))) for output in outputs] for outputs in run_cells(notebook)]
sys.exit(f"the notebook shows {shown}, and holds {kept}: run `python -m tests.notebooks`" if shown != kept else 0)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with inputs."""
    write_inputs(tmp_path, {f"{number}.txt": f"{STORY} It is text {number}." for number in range(3)})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def example(name: str) -> dict[str, Any]:
    """The names that an example defines."""
    names: dict[str, Any] = {"__name__": name}
    exec(compile(EXAMPLES[name], name, "exec"), names)
    return names


def program(folder: Path, code: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PYTHONPATH": f"{ROOT}:{folder}", "PATH": ""}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)  # fmt: skip


def test_a_service_cleans_pages_and_says_why_one_has_no_text() -> None:
    with TestClient(example("service.py")["app"]) as client:
        answer = client.post("/clean", json={"html": f"<p>{STORY}</p><p>ADVERTISEMENT</p>"}).json()
        assert STORY in answer["text"] and any("ADVERTISEMENT" in line for line in answer["removed"])
        refused = client.post("/clean", json={"html": "<html></html>"})
    assert (refused.status_code, refused.json()["detail"].partition(":")[0]) == (422, "empty")


def test_a_run_of_a_service_ends_with_what_asked_for_it(folder: Path) -> None:
    run = example("service.py")["run"]
    with pytest.raises(TimeoutError):  # once the thread of the run has ended
        asyncio.run(asyncio.wait_for(run("raw", "cut_off"), 0.01))
    assert not (folder / "cut_off" / "documents").exists()


@pytest.mark.slow
def test_a_daemonic_worker_says_how_far_its_task_is(folder: Path) -> None:
    (folder / "tasks.py").write_text(EXAMPLES["tasks.py"], encoding="utf8")
    (folder / "worker.py").write_text(WORKER, encoding="utf8")
    done = program(folder, "import runpy; runpy.run_path('worker.py', run_name='__main__')")
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-2:]) == ("PROGRESS cleaning 0", ["PROGRESS done 3", "0"]), done.stderr


def test_the_notebook_runs_and_shows_what_it_holds(tmp_path: Path) -> None:
    done = program(tmp_path, NOTEBOOK_RUN)
    assert done.returncode == 0, done.stderr
    assert "<script" not in NOTEBOOK.read_text(encoding="utf8")
