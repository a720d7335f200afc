"""An outlook on a run: what it would do and why, from its plan and what the last run left."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from winnow.corpus.locations import shown_output
from winnow.corpus.mounts import fetched
from winnow.corpus.settings import AFTER_CLEANING, LIMITS, NEUTRAL, Settings
from winnow.pipeline.shards.records import record_path
from winnow.pipeline.state.manifest import (
    Manifest,
    file_stamp,
    is_done,
    is_intact,
    kept_shards,
    read_files,
    read_manifest,
)
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.state.replaceable import obstacle
from winnow.pipeline.tables.version import without_cleaners

EVERYTHING: Final = "every document is cleaned again"
NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a run would find and do."""

    last: Manifest | None
    files: Counter[str]  # by change: NEW, CHANGED, GONE, or "" for unchanged
    reasons: tuple[str, ...]  # to do anything at all; () where nothing is to be done
    # Files with documents to clean; of an archive perhaps only some documents, which only reading it shows.
    cleaned: int


def outlook(plan: Plan, settings: Settings, folder: Path) -> Outlook:
    """What a run by a plan would do in an output folder."""
    last = read_manifest(folder)
    before = read_files(last, folder)
    now = {f.name: file_stamp(f) for shard in plan.shards for f in shard.files}
    files = Counter(_change(before.get(name), stamp) for name, stamp in now.items())
    files[GONE] = len(before.keys() - now.keys())
    reasons = () if is_done(last, plan, folder) else tuple(_reasons(plan, settings, folder, last, files))
    return Outlook(last, files, reasons, sum(_to_clean(plan, last, before, folder)))


def _change(before: str | None, now: str) -> str:
    if before is None:
        return NEW
    return "" if before == now else CHANGED


def _to_clean(plan: Plan, last: Manifest | None, before: dict[str, str], folder: Path) -> Iterator[int]:
    """The number of files to clean of each shard."""
    has_leftovers = last is not None and last.cleaning == plan.cleaning
    for shard in plan.shards:
        if fetched(record_path(kept_shards(folder), shard.key)).exists():
            yield 0
        elif has_leftovers:
            yield sum(before.get(f.name) != file_stamp(f) for f in shard.files)
        else:
            yield len(shard.files)


def _reasons(
    plan: Plan, settings: Settings, folder: Path, last: Manifest | None, files: Counter[str]
) -> Iterator[str]:
    if last is None:
        yield f"no earlier run is known in {shown_output(folder)}"
        return
    yield from _changed_code(last.pipeline_version, plan.pipeline_version)
    yield from _changed_settings(last, settings)
    if changes := [f"{files[change]} {change}" for change in (NEW, CHANGED, GONE) if files[change]]:
        yield f"files: {', '.join(changes)}"
    if last.decisions != (settings.decisions.fingerprint if settings.decisions else ""):
        yield "people decided: the documents that this is about are cleaned again"
    if last.judgements != plan.judgements.fingerprint():
        yield "rating lists or decisions about sources changed: sources are judged again"
    if not last.identity:
        yield "the last run was cut off, or is to be tried again"
    elif problem := obstacle(folder, last):
        yield f"the output was changed since, and the run would refuse to start: {problem}"
    elif not is_intact(last, folder):
        yield "the output was changed or deleted since: it is written again"


def _changed_code(before: str, now: str) -> Iterator[str]:
    """What a new version of the code causes, in a sentence; nothing for the same version."""
    if without_cleaners(before) != without_cleaners(now):
        yield f"Winnow, its models or its libraries changed ({before} to {now}): {EVERYTHING}"
    elif before != now:
        yield f"cleaners of your own came, went or changed: {EVERYTHING}"


def _changed_settings(last: Manifest, settings: Settings) -> Iterator[str]:
    """What the settings that changed cause, in sentences."""
    now = settings.to_json()
    changed = [
        name for name in now if name not in NEUTRAL and last.settings.get(name) != _as_json(now[name])
    ]
    late = [name for name in changed if name in AFTER_CLEANING]
    limits = [name for name in changed if name in LIMITS]
    early = [name for name in changed if name not in (*AFTER_CLEANING, *LIMITS)]
    if early:
        yield f"settings changed ({', '.join(early)}): {EVERYTHING}"
    if limits:
        yield f"limits changed ({', '.join(limits)}): what could not be cleaned is tried again"
    if late:
        yield f"settings changed ({', '.join(late)}): the output is written again"


def _as_json(value: object) -> object:
    return [*value] if isinstance(value, tuple) else value
