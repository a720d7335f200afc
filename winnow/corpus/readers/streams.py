"""Files as streams of bytes: unpacked on the way, bounded in memory, with errors that name the cause."""

import errno
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import BinaryIO, Final, Protocol
from zipfile import BadZipFile

import pyarrow as pa
import zstandard

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.objects import is_remote, open_object
from winnow.corpus.readers.members import CHUNK_BYTES, MemberReader

ZSTANDARD_BYTES: Final = 1 << 8  # of packed input at a time: zstd packs up to 32,768 to 1, so 8 MB come out
ZSTANDARD_WINDOW_BYTES: Final = 1 << 27  # what `zstd` itself unpacks without `--long`
BROKEN: Final = (EOFError, zlib.error, zstandard.ZstdError, pa.ArrowException, BadZipFile)
CODINGS: Final = {".gz": "gzip", ".zst": "zstd", ".lz4": "lz4"}


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
    """A file's bytes, unpacked if it is packed (see `unpacked`), never whole in memory.

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
    """A stream with a coding of `UNPACKERS` undone; "" changes nothing but the errors (see `open_stream`)."""
    return as_stream(unpacked_chunks(stream, coding), limit)


def unpacked_chunks(stream: BinaryIO, coding: str) -> Iterator[bytes]:
    """The pieces of a stream with a coding undone, "" for none."""
    return UNPACKERS[coding](stream)


def as_stream(chunks: Iterator[bytes], limit: int | None = None) -> BinaryIO:
    """Pieces as a stream whose errors are UnreadableError; more than ``limit`` bytes are one (``too_large``)."""
    return io.BufferedReader(_ChunkReader(chunks, limit), CHUNK_BYTES)


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
    return head, as_stream(chain((head,), rest))


def drain(stream: Readable) -> None:
    """Read a stream to its end and discard the bytes."""
    while stream.read(CHUNK_BYTES):
        pass


class _ChunkReader(io.RawIOBase):
    """Pieces of bytes of any length as a stream, with errors of the system and of unpacking as UnreadableError."""

    def __init__(self, chunks: Iterator[bytes], limit: int | None) -> None:
        self._chunks = chunks
        self._limit = limit
        self._size = 0
        self._unread = memoryview(b"")

    def readable(self) -> bool:
        """Yes: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        """Fill a buffer from the next piece that has bytes; how many were copied, 0 at the end."""
        while not self._unread:
            chunk = self._next_chunk()
            if chunk is None:
                return 0
            self._unread = memoryview(chunk)
        size = min(len(buffer), len(self._unread))
        buffer[:size] = self._unread[:size]
        self._unread = self._unread[size:]
        return size

    def _next_chunk(self) -> bytes | None:
        """The next piece, None at the end and behind a piece that is over the limit."""
        try:
            chunk = next(self._chunks, None)
        except BROKEN as error:
            raise UnreadableError("malformed", f"the packed file is broken: {error}") from error
        except OSError as error:  # pyarrow raises it for broken content, too, without a number
            if not error.errno:
                raise UnreadableError("malformed", f"the packed file is broken: {error}") from error
            raise UnreadableError("unreadable", f"{error.strerror}; reading stopped") from error
        self._size += len(chunk or b"")
        if self._limit is not None and self._size > self._limit:
            self._chunks = iter(())
            raise unpacks_to_too_much(self._limit)
        return chunk


def _chunks(stream: Readable) -> Iterator[bytes]:
    return iter(partial(stream.read, CHUNK_BYTES), b"")


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


def _deflate_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The content of a deflated stream, with zlib's header (RFC 1950) or, as many servers send it, without."""
    packed = stream.read(CHUNK_BYTES)
    has_header = packed[:1] and packed[0] & 15 == zlib.DEFLATED and int.from_bytes(packed[:2]) % 31 == 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
    while packed:
        while (chunk := unpacker.decompress(packed, CHUNK_BYTES)) or unpacker.unconsumed_tail:
            yield chunk
            packed = unpacker.unconsumed_tail
        packed = b"" if unpacker.eof else stream.read(CHUNK_BYTES)
    if not unpacker.eof:
        raise EOFError("it ends in the middle of a block")


def _arrow_chunks(stream: BinaryIO, codec: str) -> Iterator[bytes]:
    """The content of a stream that Arrow unpacks. Raises UnreadableError where it was built without the codec."""
    if not pa.Codec.is_available(codec):
        raise UnreadableError(
            "unsupported",
            f"packed with {codec}, which the installed pyarrow lacks; install one of PyPI's wheels",
        )
    return _chunks(pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), codec))


# How each coding is undone, by the names that HTTP has for them
UNPACKERS: Final[dict[str, Callable[[BinaryIO], Iterator[bytes]]]] = {
    "": _chunks,
    "gzip": MemberReader,
    "zstd": _zstandard_chunks,
    "lz4": partial(_arrow_chunks, codec="lz4"),
    "deflate": _deflate_chunks,
    "br": partial(_arrow_chunks, codec="brotli"),
}
