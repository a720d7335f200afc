"""Training from the command line."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from corpus.errors import UsageError

TRAINED: Final = ("blocks", "identity", "reliability")


def calibrate(what: str, folder: Path | None, labels: Path, output: Path | None) -> None:
    """Write how the sources of a cleaned folder lie to the labels that a user gives them.

    Raises UsageError for another model than reliability, and for labels or a folder that cannot be used.
    """
    if what != "reliability" or folder is None or output is None:
        raise UsageError(
            "give `winnow train reliability FOLDER --calibrate LABELS.csv -o CALIBRATION.json`,"
            " FOLDER as winnow clean wrote it"
        )
    trainer = _trainer(what)
    found = trainer.calibrate(folder / "sources.parquet", labels, output)
    print(f"wrote {output}: {found.sources} labelled sources, log-odds moved by {found.shift:+.2f}")


def train(what: str, examples: Path | None, output: Path | None, *, force: bool = False) -> None:
    """Train a model and write its artifact.

    Raises UsageError for an unknown model, a missing file, and where the packages for it are missing.
    """
    if what not in TRAINED:
        raise UsageError(f"no model is called {what!r}; there are: {', '.join(TRAINED)}")
    if examples is None or not examples.is_file():
        raise UsageError(
            f"{examples or 'no file named'}: {what} is trained from a Parquet file; see docs/training.md"
        )
    trainer = _trainer(what)
    options = {"force": force} if what == "reliability" else {}
    print(f"wrote {trainer.train(examples, output or trainer.ARTIFACT, **options)}")


def _trainer(what: str) -> Any:
    """The module that trains a model. It is imported here, because training needs packages that a run does not."""
    try:
        return import_module(f"models.{what}.train")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"training needs the package {error.name}; pip install 'winnow-corpus[train]'"
        ) from error
