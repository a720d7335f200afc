"""The code on the pages of docs/ runs, page by page, in a folder with the samples."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.main import get_command

from winnow.cli.commands import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
NEEDS = re.compile(r"# needs: (\w+)\n")
FILE = re.compile(
    r"^```python\n# (\w+\.py)\n(.*?)^```", re.DOTALL | re.MULTILINE
)  # a module beside the data
COMMAND = re.compile(r"^(?:\$ )?winnow ([^#\n]*?)(?:\s+#.*)?$", re.MULTILINE)
SHELL = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
RATING_LISTS = {  # that pages speak of
    "watchers.csv": "domain,rating,scale,date\ntruthblaze.example,20,0-100,2025-02-01\n",
    "newsguard.csv": "Domain,Rating,Score\ntruthblaze.example,N,20\n",
    "iffy.csv": "Domain,MBFC Fact\ntruthblaze.example,VL\n",
    "sites.csv": "Site,Trust,Last seen\ntruthblaze.example,1,2025-02-01\n",
    "scores.json": '[{"Homepage": "https://truthblaze.example/", "Trust": 1}]',
}
# Pages whose commands are only looked up.
NOT_RUN = {
    "training": "the articles and pages that models are trained on do not ship",
    "review": "serves until it is stopped",
    "review-team": "serves until it is stopped; tests/test_review_nginx.py runs its proxies",
    "schedule": "serves until it is stopped",
    "scale": "wants other machines",
    "clusters": "wants clusters; tests/test_store_engines.py has small ones",
    "diff": "tests/test_diff.py compares runs that differ",
    "select": "tests/test_select_docs.py runs this page",
    "doctor": "tests/test_doctor.py runs it, in surroundings that are known",
}
SERVING = ("review", "serve")  # commands that go on until they are stopped
RUN_BLOCKS = """
import sys
for number, block in enumerate(sys.stdin.read().split("\\0")):
    exec(compile(block, f"block {number + 1}", "exec"), {"__name__": "__main__"})
"""
DONE = (0, 3)  # 3: done, and something is in quarantine, as with the samples

PAGES = {
    str(p.relative_to(DOCS)): p.read_text(encoding="utf8")
    for p in sorted(DOCS.rglob("*.md"))
    if "_build" not in p.parts
}
PYTHON_PAGES = [name for name, page in PAGES.items() if PYTHON.search(page) and name != "select.md"]
COMMANDS = [
    (name, command)
    for name, page in PAGES.items()
    for block in SHELL.findall(page)
    for command in COMMAND.findall(block)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, cleaned as on the first page."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "raw", folder / "raw")
    for name, code in (file for page in PAGES.values() for file in FILE.findall(page)):
        (folder / name).write_text(code)
    _run(folder, [sys.executable, "-m", "winnow", "clean", "raw", "-o", "clean"])
    return folder


@pytest.mark.parametrize("name", PYTHON_PAGES)
def test_the_python_of_a_page_runs_in_its_order(folder: Path, name: str) -> None:
    blocks = PYTHON.findall(PAGES[name])
    there = [b for b in blocks if not (needed := NEEDS.match(b)) or find_spec(needed[1])]
    if not there:
        pytest.skip("none of the packages that this page is about is installed")
    _run(folder, [sys.executable, "-c", RUN_BLOCKS], "\0".join(there))


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_the_options_of_a_command_exist(name: str, command: str) -> None:
    words = shlex.split(command)
    commands = get_command(app).commands  # type: ignore[attr-defined]  # a group
    used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    options = {option for word in {words[0], "clean"} for p in commands[word].params for option in p.opts}
    assert words[0] in commands
    assert used <= options


@pytest.mark.parametrize("name", sorted({name for name, _ in COMMANDS if Path(name).stem not in NOT_RUN}))
def test_the_commands_of_a_page_run_in_their_order(folder: Path, name: str) -> None:
    for list_name, content in RATING_LISTS.items():
        (folder / list_name).write_text(content)
    for command in (command for page, command in COMMANDS if page == name):
        # There is no bucket; tests of S3 have one of their own.
        if "s3://" not in command and shlex.split(command)[0] not in SERVING:
            _run(folder, [sys.executable, "-m", "winnow", *shlex.split(command)])


def _run(folder: Path, command: list[str], stdin: str = "") -> None:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, input=stdin,
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode in DONE, done.stderr
