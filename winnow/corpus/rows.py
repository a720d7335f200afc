"""The rows of a clean corpus as values, for whoever reads one. Their fields are the columns of the schemas."""

from dataclasses import dataclass

from winnow.corpus.record import RecordMetadata
from winnow.corpus.text_quality import TextQuality


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One row of ``documents`` or ``rejected``; an empty string or tuple is "unknown"."""

    id: str
    text: str
    source: str
    added: str
    created: str
    url: str
    domain: str
    language: str
    language_score: float
    n_chars_in: int
    n_chars_out: int
    tags: tuple[str, ...]
    reliability_score: float | None  # 0 to 1; None is "not scored"
    reliability_low: float | None
    reliability_high: float | None
    reliability_probability: float | None
    reliability_label: str
    reliability_basis: str
    status: str
    run_id: str
    pipeline_version: str
    metadata: RecordMetadata
    reliability_verdict: str  # the label, with *leans* where a model alone is not sure of it
    quality: TextQuality | None = None  # None in tables of schema 1.3 and before
    reason: str = ""  # for which it was rejected


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """An input that could not be read or cleaned; ``reason`` is a key of `winnow.corpus.errors.QUARANTINE_REASONS`."""

    path: str
    sha256: str
    reason: str
    detail: str
    run_id: str
    count: int = 1  # inputs that the row stands for; more than one only where records of a file are folded


@dataclass(frozen=True, slots=True)
class SourceSignal:
    """What counted for or against a source; ``contribution`` is to the raw score, ``points`` to the rating."""

    name: str
    value: float
    contribution: float
    evidence: str
    document_id: str
    meaning: str
    document: str
    group: str  # headline, wording, sourcing, form or name; "" of what moves no score
    points: float
    rate: float | None  # of a feature over the documents, in ``unit``
    usual_rate: float | None  # of the sources that the model learned from, on average
    unit: str


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """A step from the average source to this one: what a group of features adds, and the rating up to there."""

    group: str
    change: float
    level: float


@dataclass(frozen=True, slots=True)
class ListedRating:
    """What one rating list says of a source."""

    list: str
    rating: str
    date: str
    score: float | None
    label: str


@dataclass(frozen=True, slots=True)
class HostCount:
    """A host of a source, and how many documents are from it."""

    host: str
    documents: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of ``sources``: how reliable a source is, and who says so."""

    domain: str
    documents: int
    originals: int
    reliability_score: float | None  # 0 to 1; None is "not scored"
    reliability_low: float | None
    reliability_high: float | None
    reliability_probability: float | None
    reliability_label: str
    reliability_basis: str
    flags: tuple[str, ...]
    signals: tuple[SourceSignal, ...]
    ratings: tuple[ListedRating, ...]
    reviewed_by: str
    reviewed_at: str
    note: str
    model_score: float | None
    model_low: float | None
    model_high: float | None
    model_probability: float | None
    model_reason: str
    hosts: tuple[HostCount, ...]
    reliability_verdict: str  # the label, with *leans* where a model alone is not sure of it
    model_verdict: str  # the same, of what the model alone says
    model_summary: str  # one sentence on what moves the model most
    model_steps: tuple[ScoreStep, ...]
