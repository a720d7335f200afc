"""docs/select.md: its examples run, and its output is real."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cleaned import document, write_clean
from winnow.corpus.selection.expression import checked
from winnow.corpus.selection.formats import FORMATS
from winnow.corpus.selection.selection_settings import PRESETS, Selection

PAGE = (Path(__file__).parents[1] / "docs" / "select.md").read_text(encoding="utf8")
LABELS = ("reliable", "unreliable")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``clean`` in it: enough sources for three splits, with two labels in each."""
    folder = tmp_path_factory.mktemp("docs")
    rows = [
        document(
            f"d{number}",
            f"source{number % 40}.example",
            reliability_label=LABELS[number // 40 % 2],
            n_chars_out=600,
        )
        for number in range(160)
    ]
    write_clean(folder / "clean", rows)
    return folder


def test_its_python_runs_block_after_block(folder: Path) -> None:
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        command = [sys.executable, "-c", example]
        environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=300, env=environment
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize("line", re.findall(r"^\$ (winnow select .*)$", PAGE, re.MULTILINE))
def test_its_expressions_may_be_used(line: str) -> None:
    words = shlex.split(line)
    assert words[:5] == ["winnow", "select", "clean", "-o", "selected"]
    checked(words[words.index("--where") + 1])


def test_every_preset_and_format_has_a_line() -> None:
    assert re.findall(
        r"^\| `(\w+)` \| (?:every|no copies|of these|what|documents with)", PAGE, re.MULTILINE
    ) == [*PRESETS]
    assert all(f"`{name}`" in PAGE for name in FORMATS)
    assert f"`--shard-mb` ({Selection().shard_mb})" in PAGE
