"""JSON Lines: one record a line."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from io import BufferedIOBase
from itertools import chain
from typing import BinaryIO, Final, cast

from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers.members import CHUNK_BYTES
from winnow.corpus.readers.record_fields import read_record
from winnow.corpus.readers.streams import as_stream
from winnow.corpus.settings import Settings

# The first bytes of JSON in UTF-16: a mark, or the brace of an object
UTF_16: Final = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"{\0": "utf-16-le",
    b"\0{": "utf-16-be",
}


def read_jsonl(
    stream: BinaryIO, file: InputFile, settings: Settings
) -> Iterator[RawDocument | Quarantined]:
    """A document or a row for the quarantine for each line that is not blank.

    Paths name the line, from 1. A line over `longest_line` is skipped without being held in memory. A file in UTF-16
    is told by its first bytes.
    """
    for number, line in enumerate(_lines(_as_utf8(stream), longest_line(settings)), 1):
        path = f"{file.name}#{number}"
        if line is None:
            limit = f"a line of over {longest_line(settings)} bytes; raise --max-document-bytes to read it"
            yield Quarantined(path, "", "too_large", limit)
        elif line.strip():
            yield _read_line(line, path, file, settings)


def longest_line(settings: Settings) -> int:
    r"""Bytes of the longest line that is read: escapes like ``\n`` may double a document."""
    return 2 * settings.max_document_bytes


def json_object(line: bytes) -> dict[str, object]:
    """The JSON object of a line.

    Raises ValueError with the reason, UnicodeDecodeError where it is not UTF-8.
    """
    try:
        value = json.loads(line.decode("utf-8-sig"), strict=False)  # tabs and such are common, and harmless
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError(f"a {type(value).__name__}, not an object")  # noqa: TRY004 - the caller asks for one class
    return value


def _as_utf8(stream: BinaryIO) -> BinaryIO:
    """The stream, or what it holds in UTF-16 as UTF-8; units that are no characters are replaced."""
    head = stream.read(2)
    # What was unpacked before a file breaks off is lost to `read`, which waits for all that it was asked for
    read1 = cast(BufferedIOBase, stream).read1
    rest = chain((head,), iter(partial(read1, CHUNK_BYTES), b""))
    encoding = UTF_16.get(head)
    if not encoding:
        return as_stream(rest)
    decoder = getincrementaldecoder(encoding)("replace")
    texts = chain(map(decoder.decode, rest), (decoder.decode(b"", final=True) for _ in (1,)))
    return as_stream(text.encode() for text in texts)


def _lines(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """Each line; None for one that is over ``limit`` bytes."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(CHUNK_BYTES)
        yield None


def _read_line(line: bytes, path: str, file: InputFile, settings: Settings) -> RawDocument | Quarantined:
    try:
        record = json_object(line)
    except UnicodeDecodeError as error:
        detail = f"not UTF-8 at byte {error.start} of the line; convert the file"
        return Quarantined(path, sha256(line).hexdigest(), "undecodable", detail)
    except ValueError as error:
        return Quarantined(path, sha256(line).hexdigest(), "malformed", f"invalid JSON: {error}")
    return read_record(record, path, file, settings)
