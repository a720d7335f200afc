"""The command ``winnow train``: trains models, and calibrates the scores of sources."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from winnow.cli.options import AsOf
from winnow.cli.prefect_environment import prepare_prefect
from winnow.corpus.decisions.log import NAME
from winnow.corpus.errors import UsageError
from winnow.corpus.extras import require_extra

# Model: the module that trains it.
TRAINERS: Final = {
    "blocks": "winnow.training.blocks.train_blocks",
    "identity": "winnow.training.identity.train_identity",
    "name-prior": "winnow.training.reliability.train_names",
    "reliability": "winnow.training.reliability.train_reliability",
}

TrainedModel = Annotated[
    str,
    typer.Argument(
        help="blocks, from pages; reliability or identity, from articles; name-prior, from rated domains."
    ),
]
Examples = Annotated[
    Path | None,
    typer.Argument(help="Parquet file of pages or articles; docs/training.md says its columns."),
]
Artifact = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File for the artifact; the packaged one if not given."),
]
OtherExamples = Annotated[
    list[Path] | None,
    typer.Option(
        "--other",
        help="More examples; may be given several times. With reliability: Parquet file of more rated articles. With"
        " blocks: of articles whose texts follow another convention, such as old pages and other languages. With"
        " name-prior: text with a domain a line, whose names nobody else may use.",
    ),
]
RatedDomains = Annotated[
    Path | None,
    typer.Option(
        "--domains",
        help="With reliability: Parquet file of rated domains, from which it learns what a name is worth beside"
        " documents; the file that name-prior is trained from.",
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        help="Your own labelled sources: a CSV (domain, and rating or label), an export of the review page or"
        " decisions.db. With reliability and a cleaned folder, writes a calibration for --calibration."
    ),
]
ReviewedCorpus = Annotated[
    Path | None,
    typer.Option(
        "--reviewed",
        metavar="CLEAN",
        help="Cleaned folder: the sources that people decided on are examples for reliability, too.",
    ),
]
ReviewedDecisions = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        help="Export of the review page, or its log; decisions.db beside the cleaned folder if not given.",
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace a reliability model that is better than the new one.")
]


def train_command(
    what: TrainedModel,
    examples: Examples = None,
    output: Artifact = None,
    calibrate: Labels = None,
    reviewed: ReviewedCorpus = None,
    decisions: ReviewedDecisions = None,
    as_of: AsOf = "",
    other: OtherExamples = None,
    domains: RatedDomains = None,
    force: Force = False,
    flow: Annotated[bool, typer.Option("--flow", help="Train reliability as a Prefect flow.")] = False,
) -> None:
    """Train a model again; deterministic, and written whole or not at all.

    **Examples**

    `winnow train reliability articles.parquet -o reliability.npz`

    `winnow train reliability articles.parquet --other more.parquet --domains domains.parquet -o reliability.npz`

    `winnow train blocks pages.parquet -o blocks.npz`

    `winnow train reliability articles.parquet --reviewed clean -o reliability.npz` learns from people's decisions too

    `winnow train reliability clean --calibrate labels.csv -o calibration.json`
    """
    instant = decision_instant(as_of)
    if calibrate:
        calibrate_scores(what, examples, calibrate, output, instant)
    elif what == "reliability":
        people = reviewed_sources(reviewed, decisions, instant)
        train_reliability(
            rated_examples(examples, other or (), domains), output, people, force=force, flow=flow
        )
    else:
        if domains:
            raise UsageError(
                f"--domains is for reliability; {what} takes no rated domains beside its examples"
            )
        train(what, examples, output, other or ())


def calibrate_scores(
    what: str, folder: Path | None, labels: Path, output: Path | None, instant: datetime
) -> None:
    """Write a calibration of the scores in a cleaned folder to people's labels, by decisions in force at an instant.

    Raises UsageError for another model than reliability, and for labels or a folder that cannot be used.
    """
    if what != "reliability" or folder is None or output is None:
        raise UsageError(
            "give `winnow train reliability FOLDER --calibrate LABELS -o CALIBRATION.json`,"
            " FOLDER as winnow clean wrote it"
        )
    read_labels = _module("winnow.training.reliability.source_labels").read_labels
    recalibrate = _module("winnow.training.reliability.recalibrate")
    calibration = recalibrate.calibrate(folder / "sources.parquet", read_labels(labels, instant), output)
    print(
        f"wrote {output}: {calibration.sources} labelled sources, log-odds moved by {calibration.shift:+.2f}"
    )


def reviewed_sources(clean: Path | None, decisions: Path | None, instant: datetime) -> Any:
    """People's labels for the sources of a cleaned folder; None where no folder is given.

    Raises UsageError where decisions are given without the folder, or none of them is a label.
    """
    if clean is None:
        if decisions:
            raise UsageError(
                "--decisions needs --reviewed CLEAN, the folder that has the sources' documents"
            )
        return None
    path = decisions or clean.absolute().parent / NAME
    labels = _module("winnow.training.reliability.source_labels").read_labels(path, instant)
    if not labels:
        raise UsageError(f"{path}: no decision on how reliable a source is counts today")
    return _module(TRAINERS["reliability"]).Reviewed(clean, labels)


def rated_examples(articles: Path | None, others: Sequence[Path], domains: Path | None) -> Any:
    """The files that the model of sources is trained from. Raises UsageError for one that is missing."""
    first, *more = [_examples_file(file, "reliability") for file in (articles, *others)]
    names = _examples_file(domains, "reliability") if domains else None
    return _module(TRAINERS["reliability"]).Examples(first, tuple(more), names)


def train_reliability(
    examples: Any, output: Path | None, reviewed: Any, *, force: bool, flow: bool
) -> None:
    """Train the model of sources, in this process or as a Prefect flow, and write its artifact and report."""
    trainer = _module(TRAINERS["reliability"])
    artifact = output or trainer.ARTIFACT
    if flow:
        prepare_prefect("winnow train --flow")
        from winnow.flows.train import run_training

        run_training(examples, artifact, reviewed, force=force)
    else:
        trainer.train(examples, artifact, force=force, reviewed=reviewed)
    print(f"wrote {artifact}; read {artifact.with_suffix('.md')}")


def train(what: str, examples: Path | None, output: Path | None, others: Sequence[Path] = ()) -> None:
    """Train another model and write its artifact; ``others`` are pages for the block model, or domains for names.

    Raises UsageError for an unknown model, a missing file, others for another model, and where the packages for it
    are missing.
    """
    if what not in TRAINERS:
        raise UsageError(f"no model is called {what!r}; there are: {', '.join(TRAINERS)}")
    if others and what not in ("blocks", "name-prior"):
        raise UsageError(
            f"--other is for blocks, name-prior and reliability, and {what} is trained from one file; leave it out"
        )
    path, *other_files = [_examples_file(file, what) for file in (examples, *others)]
    trainer = _module(TRAINERS[what])
    options = {"others": other_files} if other_files else {}
    print(f"wrote {trainer.train(path, output or trainer.ARTIFACT, **options)}")


def decision_instant(day: str) -> datetime:
    """The instant at which decisions must be in force: the start of a day, or now. Raises UsageError for no day."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else datetime.now(UTC)
    except ValueError as error:
        raise UsageError(f"--as-of {day}: give a day like 2026-01-31") from error


def _examples_file(examples: Path | None, what: str) -> Path:
    if examples is None or not examples.is_file():
        raise UsageError(
            f"{examples or 'no file named'}: {what} is trained from a Parquet file; see docs/training.md"
        )
    return examples


def _module(name: str) -> Any:
    """A module of training. Raises UsageError where the packages of the extra ``train`` are missing."""
    require_extra("train", "winnow train")
    return import_module(name)
