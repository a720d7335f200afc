"""How far apart rating lists are: where the figures of `winnow/models/reliability/ratings.py` and its table come from.

PC1 is the first component of six lists (Lin et al. 2023), and what the model is trained on.
"""

from typing import Final

import pandas as pd

from bench.results import SHARED, require, write_results
from winnow.models.reliability.ratings import RELIABLE_FROM, UNRELIABLE_BELOW

LABELS: Final = SHARED / "data" / "reliability" / "domain_labels.parquet"
LISTS: Final = ("mbfc", "afm", "lewandowsky_mean", "fc")  # on a scale of 0 to 1
LEVELS: Final = {"levels": "mbfc2026_reporting", "credibility": "mbfc2026_credibility"}
IFFY: Final = "iffy_score"
TYPES: Final = "opensources_types"  # joined with "|", the first one first
COVERED: Final = 0.8


def main() -> None:
    """Compare each list with PC1, and the words of other lists by the median of PC1 over the domains that have each."""
    require(LABELS)
    rated = pd.read_parquet(LABELS).dropna(subset=["pc1"])
    figures = {
        "lists": {name: _distance(rated.pc1, rated[name]) for name in LISTS},
        **{name: _levels(rated, rated[column]) for name, column in LEVELS.items()},
        "iffy": _levels(rated, rated[IFFY]),
        "types": _types(rated),
    }
    write_results("ratings", [LABELS], figures)


def _types(rated: pd.DataFrame) -> dict[str, object]:
    """The first type of OpenSources beside two other ways to put several types into one rating."""
    types = rated[TYPES].dropna().str.lower().str.split("|")
    types = types.map(lambda names: [name.strip() for name in names if name.strip()])
    first = types.str[0]
    medians = rated.groupby(first).pc1.median()
    ways = {
        "first": first.map(medians),
        "lowest": types.map(lambda names: medians.reindex(names).min()),
        "mean": types.map(lambda names: medians.reindex(names).mean()),
    }
    errors = {name: round(float((rated.pc1 - way).abs().mean()), 3) for name, way in ways.items()}
    counts = {str(name): int(count) for name, count in first.value_counts().items()}
    return {**_levels(rated, first), "domains_of_type": counts, "mean_error": errors}


def _levels(rated: pd.DataFrame, levels: pd.Series) -> dict[str, object]:
    """The median of PC1 at each level, and how far PC1 is from it."""
    medians = rated.groupby(levels).pc1.median()
    by_level = {str(level): round(float(value), 2) for level, value in medians.sort_values().items()}
    return {"median": by_level, **_distance(rated.pc1, levels.map(medians))}


def _distance(pc1: pd.Series, other: pd.Series) -> dict[str, object]:
    """Domains that both rate, the distance that `COVERED` of them stay below, and shares of opposite verdicts."""
    both = pd.DataFrame({"pc1": pc1, "other": other}).dropna()
    high, low = both >= RELIABLE_FROM, both < UNRELIABLE_BELOW
    opposite = (high.pc1 & low.other) | (low.pc1 & high.other)
    return {
        "domains": len(both),
        f"distance_{COVERED}": round(float((both.pc1 - both.other).abs().quantile(COVERED)), 3),
        "opposite_share": round(float(opposite.mean()), 3),
    }


if __name__ == "__main__":
    main()
