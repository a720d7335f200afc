"""Readers: the documents in ``raw/``, one at a time, and a reason for each that cannot be read.

| files | documents |
|---|---|
| ``.html .htm .xhtml .txt .md`` | one each |
| ``.jsonl .ndjson .parquet`` | one a record |
| ``.warc .wet .arc .wacz`` | one a page of the archive |

All but Parquet and WACZ also packed, as ``.gz``, ``.zst`` or ``.lz4``. Any other file is a row for the quarantine.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from winnow.corpus.errors import UnreadableError, WinnowError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import HTML, TEXT, PassedOver, Quarantined, RawDocument
from winnow.corpus.readers.jsonl import json_object, longest_line, read_jsonl
from winnow.corpus.readers.parquet import read_parquet
from winnow.corpus.readers.plain import read_page
from winnow.corpus.readers.record_fields import value_at
from winnow.corpus.readers.sniffing import sniffed_type
from winnow.corpus.readers.streams import CODINGS, open_stream, peeked, unpacked, unpacks_to_too_much
from winnow.corpus.settings import Settings

Item = RawDocument | Quarantined | PassedOver
Reader = Callable[[BinaryIO, InputFile, Settings], Iterator[Item]]


def _read_warc(stream: BinaryIO, file: InputFile, settings: Settings) -> Iterator[Item]:
    from winnow.corpus.readers.warc import read_warc  # libraries that runs without archives need not load

    return read_warc(stream, file, settings)


def _read_arc(stream: BinaryIO, file: InputFile, settings: Settings) -> Iterator[Item]:
    from winnow.corpus.readers.warc import read_arc

    return read_arc(stream, file, settings)


def _read_wacz(file: InputFile, settings: Settings) -> Iterator[Item]:
    from winnow.corpus.readers.wacz import read_wacz

    return read_wacz(file, settings)


PAGES: Final = {".html": HTML, ".htm": HTML, ".xhtml": HTML, ".txt": TEXT, ".md": TEXT}
ARCHIVES: Final[dict[str, Reader]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".warc": _read_warc,
    ".wet": _read_warc,
    ".arc": _read_arc,
}
# Read by jumping in them, so not packed
TABLES: Final[dict[str, Callable[[InputFile, Settings], Iterator[Item]]]] = {
    ".parquet": read_parquet,
    ".wacz": _read_wacz,
}
READABLE: Final = f"{' '.join((*PAGES, *ARCHIVES))} (also as {' '.join(CODINGS)}) and {' '.join(TABLES)}"
STDIN: Final = InputFile("stdin", "", "stdin", "", 0, "")
DETAIL_CHARS: Final = 500  # of an error; some quote the file


def read_file(file: InputFile, settings: Settings) -> Iterator[Item]:
    """A file's documents, and a row for the quarantine for each that cannot be read.

    Where a file breaks off (a broken archive, a pulled cable), the documents before it are returned, and
    one row that names the last of them. So it is where it unpacks to more than `Settings.unpacked_limit` allows.
    Memory is bounded by a document, not by the archive.
    """
    return errors_as_rows(
        _within_limit(_items(file, settings), settings.unpacked_limit(file.size)), file.name
    )


def errors_as_rows(items: Iterator[Item], name: str) -> Iterator[Item]:
    """The items of a file; where reading fails, whatever the error, the last is a row for the quarantine.

    Only what concerns no file in particular is raised: MemoryError, and other errors of Winnow than UnreadableError.
    """
    last = ""
    try:
        for item in items:
            yield item
            last = item.path
    except UnreadableError as error:
        reason, detail = error.reason, error.detail
    except (WinnowError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # one bad file must not end a run; it is recorded
        # The message may quote half a character.
        message = f"{type(error).__name__}: {error}".encode(errors="replace").decode()
        reason, detail = "failed", message[:DETAIL_CHARS]
    else:
        return
    yield Quarantined(name, "", reason, f"{detail}; read up to {last}" if last else detail)


def _within_limit(items: Iterator[Item], limit: int) -> Iterator[Item]:
    """The same items, as long as their documents hold up to ``limit`` bytes together.

    Records may be packed by themselves, and columns of Parquet always are.
    """
    size = 0
    for item in items:
        yield item
        size += len(item.content) if isinstance(item, RawDocument) else 0
        if size > limit:
            raise unpacks_to_too_much(limit)


def holds_one_document(file: InputFile) -> bool:
    """Whether `read_file` gives just one item, as for a page, and for what no reader knows."""
    return _kind(file)[0] not in (*ARCHIVES, *TABLES)


def is_read_in_order(file: InputFile) -> bool:
    """Whether `read_file` reads a file of many documents from its beginning, so that a first piece of it has some."""
    return _kind(file)[0] in ARCHIVES


def is_taken_as_it_is(file: InputFile) -> bool:
    """Whether `read_file` neither unpacks nor parses anything, so that a hostile file cannot harm who reads it."""
    return holds_one_document(file) and not _kind(file)[1]


def read_stream(stream: BinaryIO, settings: Settings) -> Iterator[Item]:
    """The documents of standard input, and a row for the quarantine for each that cannot be read.

    JSON Lines if the first line that is not blank is a JSON object with a field to read; else one
    document, HTML if it begins like HTML. Paths are ``stdin#3`` (the third line) or ``stdin``.
    """
    return errors_as_rows(_stream_items(stream, settings), STDIN.name)


def _stream_items(stream: BinaryIO, settings: Settings) -> Iterator[Item]:
    lines, source = peeked(unpacked(stream, ""), longest_line(settings))
    if _is_record(lines, settings):
        yield from read_jsonl(source, STDIN, settings)
    else:
        yield read_page(source, STDIN, settings, sniffed_type(lines))


def stream_suffix(stream: BinaryIO, settings: Settings) -> tuple[str, BinaryIO]:
    """The suffix that the content of a stream should have as a file, and the stream from its start."""
    head, source = peeked(unpacked(stream, ""), longest_line(settings))
    if _is_record(head, settings):
        return ".jsonl", source
    return (".html" if sniffed_type(head) == HTML else ".txt"), source


def _items(file: InputFile, settings: Settings) -> Iterator[Item]:
    """The items that the reader for the file's suffix gives."""
    suffix, coding = _kind(file)
    if suffix not in (*PAGES, *ARCHIVES, *TABLES) or (coding and suffix in TABLES):
        name = PurePosixPath(file.location).name
        raise UnreadableError("unsupported", f"no reader for {name!r}; there are {READABLE}")
    if not file.size:
        raise UnreadableError("empty", "0 bytes")
    if suffix in TABLES:
        yield from TABLES[suffix](file, settings)
        return
    with open_stream(file, coding, settings.unpacked_limit(file.size) if coding else None) as stream:
        if suffix in PAGES:
            yield read_page(stream, file, settings, PAGES[suffix])
        else:
            yield from ARCHIVES[suffix](stream, file, settings)


def _kind(file: InputFile) -> tuple[str, str]:
    """The suffix that says what a file is, and how it is packed, "" if it is not."""
    name = PurePosixPath(file.location)
    coding = CODINGS.get(name.suffix.lower(), "")
    return (PurePosixPath(name.stem) if coding else name).suffix.lower(), coding


def _is_record(lines: bytes, settings: Settings) -> bool:
    """Whether this is a JSON object with a text or html."""
    try:
        record = json_object(lines) if lines.lstrip().startswith(b"{") else {}
    except ValueError:
        return False
    return any(value_at(record, name) is not None for name in (settings.fields.text, settings.fields.html))
