"""What a run did, in numbers that add up over shards in any order."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

SAMPLES_PER_KIND: Final = 10
SAMPLE_CHARS: Final = 240
SLOWEST: Final = 10


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """A removed piece, shown in the report. Of all pieces of a kind, those are whose hashes are the smallest."""

    drawn: str  # hash of its document and place
    id: str
    rule: str
    text: str
    raw_path: str


@dataclass(frozen=True, slots=True, order=True)
class Timing:
    """How long a document took."""

    seconds: float
    raw_path: str


@dataclass(slots=True)
class Tally:
    """Counts over the documents of a run."""

    documents: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # reason -> documents
    statuses: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    chars_in: int = 0
    chars_out: int = 0
    masked: Counter[str] = field(default_factory=Counter)  # kind of contact -> contacts
    removed: Counter[str] = field(default_factory=Counter)  # kind -> pieces
    removed_chars: Counter[str] = field(default_factory=Counter)  # kind -> characters
    rules: Counter[str] = field(default_factory=Counter)  # "kind rule" -> pieces
    samples: dict[str, list[Sample]] = field(default_factory=dict)  # kind -> `SAMPLES_PER_KIND` at most
    slowest: list[Timing] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)  # ids of people's decisions that found their place

    def count(self, row: Mapping[str, Any], seconds: float) -> None:
        """Add a finished row."""
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
        self.slowest = sorted([*self.slowest, Timing(seconds, row["metadata"]["raw_path"])])[-SLOWEST:]
        self.placed.update(row["placed"])
        for span in row["metadata"]["removed"]:
            self._count_removal(row, span)

    def _count_removal(self, row: Mapping[str, Any], span: Mapping[str, Any]) -> None:
        kind = cast(str, span["kind"])
        self.removed[kind] += 1
        self.removed_chars[kind] += span["end"] - span["start"]
        self.rules[f"{kind} {span['rule']}"] += 1
        known = self.samples.setdefault(kind, [])
        drawn = hashlib.blake2b(f"{row['id']} {span['start']}".encode(), digest_size=8).hexdigest()
        if len(known) == SAMPLES_PER_KIND and drawn > known[-1].drawn:  # as for nearly every piece
            return
        if text := span["text"].strip()[:SAMPLE_CHARS]:
            sample = Sample(drawn, row["id"], span["rule"], text, row["metadata"]["raw_path"])
            self.samples[kind] = sorted({*known, sample})[:SAMPLES_PER_KIND]

    @classmethod
    def total(cls, tallies: Iterable["Tally"]) -> "Tally":
        """The counts of all shards together."""
        total = cls()
        for tally in tallies:
            total._add(tally)
        return total

    def _add(self, other: "Tally") -> None:
        self.documents += other.documents
        self.chars_in += other.chars_in
        self.chars_out += other.chars_out
        for name in (
            "rejected",
            "statuses",
            "labels",
            "languages",
            "masked",
            "removed",
            "removed_chars",
            "rules",
        ):
            getattr(self, name).update(getattr(other, name))
        for kind, samples in other.samples.items():
            self.samples[kind] = sorted({*self.samples.get(kind, ()), *samples})[:SAMPLES_PER_KIND]
        self.slowest = sorted([*self.slowest, *other.slowest])[-SLOWEST:]
        self.placed |= other.placed
