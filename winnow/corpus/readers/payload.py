"""The page in a record of a web archive: its type, its encoding, and its bytes as the server meant them."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders

from winnow.corpus.decode import CONTROL_BYTES
from winnow.corpus.errors import UnreadableError
from winnow.corpus.raw import HTML, TEXT
from winnow.corpus.readers.archive_records import ArchiveRecord, header_lines, parse_headers
from winnow.corpus.readers.sniffing import sniffed_type
from winnow.corpus.readers.streams import read_bounded, unpacked
from winnow.corpus.settings import Settings

MEDIA_TYPES: Final = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/plain": TEXT,
    "text/markdown": TEXT,
}
# Types by which a server says that it does not know the type (WHATWG MIME Sniffing, 5.2)
UNKNOWN_TYPES: Final = frozenset(
    {
        "",
        "*/*",
        "application/octet-stream",
        "application/unknown",
        "application/x-unknown-content-type",
        "binary/octet-stream",
        "unknown/unknown",
    }
)
PAGE_STATUSES: Final = frozenset(
    {"200", "201", "203", "206"}
)  # answers whose content is the page (RFC 9110, 15.3)
NOT_MODIFIED: Final = "304"
PARTIAL: Final = "206"
NO_PAGES: Final = frozenset(
    {"revisit", "request", "metadata", "warcinfo"}
)  # types of records, and why they are none
WEB: Final = ("http://", "https://")
CODINGS: Final = {
    "": "",
    "identity": "",
    "x-gzip": "gzip",
    "gzip": "gzip",
    "zstd": "zstd",
    "deflate": "deflate",
    "br": "br",
}
MAX_CODINGS: Final = 3  # of one answer; more are meant to keep somebody busy
PACKED_START: Final = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
CHARSET: Final = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:\-]{1,40})", re.IGNORECASE | re.ASCII)
FIRST_RANGE: Final = re.compile(r"bytes\s+0-(\d+)/(\d+|\*)", re.IGNORECASE | re.ASCII)
RANGE: Final = "range"  # why a page is cut off of which a crawler had asked for the first part


@dataclass(frozen=True, slots=True)
class Payload:
    """How the payload of a record is to be read."""

    media_type: str  # as declared, lower case, "" if it is not
    charset: str = ""
    is_chunked: bool = False
    codings: str = ""  # HTTP's Content-Encoding
    truncated: str = ""  # as `winnow.corpus.raw.ArchiveFacts` has it


def read_declaration(record: ArchiveRecord) -> Payload | str:
    """How the page in a record is to be read, its HTTP header read; for one without a page, why it is passed over."""
    kind, content_type = (record.header(name).lower() for name in ("WARC-Type", "Content-Type"))
    if kind in NO_PAGES:
        return kind
    is_answer = kind == "response"
    if not is_answer and kind not in ("resource", "conversion"):
        return "other_record"
    if not record.url.lower().startswith(WEB):
        return "not_web" if record.url else "no_target_uri"
    truncated = record.header("WARC-Truncated").lower()
    if not is_answer:
        return Payload(*_media_type(content_type), truncated=truncated)
    if content_type and not content_type.startswith("application/http"):
        return "other_record"
    return _read_answer(parse_headers(header_lines(record.payload) or b"\n"), truncated)


def _read_answer(http: StatusAndHeaders, truncated: str) -> Payload | str:
    """How the page in an HTTP answer is to be read; for one without a page, why it is passed over."""
    status = http.get_statuscode()
    if status not in PAGE_STATUSES:
        return _passed_over_status(status)
    transfer, codings, declared, content_range = (
        (http.get_header(name) or "").strip()
        for name in ("Transfer-Encoding", "Content-Encoding", "Content-Type", "Content-Range")
    )
    first_range = FIRST_RANGE.match(content_range)
    if status == PARTIAL and content_range and not first_range:
        return "partial"
    if status == PARTIAL and first_range and first_range[2] != str(int(first_range[1]) + 1):
        truncated = truncated or RANGE
    return Payload(*_media_type(declared), "chunked" in transfer.lower(), codings.lower(), truncated)


def read_payload(record: ArchiveRecord, declared: Payload, settings: Settings) -> tuple[str, bytes] | None:
    """The type of the page in a record, `HTML` or `TEXT`, and its bytes, unpacked; None where it is neither.

    The declared type counts; where it is unknown, and where HTML came under another name, the type that the crawler
    identified (WARC-Identified-Payload-Type), else the first bytes.
    """
    identified = _media_type(record.header("WARC-Identified-Payload-Type"))[0]
    known_type = MEDIA_TYPES.get(declared.media_type)
    if MEDIA_TYPES.get(identified) == HTML or declared.media_type in UNKNOWN_TYPES:
        known_type = known_type or MEDIA_TYPES.get(identified)
    if not known_type and (identified or declared.media_type not in UNKNOWN_TYPES):
        return None
    stream = ChunkedDataReader(record.payload) if declared.is_chunked else record.payload
    content = _without_codings(
        read_bounded(stream, settings.max_document_bytes), declared.codings, settings
    )
    content_type = known_type or sniffed_type(content)
    is_page = content_type == HTML or known_type or not declared.media_type
    return (content_type, content) if is_page else None


def _passed_over_status(status: str) -> str:
    """The reason to pass over an answer with a status that stands for no page."""
    if status.startswith("3") and status != NOT_MODIFIED:
        return "redirect"
    return "error_status" if status.startswith(("4", "5")) else "other_status"


def _media_type(content_type: str) -> tuple[str, str]:
    """The type of a Content-Type header, the first where there are several, and its charset."""
    charset = CHARSET.search(content_type)
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower(), charset[1] if charset else ""


def _without_codings(content: bytes, codings: str, settings: Settings) -> bytes:
    """The bytes with all codings of a Content-Encoding undone, and gzip where nobody declared it."""
    names = [name.strip() for name in codings.split(",")]
    if len(names) > MAX_CODINGS:
        raise UnreadableError("unsupported", f"Content-Encoding with {len(names)} codings")
    for name in reversed(names):
        content = _without_coding(content, name, settings)
    if content.startswith(PACKED_START["gzip"]):
        content = _unpack(content, "gzip", settings)
    return content


def _without_coding(content: bytes, name: str, settings: Settings) -> bytes:
    """The bytes with a coding undone; as they are where it was declared and not applied, or undone by the crawler."""
    coding = CODINGS.get(name)
    if coding == "" or not content:
        return content
    if coding in PACKED_START:
        return _unpack(content, coding, settings) if content.startswith(PACKED_START[coding]) else content
    if not coding and not _is_plain(content):
        known_codings = ", ".join(sorted({*CODINGS.values()} - {""}))
        raise UnreadableError("unsupported", f"Content-Encoding {name[:40]!r}; there is {known_codings}")
    try:
        return _unpack(content, coding, settings) if coding else content
    except UnreadableError as error:
        if error.reason != "too_large" and _is_plain(content):
            return content
        raise


def _unpack(content: bytes, coding: str, settings: Settings) -> bytes:
    return read_bounded(unpacked(BytesIO(content), coding), settings.max_document_bytes)


def _is_plain(content: bytes) -> bool:
    """Whether bytes begin without any that only packed ones have."""
    head = content
    return len(head.translate(None, CONTROL_BYTES)) == len(head)
