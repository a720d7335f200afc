"""Files that are one document: HTML and plain text."""

import re
from typing import BinaryIO, Final

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import HTML, TEXT, Quarantined, RawDocument
from winnow.corpus.readers.record_fields import accepted, host_folder
from winnow.corpus.readers.streams import read_bounded
from winnow.corpus.settings import Settings

SNIFFED_BYTES: Final = 1445  # the resource header of the WHATWG MIME Sniffing standard, section 5.2
HTML_START: Final = re.compile(  # section 7.1 of the same
    rb"\s*<(?:!--|\?xml|(?:!doctype html|html|head|script|iframe|h1|div|font|table"
    rb"|a|style|title|b|body|br|p)[\s>])",
    re.IGNORECASE,
)
BYTE_ORDER_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"


def read_page(
    stream: BinaryIO, file: InputFile, settings: Settings, content_type: str
) -> RawDocument | Quarantined:
    """The file as one document, or the row for the quarantine. A packed file's size counts unpacked."""
    limit = settings.max_document_bytes
    if file.size > limit:
        raise UnreadableError("too_large", f"{file.size} bytes, over {limit}; raise --max-document-bytes")
    content = read_bounded(stream, limit)
    document = RawDocument(
        file.name, content, content_type, file.collection, file.modified, folder_host=host_folder(file)
    )
    return accepted(document, settings)


def sniffed_type(head: bytes) -> str:
    """HTML if the content begins with a tag that the WHATWG standard lists, else TEXT.

    >>> sniffed_type(b" <!DOCTYPE html><p>"), sniffed_type(b"1 < 2")
    ('text/html', 'text/plain')
    """
    plain = head[:SNIFFED_BYTES].replace(b"\0", b"").lstrip(BYTE_ORDER_MARKS)  # UTF-16 read as ASCII
    return HTML if HTML_START.match(plain) else TEXT
