"""Publishing: copies the output to an S3-compatible store, where a last object marks the copy as complete."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.mounts import mount_of
from winnow.corpus.objects import delete_object, find_objects, put_object
from winnow.corpus.output import FILES, MARK, PARTS

# Written last and deleted first: while it is there, all of its run is.
COMPLETION_MARK: Final = "report.json"


@contextmanager
def publishing(folder: Path, url: str) -> Iterator[None]:
    """Copy the output folder to a URL once the block has ended without an error; do nothing where the URL is "".

    Raises UsageError, before the block, where the URL holds objects of others, and StorageError
    where it cannot be written.
    """
    url = url.rstrip("/")
    if url and mount_of(folder):
        raise UsageError(f"--publish {url}: the output is in a store already; leave one of the two out")
    if url:
        _claim_prefix(url)
    yield
    if url:
        publish_copy(folder, url)


def publish_copy(folder: Path, url: str) -> None:
    """Make the objects below a URL equal to the output in a folder; unchanged files are not uploaded again.

    Wherever it is interrupted, the copy lacks `COMPLETION_MARK`, and the next run completes it. Raises StorageError.
    """
    remote_etags, local_etags = _remote_etags(url), dict(_local_etags(folder))
    outdated = [
        name
        for name, etag in local_etags.items()
        if remote_etags.get(name) != etag and name != COMPLETION_MARK
    ]
    stale = remote_etags.keys() - local_etags.keys() - {MARK}
    if not outdated and not stale and remote_etags.get(COMPLETION_MARK) == local_etags[COMPLETION_MARK]:
        return
    delete_object(f"{url}/{COMPLETION_MARK}")
    for name in outdated:
        _upload(folder, name, url)
    for name in sorted(stale):
        delete_object(f"{url}/{name}")
    _upload(folder, COMPLETION_MARK, url)


def _claim_prefix(url: str) -> None:
    """Mark a prefix as ours. Raises UsageError where it holds objects of others."""
    names = _remote_etags(url)
    if names and MARK not in names:
        raise UsageError(f"{url}: holds objects that Winnow did not write; name an empty or new prefix")
    put_object(f"{url}/{MARK}", b"")


def _upload(folder: Path, name: str, url: str) -> None:
    with (folder / name).open("rb") as content:
        put_object(f"{url}/{name}", content)


def _local_etags(folder: Path) -> Iterator[tuple[str, str]]:
    """Names of the published files, and the ETags that they have when they are stored in one piece, unencrypted."""
    paths = [path for part in PARTS for path in sorted((folder / part).iterdir())]
    for path in [*paths, *(folder / name for name in FILES)]:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
        yield path.relative_to(folder).as_posix(), f'"{digest.hexdigest()}"'


def _remote_etags(url: str) -> dict[str, str]:
    """The names of the objects below a URL, with their ETags."""
    return {stored.url.removeprefix(f"{url}/"): stored.etag for stored in find_objects(f"{url}/")}
