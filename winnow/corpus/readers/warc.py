"""WARC archives (ISO 28500): the pages of a crawl, and the texts that WET files make of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from warcio.bufferedreaders import ChunkedDataReader
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from winnow.corpus.dates import iso_date
from winnow.corpus.document import Metadata
from winnow.corpus.domains import registered_domain, site_host
from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import HTML, TEXT, Quarantined, RawDocument
from winnow.corpus.readers.plain import SNIFFED_BYTES, sniffed_type
from winnow.corpus.readers.record_fields import accepted, host_folder
from winnow.corpus.readers.streams import drain, read_bounded, unpacked
from winnow.corpus.settings import Settings

MAX_HEADER_BYTES: Final = 1 << 18  # of a record or an HTTP answer; servers refuse over 64 kB or less
MEDIA_TYPES: Final = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/plain": TEXT,
    "text/markdown": TEXT,
}
CODINGS: Final = {"": "", "identity": "", "none": "", "gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd"}
PACKED_START: Final = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
CHARSET: Final = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:\-]{1,40})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record whose payload has not been read yet."""

    headers: StatusAndHeaders
    payload: LimitReader

    def header(self, name: str) -> str:
        """The value of a header of the record, "" if it has none."""
        return self.headers.get_header(name) or ""


@dataclass(frozen=True, slots=True)
class _Body:
    """What a record holds: a web page, a text or anything else."""

    media_type: str  # as declared, lower case, "" if it is not
    charset: str
    transfer: str = ""  # HTTP's Transfer-Encoding
    coding: str = ""  # HTTP's Content-Encoding


def read_warc(stream: BinaryIO, file: InputFile, settings: Settings) -> Iterator[RawDocument | Quarantined]:
    """The documents of an archive, one record at a time; paths name the record, of any type, from 1.

    A document is an HTML or text answer with status 200 (a redirect or an error page is not the
    document of its URL), or a ``resource`` or ``conversion`` (WET) record of these types, from an
    http(s) URL. Other records are passed over and not counted. ``Content-Encoding`` may be gzip or
    zstd. A record that is broken or cut off is a row for the quarantine, and so is a stretch of bytes
    that belongs to none; reading goes on at the next.
    """
    for number, record in enumerate(_records(stream), 1):
        path = f"{file.name}#{number}"
        try:
            document = _read_document(record, path, file, settings)
        except UnreadableError as error:
            yield Quarantined(path, "", error.reason, error.detail)
        else:
            if document:
                yield accepted(document, settings)


def _records(stream: BinaryIO) -> Iterator[_Record | None]:
    """Each record; None for bytes that belong to none, up to the next version line."""
    is_lost = False
    while line := stream.readline(MAX_HEADER_BYTES):
        record = _read_header(line, stream) if line.startswith(b"WARC/") else None
        if record and is_lost:
            yield None
        if record:
            yield record
            drain(record.payload)
        is_lost = not record and (is_lost or bool(line.strip()))
    if is_lost:
        yield None


def _read_header(version_line: bytes, stream: BinaryIO) -> _Record | None:
    """The record that begins with a version line, None if its header cannot be used."""
    headers = _parse_headers(version_line + _header_lines(stream))
    length = headers.get_header("Content-Length") or ""
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        return None
    return _Record(headers, LimitReader(stream, int(length)))


def _header_lines(stream: BinaryIO | LimitReader) -> bytes:
    """The lines up to a blank one."""
    lines, size = [], 0
    while (line := stream.readline(MAX_HEADER_BYTES)).strip():
        lines.append(line)
        size += len(line)
        if size > MAX_HEADER_BYTES:
            raise UnreadableError("malformed", f"a header of over {MAX_HEADER_BYTES} bytes")
    return b"".join(lines)


def _parse_headers(header: bytes) -> StatusAndHeaders:
    return StatusAndHeadersParser([], verify=False).parse(BytesIO(header))


def _read_document(
    record: _Record | None, path: str, file: InputFile, settings: Settings
) -> RawDocument | None:
    """A record's document, None for a record of another type; the record is read to its end."""
    if record is None:
        raise UnreadableError("malformed", "bytes that belong to no record; is a Content-Length wrong?")
    url = record.header("WARC-Target-URI").strip("<>")
    body = _body(record) if url.lower().startswith(("http://", "https://")) else None
    typed_content = _content(record.payload, body, settings) if body else None
    drain(record.payload)
    if record.payload.limit:
        raise UnreadableError(
            "malformed", f"the archive ends {record.payload.limit} bytes before the record"
        )
    if not body or not typed_content:
        return None
    recorded = iso_date(record.header("WARC-Date"))
    metadata = Metadata(url=url, domain=registered_domain(url), host=site_host(url))
    content_type, content = typed_content
    return RawDocument(
        path,
        content,
        content_type,
        file.collection,
        recorded or file.modified,
        body.charset,
        metadata,
        host_folder(file),
        recorded=recorded,
    )


def _body(record: _Record) -> _Body | None:
    """The description of a record's payload, with the HTTP header read; None if it is no page."""
    kind, content_type = record.header("WARC-Type").lower(), record.header("Content-Type")
    if kind in ("resource", "conversion"):
        return _Body(*_media_type(content_type))
    if kind != "response" or not content_type.lower().startswith("application/http"):
        return None
    http = _parse_headers(_header_lines(record.payload) or b"\n")
    if http.get_statuscode() != "200":
        return None
    transfer, coding = (http.get_header(f"{name}-Encoding") or "" for name in ("Transfer", "Content"))
    declared = _media_type(http.get_header("Content-Type") or "")
    return _Body(*declared, transfer.strip().lower(), coding.strip().lower())


def _media_type(content_type: str) -> tuple[str, str]:
    """The type of a Content-Type header and its charset."""
    charset = CHARSET.search(content_type)
    return content_type.partition(";")[0].strip().lower(), charset[1] if charset else ""


def _content(payload: LimitReader, body: _Body, settings: Settings) -> tuple[str, bytes] | None:
    """The type of a document and its bytes, unpacked; None if it is neither HTML nor text."""
    if body.media_type and body.media_type not in MEDIA_TYPES:
        return None
    if body.coding not in CODINGS:
        raise UnreadableError(
            "unsupported", f"Content-Encoding {body.coding[:40]!r}; there is gzip and zstd"
        )
    stream = ChunkedDataReader(payload) if body.transfer == "chunked" else payload
    content = read_bounded(stream, settings.max_document_bytes)
    coding = CODINGS[body.coding]
    if coding and content.startswith(PACKED_START[coding]):  # crawlers often leave the header and unpack
        content = read_bounded(unpacked(BytesIO(content), coding), settings.max_document_bytes)
    return MEDIA_TYPES.get(body.media_type) or sniffed_type(content[:SNIFFED_BYTES]), content
