"""One document from its bytes to its row: the row can be read again, and text and removed pieces are all of it."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.cleaners import MORE as NOISE
from tests.fuzz.layout import ENCODINGS, MARKUP, RAW
from tests.fuzz.target import LostError, Target, as_bytes, expect
from tests.test_cleaners import SCRAPS
from tests.test_layout import PIECES
from winnow.corpus.document import Metadata
from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.raw import HTML, TEXT, Quarantined, RawDocument
from winnow.corpus.settings import CONTACTS, POLICIES, TEXT_FORMATS, Settings
from winnow.pipeline.documents.clean import clean_document
from winnow.pipeline.tables.intermediate import batch_of

SETTINGS: Final = tuple(
    Settings(policy=policy, text_format=text_format, contacts=contacts)  # type: ignore[arg-type]  # of `product`
    for policy, text_format, contacts in product(POLICIES, TEXT_FORMATS, CONTACTS)
)
PLACES: Final = ("", "https://www.ledger.example/a/1", "http://[::1", "https://blog.a.example/?q=\u202e")
CONTACT_PIECES: Final = (
    "ada.moss@post.example", "ada(at)post.example", "+49 30 1234567", "(212) 555-0143", "@adamoss", "12 High Street",
    "[EMAIL]", "[PHONE]", "Tel. ", "t.me/ada", "wa.me/491701234567",
)  # fmt: skip


def check(data: bytes) -> None:
    """Clean a document; its first three bytes choose settings, the type and the encoding, and its address."""
    head, content = data[:3].ljust(3, b"\0"), data[3:]
    settings = SETTINGS[head[0] % len(SETTINGS)]
    encoding = ENCODINGS[head[1] // 2 % len(ENCODINGS)]
    metadata = Metadata(url=PLACES[head[2] % len(PLACES)])
    raw = RawDocument(
        "raw/a.html", content, (HTML, TEXT)[head[1] % 2], "raw", "2024-05-03", encoding, metadata
    )
    row = clean_document(raw, settings)
    if isinstance(row, Quarantined):
        expect(row.reason in QUARANTINE_REASONS and row.detail, "a reason is listed and told")
        f"{row.path}{row.detail}".encode()
        return
    reread = _reread(row)
    _expect_all(reread, settings)


def _reread(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that was written and read. Raises LostError where it is another one."""
    batch, sink = batch_of([row]), pa.BufferOutputStream()
    pq.write_table(pa.Table.from_batches([batch]), sink)
    [reread] = pq.ParquetFile(pa.BufferReader(sink.getvalue())).read(use_threads=False).to_pylist()
    if [reread] != batch.to_pylist():
        raise LostError("the row reads back as another one")
    values: dict[str, Any] = reread
    return values


def _expect_all(row: Mapping[str, Any], settings: Settings) -> None:
    """Raise LostError unless what stays of a text and what was removed from it have its length together."""
    expect(row["n_chars_out"] == len(row["text"]), "the length of a text is right")
    if settings.text_format != "plain" or settings.contacts != "keep":
        return
    removed = row["metadata"]["removed"]
    if row["n_chars_in"] != len(row["text"]) + sum(len(span["text"]) for span in removed):
        raise LostError("text and removed pieces are not all of the document")


def _documents() -> Iterator[bytes]:
    for number in range(len(SETTINGS)):
        yield bytes([number, 0, 0]) + (RAW / "waldpost.example" / "hochwasser-bruecke.html").read_bytes()
    yield from (b"\0\0\1" + path.read_bytes() for path in sorted(RAW.glob("**/*.*htm*")))
    yield from (b"\0\1\0" + path.read_bytes() for path in sorted(RAW.glob("**/*.txt")))


TARGET: Final = Target(
    check, _documents, as_bytes(PIECES, MARKUP, SCRAPS, NOISE, CONTACT_PIECES), max_bytes=4096
)
