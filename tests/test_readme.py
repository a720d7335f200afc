"""The README: its examples run, and its output is real."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"^\$ (?:cat \S+ \| )?winnow (\w+)(.*?)(?:\s+#.*)?$", README, re.MULTILINE)


@pytest.mark.parametrize("example", PYTHON)
def test_python_examples_run(example: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_the_first_python_example_says_what_its_comments_say() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PYTHON[0]], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.startswith("Rain fell on the harbour town on Monday.\n")
    assert "'ad_marker'" in done.stdout
    assert done.stdout.endswith("mixed\n")


@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
def test_options_of_the_command_line_examples_exist(command: str, arguments: str) -> None:
    help_run = subprocess.run(
        [sys.executable, "-m", "winnow", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert help_run.returncode == 0
    for option in re.findall(r"(?<= )--?[a-z][a-z-]*", arguments):
        assert option in help_run.stdout


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_excerpts_are_what_the_samples_give() -> None:
    sources = [line.split("\t") for line in _winnow("score", "raw").splitlines()]
    scores = {domain: [cell for cell in cells if cell] for domain, *cells in sources}
    [_, scored] = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    for line in scored.splitlines():
        domain, *cells = re.split(r"  +", line)
        assert scores[domain] == cells, domain


def _winnow(*arguments: str) -> str:
    command = [sys.executable, "-m", "winnow", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True).stdout
