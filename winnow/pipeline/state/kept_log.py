"""The log of decisions as the last run read it, kept beside its output: a damaged log cannot be made again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from winnow.corpus.decisions.chain import DamagedLogError
from winnow.corpus.decisions.snapshot import Snapshot, take_snapshot
from winnow.corpus.settings import Settings
from winnow.pipeline.sources.judgements import judging_instant, with_decisions
from winnow.pipeline.state.manifest import kept_file, read_manifest

KEPT_LOG: Final = "decisions.db"


def with_decisions_for(settings: Settings, log: Path | None, output: Path) -> Settings:
    """Settings with a snapshot of the log of decisions for an output: the one given, else that beside it, if any.

    Of a damaged log nothing is believed: what the last run read of it counts instead, and the snapshot says so.
    Raises DamagedLogError where no run has read it, UsageError where it cannot be read.
    """
    try:
        return with_decisions(settings, log, output.absolute().parent)
    except DamagedLogError as error:
        kept = kept_file(read_manifest(output), output, KEPT_LOG)
        if kept is None:
            raise
        snapshot = take_snapshot(kept, judging_instant(settings))
        damage = f"{error}; until then the {snapshot.events} decisions count that the last run read"
        where = str((log or output.absolute().parent / KEPT_LOG).absolute())
        return replace(settings, decisions=replace(snapshot, stands_for=where, damage=damage))


def keep_log(decisions: Snapshot | None, version: Path) -> list[str]:
    """Copy the log of a run into a version of its output; gives the name of the copy, if there is one."""
    if decisions is None:
        return []
    with (
        closing(sqlite3.connect(f"{Path(decisions.path).as_uri()}?mode=ro", uri=True)) as log,
        closing(sqlite3.connect(version / KEPT_LOG)) as copy,
    ):
        log.backup(copy)
    return [KEPT_LOG]
