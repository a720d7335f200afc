"""Finished parts of the output, recorded for the next run, which carries over those that it would only repeat.

The record of a part lies among the cleaned shards. It has the hashes of the part's files, which the last run published,
and what the report counts of its documents; its name is a key of all that shapes the part.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.guarded import read_json
from winnow.corpus.hashed_files import HashedFile, hashed_files_of
from winnow.corpus.mounts import fetched, link_or_copy
from winnow.corpus.output import is_part
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_text
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.records import read_record, undamaged
from winnow.pipeline.shards.shards import Place, ShardParts
from winnow.pipeline.sources.copies import Copy
from winnow.pipeline.tables.intermediate import read_columns

PLACE_COLUMNS: Final = ["source_key", "host"]  # by which a row's source is found
RECORD_SUFFIX: Final = ".part.json"
KEY_CHARS: Final = 32  # hex digits


@dataclass(frozen=True, slots=True)
class FinishedPart:
    """The files of a finished shard, below the work folder of the run, and what they hold."""

    files: tuple[HashedFile, ...]
    tally: RunTally
    record: HashedFile  # of the part, in the folder of cleaned shards
    damaged: tuple[str, ...] = ()  # what of the last run could not be carried over: names of files, and why


@dataclass(frozen=True, slots=True)
class PublishedParts:
    """What the last run published, and its records of that; empty where there was none."""

    folder: Path = Path()  # of its version
    records: Mapping[str, HashedFile] = field(default_factory=dict)  # by name
    names: Mapping[str, str] = field(default_factory=dict)  # of its parts, by SHA-256


NOTHING_PUBLISHED: Final = PublishedParts()


def record_name(
    parts: ShardParts,
    shown: Iterable[object],
    copies: Mapping[Place, Copy],
    settings: Settings,
    version: str,
) -> str:
    """The name of the record of a part, which is equal where the part would have the same bytes.

    ``shown`` is what rows say of the sources of the part, ``copies`` are those of its rows.
    """
    rows = read_record(parts.rows.parent, parts.rows.stem)[0].sha256
    shaping = [
        rows,
        version,
        settings.min_chars,
        [*shown],
        [[row, asdict(copy)] for (_, row), copy in copies.items()],
    ]
    return f"{hashlib.sha256(json.dumps(shaping).encode()).hexdigest()[:KEY_CHARS]}{RECORD_SUFFIX}"


def places(parts: ShardParts) -> list[Mapping[str, Any]]:
    """The different places of the rows of a shard, by which their sources are found, sorted."""
    found = {tuple(row.values()) for row in read_columns(parts.rows, PLACE_COLUMNS)}
    return [dict(zip(PLACE_COLUMNS, place, strict=True)) for place in sorted(found)]


def keep_part(shards: Path, name: str, work: Path, paths: Sequence[Path], tally: RunTally) -> FinishedPart:
    """Record the files of a part that was written below the work folder."""
    files = tuple(HashedFile.of(work, path.relative_to(work).as_posix()) for path in paths)
    content = {"files": [asdict(file) for file in files], "tally": tally.to_json()}
    write_text(shards / name, json.dumps(content) + "\n")
    return FinishedPart(files, tally, HashedFile.of(shards, name))


def carry_over(
    shards: Path, name: str, stem: str, published: PublishedParts, work: Path
) -> FinishedPart | tuple[str, ...]:
    """A part of the last run, put under another stem below the work folder; else what of it is damaged, if anything."""
    record = published.records.get(name)
    damaged = list[str]()
    if not record or not undamaged(shards, [record], damaged):
        return tuple(damaged)
    try:
        content = read_json(shards / name)
        files, tally = _parts_of_tables(content["files"]), RunTally.from_json(content["tally"])
    except (WinnowError, KeyError, TypeError, ValueError, AttributeError):
        return (f"{name} is no record of a part",)
    old_files = [replace(file, path=published.names.get(file.sha256, file.path)) for file in files]
    are_there = all(fetched(published.folder / file.path).exists() for file in old_files)
    if not are_there or len(undamaged(published.folder, old_files, damaged)) < len(files):
        return tuple(damaged)
    new_files = tuple(replace(file, path=_renamed(file.path, stem)) for file in files)
    for old, new in zip(old_files, new_files, strict=True):
        (work / new.path).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(published.folder / old.path, work / new.path)
    return FinishedPart(new_files, tally, record)


def _parts_of_tables(values: Any) -> list[HashedFile]:
    """The files that a record lists. Raises WinnowError for what is none, and ValueError for other places."""
    files = hashed_files_of(values)
    if not all(is_part(file.path) for file in files):
        raise ValueError("lists files that are no parts")
    return files


def _renamed(path: str, stem: str) -> str:
    """The path of a file of a part under another stem: its folder and suffix stay."""
    folder, _, name = path.partition("/")
    return f"{folder}/{stem}.{name.partition('.')[2]}"
