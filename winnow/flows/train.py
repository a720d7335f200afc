"""The Prefect flow ``train-reliability``: training of the model of sources, with each stage as a Prefect task."""

from pathlib import Path
from typing import Final

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from winnow.flows.server import temporary_server
from winnow.flows.tasks import PrefectStages
from winnow.training.reliability.left_out import LeftOut, left_out_figures
from winnow.training.reliability.train_reliability import Examples, Reviewed, train

KEY: Final = "train-reliability"


@flow(name=KEY, persist_result=False, validate_parameters=False)
def train_reliability(
    examples: Examples, artifact: Path, reviewed: Reviewed | None = None, *, force: bool = False
) -> Path:
    """Train as `train` does, with the same bytes and the same errors.

    The run has the report as a Markdown artifact, and the figures on left-out collections as a table.
    """
    path = train(
        examples, artifact, force=force, reviewed=reviewed, stages=PrefectStages(), show=_show_evaluation
    )
    get_run_logger().info("wrote %s", path)
    return path


def _show_evaluation(report: str, left_out: LeftOut) -> None:
    """Put the evaluation on Prefect's page."""
    create_markdown_artifact(key=f"{KEY}-report", markdown=report)
    figures = left_out_figures(left_out).items()
    table = [{"figure": name, "value": round(value, 4)} for name, value in figures]
    create_table_artifact(key=KEY, table=table, description="Collections that the fits had not seen")


def run_training(examples: Examples, artifact: Path, reviewed: Reviewed | None, *, force: bool) -> Path:
    """Run the flow; on a server of our own where none is set."""
    with temporary_server():
        return train_reliability(examples, artifact, reviewed, force=force)
