"""The manifest of a run, kept beside its output for the next one: cleaned shards and their origin.

It carries a hash of itself, and the size and hash of every file that the run kept.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from winnow.corpus.errors import WinnowError
from winnow.corpus.guarded import read_json
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.inputs import InputFile
from winnow.corpus.mounts import files_below, mount_of
from winnow.corpus.output import CURRENT, MARK, OUR_NAME, current_version, files_in_place, place
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_parquet, write_text
from winnow.pipeline.shards.records import read_record
from winnow.pipeline.shards.shards import Shard, ShardParts
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.tables.intermediate import read_columns
from winnow.pipeline.tables.journal import collecting, note

SHARDS: Final = "shards"  # folder of cleaned shards
MANIFEST: Final = "run.json"  # beside the output of the run, in its version
FILE_LIST: Final = "files.parquet"  # what the last run read
FILE_SCHEMA: Final = pa.schema([pa.field("name", pa.string()), pa.field("stamp", pa.string())])
COUNTS: Final = (
    "documents",
    "rejected",
    "quarantined",
    "orphaned",
)  # of a `winnow.pipeline.ending.RunResult`
# Fields of a manifest that are texts.
TEXTS: Final = (
    *("identity", "run_id", "pipeline_version", "cleaning", "judgements"),
    *("decisions", "decision_log", "decision_head"),
)
LAYOUT: Final = 2  # version of all that is kept; what another version left is made again


@dataclass(frozen=True, slots=True)
class KeptShard:
    """A shard of the last run. It holds the files from the first to the last name, in the order of names."""

    first: str
    last: str
    rows: HashedFile  # in `SHARDS`
    rows_again: HashedFile
    quarantine: HashedFile | None  # None where it is not to be used again
    part: HashedFile | None = None  # record of what of the output was made of it; None before schema 1.3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the last run was, and what it published."""

    layout: int = LAYOUT
    identity: str = ""  # of its plan; "" where the next run is to try again what failed
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
    passed_over: Mapping[str, int] = field(default_factory=dict)  # records of archives, by reason
    shards: tuple[KeptShard, ...] = ()
    kept: tuple[HashedFile, ...] = ()  # beside it: `FILE_LIST`, quotations, the log of decisions
    # By name: size in bytes, and time of the last change in nanoseconds.
    published: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of what was published, hex, by name


def kept_shards(folder: Path) -> Path:
    """The absolute path of the cleaned shards of an output folder."""
    return folder.absolute() / MARK / SHARDS


def read_manifest(folder: Path) -> Manifest | None:
    """What the last run left in an output folder; None where nothing is left that this version can use.

    A damaged one is noted, and not believed.
    """
    try:
        content = read_json(last_version(folder) / MANIFEST)
        if content["sha256"] == _hash_of(content["run"]):
            return _manifest(content["run"])
    except FileNotFoundError:
        return None
    except (WinnowError, ValueError, KeyError, TypeError, AttributeError):
        pass  # as one whose hash is another
    note_damage(f"{MANIFEST} is not as it was written; everything is cleaned again")
    return None


def note_damage(problem: str) -> None:
    """Say what of earlier runs was damaged or missing, and so is made again."""
    note("damaged", problem=problem)


def collecting_damage() -> AbstractContextManager[list[str]]:
    """A list to which all that `note_damage` says is added while the block lasts."""
    return collecting("damaged", "problem")


def _manifest(content: dict[str, Any]) -> Manifest | None:
    """A manifest from its JSON values, None for that of another layout. Raises what values of other types raise."""
    if content["layout"] != LAYOUT:
        return None
    settings = Settings.from_json(content["settings"]).to_json()
    return Manifest(
        layout=LAYOUT,
        inputs=tuple(map(str, content["inputs"])),
        settings={**settings, **content["settings"]},
        counts={name: int(content["counts"][name]) for name in COUNTS},
        # Runs before schema 1.2 did not count them.
        passed_over={str(name): int(count) for name, count in content.get("passed_over", {}).items()},
        shards=tuple(map(_kept_shard, content["shards"])),
        kept=tuple(map(HashedFile.from_json, content["kept"])),
        published={
            name: (int(size), int(changed)) for name, (size, changed) in content["published"].items()
        },
        hashes={name: str(content["hashes"][name]) for name in content["published"]},
        decision_events=int(content["decision_events"]),
        **{name: str(content[name]) for name in TEXTS},
    )


