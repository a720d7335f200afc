"""What went into a corpus, counted while it is written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(slots=True)
class CorpusCounts:
    """Counts of the documents of a corpus."""

    splits: Counter[str] = field(default_factory=Counter)
    split_bytes: Counter[str] = field(default_factory=Counter)  # of their texts, UTF-8
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    runs: Counter[tuple[str, str]] = field(default_factory=Counter)  # run_id and pipeline_version
    characters: int = 0

    @classmethod
    def total(cls, parts: Iterable["CorpusCounts"]) -> Self:
        """The sum of several counts."""
        total = cls()
        for part in parts:
            for each in fields(cls):
                setattr(total, each.name, getattr(total, each.name) + getattr(part, each.name))
        return total

    @property
    def documents(self) -> int:
        """All documents."""
        return self.splits.total()

    def count(self, split: str, table: pa.Table) -> None:
        """Count rows of a split."""
        self.splits[split] += len(table)
        self.split_bytes[split] += pc.sum(pc.binary_length(table["text"])).as_py()
        self.characters += pc.sum(table["n_chars_out"]).as_py()
        self.sources.update(
            _counts(pc.if_else(pc.equal(table["domain"], ""), table["source"], table["domain"]))
        )
        self.languages.update(_counts(table["language"]))
        self.labels.update(_counts(table["reliability_label"]))
        self.tags.update(_counts(pc.list_flatten(table["tags"])))
        runs = table.group_by(["run_id", "pipeline_version"]).aggregate([([], "count_all")]).to_pylist()
        self.runs.update({(run["run_id"], run["pipeline_version"]): run["count_all"] for run in runs})


def _counts(values: pa.ChunkedArray) -> Counter[str]:
    return Counter({entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()})
