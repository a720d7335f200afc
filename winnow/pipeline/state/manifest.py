"""The manifest of a run, kept in the folder ``.winnow`` for the next one: cleaned shards and their origin."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from winnow.corpus.inputs import InputFile
from winnow.corpus.output import MARK, files_in_place
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_parquet, write_text
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.tables.intermediate import read_columns

SHARDS: Final = "shards"  # folder of cleaned shards
MANIFEST: Final = "manifest.json"
FILE_LIST: Final = "files.parquet"  # what the last run read
FILE_SCHEMA: Final = pa.schema([pa.field("name", pa.string()), pa.field("stamp", pa.string())])
LAYOUT: Final = 1  # version of all that is kept; what another version left is made again


@dataclass(frozen=True, slots=True)
class KeptShard:
    """A shard of the last run. It holds the files from the first to the last name, in the order of names."""

    first: str
    last: str
    rows: str  # names of files in `SHARDS`
    rows_again: str
    quarantine: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the last run was, and what it published."""

    layout: int = LAYOUT
    identity: str = ""  # of its plan; "" from before its output is put in place until it is
    run_id: str = ""
    pipeline_version: str = ""
    cleaning: str = ""  # as in the plan
    inputs: tuple[str, ...] = ()  # as they were given, made absolute
    settings: Mapping[str, Any] = field(default_factory=dict)  # `Settings.to_json`
    judgements: str = ""  # a hash of what lists and people said of sources
    decisions: str = ""  # fingerprint of what people decided
    decision_log: str = ""  # its path
    decision_events: int = 0  # in it
    decision_head: str = ""  # hash of the last of them
    counts: Mapping[str, int] = field(default_factory=dict)
    shards: tuple[KeptShard, ...] = ()
    # By name: size in bytes, and time of the last change in nanoseconds.
    published: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of what was published, hex, by name


def kept_shards(folder: Path) -> Path:
    """The absolute path of the cleaned shards of an output folder."""
    return folder.absolute() / MARK / SHARDS


def read_manifest(folder: Path) -> Manifest | None:
    """What the last run left in an output folder; None where nothing is left that this version can use."""
    path = folder / MARK / MANIFEST
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf8"))
    except ValueError:  # cut off or damaged: all of it can be made again
        return None
    if not isinstance(content, dict) or content.get("layout") != LAYOUT:
        return None
    shards = tuple(KeptShard(**shard) for shard in content.pop("shards"))
    published = {name: (size, changed) for name, (size, changed) in content.pop("published").items()}
    return Manifest(**{**content, "inputs": tuple(content["inputs"])}, shards=shards, published=published)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest into an output folder, whole or not at all."""
    write_text(folder / MARK / MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")


def write_files(folder: Path, plan: Plan) -> None:
    """Write which files a plan reads, so that the next run can tell which were added, deleted or changed."""
    files = (file for shard in plan.shards for file in shard.files)
    rows = ({"name": file.name, "stamp": file_stamp(file)} for file in files)
    write_parquet(folder / MARK / FILE_LIST, FILE_SCHEMA, rows)


def read_files(folder: Path) -> dict[str, str]:
    """The files that the last run read, each with its `file_stamp`; empty where that is not known."""
    path = folder / MARK / FILE_LIST
    return {row["name"]: row["stamp"] for row in read_columns(path)} if path.exists() else {}


def file_stamp(file: InputFile) -> str:
    """A stamp that stays equal while a file is not changed and stands under the same input."""
    return f"{file.size} {file.modified} {file.stamp} {file.collection} {file.folder}"


def kept_shard(shard: Shard, first: ShardParts, last: ShardParts) -> KeptShard:
    """The record of a cleaned shard for the next run."""
    names = (shard.files[0].name, shard.files[-1].name)
    return KeptShard(*names, first.rows.name, last.rows.name, first.quarantine.name)


def leftovers(manifest: Manifest | None, plan: Plan, settings: Settings, folder: Path) -> list[Leftovers]:
    """The leftovers of the last run for each shard of a plan; empty where settings or code shape other rows now."""
    if manifest is None or manifest.cleaning != plan.cleaning:
        return [Leftovers()] * len(plan.shards)
    same_limits = all(manifest.settings[name] == limit for name, limit in settings.limits().items())
    before = read_files(folder) if manifest.identity else {}  # else it may be of the run before
    return [
        _leftovers(_overlapping(manifest.shards, shard), shard, before, kept_shards(folder), same_limits)
        for shard in plan.shards
    ]


def _overlapping(shards: Sequence[KeptShard], shard: Shard) -> Sequence[KeptShard]:
    """The shards of the last run that may hold files of this one."""
    begin = bisect_left(shards, shard.files[0].name, key=lambda earlier: earlier.last)
    return shards[begin : bisect_right(shards, shard.files[-1].name, key=lambda earlier: earlier.first)]


def _leftovers(
    old_shards: Sequence[KeptShard],
    shard: Shard,
    before: Mapping[str, str],
    folder: Path,
    same_limits: bool,
) -> Leftovers:
    rows_again = [each.rows_again for each in old_shards if each.rows_again != each.rows]
    rows = _existing_files(folder, [each.rows for each in old_shards])
    quarantine = _existing_files(folder, [each.quarantine for each in old_shards if same_limits])
    is_whole = len(rows) == len(quarantine) == len(old_shards)
    unchanged = (
        file.name for file in shard.files if is_whole and before.get(file.name) == file_stamp(file)
    )
    return Leftovers(rows, _existing_files(folder, rows_again), quarantine, frozenset(unchanged))


def is_done(manifest: Manifest | None, plan: Plan, folder: Path) -> bool:
    """Whether a run by the plan would only repeat the last one, whose output is untouched."""
    return manifest is not None and manifest.identity == plan.identity and is_intact(manifest, folder)


def is_intact(manifest: Manifest, folder: Path) -> bool:
    """Whether all files that the last run published are unchanged."""
    return bool(manifest.published) and manifest.published == published_files(folder)


def published_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and nanoseconds of the last change of all that a run put into an output folder, by name."""
    status = {name: (folder / name).lstat() for name in files_in_place(folder)}
    return {name: (each.st_size, each.st_mtime_ns) for name, each in status.items()}


def drop_unused(folder: Path, manifest: Manifest) -> None:
    """Delete the parts that the last run did not use, and half-written files of runs that were killed."""
    used = {name for s in manifest.shards for name in (s.rows, s.rows_again, s.quarantine)}
    for path in kept_shards(folder).glob("*"):
        if path.name not in used:
            path.unlink()
    for path in (folder / MARK).glob(".*.tmp"):
        path.unlink()


def forget_failures(folder: Path, manifest: Manifest) -> None:
    """Make the next run retry what the last one could not clean, and nothing else."""
    write_manifest(folder, replace(manifest, identity=""))
    for shard in manifest.shards:
        path = kept_shards(folder) / shard.quarantine
        if path.exists() and path.stat().st_size:
            path.unlink()


def _existing_files(folder: Path, names: Sequence[str]) -> tuple[Path, ...]:
    return tuple(path for name in names if (path := folder / name).exists())
