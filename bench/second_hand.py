"""What cleaning gains on texts that six other extractors made of pages, and what it takes from them.

    python -m bench.second_hand --rivals PYTHON [--texts FILE]

PYTHON has the extractors (``pip install trafilatura==2.3.1 resiliparse==2.0.1 readability-lxml justext boilerpy3
newspaper4k``); their texts are kept in FILE for the next time. The pages are the benchmark's articles, whose references
leave the headline out, and news of 2011 in five languages, whose references hold it. Word F1 against the reference
before and after, the share of pages that lose more than .02 of the reference's words, and the recall lost: of each
text `alone`, and `with its site`, whose texts by the same extractor show which lines they share, as in a run. A page of
a site that the line model is trained on is judged by one that saw no line of this site (three fits,
some minutes).
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from bench.noise import SOURCES, plain_document, with_model
from bench.results import ROOT, SHARED, require, write_results
from bench.scores import interval, word_f1, word_shares
from winnow.corpus.decode import decode
from winnow.corpus.document import Cleaned, Cleaner, Document, clean
from winnow.corpus.domains import registered_domain
from winnow.models.lines.line_model import LineModel, load_model
from winnow.models.site_line_keys import (
    MAX_PAGES,
    MIN_PAGES,
    block_keys,
    site_lines_of,
    with_site_pages,
)
from winnow.training.lines.fit_lines import fit_model, fit_natural, site_folds
from winnow.training.lines.line_examples import site_hash
from winnow.training.lines.train_lines import read_training

PAGES: Final = SHARED / "data" / "wcxb" / "dev.parquet"
NEWS: Final = SHARED / "data" / "pages" / "news2011.parquet"
RIVALS: Final = ROOT / "bench" / "rivals" / "extract_texts.py"
SITE_FOLDS: Final = 3  # not two, as the fits themselves have: their folds would be empty
HARM: Final = 0.02  # of the reference's words; a page that loses more is harmed


@dataclass(frozen=True, slots=True)
class Page:
    """A page whose content is known."""

    suite: str
    site: str  # as `site_hash` writes it
    language: str
    url: str
    html: str
    reference: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What cleaning did to one text."""

    before: float  # word F1
    after: float
    recall_lost: float


Effects = dict[str, dict[str, list[Effect]]]  # of texts by the way of cleaning and by language


def read_known_pages() -> Iterator[Page]:
    """The articles of the benchmark and the news of 2011."""
    for row in pq.read_table(PAGES).to_pylist():
        if row["page_type"] == "article" and row["main_content"]:
            url = row["url"] or ""
            site = site_hash(registered_domain(url) or str(row["file_id"]))
            yield Page("articles", site, "en", url, decode(row["html"], html=True), row["main_content"])
    for row in pq.read_table(NEWS).to_pylist():
        site = site_hash(registered_domain(f"http://{row['site']}/"))
        html = decode(row["html"], html=True)
        yield Page("news of 2011", site, row["lang"], "", html, row["gold"])


