"""The records of web archives, WARC (ISO 28500) and ARC, one after the other, their payloads not yet read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from winnow.corpus.errors import UnreadableError
from winnow.corpus.readers.members import BrokenMemberError
from winnow.corpus.readers.streams import drain

MAX_HEADER_BYTES: Final = 1 << 18  # of a record or an HTTP answer; servers refuse over 64 kB or less
MAX_LENGTH_DIGITS: Final = 15
ARC_DAY: Final = re.compile(r"([12]\d{3})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,20}:", re.IGNORECASE | re.ASCII)
STRAY: Final = "bytes that belong to no record; is a Content-Length wrong?"


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """A record whose payload has not been read yet."""

    headers: StatusAndHeaders
    payload: LimitReader

    def header(self, name: str) -> str:
        """The value of a header of the record, "" if it has none."""
        return self.headers.get_header(name) or ""

    @property
    def url(self) -> str:
        """The address of what it holds, which WARC 1.0 has in angle brackets."""
        return self.header("WARC-Target-URI").strip("<>")


ReadHeader = Callable[[bytes, BinaryIO], ArchiveRecord | None]


def read_records(stream: BinaryIO, read_header: ReadHeader) -> Iterator[ArchiveRecord | UnreadableError]:
    """Each record, and an error for each stretch of bytes that belongs to none or cannot be unpacked.

    ``read_header`` gives the record that begins with a line, None if none does.
    """
    is_stray, is_end = False, False
    while not is_end:
        try:
            line = stream.readline(MAX_HEADER_BYTES)
            record, is_end = read_header(line, stream), not line
        except BrokenMemberError as error:
            yield error
            continue
        if is_stray and (record or is_end):
            yield UnreadableError("malformed", STRAY)
        if record:
            yield record
            _skip_rest(record)
        is_stray = not record and (is_stray or bool(line.strip()))


def _skip_rest(record: ArchiveRecord) -> None:
    """Read a record to its end; where its member is broken, that is its end."""
    try:
        drain(record.payload)
    except BrokenMemberError:
        record.payload.limit = 0


def warc_header(line: bytes, stream: BinaryIO) -> ArchiveRecord | None:
    """The WARC record that begins with a version line, None for another line and where its header cannot be used."""
    if not line.startswith(b"WARC/"):
        return None
    headers = parse_headers(line + header_lines(stream))
    length = headers.get_header("Content-Length") or ""
    if not (length.isascii() and length.isdigit() and len(length) <= MAX_LENGTH_DIGITS):
        return None
    return ArchiveRecord(headers, LimitReader(stream, int(length)))


def arc_header(line: bytes, stream: BinaryIO) -> ArchiveRecord | None:
    """The ARC record that begins with a line like ``address IP day type … length``, with the headers of a WARC record.

    Addresses and types may hold spaces. The first record of a file (``filedesc:``) says what the file is; where its
    length is wrong and reaches into the next record, it is that one which is given.
    """
    parts = line.decode("latin-1").split()
    at = next((i for i, part in enumerate(parts[:-1]) if i > 1 and ARC_DAY.fullmatch(part)), 0)
    is_length = at and parts[-1].isdecimal() and len(parts[-1]) <= MAX_LENGTH_DIGITS
    if not is_length or not ADDRESS.match(parts[0]):
        return None
    address, length = " ".join(parts[: at - 1]), int(parts[-1])
    is_description = address.startswith("filedesc:")
    if is_description and (cut_line := stream.read(min(length, MAX_HEADER_BYTES)).rpartition(b"\n")[2]):
        record = arc_header(cut_line + stream.readline(MAX_HEADER_BYTES), stream)
        if record:
            return record
    headers = [
        ("WARC-Type", "warcinfo" if is_description else "response"),
        ("WARC-Target-URI", address),
        ("WARC-Date", ARC_DAY.sub(r"\1-\2-\3T\4:\5:\6Z", parts[at])),
    ]
    return ArchiveRecord(
        StatusAndHeaders("ARC", headers), LimitReader(stream, 0 if is_description else length)
    )


def header_lines(stream: BinaryIO | LimitReader) -> bytes:
    """The lines up to a blank one. Raises UnreadableError for more than `MAX_HEADER_BYTES`."""
    lines, size = [], 0
    while (line := stream.readline(MAX_HEADER_BYTES)).strip():
        lines.append(line)
        size += len(line)
        if size > MAX_HEADER_BYTES:
            raise UnreadableError("malformed", f"a header of over {MAX_HEADER_BYTES} bytes")
    return b"".join(lines)


def parse_headers(header: bytes) -> StatusAndHeaders:
    """A status line and the headers below it."""
    return StatusAndHeadersParser([], verify=False).parse(BytesIO(header))
