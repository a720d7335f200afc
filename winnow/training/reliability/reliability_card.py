"""The model card, written from the figures of an evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from importlib.resources import files
from typing import Any, Final

from winnow.models.reliability.meanings import feature_meanings
from winnow.models.reliability.source_model import ReliabilityModel
from winnow.models.reliability.style_lexicon import load_style_lexicon
from winnow.models.reliability.sums import measured_names
from winnow.training.reliability.evaluation_tables import Row
from winnow.training.reliability.robustness import AttackEffect

MEASURES: Final = {  # figure: what it says, and the goal
    "cv_auc_pooled": ("ROC AUC over all sources, folds by registered domain", "≥ .885"),
    "cv_auc_within_dataset": ("the same within each collection, mean", "≥ .83"),
    "left_out_auc_mean": ("ROC AUC in a collection that training has not seen, mean", "≥ .83"),
    "left_out_auc_pooled": ("ROC AUC there over all collections together", ""),
    "plain_left_out_auc_mean": ("ROC AUC there without names, mean", ""),
    "plain_left_out_auc_pooled": ("ROC AUC there without names, all together", ""),
    "left_out_auc_many_documents": ("ROC AUC there, sources of ten documents and more", "≥ .85"),
    "left_out_brier": ("Brier score there", "≤ .145"),
    "plain_left_out_brier": ("Brier score there without names", ""),
    "left_out_base_rate_brier": ("Brier score there of saying their share of reliable sources of all", ""),
    "left_out_calibration_error": ("expected calibration error there, 10 bins", "≤ .05"),
    "left_out_interval_coverage": ("share of ratings inside the 80 % interval there", ".77 – .83"),
    "plain_left_out_interval_coverage": ("the same without names", ".77 – .83"),
    "left_out_interval_width": ("mean width of the interval there", ""),
    "left_out_accuracy": ("accuracy there", ""),
    "left_out_share_reliable": ("accuracy there of calling every source reliable", ""),
    "left_out_accuracy_of_surest_70": ("accuracy there of the surest 70 % of the sources", "≥ .83"),
    "labelled_brier_before": ("Brier score in a left-out collection of 50 sources and more", ""),
    "labelled_brier_after": ("the same with 30 of its sources labelled, of the others", "≤ .14"),
    "untitled_left_out_auc_mean": ("ROC AUC in a left-out collection, all titles taken away, mean", ""),
    "untitled_left_out_brier": ("Brier score there without titles", ""),
    "untitled_left_out_interval_coverage": ("interval coverage there without titles", ""),
    "cv_brier": ("Brier score, folds by domain (flattering: collections give classes away)", ""),
    "cv_calibration_error": ("expected calibration error, folds by domain", ""),
    "cv_interval_coverage": ("interval coverage, folds by domain", ""),
}
BANDS: Final = {1: "1", 2: "2", 3: "3 – 4", 5: "5 – 9", 10: "10 and more"}  # documents: as they are written
BAND_FIGURES: Final = {
    "left_out_coverage": "coverage",
    "untitled_left_out_coverage": "coverage without titles",
    "plain_left_out_coverage": "coverage without names",
    "drawn_left_out_coverage": "coverage, larger sources cut down to so many",
    "left_out_brier": "Brier",
    "left_out_brier_gain": "less than saying 2/3 of all",
}
ROW_HEAD: Final = (
    *("", "sources", "reliable", "probability said", "Brier", "accuracy", "coverage"),
    "Brier of saying 2/3",
)


def model_card(
    figures: Mapping[str, Any],
    tables: Mapping[str, Sequence[Row]],
    attacks: Mapping[str, AttackEffect],
    model: ReliabilityModel,
) -> str:
    """The card's Markdown, from what ``bench/reliability.py`` measures and ``card.md``."""
    text = (files("winnow.training.reliability") / "card.md").read_text(encoding="utf8")
    return text.format(
        **_numbers(figures),
        **_sizes(model),
        **_figure_tables(figures),
        rating=markdown_table(ROW_HEAD, map(astuple, tables["by_rating"])),
        count=markdown_table(ROW_HEAD, map(astuple, tables["by_documents"])),
        attacks=_attack_table(attacks),
        meanings=markdown_table(("feature", "what it is", "more of it", "weight"), _meanings(model)),
    )


def _numbers(figures: Mapping[str, Any]) -> dict[str, object]:
    """The figures that stand in the card's sentences."""
    return {
        "documents": f"{figures['documents']:,}",
        "sources": figures["sources"],
        "names": ", ".join(figures["collections"]),
        "reliable": f"{figures['left_out_share_reliable']['mean']:.2f}",
        "cleaning": f"{figures['cleaning_shift']['mean']:.3f} over {figures['cleaning_shift']['pages']} pages",
        "milliseconds": figures["milliseconds_a_document"],
    }


def _sizes(model: ReliabilityModel) -> dict[str, object]:
    """Numbers of features, of categories in the lexicon, of words and of runs."""
    return {
        "features": len(model.quantiles),
        "lexicon": len(load_style_lexicon().names),
        "words": f"{len(model.wording.words):,}",
        "runs": f"{len(model.wording.runs):,}",
    }


def _figure_tables(figures: Mapping[str, Any]) -> dict[str, str]:
    """The tables whose rows stand among the figures."""
    measures = ((meaning, _spread(figures[name]), goal) for name, (meaning, goal) in MEASURES.items())
    priors = ("reliable, assumed", "Brier", "calibration error", "coverage")
    languages = ("language", "sources", "low", "AUC", "articles", "AUC")
    bands = (
        (
            BANDS[low],
            *(_spread(figures[f"{how}_{low}"]) for how in BAND_FIGURES if f"{how}_{low}" in figures),
        )
        for low in BANDS
    )
    return {
        "measures": markdown_table(("measure", "value", "goal"), measures),
        "bands": markdown_table(("documents", *BAND_FIGURES.values()), bands),
        "collection": markdown_table((*ROW_HEAD, "AUC"), figures["by_collection"]),
        "prior": markdown_table(priors, figures["by_prior"]),
        "failures": markdown_table(
            ("source", "rating", "probability said", "documents"), figures["failures"]
        ),
        "languages": markdown_table(languages, figures["languages"]),
    }


def _spread(figure: Mapping[str, float]) -> str:
    return f"{figure['mean']:.3f} ± {figure['sd']:.3f}"


def _attack_table(attacks: Mapping[str, AttackEffect]) -> str:
    """How far each attack moves scores, "" being none."""
    return markdown_table(
        ("attack", "AUC", "lifted over .5", "mean shift, low sources", "mean shift, others"),
        (
            (name or "none", m.auc, f"{m.lifted} of {m.caught}", m.mean_shift_low, m.mean_shift_high)
            for name, m in attacks.items()
        ),
    )


def _meanings(model: ReliabilityModel) -> Iterable[tuple[str, str, str, str]]:
    meanings = feature_meanings()
    for name, weight in zip(measured_names(), model.weights, strict=True):
        yield name, meanings[name].text, meanings[name].direction, f"{weight:+.4f}"


def markdown_table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; an empty cell for None."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    cells = (" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\n".join(lines + [f"| {row} |" for row in cells])
