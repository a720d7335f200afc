"""Page extraction on the Web Content Extraction Benchmark's development pages, beside its rivals.

Usage: python -m bench.extraction [--every N]

Word F1 is the benchmark's own: words as a multiset, the mean over pages. Each page is judged by a model that
saw no page of its registered domain (five folds, fitted here: 10 minutes). Winnow's rows: `winnow` all
cleaners, `winnow blocks` extraction alone, `winnow article` with the policy for articles, `winnow layout` all
visible text. Writes the block model's card too.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench.results import RESULTS, ROOT, SHARED, require, write_results
from bench.rivals import rivals
from bench.scores import interval, plain, shingle_f1, word_f1, word_shares
from winnow.cleaners import CLEANERS
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.decode import decode
from winnow.corpus.document import Document, clean
from winnow.corpus.layout import parse_page
from winnow.corpus.raw import HTML
from winnow.drop_in import with_content
from winnow.models.blocks.block_model import BlockModel
from winnow.models.extraction import read_content
from winnow.training.blocks.fit_blocks import domain_folds, fit
from winnow.training.blocks.train_blocks import labelled_page, other_page

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
OTHERS = tuple(SHARED / "data" / "pages" / f"{name}.parquet" for name in ("news2011", "chinese"))
CARD = ROOT / "winnow" / "models" / "cards" / "blocks.md"
MAIN, ARTICLE = "main", "article"

Row = Mapping[str, Any]
Texts = Mapping[str, str]


def fold_models(rows: Sequence[Row], others: Sequence[Row]) -> list[BlockModel]:
    """For each page, those of another convention last, a model that was fitted on other domains' folds of all."""
    pages_or_none = [*map(labelled_page, rows), *map(other_page, others)]
    pages = [page for page in pages_or_none if page]
    folds = domain_folds(pages)
    models = [
        fit([page for page, other in zip(pages, folds, strict=True) if other != fold])
        for fold in range(max(folds) + 1)
    ]
    page_folds = iter(folds)
    return [models[next(page_folds)] if page else models[0] for page in pages_or_none]


def other_rows() -> list[Row]:
    """The pages of other conventions that the model is trained on, too."""
    return [row for path in OTHERS for row in pq.read_table(path).to_pylist()]


def system_texts(rows: Sequence[Row], models: Sequence[BlockModel]) -> list[Texts]:
    """What Winnow, with a model for each page, and its rivals make of pages."""
    others = rivals()
    return [
        {**winnow_texts(html, model), **{name: run(html) for name, run in others.items()}}
        for html, model in zip((row["html"] for row in rows), models, strict=True)
    ]


