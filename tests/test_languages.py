"""Languages are word lists: with more of them a copy of Winnow cleans texts in an invented language."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
MONTHS = "[" + ", ".join(f'["zuri{number}ka"]' for number in "abcdefghijkl") + "]"
# list: what stands before the words of the new language, and these
WORDS = {
    "cleaners/words/ads.toml": ('name = "ad_label"\n(?:.*\n)*?\\[rules.whole\\]\n', '["plokmi vrendu"]'),
    "cleaners/words/captions.toml": (r"\[patterns.labels\].*\n", '["prilgo"]'),
    "cleaners/words/dates.toml": (r"\[months\]\n", '["zuriaka"]'),
    "corpus/words/bylines.toml": (r"\[credits\].*\n", '["drefta"]'),
    "corpus/words/months.toml": (r"(?<=without dots\.\n)\n", MONTHS),
}
PAGE = """<html><head><title>Vrenda</title></head><body><article><h1>Vrenda ilo mistra</h1>
<p class="byline">Drefta Ada Moss</p><p class="date">14 zuriaka 2025</p>
<p>Lomre esto vrenda ilo mistra kel dorane, ute frel simato galve ren tolisa, kel vrenda mura esto.</p>
<p>Plokmi vrendu</p>
<p>Prilgo: Mistra ilo dorane</p>
<p>Galve ren tolisa kel vrenda mura esto, simato frel ute dorane mistra lomre, ilo vrenda kel esto.</p>
</article></body></html>"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the package, whose lists have words of a new language."""
    shutil.copytree(ROOT / "winnow", tmp_path / "winnow", ignore=shutil.ignore_patterns("__pycache__"))
    for name, (before, words) in WORDS.items():
        path = tmp_path / "winnow" / name
        text = path.read_text("utf8")
        [*_, place] = re.finditer(before, text)
        path.write_text(f"{text[: place.end()]}qq = {words}\n{text[place.end() :]}", "utf8")
    return tmp_path


def cleaned(folder: Path) -> dict[str, Any]:
    """The row of the page, by the package in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "winnow", "clean", "-"], cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)},
        input=PAGE, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def test_words_of_a_new_language_clean_a_line_and_name_author_and_day(copy: Path) -> None:
    before, now = cleaned(ROOT), cleaned(copy)
    rules = {removal["text"].strip(): removal["rule"] for removal in now["metadata"]["removed"]}
    for line, rule in {"Plokmi vrendu": "ad_label", "Prilgo: Mistra ilo dorane": "caption_label"}.items():
        assert line in before["text"] and line not in now["text"]
        assert rules[line] == rule
    assert (before["created"], now["created"]) == ("", "2025-01-14")
    assert now["metadata"]["authors"] == ["Ada Moss"] != before["metadata"]["authors"]
