"""Objects of an S3-compatible store, listed, read and written by URL: ``s3://bucket/key``.

Credentials, region, endpoint (AWS_ENDPOINT_URL) and retries are those of AWS's own tools: environment,
profile, or the role of the machine. boto3 is an extra, imported where a URL is used.
"""

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from glob import has_magic
from itertools import islice
from typing import Any, BinaryIO, Final, TypeVar, cast

from winnow.corpus.errors import UnreadableError, UsageError, WinnowError
from winnow.corpus.extras import require_extra

SCHEME: Final = "s3://"
# Requested at once: about 60 ms on a line of 70 MB/s, beside 20 ms for the first byte
READ_BYTES: Final = 1 << 22
READ_ATTEMPTS: Final = 4  # of a part whose transfer breaks off; boto3 itself repeats only whole requests
CONNECTIONS: Final = 64  # side by side; those over it are opened anew each time
OBJECT_FAULTS: Final = {  # of one object, which is quarantined; any other error ends the run
    "NoSuchKey": "it is gone since it was listed",
    "PreconditionFailed": "it changed since it was listed; the next run reads it",
    "InvalidObjectState": "it is archived; restore it first",
    "AccessDenied": "the store allows listing it, but not reading it",
}
NO_FAULTS: Final[Mapping[str, str]] = {}
ANY_DEPTH: Final = "**"
MAGIC: Final = re.compile(r"[*?\[]")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a listing describes it."""

    url: str
    root: str  # the part of its URL that was asked for, or that a glob matched
    size: int  # bytes
    modified: float  # seconds since 1970
    etag: str  # changes with the content


class StorageError(WinnowError):
    """A store that does not answer, or refuses what a run needs."""


def is_remote(location: str) -> bool:
    """Whether this is the URL of an object, or of all below a prefix."""
    return location.startswith(SCHEME)


def absolute_location(location: str) -> str:
    """A location by a name that holds in any folder: a URL as it is, a path made absolute, its links kept."""
    return location if is_remote(location) else os.path.abspath(location)  # noqa: PTH100  # keeps links


def find_objects(url: str) -> Iterator[StoredObject]:
    """The object of a URL, all below it as a prefix, or all that it matches as a glob (``*`` stops at ``/``).

    Sorted by URL. Raises UsageError where boto3 is missing, StorageError for what cannot be listed.
    """
    bucket, key = bucket_and_key(url)
    exact = [each for each in islice(list_objects(bucket, key), 1) if key and each.url == url]
    if exact or not has_magic(key):
        below = f"{key.rstrip('/')}/" if key else ""
        objects = exact or list_objects(bucket, below)
        yield from (replace(each, root=url.rstrip("/")) for each in objects)
        return
    pattern = key.split("/")
    for each in list_objects(bucket, key[: MAGIC.search(key).start()]):  # type: ignore[union-attr]  # has_magic found one
        if depth := _matched_depth(each.url.removeprefix(f"{SCHEME}{bucket}/").split("/"), pattern):
            yield replace(each, root="/".join(each.url.split("/")[: 3 + depth]))


def open_object(url: str, etag: str, size: int) -> BinaryIO:
    """The bytes of an object as a file that can seek, never whole in memory.

    Reading raises UnreadableError for an object that is gone, changed or withheld, StorageError for
    a store that fails.
    """
    return io.BufferedReader(_ObjectReader(url, etag, size), READ_BYTES)


def put_object(url: str, content: BinaryIO | bytes) -> None:
    """Write an object of up to 5 GB, whole or not at all. Raises StorageError."""
    bucket, key = bucket_and_key(url)
    ask_store(url, lambda: store_client().put_object(Bucket=bucket, Key=key, Body=content))


def delete_object(url: str) -> None:
    """Delete an object, if it is there. Raises StorageError."""
    bucket, key = bucket_and_key(url)
    ask_store(url, lambda: store_client().delete_object(Bucket=bucket, Key=key))


class _ObjectReader(io.RawIOBase):
    """An object, read by ranges, each as the object was when it was listed."""

    def __init__(self, url: str, etag: str, size: int) -> None:
        self._url, self._etag, self._size, self._at = url, etag, size, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: Parquet is read by jumping in it."""
        return True

    def tell(self) -> int:
        """Bytes before the next one to be read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset from the start, the current place or the end; return it from the start."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        """Fill a buffer from the object; how many bytes that were, 0 at its end."""
        end = min(self._at + len(buffer), self._size)
        if self._at >= end:
            return 0
        content = ask_store(self._url, lambda: _range(self._url, self._etag, self._at, end), OBJECT_FAULTS)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


def _range(url: str, etag: str, start: int, end: int) -> bytes:
    """The bytes of an object from one offset up to another."""
    bucket, key = bucket_and_key(url)
    request = {"Bucket": bucket, "Key": key, "Range": f"bytes={start}-{end - 1}", "IfMatch": etag}
    for attempt in range(1, READ_ATTEMPTS + 1):
        try:
            return cast(bytes, store_client().get_object(**request)["Body"].read())
        except broken_transfers():
            if attempt == READ_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def list_objects(bucket: str, prefix: str) -> Iterator[StoredObject]:
    """All objects of a bucket whose key begins so; a thousand a request."""
    url, token = f"{SCHEME}{bucket}/{prefix}", dict[str, str]()
    while True:
        ask = partial(store_client().list_objects_v2, Bucket=bucket, Prefix=prefix, **token)
        page = ask_store(url, ask)
        for each in page.get("Contents", ()):
            if not each["Key"].endswith("/"):  # what consoles make for a folder
                when = each["LastModified"].timestamp()
                yield StoredObject(f"{SCHEME}{bucket}/{each['Key']}", "", each["Size"], when, each["ETag"])
        if not page["IsTruncated"]:
            return
        token = {"ContinuationToken": page["NextContinuationToken"]}


def _matched_depth(parts: list[str], pattern: list[str]) -> int:
    """How many parts of a key a glob matches, 0 for none; a folder that matches stands for everything below it."""
    if ANY_DEPTH in pattern:
        return len(parts) if _matches(parts, pattern) else 0
    depth = len(pattern)
    return depth if _matches(parts[:depth], pattern) else 0


def _matches(parts: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == ANY_DEPTH:
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def ask_store(url: str, ask: Callable[[], Answer], faults: Mapping[str, str] = NO_FAULTS) -> Answer:
    """The answer of the store, with its errors as ours; ``faults`` are the codes that concern one object only."""
    errors = store_errors()
    try:
        return ask()
    except errors.ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in faults:
            raise UnreadableError("unreadable", f"{faults[code]} ({code})") from error
        raise StorageError(f"{url}: {message or 'the store refuses'} ({code})") from error
    except errors.BotoCoreError as error:
        raise StorageError(f"{url}: {error}") from error


def store_errors() -> Any:
    """The module of the exceptions that boto3 raises. Raises UsageError where boto3 is missing."""
    require_extra("s3", SCHEME)
    import botocore.exceptions

    return botocore.exceptions


def broken_transfers() -> tuple[type[Exception], ...]:
    """What is raised where the bytes of an object end too early; boto3 itself repeats only whole requests."""
    errors = store_errors()
    return errors.IncompleteReadError, errors.ReadTimeoutError, errors.ResponseStreamingError


@cache
def store_client() -> Any:  # boto3 has no types
    """A connection for all threads of this process."""
    errors = store_errors()
    from boto3.session import Session
    from botocore.config import Config

    try:
        return Session().client("s3", config=Config(max_pool_connections=CONNECTIONS))
    except (
        errors.BotoCoreError,
        ValueError,
    ) as error:  # a profile that is not there, an endpoint that is no URL
        raise UsageError(f"s3://: {error}") from error


def bucket_and_key(url: str) -> tuple[str, str]:
    """Bucket and key of a URL. Raises UsageError for one without a bucket."""
    bucket, _, key = url.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise UsageError(f"{url}: names no bucket; write s3://BUCKET/PREFIX")
    return bucket, key
