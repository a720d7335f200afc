"""Keys that are equal for equal things: content, texts, pages, and the lines and decisions applied to a document."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

from winnow.corpus.decisions.events import Event
from winnow.corpus.normal_form import composed
from winnow.corpus.raw import RawDocument
from winnow.corpus.record import Record

QUOTES: Final = "\"'`´“”„‟‘’‚‛«»‹›「」『』〝〞＂＇ʼ′″"
# Hyphens and spaces without width, joiners, marks of direction and of byte order, variants of emoji
INVISIBLE: Final = (
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
ASCII_QUOTES: Final = "".join(filter(str.isascii, QUOTES))
UNHEARD: Final = re.compile(f"[{re.escape(QUOTES + INVISIBLE)}]+")
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
    """A key that is equal for texts that read the same: in any case and layout, with any quotation marks; "" for none.

    Neither what nobody sees counts, nor whether an accent is a character of its own.

    >>> text_key("Rain fell, “so they say”.") == text_key('RAIN\u200b  fell, "so they say".\\n')
    True
    """
    comparable = composed(text.casefold())
    if comparable.isascii():
        for sign in ASCII_QUOTES:
            comparable = comparable.replace(sign, "")
    else:
        comparable = UNHEARD.sub("", comparable)
    words = " ".join(comparable.split())
    return _key(words.encode()) if words else ""


def page_key(record: Record) -> int:
    """A number for the address of a document, or its place in the inputs, which does not depend on its content."""
    address = (record.url or record.metadata.raw_path).encode()
    return int.from_bytes(hashlib.blake2b(address, digest_size=PAGE_KEY_BYTES).digest())


def _key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:KEY_CHARS]
