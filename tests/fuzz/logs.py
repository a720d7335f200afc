"""A damaged log of decisions: it is refused in words, or what it holds can be folded and exported."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Final

from tests.deciding import line, rating, span, write_log
from tests.fuzz.readers import folder
from tests.fuzz.target import Target, expect
from tests.reviewing import AD, TEXT
from winnow.corpus.decisions.exchange import FORMATS, export_events
from winnow.corpus.decisions.log import NAME, open_log, read_events
from winnow.corpus.decisions.snapshot import read_decisions, take_snapshot
from winnow.corpus.errors import WinnowError

AT: Final = datetime(2026, 1, 31, tzinfo=UTC)
PATCH_BYTES: Final = 4  # three of a place in the log, one to put there
TRUNCATE: Final = 0xFF  # the highest byte of a place that cuts the log off


def check(data: bytes) -> None:
    """Read a log with some bytes changed: three of each four of the input are a place, the last is put there."""
    log = bytearray(_whole())
    for at in range(0, len(data) - PATCH_BYTES + 1, PATCH_BYTES):
        place = int.from_bytes(data[at : at + 3], "big") % max(1, len(log))
        if data[at] == TRUNCATE:
            del log[place:]
        elif log:
            log[place] = data[at + 3]
    path = folder() / f"damaged-{NAME}"
    path.write_bytes(log)
    moment = AT + timedelta(seconds=next(_SECONDS))  # snapshots of one instant are cached
    try:
        snapshot = take_snapshot(path, moment)
        read_decisions(snapshot).orphans(())
        with open_log(path, read_only=True) as opened:
            for form in FORMATS:
                "".join(export_events(read_events(opened), form)).encode()
    except WinnowError as error:
        expect(str(error), "a refusal is told")


_SECONDS: Final = count()


@cache
def _whole() -> bytes:
    """The bytes of a log with an event of each kind."""
    place = folder() / "log"
    place.mkdir()
    events = (
        rating("ledger.example", "mixed"),
        span("remove_span", TEXT, AD),
        line("remove_line", "Bring your own mug."),
    )
    write_log(place, *events)
    return (place / NAME).read_bytes()


def _patches() -> Iterator[bytes]:
    words = (
        b"ledger.example",
        b"2026-01-31T",
        b"remove_span",
        b"create table",
        b"events_by",
        b"ada",
        b"SQLite",
    )
    for place in (_whole().find(word) for word in words):
        yield max(0, place).to_bytes(3, "big") + b"x"
    yield b"\xff\0\0\0"


TARGET: Final = Target(check, _patches, (b"\0\0\0\0", b"\0\1\0\xff", b"\xff\x20\0\0"), max_bytes=32)
