"""Gzip files of many members, as archives are packed: behind a broken member, reading goes on at the next."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from winnow.corpus.errors import UnreadableError

CHUNK_BYTES: Final = 1 << 16  # read and unpacked at a time
GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS  # zlib's way to ask for the header and the sums of gzip
# The header of a member (RFC 1952, 2.3): magic, deflate, flags, time, the levels and systems that are written.
MEMBER_START: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
HEADER_BYTES: Final = 10
MAX_BROKEN_MEMBERS: Final = (
    1000  # of a file, behind which the rest is left: each may unpack a piece in vain
)


class BrokenMemberError(UnreadableError):
    """A member of a gzip file is broken or cut off; the next read goes on at the member behind it, if there is one."""

    def __init__(self, cause: object) -> None:
        super().__init__("malformed", f"the packed file is broken: {cause}")


class MemberReader(Iterator[bytes]):
    """The content of all members in pieces; ``next`` raises `BrokenMemberError` once for each broken one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._packed = b""  # read and not unpacked
        self._piece = (
            b""  # of the member, as it was read last: where the next may begin if this one is broken
        )
        self._is_first_piece = True
        self._member = zlib.decompressobj(GZIP_WINDOW)
        self._is_inside = True  # a member, or where the first should be
        self._broken = 0

    def __next__(self) -> bytes:
        while self._is_inside or self._find_start():
            if chunk := self._unpack():
                return chunk
        raise StopIteration

    def _find_start(self) -> bool:
        """Go to the next member; False at the end, before which there may be zeros (of tapes and blocks)."""
        self._packed = self._packed.lstrip(b"\0")
        while not self._packed and self._read():
            self._packed = self._packed.lstrip(b"\0")
        self._member, self._is_inside = zlib.decompressobj(GZIP_WINDOW), bool(self._packed)
        self._piece, self._is_first_piece = self._packed, True
        return self._is_inside

    def _unpack(self) -> bytes:
        """The next piece of the member, perhaps none."""
        try:
            chunk = self._member.decompress(self._packed, CHUNK_BYTES)
        except zlib.error as error:
            self._skip_member()
            raise BrokenMemberError(error) from error
        self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._is_inside = not self._member.eof
        if self._is_inside and not chunk and not self._packed:
            self._read_on()
        return chunk

    def _read_on(self) -> None:
        """Read more of the member."""
        if not self._read():
            self._skip_member()
            raise BrokenMemberError("it ends in the middle of a member")
        self._is_first_piece, self._piece = not self._piece, self._packed

    def _skip_member(self) -> None:
        """Go to the next header of a member, or to the end; the piece that was unpacked in vain may hold it."""
        self._broken += 1
        self._is_inside, first, self._packed = False, int(self._is_first_piece), self._piece
        while not (start := MEMBER_START.search(self._packed, first)):
            self._packed, first = self._packed[first:][1 - HEADER_BYTES :], 0
            if not self._read():
                self._packed = b""
                return
        self._packed = self._packed[start.start() :]
        if self._broken == MAX_BROKEN_MEMBERS:
            self._packed, self._stream = b"", BytesIO()

    def _read(self) -> bool:
        """Read more; False at the end."""
        piece = self._stream.read(CHUNK_BYTES)
        self._packed += piece
        return bool(piece)
