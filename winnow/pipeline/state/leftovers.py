"""The leftovers of the last run: what the next one may reuse, and what is dropped."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from winnow.corpus.guarded import remove
from winnow.corpus.mounts import discard, names_in
from winnow.corpus.output import MARK
from winnow.corpus.settings import Settings
from winnow.pipeline.shards.records import record_path
from winnow.pipeline.shards.shards import Leftovers, Shard
from winnow.pipeline.state.manifest import (
    KeptShard,
    Manifest,
    file_stamp,
    kept_shards,
    last_version,
    read_files,
    write_manifest,
)
from winnow.pipeline.state.plan import Plan

OLD_FILES: Final = ("manifest.json", "files.parquet", "quoted.jsonl")  # in `MARK`, of runs of layout 1


def leftovers(manifest: Manifest | None, plan: Plan, settings: Settings, folder: Path) -> list[Leftovers]:
    """The leftovers of the last run for each shard of a plan; empty where settings or code shape other rows now."""
    if manifest is None or manifest.cleaning != plan.cleaning:
        return [Leftovers()] * len(plan.shards)
    same_limits = all(manifest.settings[name] == limit for name, limit in settings.limits().items())
    before = read_files(manifest, folder)
    return [
        _leftovers(_overlapping(manifest.shards, shard), shard, before, same_limits)
        for shard in plan.shards
    ]


def _overlapping(shards: Sequence[KeptShard], shard: Shard) -> Sequence[KeptShard]:
    """The shards of the last run that may hold files of this one."""
    begin = bisect_left(shards, shard.files[0].name, key=lambda earlier: earlier.last)
    return shards[begin : bisect_right(shards, shard.files[-1].name, key=lambda earlier: earlier.first)]


def _leftovers(
    old_shards: Sequence[KeptShard], shard: Shard, before: Mapping[str, str], same_limits: bool
) -> Leftovers:
    rows_again = tuple(each.rows_again for each in old_shards if each.rows_again != each.rows)
    quarantine = tuple(each.quarantine for each in old_shards if each.quarantine and same_limits)
    is_whole = len(quarantine) == len(old_shards)
    unchanged = (
        file.name for file in shard.files if is_whole and before.get(file.name) == file_stamp(file)
    )
    return Leftovers(tuple(each.rows for each in old_shards), rows_again, quarantine, frozenset(unchanged))


def drop_unused(folder: Path, manifest: Manifest) -> None:
    """Delete the parts that the last run did not use, and half-written files of runs that were killed."""
    shards, mark = kept_shards(folder), folder / MARK
    files = {f for s in manifest.shards for f in (s.rows, s.rows_again, s.quarantine, s.part) if f}
    used = {file.path for file in files}
    used |= {record_path(shards, Path(name).stem).name for name in used}
    unused = [shards / name for name in names_in(shards) if name not in used]
    for path in (*unused, *mark.glob(".*.tmp"), *(mark / name for name in OLD_FILES)):
        remove(path)
    discard(unused)


def forget_failures(folder: Path, manifest: Manifest) -> None:
    """Make the next run retry what the last one could not clean, and nothing else."""
    failed = {shard for shard in manifest.shards if shard.quarantine and shard.quarantine.bytes}
    shards = tuple(replace(each, quarantine=None) if each in failed else each for each in manifest.shards)
    for shard in failed:  # first: without them nothing is taken over that the manifest still names
        record = record_path(kept_shards(folder), Path(shard.rows.path).stem)
        remove(record)
        discard([record])
    write_manifest(last_version(folder), replace(manifest, identity="", shards=shards))
