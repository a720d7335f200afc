"""Whether a published output, or a copy of one, is as the run wrote it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.guarded import DamagedFileError
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.mounts import files_below, mount_of
from winnow.corpus.output import HASHES, MARK, NOBODYS, UNLISTED
from winnow.corpus.versions import listed_files, reading
from winnow.pipeline.sources.quotation_cache import QUOTATIONS
from winnow.pipeline.state.kept_log import KEPT_LOG
from winnow.pipeline.state.manifest import FILE_LIST, MANIFEST, collecting_damage, read_manifest

KEPT: Final = (MANIFEST, FILE_LIST, QUOTATIONS, KEPT_LOG)  # beside an output, for the next run


def compare_hashes(folder: Path) -> tuple[int, list[str]]:
    """The number of files of an output, and what is wrong with them: changed, missing or added, each by its name.

    It takes a corpus that `select` wrote, too. Raises UsageError where there is no list of hashes, or no sound one.
    """
    with reading(folder) as version, collecting_damage() as noted:
        files = _listed_files(version)
        others = [*_listed_by_run(version)]
        problems = [*_damages(version, (*files, *others))]
        names = {HASHES, *UNLISTED, *KEPT, *(file.path for file in files)}
        return len(files), [*noted, *problems, *_additions(version, names)]


def _listed_files(version: Path) -> list[HashedFile]:
    """The files that `HASHES` lists. Raises UsageError where it lists none, or is damaged."""
    try:
        if files := listed_files(version):
            return files
        problem = "lists no files"
    except FileNotFoundError:
        problem = "is missing"
    except DamagedFileError as error:
        problem = str(error)
    raise UsageError(
        f"{version / HASHES}: {problem}; name what `winnow clean` or `select` wrote, or a copy"
    )


def _listed_by_run(version: Path) -> Iterator[HashedFile]:
    """The files of which only the run's own manifest, which copies lack, has hashes."""
    if manifest := read_manifest(version):
        yield from manifest.kept
        for name in (HASHES, *UNLISTED):
            if name in manifest.published:
                yield HashedFile(name, manifest.published[name][0], manifest.hashes[name])


def _damages(version: Path, files: Iterable[HashedFile]) -> Iterator[str]:
    """What has happened to files since they were written, each by its name."""
    for file in files:
        if problem := file.damage(version):
            yield f"{file.path} {problem}"
        if mount_of(version):  # it was fetched for this alone
            (version / file.path).unlink(missing_ok=True)


def _additions(version: Path, names: set[str]) -> Iterator[str]:
    """What lies beside the listed files, links to folders among it."""
    if mount_of(version):
        yield from (f"{name} is not listed" for name in files_below(version) if name not in names)
        return
    for path in sorted(version.rglob("*")):
        name = path.relative_to(version)
        is_ours = name.as_posix() in names or name.parts[0] == MARK or path.name in NOBODYS
        if not is_ours and (path.is_symlink() or not path.is_dir()):
            yield f"{name.as_posix()} is not listed"
