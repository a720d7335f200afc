"""The log of decisions as the last run read it, kept beside its output: a damaged log cannot be made again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from winnow.corpus.decisions.chain import DamagedLogError
from winnow.corpus.decisions.snapshot import Snapshot, take_snapshot
from winnow.corpus.mounts import keep
from winnow.corpus.settings import Settings
from winnow.pipeline.sources.judgements import judging_instant, with_decisions
from winnow.pipeline.state.manifest import Manifest, kept_file, read_manifest

KEPT_LOG: Final = "decisions.db"


def with_decisions_for(settings: Settings, log: Path | None, output: Path) -> Settings:
    """Settings with a snapshot of the log of decisions for an output: the one given, else that beside it, if any.

    Of a log that is damaged, or gone since the last run read it, nothing is believed: what that run read of it counts
    instead, and the snapshot says so. Raises DamagedLogError where no run has read it, UsageError where it cannot be
    read.
    """
    path = log or output.absolute().parent / KEPT_LOG
    last = read_manifest(output)
    has_read = last is not None and last.decision_events > 0 and last.decision_log == str(path.absolute())
    if has_read and (not path.is_file() or not path.stat().st_size):
        return _with_kept_log(settings, path, last, output, DamagedLogError(f"{path}: is gone, or empty"))
    try:
        return with_decisions(settings, log, output.absolute().parent)
    except DamagedLogError as error:
        return _with_kept_log(settings, path, last, output, error)


def _with_kept_log(
    settings: Settings, log: Path, last: Manifest | None, output: Path, error: DamagedLogError
) -> Settings:
    """Settings with what the last run read of a log. Raises the error where that is damaged, too, or not there."""
    kept = kept_file(last, output, KEPT_LOG)
    if kept is None:
        raise error
    snapshot = take_snapshot(kept, judging_instant(settings))
    damage = (
        f"{error}; until then the {snapshot.events} decisions count that the last run read, from {kept}: "
        "put it in the place of the log, or delete it to go on without"
    )
    return replace(settings, decisions=replace(snapshot, stands_for=str(log.absolute()), damage=damage))


def keep_log(decisions: Snapshot | None, version: Path) -> list[str]:
    """Copy the log of a run into a version of its output; gives the name of the copy, if there is one."""
    if decisions is None:
        return []
    with (
        closing(sqlite3.connect(f"{Path(decisions.path).as_uri()}?mode=ro", uri=True)) as log,
        closing(sqlite3.connect(version / KEPT_LOG)) as copy,
    ):
        log.backup(copy)
    keep(version / KEPT_LOG)
    return [KEPT_LOG]
