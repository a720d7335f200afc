"""Records of what lies in the folder of cleaned shards: which files belong together, with their hashes.

A record is written last, so what has one is complete. Its files are believed while they are as it says; it
needs no hash of its own, for one that is damaged names no file as it is.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.writers import write_text


def record_path(folder: Path, stem: str) -> Path:
    """Where the record of a cleaned shard lies, by the name of its rows without the suffix."""
    return folder / f"{stem}.json"


def write_record(folder: Path, stem: str, paths: Iterable[Path]) -> None:
    """Record files of the folder, and by that say that they are complete."""
    files = [asdict(HashedFile.of(folder, path.name)) for path in paths]
    write_text(record_path(folder, stem), json.dumps(files) + "\n")


def read_record(folder: Path, stem: str) -> tuple[HashedFile, ...]:
    """The files that a record lists. Raises ValueError for a damaged one, FileNotFoundError where there is none."""
    try:
        files = json.loads(record_path(folder, stem).read_bytes())
        return tuple(HashedFile(str(f["path"]), int(f["bytes"]), str(f["sha256"])) for f in files)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{record_path(folder, stem)}: no list of files with hashes") from error


def is_kept(folder: Path, stem: str, damaged: list[str]) -> bool:
    """Whether there is a record and all its files are as it says; what is not is added to ``damaged``."""
    try:
        files = read_record(folder, stem)
    except FileNotFoundError:  # never made, or not to its end
        return False
    except (OSError, ValueError):
        damaged.append(f"{record_path(folder, stem).name} cannot be read")
        return False
    return len(undamaged(folder, files, damaged)) == len(files) > 0


def undamaged(folder: Path, files: Sequence[HashedFile], damaged: list[str]) -> tuple[HashedFile, ...]:
    """Those files that are as they were written; the others are added to ``damaged``."""
    problems = {file: file.damage(folder) for file in files}
    damaged += (f"{file.path} {problem}" for file, problem in problems.items() if problem)
    return tuple(file for file, problem in problems.items() if not problem)
