"""Records of what lies in the folder of cleaned shards: which files belong together, with their hashes.

A record is written last, so what has one is complete. Its files are believed while they are as it says, and have the
names that belong to it; it needs no hash of its own, for one that is damaged names no file as it is.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from winnow.corpus.guarded import DamagedFileError, read_json, remove
from winnow.corpus.hashed_files import HashedFile, hashed_files_of
from winnow.corpus.writers import write_text

MAX_RECORD_BYTES: Final = 10_000


def record_path(folder: Path, stem: str) -> Path:
    """Where the record of a cleaned shard lies, by the name of its rows without the suffix."""
    return folder / f"{stem}.json"


def write_record(folder: Path, stem: str, paths: Iterable[Path]) -> None:
    """Record files of the folder, and by that say that they are complete."""
    files = [asdict(HashedFile.of(folder, path.name)) for path in paths]
    write_text(record_path(folder, stem), json.dumps(files) + "\n")


def read_record(folder: Path, stem: str) -> tuple[HashedFile, ...]:
    """The files that a record lists. Raises FileNotFoundError, and DamagedFileError for what is no record."""
    return tuple(hashed_files_of(read_json(record_path(folder, stem), MAX_RECORD_BYTES)))


def is_kept(folder: Path, stem: str, names: Sequence[str], damaged: list[str]) -> bool:
    """Whether there is a record of files with these names, all of them as it says.

    What is not is added to ``damaged``, and deleted where it would be in the way of what is made instead.
    """
    record = record_path(folder, stem)
    try:
        files = read_record(folder, stem)
    except FileNotFoundError:  # never made, or not to its end
        problem = ""
    except DamagedFileError as error:
        problem = f"{record.name} {error}"
    else:
        if [file.path for file in files] == [*names] and len(undamaged(folder, files, damaged)) == len(
            files
        ):
            return True
        problem = "" if [file.path for file in files] == [*names] else f"{record.name} lists other files"
    damaged += [problem] if problem else []
    for path in (record, *(folder / name for name in names)):
        if path.is_symlink() or path.is_dir():
            remove(path)
    return False


def undamaged(folder: Path, files: Sequence[HashedFile], damaged: list[str]) -> tuple[HashedFile, ...]:
    """Those files that are as they were written; the others are added to ``damaged``."""
    problems = {file: file.damage(folder) for file in files}
    damaged += (f"{file.path} {problem}" for file, problem in problems.items() if problem)
    return tuple(file for file, problem in problems.items() if not problem)
