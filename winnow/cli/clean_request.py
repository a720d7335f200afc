"""Requests to `winnow clean`: from options, from a schedule, or the same as for the last run."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from winnow.corpus.errors import UsageError
from winnow.corpus.own_cleaners import portable
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.pipeline.state.manifest import Manifest


@dataclass(frozen=True, slots=True)
class CleanRequest:
    """The inputs, the output folder and the options of one run."""

    inputs: Sequence[str]
    output: Path | None
    settings: Settings  # without people's decisions, which are read when a run begins
    decisions: Path | None  # the log of these decisions
    flow: bool = False
    log: Path | None = None
    profile: bool = False


def last_manifest(folder: Path) -> "Manifest":
    """The manifest of the last run into a folder. Raises UsageError where there is none."""
    from winnow.pipeline.state.manifest import read_manifest

    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(
            f"{folder}: no run of this version of Winnow is known there; `winnow clean` makes one"
        )
    return manifest


def same_request(manifest: "Manifest", folder: Path, cleaners: Sequence[str] = ()) -> CleanRequest:
    """The request of the run that wrote a manifest, with cleaners of the user's own as they are named now.

    Raises UsageError where that run had some and none is named: what a folder says is never executed.
    """
    settings = Settings.from_json(manifest.settings)
    if settings.cleaners and not cleaners:
        options = " ".join(f"--cleaner {shlex.quote(reference)}" for reference in settings.cleaners)
        raise UsageError(f"{folder}: the last run had cleaners of your own; name them again: {options}")
    log = Path(manifest.decision_log) if manifest.decision_log else None
    settings = replace(settings, cleaners=tuple(map(portable, cleaners)))
    return CleanRequest(manifest.inputs, folder, settings, log)
