"""Measure cleaning of plain text against hand-labelled seeds, documents and texts.

    python -m bench.noise [--misses]

Recall of labelled noise, precision of removed lines and loss of body, as ``score_noise.py`` counts them. The line
model was trained on documents and texts, so its figure there is in sample; ``held_out`` trains it again for each fold
of sites (five fits, some minutes) and judges each document by the model that saw nothing of its site. Seeds and
documents are in ``../shared``; the texts are remade from there by ``bench/labels/lines.jsonl``.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.results import ROOT, SHARED, require, write_results
from winnow.cleaners import CLEANERS
from winnow.cleaners._rule_removals import RULE_CLEANERS
from winnow.cleaners.lines import judged_lines
from winnow.corpus.document import Cleaner, Document, Removal, clean
from winnow.models.extraction import read_text
from winnow.models.lines.line_model import LineModel
from winnow.training.lines.fit_lines import fit_model, fit_natural, site_folds
from winnow.training.lines.fit_settings import FOLDS
from winnow.training.lines.judged_texts import read_judged
from winnow.training.lines.line_examples import Example
from winnow.training.lines.train_lines import LineSources, read_training

NOISE = SHARED / "data" / "noise"
SCORER = SHARED / "tools" / "score_noise.py"
SOURCES = LineSources(
    documents=NOISE / "documents",
    pages=SHARED / "data" / "wcxb" / "dev.parquet",
    articles=SHARED / "data" / "reliability" / "articles.parquet",
    labels=ROOT / "bench" / "labels" / "lines.jsonl",
    natural=ROOT / "bench" / "cache" / "natural.npz",
    unseen=ROOT / "bench" / "labels" / "unseen.jsonl",
    blind=ROOT / "bench" / "labels" / "blind.jsonl",
)
RULES = RULE_CLEANERS

CleanersFor = Callable[[str], Sequence[Cleaner]]  # the cleaners for a document's name


def plain_document(text: str) -> Document:
    """A document of plain text, as the reader makes it; of a raw dump, with the content share of each line."""
    content = read_text(text)
    return Document(content.text, content.blocks, extractor=content.extractor)


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
    """For the name of each labelled document and text a model that was trained without its site."""
    examples = read_training(SOURCES)
    natural = fit_natural(examples.natural)  # none of its sites has a labelled text
    folds = site_folds(examples.prepared)
    models: dict[str, LineModel] = {}
    for fold in range(FOLDS):
        others = [one for one in examples.prepared if folds[one.site] != fold]
        model = fit_model(natural, others, examples.phrases)
        judged = [one for one in examples.prepared if folds[one.site] == fold]
        models |= {one.name: model for one in judged if one.source == "labelled"}
    return models


def write_gold(examples: Iterable[Example], folder: Path) -> None:
    """Write texts and the labels of their lines as the scorer reads them."""
    for example in examples:
        text = example.document.text
        lines = [
            {
                "line": 1 + text.count("\n", 0, line.start),
                "category": kind,
                "action": "drop" if label else "keep",
            }
            for line, label, kind in zip(example.document.lines, example.labels, example.kinds, strict=True)
        ]
        (folder / f"{example.name}.txt").write_text(text, encoding="utf8")
        (folder / f"{example.name}.json").write_text(json.dumps({"lines": lines}), encoding="utf8")


def with_model(model: LineModel) -> Sequence[Cleaner]:
    """The rules and another line model than the packaged one."""

    def held_out_lines(document: Document) -> Iterator[Removal]:
        yield from judged_lines(document, model)

    return (*RULES, held_out_lines)


def by_sets(options: Iterable[str]) -> dict[str, Any]:
    """Figures of the seeds, and of the documents and the labelled texts with and without the model."""
    seeds, documents = NOISE / "seeds", SOURCES.documents
    models = held_out_models()

    def held_out(name: str) -> Sequence[Cleaner]:
        return with_model(models[name])

    with TemporaryDirectory() as folder:
        write_gold(read_judged(SOURCES.labels, SOURCES.pages, SOURCES.articles), Path(folder))
        texts = {
            "texts_rules": measure(Path(folder), cleaners_for=lambda _: RULES),
            "texts_held_out": measure(Path(folder), cleaners_for=held_out),
        }
    return {
        "seeds": measure(seeds, *options),
        "documents_rules": measure(documents, cleaners_for=lambda _: RULES),
        "documents_in_sample": measure(documents),
        "documents_held_out": measure(documents, *options, cleaners_for=held_out),
        **texts,
    }


def main() -> None:
    """Write ``bench/results/noise.json``."""
    data = [NOISE / "seeds", SOURCES.documents, SCORER, SOURCES.pages, SOURCES.articles, SOURCES.natural]
    for path in data:
        require(path)
    write_results("noise", data, by_sets(sys.argv[1:]))


if __name__ == "__main__":
    main()
