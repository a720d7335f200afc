"""Whether a published output, or a copy of one, is as the run wrote it."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.output import HASHES, UNLISTED
from winnow.corpus.versions import listed_files, reading
from winnow.pipeline.sources.quotation_cache import QUOTATIONS
from winnow.pipeline.state.kept_log import KEPT_LOG
from winnow.pipeline.state.manifest import FILE_LIST, MANIFEST, read_manifest

KEPT: Final = (MANIFEST, FILE_LIST, QUOTATIONS, KEPT_LOG)  # beside an output, for the next run


def compare_hashes(folder: Path) -> tuple[int, list[str]]:
    """The number of files of an output, and what is wrong with them: changed, missing or added, each by its name.

    It takes a corpus that `select` wrote, too. Raises UsageError where there is no list of hashes.
    """
    with reading(folder) as version:
        files = listed_files(version)
        if not files:
            raise UsageError(
                f"{folder}: no {HASHES} that lists files; name what `winnow clean` or `select` wrote, or a copy"
            )
        return len(files), [*_changes(version, files), *_additions(version, {file.path for file in files})]


def _changes(version: Path, files: list[HashedFile]) -> Iterator[str]:
    """What was done to listed files, and to those that only the run's own manifest lists."""
    for file in [*files, *_unlisted(version)]:
        if PurePosixPath(file.path).is_absolute() or ".." in PurePosixPath(file.path).parts:
            yield f"{file.path} lies outside, and was not read"
        elif problem := file.damage(version):
            yield f"{file.path} {problem}"


def _unlisted(version: Path) -> Iterator[HashedFile]:
    """The files of which only the run's own manifest, which copies lack, has hashes."""
    if manifest := read_manifest(version):
        for name in (HASHES, *UNLISTED):
            yield HashedFile(name, manifest.published[name][0], manifest.hashes[name])


def _additions(version: Path, names: set[str]) -> Iterator[str]:
    paths = (path.relative_to(version) for path in sorted(version.rglob("*")) if not path.is_dir())
    for path in paths:
        if path.as_posix() not in {*names, HASHES, *UNLISTED, *KEPT} and not path.parts[0].startswith("."):
            yield f"{path.as_posix()} is not listed"
