"""Archives of a crawl made of records: each page of one that is whole comes out, or a reason why it does not."""

import gzip
from collections.abc import Iterator
from typing import Final

from tests.fuzz.layout import MARKUP
from tests.fuzz.readers import check_items, read_content
from tests.fuzz.target import LostError, Target, as_bytes, expect_count
from tests.reading import zstd
from tests.test_layout import PIECES
from tests.test_warc import Archive
from winnow.corpus.raw import PassedOver

BETWEEN: Final = b"\x1e"  # two records of an input
GZIPPED, CHUNKED, CUT = (1 << 3, 1 << 4, 1 << 5)  # of the first byte of a record
KINDS: Final = ("page", "text", "wet", "resource", "missing", "picture", "info", "strange")
PAGES: Final = frozenset({"page", "text", "wet", "resource", "strange"})
CHUNKS: Final = (
    "5\r\nRain.\r\n",
    "0\r\n\r\n",
    "ffffffff\r\n",
    "-1\r\n",
    "0x5\r\n",
    "5;a=b\r\n",
    "g\r\n",
    "\r\n",
)
RECORDS: Final = (
    "\x1e\0",
    "\x1e\x10",
    "\x1e\x18",
    "\x1e\x20",
    "WARC/1.0\r\n",
    "WARC-Type: response\r\n",
    "HTTP/1.1 200\r\n",
)


def check(data: bytes) -> None:
    """Read an archive; the first byte says whether it is gzipped, that of each record what it holds."""
    name = "a.warc.gz" if data[:1] > b"\x7f" else "a.warc"
    archive, pages, is_whole = Archive(gzipped=name.endswith(".gz")), set[str](), True
    for number, record in enumerate(data[1:].split(BETWEEN), 1):
        flags = record[0] if record else 0
        kind = KINDS[flags % len(KINDS)]
        _add(archive, kind, flags, record[1:])
        is_whole = is_whole and not flags & CUT
        pages |= {f"{name}#{number}"} if kind in PAGES else set()
    items = read_content(name, archive.content)
    check_items(items, name)
    passed_over = {item.path for item in items if isinstance(item, PassedOver)}
    if is_whole and pages != {item.path for item in items} - passed_over:
        raise LostError(f"pages {sorted(pages)}, items {[item.path for item in items]}")
    if is_whole:
        expect_count(len(items), data[1:].count(BETWEEN) + 1, "records")


def _add(archive: Archive, kind: str, flags: int, body: bytes) -> None:
    """Add a record of a kind; a cut one loses its end."""
    whole = len(archive.content)
    coding = {"Content_Encoding": "zstd" if kind == "text" else "gzip"} if flags & GZIPPED else {}
    transfer = {"Transfer_Encoding": "chunked"} if flags & CHUNKED else {}
    if flags & GZIPPED:
        body = zstd(body) if kind == "text" else gzip.compress(body, mtime=0)
    if kind in ("wet", "resource", "info"):
        kinds = {"wet": "conversion", "resource": "resource", "info": "warcinfo"}
        archive.record(kinds[kind], body)
    else:
        media = {"text": "text/plain", "picture": "image/png", "strange": ""}.get(
            kind, "text/html; charset=cp1252"
        )
        archive.add(body, media, "404 Not Found" if kind == "missing" else "200 OK", **coding, **transfer)
    if flags & CUT:
        archive.content = archive.content[: max(whole, len(archive.content) - len(body) // 2 - 5)]


def _archives() -> Iterator[bytes]:
    for flags in (0, 1 << 7):
        records = [bytes([number]) + b"<p>Rain.</p>" for number in range(len(KINDS))]
        yield bytes([flags]) + BETWEEN.join(records)
        yield bytes([flags]) + BETWEEN.join(
            bytes([number | CHUNKED]) + b"5\r\nRain.\r\n0\r\n\r\n" for number in range(2)
        )
        yield bytes([flags]) + BETWEEN.join(bytes([number | GZIPPED]) + b"<p>Rain." for number in range(2))
        yield bytes([flags, CUT]) + b"<p>Rain fell.</p>" + BETWEEN + b"\0<p>Sun.</p>"


TARGET: Final = Target(check, _archives, as_bytes(RECORDS, CHUNKS, PIECES, MARKUP))
