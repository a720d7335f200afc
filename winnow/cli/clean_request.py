"""What `winnow clean` is asked to do: by options, by a schedule, or once more as the last run was."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.pipeline.state.manifest import Manifest


@dataclass(frozen=True, slots=True)
class CleanRequest:
    """The inputs, the output folder and the options of one run."""

    inputs: Sequence[str]
    output: Path | None
    settings: Settings  # without people's decisions, which are read when a run begins
    decisions: Path | None  # log of these
    flow: bool = False
    log: Path | None = None
    profile: bool = False


def last_manifest(folder: Path) -> "Manifest":
    """What the last run into a folder recorded. Raises UsageError where none is known."""
    from winnow.pipeline.state.manifest import read_manifest

    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(
            f"{folder}: no run of this version of Winnow is known there; `winnow clean` makes one"
        )
    return manifest


def same_request(manifest: "Manifest", folder: Path) -> CleanRequest:
    """What the run that wrote a manifest was asked to do."""
    log = Path(manifest.decision_log) if manifest.decision_log else None
    return CleanRequest(manifest.inputs, folder, Settings.from_json(manifest.settings), log)
