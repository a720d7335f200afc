"""Laid-out documents in few bytes, so that a run that cleans a page again need not read it again."""

from typing import Final

import orjson
import pyarrow as pa

from winnow.corpus.document import Block, Document, Metadata

CODEC: Final = "zstd"


def pack(document: Document) -> bytes:
    """A document as bytes, some 15 kB a page. `Block.site_pages` is left out."""
    blocks = [(b.end, b.path, b.tag, b.link_share, b.content, b.continues) for b in document.blocks]
    about = document.metadata, document.content_type, document.extractor, document.code
    content = orjson.dumps([document.text, blocks, *about])
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, CODEC) as compressed:
        compressed.write(content)
    return bytes(sink.getvalue())


def unpack(packed: bytes) -> Document:
    """The document that `pack` turned into these bytes."""
    with pa.CompressedInputStream(pa.BufferReader(packed), CODEC) as compressed:
        text, shapes, fields, content_type, extractor, code = orjson.loads(compressed.read())
    blocks, start = list[Block](), 0
    for end, path, tag, link_share, content, continues in shapes:
        blocks.append(Block(start, end, path, tag, link_share, content, continues=continues))
        start = end
    metadata = Metadata(**{**fields, "authors": tuple(fields["authors"])})
    return Document(text, tuple(blocks), metadata, content_type, extractor, tuple(map(tuple, code)))
