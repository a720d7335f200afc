"""Measure cleaning of plain text against the hand-labelled seeds and documents of ``../shared``.

    python -m bench.noise [--misses]

Recall of labelled noise, precision of removed lines and loss of body, as ``score_noise.py`` counts them.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.results import SHARED, require, write_results
from cleaners import CLEANERS
from corpus.document import Document, clean
from corpus.layout import lay_out_text

NOISE = SHARED / "data" / "noise"
SCORER = SHARED / "tools" / "score_noise.py"


def plain_document(text: str) -> Document:
    """A document of plain text, as the reader lays it out."""
    return Document(*lay_out_text(text))


def clean_folder(source: Path, target: Path) -> None:
    """Write every text of ``source``, cleaned, under its name into ``target``."""
    for path in sorted(source.glob("*.txt")):
        cleaned = clean(plain_document(path.read_text(encoding="utf8")), CLEANERS)
        (target / path.name).write_text(cleaned.text, encoding="utf8")


def measure(source: Path, *options: str) -> dict[str, Any]:
    """Clean a labelled folder and score the result; options go to the scorer."""
    with TemporaryDirectory() as folder:
        clean_folder(source, Path(folder))
        command = [sys.executable, str(SCORER), str(source), folder, *options]
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def main() -> None:
    """Write ``bench/results/noise.json``."""
    require(NOISE)
    folders = [NOISE / "seeds", NOISE / "documents"]
    figures = {folder.name: measure(folder, *sys.argv[1:]) for folder in folders}
    write_results("noise", [*folders, SCORER], figures)


if __name__ == "__main__":
    main()
