"""Files that are one document: HTML and plain text."""

from typing import BinaryIO

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers.record_fields import accepted, host_folder
from winnow.corpus.readers.streams import read_bounded
from winnow.corpus.settings import Settings


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