def _kept_shard(value: dict[str, Any]) -> KeptShard:
    """A shard from its JSON values."""
    quarantine = value["quarantine"] and HashedFile.from_json(value["quarantine"])
    rows, rows_again = HashedFile.from_json(value["rows"]), HashedFile.from_json(value["rows_again"])
    part = value.get("part") and HashedFile.from_json(value["part"])
    return KeptShard(
        str(value["first"]), str(value["last"]), rows, rows_again, quarantine or None, part or None
    )


def write_manifest(version: Path, manifest: Manifest) -> None:
    """Write a manifest into a version of an output, whole or not at all."""
    run = asdict(manifest)
    write_text(version / MANIFEST, json.dumps({"sha256": _hash_of(run), "run": run}, indent=1) + "\n")


def _hash_of(run: object) -> str:
    return hashlib.sha256(json.dumps(run, sort_keys=True).encode()).hexdigest()


def write_files(version: Path, plan: Plan) -> None:
    """Write which files a plan reads, so that the next run can tell which were added, deleted or changed."""
    files = (file for shard in plan.shards for file in shard.files)
    rows = ({"name": file.name, "stamp": file_stamp(file)} for file in files)
    write_parquet(version / FILE_LIST, FILE_SCHEMA, rows)


def read_files(manifest: Manifest | None, folder: Path) -> dict[str, str]:
    """The files that the last run read, each with its `file_stamp`; empty where that is not known."""
    path = kept_file(manifest, folder, FILE_LIST)
    return {row["name"]: row["stamp"] for row in read_columns(path)} if path else {}


def kept_file(manifest: Manifest | None, folder: Path, name: str) -> Path | None:
    """A file that the last run kept beside its output; None where there is none, or it is damaged, which is noted."""
    listed = manifest.kept if manifest else ()
    return _undamaged(last_version(folder), next((file for file in listed if file.path == name), None))


def published_file(manifest: Manifest | None, folder: Path, name: str) -> Path | None:
    """A published file of the last run; None where there is none, or it is damaged or of an unknown run (noted)."""
    if manifest and name in manifest.published:
        size, _ = manifest.published[name]
        return _undamaged(last_version(folder), HashedFile(name, size, manifest.hashes[name]))
    if (last_version(folder) / name).exists():
        note_damage(f"{name} is of a run that nothing is known of")
    return None


def _undamaged(folder: Path, file: HashedFile | None) -> Path | None:
    """The path of a file that is as it was written; None for another one, which is noted."""
    if file is None:
        return None
    if problem := file.damage(folder):
        note_damage(f"{file.path} {problem}")
        return None
    return folder / file.path


def last_version(folder: Path) -> Path:
    """The folder of the files of the last run. In a copy that followed links it is a folder, or the copy itself."""
    copied = folder / MARK / CURRENT
    return current_version(folder) or (copied if copied.is_dir() else folder)


def file_stamp(file: InputFile) -> str:
    """A stamp that stays equal while a file is not changed and stands under the same input."""
    taken = f" {hashlib.sha256(str(file.taken).encode()).hexdigest()}" if file.taken else ""
    return f"{file.size} {file.modified} {file.stamp} {file.collection} {file.folder}{taken}"


def kept_shard(
    shards: Path, shard: Shard, first: ShardParts, last: ShardParts, part: HashedFile
) -> KeptShard:
    """The record of a cleaned shard, in a folder of shards, for the next run."""
    rows, quarantine = read_record(shards, first.rows.stem)
    rows_again = read_record(shards, last.rows.stem)[0]
    return KeptShard(shard.files[0].name, shard.files[-1].name, rows, rows_again, quarantine, part)


def is_done(manifest: Manifest | None, plan: Plan, folder: Path) -> bool:
    """Whether a run by the plan would only repeat the last one, whose output, and what it kept beside, is untouched."""
    if manifest is None or manifest.identity != plan.identity or not is_intact(manifest, folder):
        return False
    kept = [_undamaged(last_version(folder), file) for file in manifest.kept]
    return None not in kept


def is_intact(manifest: Manifest, folder: Path) -> bool:
    """Whether all files that the last run published are unchanged."""
    return bool(manifest.published) and manifest.published == published_files(folder)


def published_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and nanoseconds of the last change of all that a run put into an output folder, by name."""
    if mount := mount_of(folder):
        stored = files_below(last_version(folder) if folder == mount.folder else folder)
        return {name: facts for name, facts in stored.items() if OUR_NAME.fullmatch(name)}
    status = {name: path.lstat() for name in files_in_place(folder) if (path := place(folder, name))}
    return {name: (each.st_size, each.st_mtime_ns) for name, each in status.items()}
