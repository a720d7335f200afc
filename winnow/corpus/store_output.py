"""An output in a store: the same layout as in a folder, but that an object names the current version, not a link.

    PREFIX/.winnow/versions/<version>/…   what a run published; it is never changed afterwards
    PREFIX/.winnow/current.json           names the version that is read, and those that were read before
    PREFIX/.winnow/lock.json              the lease of the run that writes

Replacing `current.json`, by a conditional write, is all of publishing that a reader can see. Nobody can lock a version
in a store: one that another has replaced stays for a while, and is deleted by a later run.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.hashed_files import file_sha256
from winnow.corpus.lease import holding_lease, locking_folder
from winnow.corpus.locations import POINTER, follow_pointer, read_pointer
from winnow.corpus.mounts import Mount, discard, files_below, mount_of
from winnow.corpus.objects import StorageError, bucket_and_key, list_objects, put_object
from winnow.corpus.output import HASHES, MARK, VERSIONS, open_output
from winnow.corpus.stored_objects import check_conditional_writes, create_object, replace_object
from winnow.corpus.versions import drop_old_versions, make_current, run_of

LEASE: Final = "lock.json"
WORK: Final = "work"


@contextmanager
def open_run(folder: Path) -> Iterator[Path]:
    """An empty folder for the work of the one run that may write into an output, as `open_output` gives it.

    Raises UsageError where another run writes there, or things of others lie in its place, and StorageError.
    """
    mount = mount_of(folder)
    if mount is None:
        with open_output(folder) as work:
            yield work
        return
    _check_prefix(mount)
    with _only_run(mount) as name:
        follow_pointer(mount)
        all_work = folder / MARK / WORK
        discard(all_work / each for each in files_below(all_work))  # of runs that were cut off
        # A worker of such a run may still write there; its name is not that of this one's.
        work = all_work / name
        work.mkdir(parents=True)
        yield work
        shutil.rmtree(work)
        discard(work / each for each in files_below(work))


def publish_version(version: Path, folder: Path, aside: Path) -> None:
    """Make a version of an output the one that is read, in one step, and drop old ones.

    Raises LostLeaseError, and StorageError where another run published in between; then nothing is published.
    """
    mount = mount_of(folder)
    if mount is None:
        make_current(version, folder, aside)
        return
    if mount.lease:
        mount.lease.check()
    _replace_pointer(mount, version)
    follow_pointer(mount)
    drop_replaced_versions(folder)


def drop_replaced_versions(folder: Path) -> None:
    """Delete the versions that nobody reads any more, and those of runs that were cut off."""
    mount = mount_of(folder)
    if mount is None:
        drop_old_versions(folder)
        return
    pointer, versions = read_pointer(mount), folder / MARK / VERSIONS
    if pointer is None:
        return
    since = time.time() - mount.kept_seconds
    kept = {pointer.version, *(name for name, when in pointer.earlier.items() if when > since)}
    discard(versions / name for name in files_below(versions) if name.partition("/")[0] not in kept)


@contextmanager
def _only_run(mount: Mount) -> Iterator[str]:
    """A name for a run that nobody else goes on beside. Raises UsageError."""
    with ExitStack() as held:
        if mount.lock_folder:
            held.enter_context(locking_folder(mount.lock_folder, mount.url))
            yield f"{time.time_ns():x}"
            return
        check_conditional_writes(f"{mount.url}/{MARK}")
        mount.lease = held.enter_context(holding_lease(f"{mount.url}/{MARK}/{LEASE}"))
        held.callback(setattr, mount, "lease", None)
        yield mount.lease.token


def _check_prefix(mount: Mount) -> None:
    """Raise UsageError for a prefix that holds objects that Winnow did not write, or a copy that it published."""
    mark = f"{mount.url}/{MARK}"
    first = next(list_objects(*bucket_and_key(f"{mount.url}/")), None)
    if first and not first.url.startswith(f"{mark}/"):
        what = "a copy that --publish made" if first.url == mark else "objects that Winnow did not write"
        raise UsageError(f"{mount.url}: holds {what}; name an empty or new prefix with -o")


def _replace_pointer(mount: Mount, version: Path) -> None:
    """Name a version as the current one, if nobody has named one since this run began. Raises StorageError."""
    url, etag = f"{mount.url}/{MARK}/{POINTER}", mount.pointer_etag
    before = read_pointer(mount)
    now = time.time()
    earlier = (
        {name: when for name, when in before.earlier.items() if when > now - mount.kept_seconds}
        if before
        else {}
    )
    earlier |= {before.version: now} if before else {}
    facts = {
        "version": version.name,
        "run_id": run_of(version),
        "manifest_sha256": file_sha256(version / HASHES),
    }
    content = (json.dumps({**facts, "earlier": earlier}, indent=1) + "\n").encode()
    if mount.lock_folder:
        put_object(url, content)
    elif mount.pointer_etag != etag or not (
        replace_object(url, content, etag) if etag else create_object(url, content)
    ):
        raise StorageError(
            f"{mount.url}: another run published there meanwhile; this one did not, run it again"
        )
