"""Web archives, WARC (ISO 28500) and ARC: the pages of a crawl, and the texts that WET files make of them."""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from winnow.corpus.dates import iso_date
from winnow.corpus.document import Metadata
from winnow.corpus.domains import registered_domain, site_host
from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import ArchiveFacts, PassedOver, Quarantined, RawDocument
from winnow.corpus.readers.archive_records import (
    ArchiveRecord,
    ReadHeader,
    arc_header,
    read_records,
    warc_header,
)
from winnow.corpus.readers.members import BrokenMemberError
from winnow.corpus.readers.payload import Payload, read_declaration, read_payload
from winnow.corpus.readers.record_fields import accepted, host_folder
from winnow.corpus.readers.streams import drain
from winnow.corpus.settings import Settings

MAX_FACT_CHARS: Final = 200  # of what a record says about its payload


def read_warc(
    stream: BinaryIO, file: InputFile, settings: Settings, read_header: ReadHeader = warc_header
) -> Iterator[RawDocument | Quarantined | PassedOver]:
    """The documents of an archive, one record at a time; paths name the record, of any type, from 1.

    A document is an HTML or text answer with status 200, 201, 203 or 206 (a redirect or an error page is not the
    document of its URL), or a ``resource`` or ``conversion`` (WET) record of these types, from an http(s) URL. Every
    other record is passed over, with its reason. ``Content-Encoding`` may be gzip, deflate, brotli or zstd, or
    wrong. A record that is broken or cut off is a row for the quarantine, and so is a stretch of bytes that belongs
    to none, or that cannot be unpacked; reading goes on at the next.
    """
    for number, record in enumerate(read_records(stream, read_header), 1):
        path = f"{file.name}#{number}"
        try:
            yield _read_record(record, path, file, settings)
        except UnreadableError as error:
            yield Quarantined(path, "", error.reason, error.detail)


read_arc = partial(read_warc, read_header=arc_header)


def _read_record(
    record: ArchiveRecord | UnreadableError, path: str, file: InputFile, settings: Settings
) -> RawDocument | Quarantined | PassedOver:
    """What a record is; it is read to its end. Raises UnreadableError for one that is broken or cut off."""
    if isinstance(record, UnreadableError):
        raise record
    try:
        document = _document(record, path, file, settings)
        drain(record.payload)
    except BrokenMemberError:
        record.payload.limit = 0  # what follows belongs to another member
        raise
    if record.payload.limit:
        raise UnreadableError(
            "malformed", f"the archive ends {record.payload.limit} bytes before the record"
        )
    return PassedOver(path, document) if isinstance(document, str) else accepted(document, settings)


def _document(record: ArchiveRecord, path: str, file: InputFile, settings: Settings) -> RawDocument | str:
    """A record's document, or the reason to pass over it."""
    declared = read_declaration(record)
    if isinstance(declared, str):
        return declared
    typed_content = read_payload(record, declared, settings)
    if not typed_content:
        return "no_text_type"
    recorded = iso_date(record.header("WARC-Date"))
    url = record.url
    metadata = Metadata(url=url, domain=registered_domain(url), host=site_host(url))
    content_type, content = typed_content
    return RawDocument(
        path,
        content,
        content_type,
        file.collection,
        recorded or file.modified,
        declared.charset,
        metadata,
        host_folder(file),
        archive=_facts(record, declared),
        recorded=recorded,
    )


def _facts(record: ArchiveRecord, declared: Payload) -> ArchiveFacts:
    """What a record says about its payload."""
    record_id = record.header("WARC-Record-ID").strip().strip("<>")
    payload_type = record.header("WARC-Identified-Payload-Type").lower() or declared.media_type
    facts = (record_id, record.header("WARC-Payload-Digest"), payload_type, declared.truncated)
    return ArchiveFacts(*(fact.strip()[:MAX_FACT_CHARS] for fact in facts))