def page_step(doc: str | None) -> int:
    """N of ``--every N``: only each N-th page is measured."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every N-th page")
    every: int = parser.parse_args().every
    return every


def winnow_texts(html: bytes, model: BlockModel) -> Texts:
    """What Winnow makes of a page, by system."""
    page, article = (_document(html, model, policy) for policy in (MAIN, ARTICLE))
    return {
        "winnow": clean(page, CLEANERS).text,
        "winnow blocks": clean(page, [boilerplate]).text,
        "winnow article": clean(article, [boilerplate]).text,
        "winnow for precision": clean(with_content(page, {"favor_precision": True}), CLEANERS).text,
        "winnow for recall": clean(with_content(page, {"favor_recall": True}), CLEANERS).text,
        "winnow layout": page.text,
    }


def _document(html: bytes, model: BlockModel, policy: str) -> Document:
    text = decode(html, html=True)
    content = read_content(parse_page(text), text, policy, model)
    return Document(content.text, content.blocks, content_type=HTML, extractor=content.extractor)


def figures(rows: Sequence[Row], texts: Sequence[Texts]) -> dict[str, object]:
    """The scores of each system."""
    return {name: _system(rows, [of_page[name] for of_page in texts]) for name in texts[0]}


def _system(rows: Sequence[Row], texts: Sequence[str]) -> dict[str, object]:
    scores = [word_f1(text, str(row["main_content"])) for row, text in zip(rows, texts, strict=True)]
    shares = [word_shares(text, str(row["main_content"])) for row, text in zip(rows, texts, strict=True)]
    precision, recall = np.mean(shares, axis=0).tolist()
    types: dict[str, list[float]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        types[str(row["page_type"])].append(score)
    shingles = [
        shingle_f1(text, str(row["main_content"]))
        for row, text in zip(rows, texts, strict=True)
        if row["page_type"] == ARTICLE
    ]
    return {
        "word_f1": round(float(np.mean(scores)), 4),
        "interval_95": interval(scores),
        "word_precision": round(precision, 4),
        "word_recall": round(recall, 4),
        "by_type": {name: round(float(np.mean(types[name])), 4) for name in sorted(types)},
        "shingle_f1_of_articles": round(float(np.mean(shingles)), 4),
        "must_have_found": _share(rows, texts, "must_have", lambda snippet, text: snippet in text),
        "must_not_have_absent": _share(
            rows, texts, "must_not_have", lambda snippet, text: snippet not in text
        ),
    }


def _share(
    rows: Sequence[Row], texts: Sequence[str], column: str, is_met: Callable[[str, str], bool]
) -> float:
    outcomes = [
        is_met(plain(str(snippet)), text)
        for row, text in zip(rows, map(plain, texts), strict=True)
        for snippet in _list(row[column])
    ]
    return round(float(np.mean(outcomes)), 4)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def main() -> None:
    """Measure every page, or every N-th."""
    every = page_step(__doc__)
    for path in (PAGES, *OTHERS):
        require(path)
    rows = pq.read_table(PAGES).to_pylist()[::every]
    models = fold_models(rows, other_rows()[::every])[: len(rows)]
    systems = figures(rows, system_texts(rows, models))
    write_results("extraction", [PAGES, *OTHERS], {"pages": len(rows), "systems": systems})
    if every == 1:
        CARD.write_text(_card(len(rows), systems), encoding="utf8")


def _card(pages: int, systems: dict[str, object]) -> str:
    by_system = {name: system for name, system in systems.items() if isinstance(system, dict)}
    kinds = sorted(by_system["winnow"]["by_type"])
    lines = [f"| system | all | {' | '.join(kinds)} |", "|" + "---|" * (len(kinds) + 2)]
    for name, system in by_system.items():
        scores = [system["word_f1"], *(system["by_type"][kind] for kind in kinds)]
        lines.append(f"| {name} | {' | '.join(f'{score:.3f}' for score in scores)} |")
    return CARD_TEXT.format(pages=pages, table="\n".join(lines), old_table=_old_table())


def _old_table() -> str:
    """Word F1 by language, as `bench.old_pages` measured it last."""
    systems = json.loads((RESULTS / "old_pages.json").read_text(encoding="utf8"))["figures"]["systems"]
    groups = sorted(systems["winnow"]["word_f1"])
    lines = [f"| system | {' | '.join(groups)} |", "|" + "---|" * (len(groups) + 1)]
    for name, system in systems.items():
        scores = [f"{system['word_f1'][group]:.3f}" for group in groups]
        lines.append(f"| {name} | {' | '.join(scores)} |")
    return "\n".join(lines)


CARD_TEXT = """# Model card: main content of pages

What it tells: for each block of a laid-out page, how sure it is to be part of the page's main content. A linear model
over tokens (words of the block; names of the elements around it) gives scores; boosted trees weigh them with the
block's place in the tree, its neighbours, where the page's prose is, and the page's type; the blocks with the highest
expected F1 are taken. `winnow/models/blocks/` says how; `winnow/models/artifacts/blocks.npz` holds plain arrays.

## Data and conventions

- The development pages of the Web Content Extraction Benchmark (WCXB, CC BY 4.0): 1,476 pages of seven types, most in
  English. Their reference texts leave out headlines, most standfirsts and captions; this is the convention that Winnow
  follows. Token weights and the first trees are fitted on them alone.
- 858 news pages of 2011 and 2012 in English, Chinese, Polish, Russian and Greek (corpus of rundimeco/waddle) and 69
  Chinese pages (immortal-autumn/Chinese-Web-Content-Extraction-Dataset): public research collections, used for training
  and measuring only. Their reference texts hold the headline. The second trees are fitted on all pages; what these add
  to page types weighs .3. Pages that look as those before 2013 did (no viewport, no sections of HTML 5) are judged by
  the second trees alone, others by the mean of both.

No text of theirs is in the artifact but single words, pairs of words and lines of up to six words that stand on four
pages of WCXB at least, and names of classes. `winnow train blocks dev.parquet --other news2011.parquet --other
chinese.parquet` fits the model again, to the same bytes.

## Figures

Word F1 over {pages} pages, each judged by a model that saw no page of its registered domain. Remade by
`python -m bench.extraction`, with intervals and more in `bench/results/extraction.json`.

{table}

By language and script, the pages of 2011 and the Chinese ones, each judged by a model that saw no page of its site
(`python -m bench.old_pages`):

{old_table}

## Limits

Pages of shops, collections and lists are the hardest: whether the grid of items, the text above it or the questions
below it is the content is a matter of convention, and the model often takes too much or too little of it. Style sheets
and scripts are not run. Of scripts, the training data hold Latin, Chinese, Cyrillic and Greek; letters of Japanese,
Thai, Lao, Khmer and Burmese count as words as Chinese ones do, which was tried on few pages.
"""

if __name__ == "__main__":
    main()
