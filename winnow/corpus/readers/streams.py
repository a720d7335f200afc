"""Files as streams of bytes: unpacked on the way, bounded in memory, with errors that name the cause."""

import errno
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import BinaryIO, Final, Protocol

import zstandard

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.objects import is_remote, open_object

CHUNK_BYTES: Final = 1 << 16
ZSTANDARD_BYTES: Final = 1 << 8  # of packed input at a time: zstd packs up to 32,768 to 1, so 8 MB come out
ZSTANDARD_WINDOW_BYTES: Final = 1 << 27  # what `zstd` itself unpacks without `--long`
BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)
CODINGS: Final = {".gz": "gzip", ".zst": "zstd"}


class Readable(Protocol):
    """Anything that gives its next bytes, b"" at its end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``."""


def open_file(file: InputFile) -> BinaryIO:
    """A file or a remote object, to read and to jump in; `OSError` for what the system refuses."""
    if is_remote(file.location):
        return open_object(file.location, file.stamp, file.size)
    return open(file.location, "rb", opener=_open_regular)


def _open_regular(path: str, flags: int) -> int:
    """A descriptor of a regular file. Opening a pipe that took its place since it was listed would wait for ever."""
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "no regular file any more", path)


@contextmanager
def open_stream(file: InputFile, coding: str = "", limit: int | None = None) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked if it is packed ("gzip", "zstd"), never whole in memory.

    Raises `UnreadableError`, while opening and while reading: ``unreadable`` for what the system
    refuses, ``malformed`` for a packed stream that is broken or cut off, ``too_large`` for one that unpacks to more
    than ``limit`` bytes.
    """
    try:
        stream = open_file(file)
    except OSError as error:
        raise UnreadableError("unreadable", f"{error.strerror}; check its permissions") from error
    with stream:
        yield unpacked(stream, coding, limit)


def unpacked(stream: BinaryIO, coding: str, limit: int | None = None) -> BinaryIO:
    """A stream with "gzip" or "zstd" undone; "" changes nothing but the errors (see `open_stream`)."""
    if coding == "gzip":
        chunks = iter(partial(gzip.GzipFile(fileobj=stream).read1, CHUNK_BYTES), b"")
    elif coding == "zstd":
        chunks = _zstandard_chunks(stream)
    else:
        chunks = iter(partial(stream.read, CHUNK_BYTES), b"")
    bounded = chunks if limit is None else _bounded(chunks, limit)
    return io.BufferedReader(_ChunkReader(_with_our_errors(bounded)), CHUNK_BYTES)


def unpacks_to_too_much(limit: int) -> UnreadableError:
    """The error for a file that unpacks to over ``limit`` bytes."""
    return UnreadableError(
        "too_large", f"it unpacks to over {limit} bytes; unpack it yourself to read it all"
    )


def read_bounded(stream: Readable, limit: int) -> bytes:
    """The rest of a stream; `UnreadableError` (``too_large``) if that is over ``limit`` bytes."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise UnreadableError("too_large", f"over {limit} bytes; raise --max-document-bytes to read it")
    return content


def peeked(stream: BinaryIO, limit: int) -> tuple[bytes, BinaryIO]:
    """The lines up to the first that is not blank, at most ``limit`` bytes, and the whole stream again."""
    lines, size = [], 0
    while size < limit and (line := stream.readline(limit - size)):
        lines.append(line)
        size += len(line)
        if line.strip():
            break
    head = b"".join(lines)
    rest = iter(partial(stream.read, CHUNK_BYTES), b"")
    return head, io.BufferedReader(_ChunkReader(chain((head,), rest)), CHUNK_BYTES)


def drain(stream: Readable) -> None:
    """Read a stream to its end and discard the bytes."""
    while stream.read(CHUNK_BYTES):
        pass


class _ChunkReader(io.RawIOBase):
    """Pieces of bytes of any length as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._unread = memoryview(b"")

    def readable(self) -> bool:
        """Yes: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        """Fill a buffer from the next piece that has bytes; how many were copied, 0 at the end."""
        while not self._unread:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._unread = memoryview(chunk)
        size = min(len(buffer), len(self._unread))
        buffer[:size] = self._unread[:size]
        self._unread = self._unread[size:]
        return size


def _with_our_errors(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, with errors of the system and of decompression as UnreadableError."""
    try:
        yield from chunks
    except BROKEN as error:
        raise UnreadableError("malformed", f"the packed file is broken: {error}") from error
    except OSError as error:
        raise UnreadableError("unreadable", f"{error.strerror}; reading stopped") from error


def _bounded(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The same pieces as long as they hold up to ``limit`` bytes together; UnreadableError instead of the next."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise unpacks_to_too_much(limit)
        yield chunk


def _zstandard_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The content of all frames, in pieces whose size is bounded (see `ZSTANDARD_BYTES`)."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTANDARD_WINDOW_BYTES)
    frame, is_inside = unpacker.decompressobj(), False
    while packed := stream.read(ZSTANDARD_BYTES):
        while packed:
            yield frame.decompress(packed)
            is_inside, packed = not frame.eof, frame.unused_data
            if frame.eof:
                frame = unpacker.decompressobj()
    if is_inside:
        raise EOFError("it ends in the middle of a frame")
