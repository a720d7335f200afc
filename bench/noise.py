"""Measure cleaning of plain text against the hand-labelled seeds and documents of ``../shared``.

    python -m bench.noise [--misses]

Recall of labelled noise, precision of removed lines and loss of body, as ``score_noise.py`` counts them. The line
model was trained on the documents, so its figure there is in sample; ``held_out`` trains it again for each fold of
sites (five fits, some minutes) and judges each document by the model that saw nothing of its site.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.results import SHARED, require, write_results
from cleaners import CLEANERS
from cleaners.lines import judged_lines, lines
from corpus.document import Cleaner, Document, Removal, clean
from models.extraction import read_text
from models.lines.model import LineModel
from models.lines.train import SOURCES, read_training
from models.lines.training import FOLDS, fit_model, site_folds

NOISE = SHARED / "data" / "noise"
SCORER = SHARED / "tools" / "score_noise.py"
RULES = tuple(cleaner for cleaner in CLEANERS if cleaner is not lines)

CleanersFor = Callable[[str], Sequence[Cleaner]]  # the cleaners for a document's name


def plain_document(text: str) -> Document:
    """A document of plain text, as the reader makes it: of a raw dump, with the content of its lines told."""
    found = read_text(text)
    return Document(found.text, found.blocks, extractor=found.extractor)


def clean_folder(source: Path, target: Path, cleaners_for: CleanersFor) -> None:
    """Write every text of ``source``, cleaned, under its name into ``target``."""
    for path in sorted(source.glob("*.txt")):
        document = plain_document(path.read_text(encoding="utf8"))
        cleaned = clean(document, cleaners_for(path.stem))
        (target / path.name).write_text(cleaned.text, encoding="utf8")


def measure(source: Path, *options: str, cleaners_for: CleanersFor = lambda _: CLEANERS) -> dict[str, Any]:
    """Clean a labelled folder and score the result; options go to the scorer."""
    with TemporaryDirectory() as folder:
        clean_folder(source, Path(folder), cleaners_for)
        command = [sys.executable, str(SCORER), str(source), folder, *options]
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def held_out_models() -> dict[str, LineModel]:
    """For each labelled document's name a model that was trained without its site."""
    prepared, phrases = read_training()
    folds = site_folds(prepared)
    models: dict[str, LineModel] = {}
    for fold in range(FOLDS):
        model = fit_model([one for one in prepared if folds[one.example.site] != fold], phrases)
        judged = [one.example for one in prepared if folds[one.example.site] == fold]
        models |= {example.name: model for example in judged if example.source == "labelled"}
    return models


def with_model(model: LineModel) -> Sequence[Cleaner]:
    """The rules and another line model than the packaged one."""

    def held_out_lines(document: Document) -> Iterator[Removal]:
        yield from judged_lines(document, model)

    return (*RULES, held_out_lines)


def by_sets(options: Iterable[str]) -> dict[str, Any]:
    """Figures of the seeds, and of the documents with and without the model."""
    seeds, documents = NOISE / "seeds", NOISE / "documents"
    models = held_out_models()
    return {
        "seeds": measure(seeds, *options),
        "documents_rules": measure(documents, cleaners_for=lambda _: RULES),
        "documents_in_sample": measure(documents),
        "documents_held_out": measure(
            documents, *options, cleaners_for=lambda name: with_model(models[name])
        ),
    }


def main() -> None:
    """Write ``bench/results/noise.json``."""
    for path in (NOISE, *SOURCES):
        require(path)
    write_results(
        "noise", [NOISE / "seeds", NOISE / "documents", SCORER, *SOURCES[1:]], by_sets(sys.argv[1:])
    )


if __name__ == "__main__":
    main()
