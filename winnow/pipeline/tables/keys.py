"""Hashes by which documents are known again: the same content, the same text, the same page, the same treatment."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

from winnow.corpus.decisions.events import Event
from winnow.corpus.raw import RawDocument
from winnow.corpus.record import Record

KEY_CHARS: Final = 32  # hex digits, 128 bits: no chance meetings
PAGE_KEY_BYTES: Final = 4  # within a site no two pages are likely to meet


def document_key(raw: RawDocument) -> str:
    """Equal for documents in which cleaning sees the same; when they were obtained is not among that."""
    visible = [
        raw.path,
        raw.content_type,
        raw.collection,
        raw.encoding,
        raw.folder_host,
        asdict(raw.metadata),
    ]
    return _key(json.dumps([*visible, raw.sha256]).encode())


def site_key(lines: Mapping[int, int]) -> str:
    """Equal for the same lines of a site, each with its pages; "" for none."""
    return _key(json.dumps(sorted(lines.items())).encode()) if lines else ""


def decision_key(events: Iterable[Event]) -> str:
    """Equal for the same decisions in the same order; "" for none."""
    ids = "\n".join(event.id for event in events)
    return _key(ids.encode()) if ids else ""


def text_key(text: str) -> str:
    """Equal for equal words, whatever their case and layout; "" for none.

    >>> text_key("Rain fell.") == text_key("RAIN  fell.\\n")
    True
    """
    words = " ".join(text.casefold().split())
    return _key(words.encode()) if words else ""


def page_key(record: Record) -> int:
    """A number for the address of a document, or its place in the inputs, that changes of its content leave alone."""
    address = (record.url or record.metadata.raw_path).encode()
    return int.from_bytes(hashlib.blake2b(address, digest_size=PAGE_KEY_BYTES).digest())


def _key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:KEY_CHARS]
