"""The Prefect flow ``train-reliability``: read, judge on collections left out, fit, and replace or refuse."""

from collections.abc import Mapping
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from winnow.training.reliability.left_out import evaluate_left_out, left_out_figures
from winnow.training.reliability.train_reliability import Reviewed, fitted, read_examples, replace_model
from winnow.training.reliability.training_report import training_report

KEY = "train-reliability"

read_articles = task(name="read-and-featurise", cache_policy=NO_CACHE, persist_result=False)(read_examples)
evaluate = task(name="judge-left-out-collections", cache_policy=NO_CACHE, persist_result=False)(
    evaluate_left_out
)
write_report = task(name="report", cache_policy=NO_CACHE, persist_result=False)(training_report)
fit = task(name="fit", cache_policy=NO_CACHE, persist_result=False)(fitted)
replace_artifact = task(name="replace-or-refuse", cache_policy=NO_CACHE, persist_result=False)(
    replace_model
)


@flow(name=KEY, persist_result=False, validate_parameters=False)
def train_reliability(
    articles: Path, artifact: Path, reviewed: Reviewed | None = None, *, force: bool = False
) -> Path:
    """Train the model of sources as `train_reliability.train` does: the same bytes, the same refusals.

    The report is a Markdown artifact of the run, the figures on left-out collections are a table.
    """
    examples = read_articles(articles, reviewed)
    left_out = evaluate(examples)
    report = write_report(examples, left_out)
    _show(report, left_out_figures(left_out))
    written = replace_artifact(fit(examples, left_out), report, artifact, force=force)
    get_run_logger().info("wrote %s", written)
    return written


def _show(report: str, figures: Mapping[str, float]) -> None:
    """The evaluation on Prefect's page, whatever comes of it."""
    create_markdown_artifact(key=f"{KEY}-report", markdown=report)
    table = [{"figure": name, "value": round(value, 4)} for name, value in figures.items()]
    create_table_artifact(key=KEY, table=table, description="Collections that the fits had not seen")


def run_training(articles: Path, artifact: Path, reviewed: Reviewed | None, *, force: bool) -> Path:
    """Run the flow; Prefect starts its own server where none is set."""
    return train_reliability(articles, artifact, reviewed, force=force)