def extracted_texts(pages: Iterable[Page], python: str) -> list[dict[str, str | None]]:
    """The text of each page by extractor, none where it fails."""
    fields = ({"html": page.html, "url": page.url, "lang": page.language} for page in pages)
    lines = "".join(json.dumps(of_page) + "\n" for of_page in fields)
    command = [python, str(RIVALS)]
    answer = subprocess.run(
        command, input=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def site_models() -> dict[str, LineModel]:
    """For each site that the line model is trained on, a model that was trained without it."""
    examples = read_training(SOURCES)
    folds = site_folds([*examples.natural, *examples.prepared], SITE_FOLDS)
    models = []
    for fold in range(SITE_FOLDS):
        natural, prepared = (
            [one for one in of_kind if folds[one.site] != fold]
            for of_kind in (examples.natural, examples.prepared)
        )
        models.append(fit_model(fit_natural(natural), prepared, examples.phrases))
    return {site: models[fold] for site, fold in folds.items()}


def shared_lines(documents: Iterable[Document]) -> dict[int, int]:
    """On how many documents of a site each of its repeated lines stands, by key, as a run counts them."""
    distinct = {document.text: document for document in documents}.values()
    keys = Counter(key for one in distinct for key in {*block_keys(one.text, one.blocks)} - {0})
    return {key: min(count, MAX_PAGES) for key, count in keys.items() if count >= MIN_PAGES}


def effect(cleaned: Cleaned, reference: str) -> Effect:
    """What cleaning did to a text."""
    before, after = cleaned.document.text, cleaned.text
    (_, recall), (_, recall_after) = word_shares(before, reference), word_shares(after, reference)
    return Effect(word_f1(before, reference), word_f1(after, reference), recall - recall_after)


def cleaned_again(alone: Cleaned, pages: Mapping[int, int], cleaners: Sequence[Cleaner]) -> Cleaned:
    """A text cleaned with what its site repeats, as a run does it: where this may change a line that stayed."""
    needed = site_lines_of(alone)
    lines = {key: pages[key] for key, count in needed.items() if 0 < count <= pages.get(key, 0)}
    return clean(with_site_pages(alone.document, lines), cleaners) if lines else alone


def effects_of(texts: Sequence[tuple[Page, str]], models: Mapping[str, LineModel]) -> Effects:
    """What cleaning does to the texts of one extractor, alone and with their sites, by language."""
    packaged, by_site = load_model(), defaultdict[str, list[tuple[Page, Document]]](list)
    for page, text in texts:
        by_site[page.site].append((page, plain_document(text)))
    effects: Effects = defaultdict(lambda: defaultdict(list))
    for site, of_site in by_site.items():
        cleaners = with_model(models.get(site, packaged))
        pages = shared_lines(document for _, document in of_site)
        for page, document in of_site:
            alone = clean(document, cleaners)
            together = cleaned_again(alone, pages, cleaners)
            for group in ("all", page.language):
                effects["alone"][group].append(effect(alone, page.reference))
                effects["with its site"][group].append(effect(together, page.reference))
    return effects


def summary(effects: Sequence[Effect]) -> dict[str, object]:
    """The means over texts."""
    gains = [one.after - one.before for one in effects]
    losses = np.array([one.recall_lost for one in effects])
    return {
        "texts": len(effects),
        "word_f1_before": _mean([one.before for one in effects]),
        "word_f1_after": _mean([one.after for one in effects]),
        "gain": _mean(gains),
        "gain_interval_95": interval(gains),
        "harmed": int((losses > HARM).sum()),
        "harmed_share": _mean(losses > HARM),
        "recall_lost": _mean(losses),
    }


def _mean(values: Iterable[float] | np.ndarray[Any, Any]) -> float:
    return round(float(np.mean([*values])), 4)


def figures(
    pages: Sequence[Page], texts: Sequence[Mapping[str, str | None]], models: Mapping[str, LineModel]
) -> dict[str, object]:
    """The effects by suite and extractor, over all languages and for each; texts without words are left out."""
    groups = defaultdict[tuple[str, str], list[tuple[Page, str]]](list)
    for page, by_extractor in zip(pages, texts, strict=True):
        for extractor, text in by_extractor.items():
            if text and text.strip():
                groups[page.suite, extractor].append((page, text))
    return {
        f"{suite}, {extractor}": {
            way: {group: summary(of_group) for group, of_group in by_group.items()}
            for way, by_group in effects_of(of_extractor, models).items()
        }
        for (suite, extractor), of_extractor in groups.items()
    }


def read_or_extract(pages: Sequence[Page], python: str, kept: Path | None) -> list[dict[str, str | None]]:
    """The texts of a file that an earlier run kept, or new ones, kept in this file."""
    if kept and kept.exists():
        return [json.loads(line) for line in kept.read_text(encoding="utf8").splitlines()]
    texts = extracted_texts(pages, python)
    if kept:
        kept.write_text("".join(json.dumps(of_page) + "\n" for of_page in texts), encoding="utf8")
    return texts


def main() -> None:
    """Write ``bench/results/second_hand.json``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rivals", required=True, help="a Python that has the extractors")
    parser.add_argument("--texts", type=Path, help="a file that keeps their texts")
    arguments = parser.parse_args()
    sys.argv[1:] = []  # paths of this machine: not for the results
    for path in (PAGES, NEWS):
        require(path)
    pages = list(read_known_pages())
    texts = read_or_extract(pages, arguments.rivals, arguments.texts)
    write_results("second_hand", [PAGES, NEWS], figures(pages, texts, site_models()))


if __name__ == "__main__":
    main()
