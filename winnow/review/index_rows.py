"""Rows of the index from rows of a clean corpus: what the queue sorts and shows of a source, and of a document."""

from collections.abc import Mapping
from typing import Any, Final

SCORE_BINS: Final = 20  # of the scores
CHANCE_BINS: Final = 5  # of the probabilities: decisions of people, with which they are compared, are few
UNSCORED_LAST: Final = 2.0  # above all scores
SHOWN_SIGNALS: Final = 3  # in a row of the queue
MAX_TITLE_CHARS: Final = 200
MAX_DETAIL_CHARS: Final = 300


def source_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a source, by name, whose numbers are the model's where a person decided without any."""
    is_models = row["reliability_score"] is None
    score, low, high = (
        row[f"{'model' if is_models else 'reliability'}_{name}"] for name in ("score", "low", "high")
    )
    return {
        "source": row["domain"],
        **{name: row[name] for name in ("documents", "originals")},
        "score": score,
        "low": low,
        "high": high,
        "by_model": int(is_models or row["reliability_basis"] == "model"),
        "probability": row["model_probability"],
        **{name: row[f"reliability_{name}"] for name in ("label", "basis")},
        "verdict": row.get("reliability_verdict") or row["reliability_label"],  # none in schema 1.2
        **{name: row[name] for name in ("model_score", "model_low", "model_high")},
        "model_verdict": row.get("model_verdict") or "unknown",  # none in schema 1.2
        "reason": row["model_reason"],
        "flags": ", ".join(flag.replace("_", " ") for flag in row["flags"]),
        "rank": -_doubt(row),
        "by_size": -row["documents"],
        "by_score": UNSCORED_LAST if score is None else score,
        "bin": bin_of(score, SCORE_BINS),
        "chance": bin_of(row["model_probability"], CHANCE_BINS),
        "signals": _strongest(row),
    }


def document_columns(row: Mapping[str, Any], file: int, group: int, at: int) -> tuple[object, ...]:
    """The columns of a document, in the order of its table."""
    source = row["domain"] or row["source"]
    rank = row["n_chars_out"] / (row["n_chars_in"] or 1)  # those that lost most first
    lengths = (row["n_chars_in"], row["n_chars_out"])
    return (
        row["id"],
        source,
        rank,
        _title(row["metadata"]),
        row["language"],
        row["status"],
        *lengths,
        file,
        group,
        at,
    )


def held_columns(row: Mapping[str, Any]) -> tuple[object, ...] | None:
    """The columns of a document under review or rejected, in the order of their table; None for one that is kept."""
    if row["status"] == "kept":
        return None
    reason = row.get("reason") or f"{row['reliability_label']} by {row['reliability_basis']}"
    detail = row["metadata"]["dup_of"] and f"copy of {row['metadata']['dup_of']}"
    title, source = _title(row["metadata"]), row["domain"] or row["source"]
    return (row["status"], reason, source, row["id"], title, detail, row["language"], row["n_chars_in"])


def quarantined_columns(row: Mapping[str, Any], number: int) -> tuple[object, ...]:
    """The same of a quarantined input; its number stands for an id that it has not."""
    detail = row["detail"][:MAX_DETAIL_CHARS]
    return ("quarantined", row["reason"], row["path"], f"{number:012}", row["path"], detail, "", 0)


def bin_of(share: float | None, bins: int) -> int | None:
    """The bin of a number from 0 to 1; None for none.

    >>> bin_of(0.0, 20), bin_of(0.07, 20), bin_of(1.0, 20)
    (0, 1, 19)
    """
    return None if share is None else min(int(share * bins), bins - 1)


def _title(metadata: Mapping[str, Any]) -> str:
    """A document's title, else its address, else its path."""
    title: str = metadata["title"] or metadata["url"] or metadata["raw_path"]
    return title[:MAX_TITLE_CHARS]


def _doubt(source: Mapping[str, Any]) -> float:
    """Doubt about the label, 0 to 1, and among equals the number of documents; 0 where a person decided.

    Not the width of the interval: that is mostly the model's own error, alike for all.
    """
    if source["reliability_basis"] == "human":
        return 0.0
    doubt, probability = 1.0, source["reliability_probability"]
    if source["reliability_basis"] == "list":  # which give no probability
        doubt = 1.0 if source["reliability_label"] == "mixed" else 0.5
    elif probability is not None:
        doubt = 1 - abs(2 * probability - 1)
    return float(round(doubt, 2) + source["documents"] / (1 + source["documents"]) / 100)


def _strongest(source: Mapping[str, Any]) -> str:
    """What moves the score most, in words, for a row of the queue."""
    if source.get("model_summary"):
        return str(source["model_summary"].partition(": ")[2])
    signals = sorted(
        (s for s in source["signals"] if s["contribution"]), key=lambda s: -abs(s["contribution"])
    )
    return "; ".join(
        f"{'+' if s['contribution'] > 0 else '−'} {s['meaning']}" for s in signals[:SHOWN_SIGNALS]
    )
