"""The tally of a run: counts that can be added up over shards in any order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

# Fields of a `RunTally` that count by name.
COUNTERS: Final = (
    "rejected",
    "statuses",
    "labels",
    "languages",
    "masked",
    "removed",
    "removed_chars",
    "rules",
)
SAMPLES_PER_KIND: Final = 10
SAMPLE_CHARS: Final = 240
SLOWEST: Final = 10
SAMPLE_DIGITS: Final = 16  # of a document's id, 64 bits
# The golden ratio of 2^64: neighbours land far apart (Knuth 6.4).
HASH_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """A removed piece for the report, one of those of its kind with the smallest hashes."""

    drawn: str  # of its document and place, 16 hex digits
    id: str
    rule: str
    text: str
    raw_path: str


@dataclass(frozen=True, slots=True, order=True)
class Timing:
    """The processor time that a document took."""

    seconds: float
    raw_path: str


@dataclass(slots=True)
class RunTally:
    """Counts over the documents of a run."""

    documents: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # reason -> documents
    statuses: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    chars_in: int = 0
    chars_out: int = 0
    seconds: float = 0.0  # of processor time, in which the documents were cleaned, by whatever run
    masked: Counter[str] = field(default_factory=Counter)  # kind of contact -> contacts
    removed: Counter[str] = field(default_factory=Counter)  # kind -> pieces
    removed_chars: Counter[str] = field(default_factory=Counter)  # kind -> characters
    rules: Counter[str] = field(default_factory=Counter)  # "kind rule" -> pieces
    samples: dict[str, list[Sample]] = field(default_factory=dict)  # kind -> `SAMPLES_PER_KIND` at most
    slowest: list[Timing] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)  # ids of people's decisions that found their place

    def count(self, batch: pa.RecordBatch, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add finished rows, given as a batch and as values."""
        for row in rows:
            self._count_row(row)
        self._count_removals(batch)

    def _count_row(self, row: Mapping[str, Any]) -> None:
        if row["status"] == "dropped":
            self.rejected[row["reason"]] += 1
        else:
            self.documents += 1
        self.statuses[row["status"]] += 1
        self.labels[row["reliability_label"]] += 1
        self.languages[row["language"]] += 1
        self.masked.update({kind: count for kind, count in row["masked"].items() if count is not None})
        self.chars_in += row["n_chars_in"]
        self.chars_out += row["n_chars_out"]
        self.seconds += row["seconds"]
        timing = Timing(row["seconds"], row["metadata"]["raw_path"])
        self.slowest = sorted([*self.slowest, timing])[-SLOWEST:]
        self.placed.update(row["placed"])

    def _count_removals(self, batch: pa.RecordBatch) -> None:
        removed = batch.column("metadata").field("removed")
        spans = pa.Table.from_struct_array(removed.flatten())
        for kind, rule, pieces, chars in _count_by_rule(spans):
            self.removed[kind] += pieces
            self.removed_chars[kind] += chars
            self.rules[f"{kind} {rule}"] += pieces
        is_shown = pc.not_equal(pc.utf8_trim_whitespace(spans["text"]), "")
        rows = pc.list_parent_indices(removed).to_numpy()[is_shown.to_numpy()]
        for kind, sample in _sample_spans(batch, spans.filter(is_shown), rows):
            self.samples[kind] = sorted({*self.samples.get(kind, ()), sample})[:SAMPLES_PER_KIND]

    def to_json(self) -> dict[str, Any]:
        """The counts as values for JSON; `from_json` gives them back, in their order."""
        plain = ("documents", "chars_in", "chars_out", "seconds", *COUNTERS)
        return {name: getattr(self, name) for name in plain} | {
            "samples": {kind: [asdict(each) for each in some] for kind, some in self.samples.items()},
            "slowest": [asdict(each) for each in self.slowest],
            "placed": sorted(self.placed),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Counts from values of JSON. Raises KeyError, TypeError, ValueError or AttributeError for what are none."""
        counters: dict[str, Any] = {
            name: Counter({key: int(count) for key, count in values[name].items()}) for name in COUNTERS
        }
        return cls(
            documents=int(values["documents"]),
            chars_in=int(values["chars_in"]),
            chars_out=int(values["chars_out"]),
            seconds=float(values["seconds"]),
            **counters,
            samples={kind: [Sample(**each) for each in some] for kind, some in values["samples"].items()},
            slowest=[Timing(**each) for each in values["slowest"]],
            placed={str(each) for each in values["placed"]},
        )

    @classmethod
    def total(cls, tallies: Iterable["RunTally"]) -> "RunTally":
        """The counts of all shards together."""
        total = cls()
        for tally in tallies:
            total._add(tally)
        return total

    def _add(self, other: "RunTally") -> None:
        self.documents += other.documents
        self.chars_in += other.chars_in
        self.chars_out += other.chars_out
        self.seconds += other.seconds
        for name in COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for kind, samples in other.samples.items():
            self.samples[kind] = sorted({*self.samples.get(kind, ()), *samples})[:SAMPLES_PER_KIND]
        self.slowest = sorted([*self.slowest, *other.slowest])[-SLOWEST:]
        self.placed |= other.placed


def _count_by_rule(spans: pa.Table) -> Iterator[tuple[str, str, int, int]]:
    """Kinds and rules of removed spans, with their pieces and characters, in the order of the spans."""
    chars = pc.subtract(spans["end"], spans["start"])
    grouped = spans.append_column("chars", chars).group_by(["kind", "rule"], use_threads=False)
    groups = grouped.aggregate([([], "count_all"), ("chars", "sum")])
    names = ("kind", "rule", "count_all", "chars_sum")
    return zip(*(groups[name].to_pylist() for name in names), strict=True)


def _sample_spans(
    batch: pa.RecordBatch, spans: pa.Table, rows: npt.NDArray[np.int64]
) -> Iterator[tuple[str, Sample]]:
    """For each kind the spans of a batch with the smallest hashes; ``rows`` are the rows of their documents."""
    hashes = _span_hashes(batch, spans, rows)
    kinds = spans["kind"].combine_chunks().dictionary_encode()
    for code, kind in enumerate(kinds.dictionary.to_pylist()):
        places = np.flatnonzero(kinds.indices.to_numpy() == code)
        for place in places[np.argsort(hashes[places])[:SAMPLES_PER_KIND]].tolist():
            span, row = spans.slice(place, 1).to_pylist()[0], batch.slice(rows[place], 1)
            path = row.column("metadata").field("raw_path")[0].as_py()
            text = span["text"].strip()[:SAMPLE_CHARS]
            document_id = row.column("id")[0].as_py()
            yield kind, Sample(f"{hashes[place]:016x}", document_id, span["rule"], text, path)


def _span_hashes(
    batch: pa.RecordBatch, spans: pa.Table, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """A hash of each span: of the id of its document, which is a hash itself, and of its start."""
    id_hashes = [int(text[:SAMPLE_DIGITS], 16) for text in batch.column("id").to_pylist()]
    starts: npt.NDArray[np.uint64] = spans["start"].to_numpy().astype(np.uint64)
    return (np.array(id_hashes, np.uint64)[rows] ^ starts * HASH_MULTIPLIER) * HASH_MULTIPLIER
