"""The model card, written from the figures of an evaluation."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from models.reliability.features import feature_names
from models.reliability.lexicon import load_lexicon

ROWS: Final = {  # figure: what it says
    "cv_auc_pooled": "ROC AUC over all sources, folds by source",
    "cv_auc_within_dataset": "the same within each collection, mean",
    "left_out_auc_mean": "ROC AUC in a collection that training has not seen, mean",
    "left_out_brier": "Brier score there",
    "left_out_base_rate_brier": "Brier score there of saying the share of reliable sources of everyone",
    "left_out_calibration_error": "expected calibration error there, 10 bins",
    "left_out_interval_coverage": "share of ratings inside the 80 % interval there",
    "left_out_interval_width": "mean width of the interval there",
    "left_out_accuracy": "accuracy there",
    "left_out_share_reliable": "accuracy there of calling every source reliable",
    "left_out_accuracy_of_surest_70": "accuracy there of the surest 70 % of the sources",
    "cv_brier": "Brier score, folds by source (flattering: collections give classes away)",
    "cv_calibration_error": "expected calibration error, folds by source",
    "cv_interval_coverage": "interval coverage, folds by source",
}
CARD: Final = """# Model card: reliability of sources

What it estimates: the rating that experts would give a news source, 0 to 1, and the probability that it is .5 or
more, from the style of the source's English documents. It learns style that goes with ratings. It knows nothing of
what is true.

## Data

{documents} English articles of {sources} sources whose rating is known. The rating is PC1, the first principal
component over six expert lists, of Lin et al. 2023 (High level of correspondence across different news domain
quality rating sets). The articles are those of public research collections of 2006 to 2023 (in the table below by
their usual names, among {names}; `html` are test
pages of public extraction projects. Neither articles nor ratings ship; the artifact holds {features} weights,
quantiles of the features, and the calibration.

## Model

{features} hand-made features of a document ({lexicon} rates of word lists; length and rhythm; forms of words;
punctuation; quotations; the title) are averaged over the documents of a source, put on a normal scale by rank, and
weighed by a ridge (scikit-learn) against a soft target. Rows are sources by collection; a collection counts like the
square root of its size, and half of what its share of reliable sources gives away is taken back. Probability, rating
and interval are fitted to scores of collections that the fit had not seen, because there the ranking holds and the
level does not. The interval is split conformal by number of documents.

Labels: under 3 English documents, or less than half of them English, `unknown` and no number; probability .3 to .7
`mixed`; else `reliable` or `unreliable`. A source most of whose documents have no title is never `reliable`, at best
`mixed`.

## Figures

Sources held out, never articles; mean and spread over seeds (of folds and draws, not of sampling). The honest rows
are those of collections that were left out. The strength of the ridge was chosen on the same left-out AUC, so that
figure flatters a little.

{table}

AUC by collection left out (3 sources of each class or more):

{collections}

Reliability there: probability said, share that is reliable.

{bins}

Remade by `python -m bench.reliability`; trained by `python -m models.reliability.train ARTICLES`.

## Limits

- It must never be the only ground for leaving out, blocking or ranking down a source.
- Ratings are those of US-centred lists of news sites; other kinds of sites have no such rating to be estimated.
- It misses polished partisan and state media, and underrates reliable sources that write plainly.
- English only; in a trial during design it was no better than chance in Spanish.
- Titles carry much of it and are easily changed. Without any, the middle of each title feature is taken and the
  interval does not widen: such a score leans to reliable and is worth much less than it says.
- The wide interval is meant: more than half of the scale is what style alone leaves open.
"""


def model_card(figures: Mapping[str, Any]) -> str:
    """The card's Markdown, from the figures that ``bench/reliability.py`` writes."""
    rows = [f"| {ROWS[name]} | {figures[name]['mean']:.3f} ± {figures[name]['sd']:.3f} |" for name in ROWS]
    collections = figures["left_out_auc_by_collection"]
    return CARD.format(
        documents=f"{figures['documents']:,}",
        sources=figures["sources"],
        names=", ".join(figures["collections"]),
        features=len(feature_names()),
        lexicon=len(load_lexicon().names),
        table="\n".join(["| measure | value |", "|---|---|", *rows]),
        collections=_table(("collection", "AUC"), collections.items()),
        bins=_table(("sources", "said", "is"), figures["left_out_reliability_bins"]),
    )


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])
