"""A document as it was laid out, in few bytes: a page is read once, however often a run cleans it."""

from typing import Final

import orjson
import pyarrow as pa

from winnow.corpus.document import Block, Document, Metadata

CODEC: Final = "zstd"


def pack(document: Document) -> bytes:
    """A document in some 15 kB a page. On how many pages of its site blocks stand is left out."""
    blocks = [(b.end, b.path, b.tag, b.link_share, b.content) for b in document.blocks]
    told = orjson.dumps(
        [document.text, blocks, document.metadata, document.content_type, document.extractor]
    )
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, CODEC) as compressed:
        compressed.write(told)
    return bytes(sink.getvalue())


def unpack(packed: bytes) -> Document:
    """The document of some bytes that `pack` gave."""
    with pa.CompressedInputStream(pa.BufferReader(packed), CODEC) as compressed:
        text, told, known, content_type, extractor = orjson.loads(compressed.read())
    blocks, start = list[Block](), 0
    for end, *shape in told:
        blocks.append(Block(start, end, *shape))
        start = end
    metadata = Metadata(**{**known, "authors": tuple(known["authors"])})
    return Document(text, tuple(blocks), metadata, content_type, extractor)
