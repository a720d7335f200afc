"""Keys that are equal for equal things: content, texts, pages, and the lines and decisions applied to a document."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

from winnow.corpus.decisions.events import Event
from winnow.corpus.raw import RawDocument
from winnow.corpus.record import Record

KEY_CHARS: Final = 32  # hex digits, 128 bits: no collisions by chance
PAGE_KEY_BYTES: Final = 4  # collisions within a site are unlikely


def document_key(raw: RawDocument) -> str:
    """A key that is equal for documents that look the same to cleaning, which does not see when they were obtained."""
    visible = [
        raw.path,
        raw.content_type,
        raw.collection,
        raw.encoding,
        raw.folder_host,
        asdict(raw.metadata),
        asdict(raw.archive),
    ]
    return _key(json.dumps([*visible, raw.sha256]).encode())


def site_key(lines: Mapping[int, int]) -> str:
    """A key that is equal for the same lines of a site with the same pages; "" for none."""
    return _key(json.dumps(sorted(lines.items())).encode()) if lines else ""


def decision_key(events: Iterable[Event]) -> str:
    """A key that is equal for the same decisions in the same order; "" for none."""
    ids = "\n".join(event.id for event in events)
    return _key(ids.encode()) if ids else ""


def text_key(text: str) -> str:
    """A key that is equal for the same words in any case and layout; "" for none.

    >>> text_key("Rain fell.") == text_key("RAIN  fell.\\n")
    True
    """
    words = " ".join(text.casefold().split())
    return _key(words.encode()) if words else ""


def page_key(record: Record) -> int:
    """A number for the address of a document, or its place in the inputs, which does not depend on its content."""
    address = (record.url or record.metadata.raw_path).encode()
    return int.from_bytes(hashlib.blake2b(address, digest_size=PAGE_KEY_BYTES).digest())


def _key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:KEY_CHARS]
