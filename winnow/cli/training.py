"""Training from the command line."""

import os
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from winnow.corpus.decisions.log import NAME
from winnow.corpus.errors import UsageError

TRAINED: Final = {  # model: the module that trains it
    "blocks": "winnow.training.blocks.train_blocks",
    "identity": "winnow.training.identity.train_identity",
    "name-prior": "winnow.training.reliability.train_names",
    "reliability": "winnow.training.reliability.train_reliability",
}


def calibrate(what: str, folder: Path | None, labels: Path, output: Path | None, at: datetime) -> None:
    """Write how the sources of a cleaned folder lie to the labels that people give them, decisions as of an instant.

    Raises UsageError for another model than reliability, and for labels or a folder that cannot be used.
    """
    if what != "reliability" or folder is None or output is None:
        raise UsageError(
            "give `winnow train reliability FOLDER --calibrate LABELS -o CALIBRATION.json`,"
            " FOLDER as winnow clean wrote it"
        )
    read_labels = _module("winnow.training.reliability.source_labels").read_labels
    recalibrate = _module("winnow.training.reliability.recalibrate")
    found = recalibrate.calibrate(folder / "sources.parquet", read_labels(labels, at), output)
    print(f"wrote {output}: {found.sources} labelled sources, log-odds moved by {found.shift:+.2f}")


def people(clean: Path | None, decisions: Path | None, at: datetime) -> Any:
    """What people decided on the sources of a cleaned folder, None where no folder is named.

    Raises UsageError where decisions are named without the folder, or none of them is a label.
    """
    if clean is None:
        if decisions:
            raise UsageError(
                "--decisions needs --reviewed CLEAN, the folder that has the sources' documents"
            )
        return None
    path = decisions or clean.absolute().parent / NAME
    labels = _module("winnow.training.reliability.source_labels").read_labels(path, at)
    if not labels:
        raise UsageError(f"{path}: no decision on how reliable a source is counts today")
    return _module(TRAINED["reliability"]).Reviewed(clean, labels)


def train_reliability(
    examples: Path | None, output: Path | None, reviewed: Any, *, force: bool, flow: bool
) -> None:
    """Train the model of sources, write artifact and report, here or as a Prefect flow."""
    path = _file(examples, "reliability")
    trainer = _module(TRAINED["reliability"])
    artifact = output or trainer.ARTIFACT
    if flow:
        os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        _module("winnow.flows.train").run_training(path, artifact, reviewed, force=force)
    else:
        trainer.train(path, artifact, force=force, reviewed=reviewed)
    print(f"wrote {artifact}; read {artifact.with_suffix('.md')}")


def train(what: str, examples: Path | None, output: Path | None) -> None:
    """Train another model and write its artifact.

    Raises UsageError for an unknown model, a missing file, and where the packages for it are missing.
    """
    if what not in TRAINED:
        raise UsageError(f"no model is called {what!r}; there are: {', '.join(TRAINED)}")
    path = _file(examples, what)
    trainer = _module(TRAINED[what])
    print(f"wrote {trainer.train(path, output or trainer.ARTIFACT)}")


def _file(examples: Path | None, what: str) -> Path:
    if examples is None or not examples.is_file():
        raise UsageError(
            f"{examples or 'no file named'}: {what} is trained from a Parquet file; see docs/training.md"
        )
    return examples


def _module(name: str) -> Any:
    """A module of training. It is imported here, because training needs packages that a run does not."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"training needs the package {error.name}; pip install 'winnow-corpus[train]'"
        ) from error
