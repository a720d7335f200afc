"""Texts of whole pages without their markup: how many are recognised, and how much of their content is kept.

Usage: python -m bench.dumps

The benchmark's pages are laid out as text, lines of menus and footers and all. Word F1 of what stays against the
reference, by five folds of registered domains (fitted here: 7 minutes), beside keeping all and jusText, which sees
each line as a paragraph. `winnow` is what the command does: a text that is not recognised as a dump stays whole.
The shares of texts taken for dumps are of the same pages, of their references, and of real articles.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import import_module

import numpy as np
import pyarrow.parquet as pq

from bench.results import SHARED, require, write_results
from bench.scores import interval, word_f1
from winnow.models.blocks.dumps import DumpModel, load_dump_model, plain_page
from winnow.training.blocks.fit_blocks import LabelledPage, domain_folds, fit
from winnow.training.blocks.train_blocks import labelled_page
from winnow.training.blocks.train_dumps import as_dump, content_lines, page_lines

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"

Texts = Mapping[str, str]


def fold_models(pages: Sequence[LabelledPage]) -> Iterator[DumpModel]:
    """For each page, a model of lines that saw no page of its fold; signs of dumps have the packaged weights."""
    dumps, folds = [as_dump(page) for page in pages], domain_folds(pages)
    weights = load_dump_model().weights
    models = [
        DumpModel(fit([dump for dump, other in zip(dumps, folds, strict=True) if other != fold]), weights)
        for fold in range(max(folds) + 1)
    ]
    yield from (models[fold] for fold in folds)


def dump_texts(lines: Sequence[str], model: DumpModel) -> Texts:
    """What each system keeps of a dump."""
    shares = model.line_shares(lines)
    verdict = model.blocks.judge(plain_page(lines), "", model.blocks.types.probabilities(()))
    masks = {
        "keep all": np.ones(len(lines), dtype=bool),
        "winnow": np.ones(len(lines), dtype=bool) if shares is None else shares >= 0.5,
        "winnow told that it is a dump": verdict.probabilities >= verdict.cut,
    }
    texts = {name: "\n".join(np.array(lines, dtype=object)[mask]) for name, mask in masks.items()}
    return {**texts, "jusText": _justext(lines)}


def _justext(lines: Sequence[str]) -> str:
    justext = import_module("justext")  # untyped
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    paragraphs = justext.justext(f"<html><body>{html}</body></html>", justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def figures(kinds: Sequence[str], references: Sequence[str], texts: Sequence[Texts]) -> dict[str, object]:
    """Mean word F1 of each system, with its interval and by type of page."""
    by_system: dict[str, object] = {}
    for name in texts[0]:
        scores = [
            word_f1(of_page[name], reference) for of_page, reference in zip(texts, references, strict=True)
        ]
        types: dict[str, list[float]] = defaultdict(list)
        for kind, score in zip(kinds, scores, strict=True):
            types[kind].append(score)
        by_system[name] = {
            "word_f1": round(float(np.mean(scores)), 4),
            "interval_95": interval(scores),
            "by_type": {kind: round(float(np.mean(types[kind])), 4) for kind in sorted(types)},
        }
    return by_system


def dump_share(texts: Sequence[Sequence[str]], models: Sequence[DumpModel]) -> float:
    """The share of texts that are recognised as dumps."""
    is_dump = [model.line_shares(lines) is not None for lines, model in zip(texts, models, strict=True)]
    return round(float(np.mean(is_dump)), 4)


def main() -> None:
    """Measure all pages."""
    for path in (PAGES, ARTICLES):
        require(path)
    rows = pq.read_table(PAGES).to_pylist()
    pairs = [(page, str(row["main_content"] or "")) for row in rows if (page := labelled_page(row))]
    pages, references = [page for page, _ in pairs], [reference for _, reference in pairs]
    dumps, models = [page_lines(page) for page in pages], [*fold_models(pages)]
    texts = [dump_texts(lines, model) for lines, model in zip(dumps, models, strict=True)]
    articles = [content_lines(text) for text in pq.read_table(ARTICLES, columns=["text"])[0].to_pylist()]
    write_results(
        "dumps",
        [PAGES, ARTICLES],
        {
            "pages": len(pages),
            "systems": figures([page.kind for page in pages], references, texts),
            "taken_for_dumps": {
                "dumps": dump_share(dumps, models),
                "references": dump_share([*map(content_lines, references)], models),
                "articles": dump_share(articles, [load_dump_model()] * len(articles)),
            },
        },
    )


if __name__ == "__main__":
    main()
