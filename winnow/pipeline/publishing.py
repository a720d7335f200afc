"""A copy of the output in an S3-compatible store, which cannot swap folders: a mark tells when it is whole."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.objects import delete_object, find_objects, put_object
from winnow.corpus.output import FILES, MARK, PARTS

# Written last and deleted first: while it is there, all of its run is.
COMPLETION_MARK: Final = "report.json"


@contextmanager
def publishing(folder: Path, url: str) -> Iterator[None]:
    """Copy the output in a folder below a URL once the block has ended well; nothing for "".

    Raises UsageError, before the block, where something else lies there, and StorageError where the
    place cannot be written.
    """
    url = url.rstrip("/")
    if url:
        _mark_ours(url)
    yield
    if url:
        publish_copy(folder, url)


def publish_copy(folder: Path, url: str) -> None:
    """Make the objects below a URL equal to the output in a folder; what is there already is not sent.

    Cut off anywhere, it leaves a copy without `COMPLETION_MARK`, which the next run completes. Raises StorageError.
    """
    remote_etags, local_etags = _names(url), dict(_output(folder))
    missing = [
        name
        for name, etag in local_etags.items()
        if remote_etags.get(name) != etag and name != COMPLETION_MARK
    ]
    stale = remote_etags.keys() - local_etags.keys() - {MARK}
    if not missing and not stale and remote_etags.get(COMPLETION_MARK) == local_etags[COMPLETION_MARK]:
        return
    delete_object(f"{url}/{COMPLETION_MARK}")
    for name in missing:
        _send(folder, name, url)
    for name in sorted(stale):
        delete_object(f"{url}/{name}")
    _send(folder, COMPLETION_MARK, url)


def _mark_ours(url: str) -> None:
    names = _names(url)
    if names and MARK not in names:
        raise UsageError(f"{url}: holds objects that Winnow did not write; name an empty or new prefix")
    put_object(f"{url}/{MARK}", b"")


def _send(folder: Path, name: str, url: str) -> None:
    with (folder / name).open("rb") as content:
        put_object(f"{url}/{name}", content)


def _output(folder: Path) -> Iterator[tuple[str, str]]:
    """Names of the published files, and the ETags that they have when they are stored in one piece, unencrypted."""
    paths = [path for part in PARTS for path in sorted((folder / part).iterdir())]
    for path in [*paths, *(folder / name for name in FILES)]:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
        yield path.relative_to(folder).as_posix(), f'"{digest.hexdigest()}"'


def _names(url: str) -> dict[str, str]:
    """What lies below a URL, with ETags."""
    return {stored.url.removeprefix(f"{url}/"): stored.etag for stored in find_objects(f"{url}/")}
