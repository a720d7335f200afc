"""Whether cleaning helps a model: TF-IDF and logistic regression on cleaned texts and on raw ones.

Usage: python -m bench.curated

The task: is an article's source rated reliable (label of the research collections)? Sources are held out, five folds;
the same articles, folds and settings for all. The collections' texts were extracted before, so the raw ones are not
whole pages. A short-cut that only raw texts offer (a byline of the site, a prompt that it repeats) helps on other
articles of the same source, and not on other sources: both are measured.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline

from bench.results import SHARED, require, write_results
from winnow.api import clean
from winnow.corpus.errors import UnreadableError

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
FOLDS: Final = 5
MAX_TEXTS: Final = 1_500  # every n-th article, so that all collections are in it
MIN_FREQUENCY: Final = 5  # documents that have a word

Texts = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]


def main() -> None:
    """Clean the articles, train on both, and write the figures."""
    require(ARTICLES)
    table = pq.read_table(ARTICLES, columns=["text", "domain", "label", "language"]).to_pylist()
    rows = [row for row in table if row["label"] is not None and row["language"] == "en" and row["text"]]
    rows = rows[:: max(1, len(rows) // MAX_TEXTS)]
    texts = {
        "raw": _texts([row["text"] for row in rows]),
        "cleaned": _texts([_cleaned(row["text"]) for row in rows]),
    }
    labels = np.array([row["label"] >= 0.5 for row in rows])  # the middle of the scale
    sources = np.array([row["domain"] for row in rows])
    splitters = {
        "sources held out": GroupKFold(FOLDS),
        "articles held out": KFold(FOLDS, shuffle=True, random_state=0),
    }
    figures = {
        name: {
            kind: _auc(texts[kind], labels, [*splitter.split(sources, groups=sources)]) for kind in texts
        }
        for name, splitter in splitters.items()
    }
    kept_share = sum(map(len, texts["cleaned"])) / sum(map(len, texts["raw"]))
    counts = {"articles": len(rows), "sources": len({*sources}), "characters_kept": round(kept_share, 3)}
    write_results("curated", [ARTICLES], counts | {"auc": figures})


def _cleaned(text: str) -> str:
    try:
        return clean(text).text
    except UnreadableError:
        return ""


def _texts(texts: Sequence[str]) -> Texts:
    return np.array(texts, dtype=object)


def _auc(
    texts: Texts, labels: npt.NDArray[np.bool_], folds: Sequence[tuple[Places, Places]]
) -> dict[str, object]:
    """The area under the ROC curve on each fold, and their mean."""
    areas = []
    for train, test in folds:
        model = make_pipeline(
            TfidfVectorizer(min_df=MIN_FREQUENCY, sublinear_tf=True), LogisticRegression(max_iter=300)
        )
        model.fit(texts[train], labels[train])
        areas.append(float(roc_auc_score(labels[test], model.predict_proba(texts[test])[:, 1])))
    return {"mean": round(float(np.mean(areas)), 3), "folds": [round(area, 3) for area in areas]}


if __name__ == "__main__":
    main()
