"""Objects of a store as a run needs them: fetched, copied, deleted, and written only where nobody else was faster.

By conditional writes (If-None-Match, If-Match) one run at a time holds a store (`winnow.corpus.lease`), and one small
object names what is current.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final, TypeVar
from uuid import uuid4

from winnow.corpus.errors import UsageError
from winnow.corpus.objects import (
    READ_ATTEMPTS,
    SCHEME,
    StorageError,
    ask_store,
    broken_transfers,
    bucket_and_key,
    delete_object,
    store_client,
    store_errors,
)

# The condition does not hold; another write went on at the same time; the object of an If-Match is not there.
CONFLICTS: Final = frozenset(
    {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"}
)
MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
COPY_BYTES: Final = 1 << 20  # at once
DELETED_AT_ONCE: Final = 1000  # the most that a store takes in one request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SmallObject:
    """An object as it was read, with what replaces it only while it is so."""

    content: bytes
    etag: str
    age_seconds: float  # by the clock of the store, which is the only one that all machines share


def read_object(url: str) -> SmallObject | None:
    """A small object, whole; None where there is none. Raises StorageError."""
    from email.utils import parsedate_to_datetime  # takes a while, and most runs need none

    def take(answer: Any) -> SmallObject:
        """The object in an answer."""
        now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        age = (now - answer["LastModified"]).total_seconds()
        return SmallObject(answer["Body"].read(), answer["ETag"], age)

    return _download(url, take)


def download_object(url: str, file: BinaryIO) -> bool:
    """Write an object into an empty file, and give whether there is one. Raises StorageError."""

    def take(answer: Any) -> bool:
        """Write the bytes in an answer over those of one that broke off; True, for there is an object."""
        file.seek(0)
        file.truncate()
        shutil.copyfileobj(answer["Body"], file, COPY_BYTES)
        return True

    return bool(_download(url, take))


def object_facts(url: str) -> tuple[str, int] | None:
    """The ETag and the bytes of an object; None where there is none. Raises StorageError."""
    bucket, key = bucket_and_key(url)
    answer = ask_store(
        url, lambda: _unless(MISSING, lambda: store_client().head_object(Bucket=bucket, Key=key))
    )
    return answer and (answer["ETag"], answer["ContentLength"])


def create_object(url: str, content: bytes) -> str:
    """Write an object where there is none, and give its ETag; "" where there is one. Raises StorageError."""
    return _put_if(url, content, IfNoneMatch="*")


def replace_object(url: str, content: bytes, etag: str) -> str:
    """Replace an object that still has an ETag, and give its new one; "" where it has another. Raises StorageError."""
    return _put_if(url, content, IfMatch=etag)


def copy_object(url: str, target: str) -> None:
    """Copy an object of up to 5 GB inside the store, which alone moves its bytes. Raises StorageError."""
    (bucket, key), (target_bucket, target_key) = bucket_and_key(url), bucket_and_key(target)
    source = {"Bucket": bucket, "Key": key}
    ask_store(
        url, lambda: store_client().copy_object(Bucket=target_bucket, Key=target_key, CopySource=source)
    )


def delete_objects(urls: Sequence[str]) -> None:
    """Delete objects of one bucket, as far as they are there. Raises StorageError."""
    for begin in range(0, len(urls), DELETED_AT_ONCE):
        some = urls[begin : begin + DELETED_AT_ONCE]
        bucket = bucket_and_key(some[0])[0]
        delete = {"Objects": [{"Key": bucket_and_key(url)[1]} for url in some], "Quiet": True}
        answer = ask_store(some[0], partial(store_client().delete_objects, Bucket=bucket, Delete=delete))
        for error in answer.get("Errors", ())[:1]:
            raise StorageError(f"{SCHEME}{bucket}/{error['Key']}: cannot be deleted ({error['Code']})")


def check_conditional_writes(prefix: str) -> None:
    """Raise UsageError for a store that does not keep the conditions of a write, as an object below a prefix shows."""
    url = f"{prefix}/{uuid4().hex}.probe"
    try:
        first = _put_if(url, b"1", IfNoneMatch="*")
        again = _put_if(url, b"2", IfNoneMatch="*")
        wrong = _put_if(url, b"3", IfMatch='"00000000000000000000000000000000"')
        right = _put_if(url, b"4", IfMatch=first)
    finally:
        delete_object(url)
    if not first or again or wrong or not right:
        raise UsageError(
            f"{prefix}: this store does not keep the conditions of a write (If-None-Match, If-Match), which keep two "
            "runs apart; name a folder with --lock that all machines see which may begin a run"
        )


def _download(url: str, take: Callable[[Any], T]) -> T | None:
    """What ``take`` makes of the answer with an object, None where there is none; again where the transfer breaks."""
    bucket, key = bucket_and_key(url)

    def ask() -> T | None:
        """What is made of the first answer whose transfer does not break."""
        for attempt in range(1, READ_ATTEMPTS + 1):
            answer = _unless(MISSING, lambda: store_client().get_object(Bucket=bucket, Key=key))
            try:
                return answer and take(answer)
            except broken_transfers():
                if attempt == READ_ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    return ask_store(url, ask)


def _put_if(url: str, content: bytes, **condition: str) -> str:
    """The ETag of an object that was written under a condition, "" where that does not hold.

    A request is repeated where its answer is lost, and may then meet its own object.
    """
    bucket, key = bucket_and_key(url)

    def put() -> Any:
        """The answer to the write."""
        return store_client().put_object(Bucket=bucket, Key=key, Body=content, **condition)

    if answer := ask_store(url, lambda: _unless(CONFLICTS, put)):
        return str(answer["ETag"])
    now = read_object(url)
    return now.etag if now and now.content == content else ""


def _unless(codes: frozenset[str], ask: Any) -> Any:
    """The answer of the store, None where its error has one of these codes."""
    try:
        return ask()
    except store_errors().ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return None
        raise
