"""Examples from sources that people decided on: their documents as a run cleaned them, beside the rated articles."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.dataset as ds

from winnow.corpus.errors import UsageError
from winnow.corpus.versions import reading
from winnow.models.reliability.sums import SCORED_LANGUAGE
from winnow.training.reliability.source_labels import Label

COLLECTION: Final = "reviewed"  # they are a collection like any other
COPIES: Final = frozenset({"duplicate", "near_duplicate"})  # tags; a copy is nobody's own voice
MAX_DOCUMENTS: Final = 50  # of a source that are read; the AUC gains .015 from 20 up (prototype RESULTS.md)


def with_reviewed(table: pd.DataFrame, clean: Path, labels: Mapping[str, Label]) -> pd.DataFrame:
    """A table of rated articles (`read_table`) with the labelled sources of a cleaned folder.

    A label takes the place of the experts' rating in all that the table has of the source.
    Raises UsageError where the folder has no English document of a labelled source.
    """
    reviewed = reviewed_articles(clean, labels)
    if reviewed.empty:
        raise UsageError(f"{clean}: no English document of the {len(labels)} sources that people labelled")
    ratings = table.domain.map({domain: label.target for domain, label in labels.items()})
    rated = table.assign(pc1=ratings.fillna(table.pc1), reviewed=ratings.notna())
    return pd.concat([rated, reviewed], ignore_index=True)


def reviewed_articles(clean: Path, labels: Mapping[str, Label]) -> pd.DataFrame:
    """The English documents of labelled sources in a folder that `winnow clean` wrote, no copies among them.

    Of each source the first `MAX_DOCUMENTS`, in the order of the files: memory grows with the sources.
    Raises UsageError where there are no documents.
    """
    with reading(clean) as version:
        rows = [*_labelled_rows(version, labels)]
    table = pd.DataFrame(rows, columns=["domain", "title", "text"])
    ratings = [labels[domain].target for domain in table.domain]
    return table.assign(dataset=COLLECTION, language=SCORED_LANGUAGE, pc1=ratings, reviewed=True)


def _labelled_rows(clean: Path, labels: Mapping[str, Label]) -> Iterator[tuple[str, str, str]]:
    """Domain, title and text of each document to learn from."""
    files = sorted((clean / "documents").glob("*.parquet"))
    if not files:
        raise UsageError(f"{clean}: no documents; name a folder that `winnow clean` wrote")
    condition = ds.field("domain").isin([*labels]) & (ds.field("language") == SCORED_LANGUAGE)
    columns = {name: ds.field(name) for name in ("domain", "text", "tags")}
    columns["title"] = ds.field("metadata", "title")
    documents = Counter[str]()
    for batch in ds.dataset(files).to_batches(columns=columns, filter=condition):
        for row in batch.to_pylist():
            if COPIES.isdisjoint(row["tags"]) and documents[row["domain"]] < MAX_DOCUMENTS:
                documents[row["domain"]] += 1
                yield row["domain"], row["title"] or "", row["text"]
