"""Requests to `winnow clean`: from options, from a schedule, or the same as for the last run."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from winnow.corpus.engine_names import THREADS
from winnow.corpus.errors import UsageError
from winnow.corpus.locations import shown_output
from winnow.corpus.own_cleaners import portable
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.pipeline.state.manifest import Manifest

DEFAULTS: Final = Settings()
KEEP_HOURS: Final = 24.0
MUST_NAME: Final = {"cleaners": "--cleaner", "engine": "--engine", "publish": "--publish"}
"""Settings that run code, or send documents elsewhere, with their options."""


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
    form: str = ""  # in which one document is printed, where there is no output folder
    as_json: bool = False  # the summary
    is_quiet: bool = False
    is_verbose: bool = False
    lock: Path | None = None  # folder for the lock of an output in a store without conditional writes
    keep_hours: float = KEEP_HOURS  # of versions of an output in a store that another has replaced


def last_manifest(folder: Path) -> "Manifest":
    """The manifest of the last run into a folder. Raises UsageError where there is none."""
    from winnow.pipeline.state.manifest import read_manifest

    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(
            f"{shown_output(folder)}: no run of this version of Winnow is known there; `winnow clean` makes one"
        )
    return manifest


def same_request(
    manifest: "Manifest",
    folder: Path,
    cleaners: Sequence[str] = (),
    engine: str | None = THREADS,
    publish: str | None = "",
) -> CleanRequest:
    """The request of the run that wrote a manifest, but for what a folder is not trusted to name.

    That are code to run (cleaners of the user's own), machines to send documents to (``engine``), and where the
    output goes (``publish``): the user names them now. Raises UsageError where that run had one and it is None here,
    or no cleaner is.
    """
    settings = Settings.from_json(manifest.settings)
    named: dict[str, Sequence[str] | str | None] = {
        "cleaners": cleaners or None,
        "engine": engine,
        "publish": publish,
    }
    if options := " ".join(_options_to_repeat(settings, named)):
        raise UsageError(
            f"{shown_output(folder)}: a folder is not trusted to name what the last run had, name them again: {options}"
        )
    log = Path(manifest.decision_log) if manifest.decision_log else None
    settings = replace(
        settings, cleaners=tuple(map(portable, cleaners)), engine=engine or THREADS, publish=publish or ""
    )
    return CleanRequest(manifest.inputs, folder, settings, log)


def _options_to_repeat(
    settings: Settings, named: Mapping[str, Sequence[str] | str | None]
) -> Iterator[str]:
    """The options of the last run that the user has to name, and has not."""
    for name, option in MUST_NAME.items():
        value = getattr(settings, name)
        if named[name] is None and value != getattr(DEFAULTS, name):
            values = [value] if isinstance(value, str) else value
            yield from (f"{option} {shlex.quote(each)}" for each in values)
