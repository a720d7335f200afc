"""Write the archives among the samples in ``raw/``: JSON Lines, Parquet, WARC and WET.

    python -m bench.make_samples

The same bytes every time: nothing in them tells when or where they were made. The samples that are
files of their own are not made here; docs/samples.md says what each shows.
"""

import gzip
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from bench.results import ROOT

RAW: Final = ROOT / "raw"
CRAWLED: Final = "2025-05-09T06:00:00Z"
WIRE: Final = "https://northwire.example/"
FORUM: Final = "https://gardenforum.example/thread/"
CATALOG: Final = "https://netloftmuseum.example/object/"
LEDGER: Final = "https://www.harbourledger.example/news/"

LIGHTHOUSE: Final = """NORTH WIRE
HOLM POINT, March 6 (North Wire)
The lighthouse at Holm Point was switched to electric light on Thursday, the last on the coast to burn oil. \
The pilots' guild said that the new lamp reaches 19 nautical miles, two more than the old one.
The change cost 96,000 crowns, according to the guild's accounts. "We kept the old lamp in its place, cleaned \
and filled," said the keeper, Nils Aker. "If the current fails, I need four minutes."
© 2025 North Wire. All rights reserved.
"""
SALT: Final = """NORTH WIRE
Salt works to close its oldest pan
BRINE, March 7 (North Wire)
The salt works at Brine will close its oldest pan in June after 140 years, the company said on Friday. \
Eleven people work there; all have been offered places at the newer pans, a spokeswoman said.
Output fell to 800 tonnes last year from 1,300 in 2020, the annual report shows.
Subscribe to continue reading
"""
GEESE: Final = """NORTH WIRE
Counters find 14,200 geese on the flats
March 10, 2025
Volunteers counted 14,200 barnacle geese on the Holm flats on Sunday, the most since counts began in 1996. \
"The mild winter explains part of it, and we do not know the rest," said Else Brandt, who organises the count.
Source: Holm bird observatory
"""
BREAD: Final = """NORTH WIRE
Bakers agree on the weight of a loaf
March 12, 2025
The bakers of four towns agreed on Wednesday that a loaf weighs 750 grams, ending a dispute of two years. \
The agreement, signed at the town hall in Brine, takes effect on 1 April and will be reviewed after twelve months.
Related: Salt works to close its oldest pan
"""
WIRE_RECORDS: Final = (
    {
        "url": WIRE + "lighthouse",
        "title": "Holm Point goes electric",
        "date": "2025-03-06",
        "text": LIGHTHOUSE,
    },
    {
        "url": WIRE + "salt",
        "title": "Salt works to close its oldest pan",
        "date": "2025-03-07",
        "text": SALT,
    },
    {"url": WIRE + "no-text", "title": "A record without a text", "date": "2025-03-08"},
    {"url": WIRE + "geese", "title": "14,200 geese on the flats", "date": "2025-03-10", "text": GEESE},
    {
        "url": WIRE + "lighthouse?again",
        "title": "Holm Point goes electric",
        "date": "2025-03-06",
        "text": LIGHTHOUSE,
    },
    {"url": WIRE + "bread", "title": "Bakers agree", "date": "2025-03-12", "text": BREAD},
)
BROKEN_AFTER: Final = 4  # records; the line that follows is cut in the middle
BROKEN_LINE: Final = b'{"url": "https://northwire.example/cut", "text": "The rest of this line was lo\n'

FORUM_RECORDS: Final = (
    {
        "url": FORUM + "leeks",
        "title": "Rust on leeks",
        "text": "Rust on leeks\nOrange spots have appeared on about a third of my leeks since the wet week in August. "
        "I have cut off the worst leaves and put them in the bin, not on the compost. Is there anything else that "
        "helps?\nReport post\n2 replies\n",
    },
    {
        "url": FORUM + "frost",
        "title": "First frost dates, please",
        "text": "First frost dates, please\nI keep a list of the first night below zero in every garden here. Mine was "
        "19 October, nine days earlier than last year. Please write only the date and roughly where you are, because I "
        "copy them by hand.\nLog in to reply\n",
    },
)
OBJECT: Final = (
    "<!doctype html><html lang='en'><head><title>{0}</title></head><body><nav><a href='/'>Collection</a> "
    "<a href='/visit'>Visit</a></nav><main><h1>{0}</h1><p>{1}</p><p>Photo: Net Loft Museum</p></main>"
    "<footer>Copyright 2025 Net Loft Museum. All rights reserved.</footer></body></html>"
)
OBJECTS: Final = {
    "Netting needle of whalebone": "Twenty-three centimetres long and worn to the shape of a hand. It was given in "
    "1951 by the daughter of the last sailmaker in Rope Lane, who had used it for forty years.",
    "Barometer from the Margaret Lyle": "The glass is cracked and the needle stands at 961, where it stopped in "
    "the storm of 1931. The crew returned in another boat; the barometer was found on the beach eleven days later.",
    "Ledger of the ice house": "Eighty-two pages in brown ink, from 1866 to 1871. Each line names a ship, the blocks "
    "of ice that it landed and the share that melted on the way, which was seldom less than a quarter.",
}
PAGE: Final = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{0} | {1}</title></head><body><header><a "
    "href='/'>{1}</a> <a href='/council'>Council</a> <a href='/letters'>Letters</a></header><article><h1>{0}</h1>"
    "<p>By {2}</p>{3}</article><footer>© 2025 {1}. All rights reserved.</footer></body></html>"
)
BUS_LANE: Final = (
    "<p>The bus lane on Rope Lane will be painted again in June, eight months after it was worn away by the works on "
    "the gas main, the council said on Thursday. The repair costs £7,200 and will be paid by the gas company.</p>"
    "<p>“Drivers cannot see it and inspectors cannot fine them,” said Tessa Grove, who manages the buses for the "
    "council. Its records show 14 fines since October, compared with 212 in the same months a year before.</p>"
)
SWIMMERS: Final = (
    "<p>Sixty-four swimmers crossed the harbour on Sunday, the most since the race was revived in 2012, the organisers "
    "said. The water was 11 degrees, and nine people were helped out before the end; none was taken to hospital.</p>"
    "<p>Maud Kerrigan, 17, won in 31 minutes and 8 seconds. “I thought about breakfast,” she said afterwards.</p>"
)
BLAZE: Final = (
    "<p>They took away your hammers and now they are coming for your NAILS! The mainstream media is silent, as always, "
    "because they don't want you to know who holds the hammer.</p><p>Wake up! Everything in your house is held "
    "together by nails, and one signature is enough to pull them out overnight. Share this before it is deleted!</p>"
)
CRAWL: Final = {
    LEDGER + "bus-lane": PAGE.format(
        "Bus lane to be repainted", "Harbour Ledger", "Tom Arkwright", BUS_LANE
    ),
    LEDGER + "swimmers": PAGE.format(
        "Sixty-four swim the harbour", "Harbour Ledger", "Priya Lund", SWIMMERS
    ),
    "https://truthblaze.example/nails": PAGE.format(
        "Your NAILS Are Next And Nobody Will Stop Them!", "Truth Blaze", "Blaze Staff", BLAZE
    ),
}
FORECAST_URL: Final = "https://coastweather.example/archive/2025-05-08"
FORECAST: Final = """Coast Weather
Home Radar Warnings About
Thursday's forecast for the coast
Cloud clears from the west by noon, and the afternoon is dry with eight hours of sun on the islands. The wind is \
moderate from the south-west and falls light in the evening. Temperatures reach 14 degrees at the harbour.
On Friday a weak front brings showers before dawn. The sea is slight, and the spring tide stands highest at 7.42pm.
Download our app
Copyright 2025 Coast Weather
"""


def archives() -> dict[str, bytes]:
    """Name in ``raw/`` and content of each archive."""
    return {
        "wire.jsonl": _wire(),
        "forum.jsonl.zst": zstandard.ZstdCompressor().compress(_json_lines(FORUM_RECORDS)),
        "catalog.parquet": _catalog(),
        "crawl.warc.gz": b"".join(_response(url, page) for url, page in CRAWL.items()),
        "extracted.wet.gz": _record(
            "conversion", FORECAST_URL, "text/plain; charset=utf-8", FORECAST.encode()
        ),
    }


def write_archives(folder: Path) -> None:
    """Write every archive into an existing folder, over what is there."""
    for name, content in archives().items():
        (folder / name).write_bytes(content)


def _wire() -> bytes:
    return _json_lines(WIRE_RECORDS[:BROKEN_AFTER]) + BROKEN_LINE + _json_lines(WIRE_RECORDS[BROKEN_AFTER:])


def _json_lines(records: tuple[Mapping[str, str], ...]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _catalog() -> bytes:
    table = pa.table(
        {
            "url": [f"{CATALOG}{number}" for number, _ in enumerate(OBJECTS, 1)],
            "title": list(OBJECTS),
            "html": [OBJECT.format(title, text) for title, text in OBJECTS.items()],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def _response(url: str, page: str) -> bytes:
    """A WARC record of a page as a server sends it."""
    body = page.encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return _record("response", url, "application/http; msgtype=response", head.encode() + body)


def _record(kind: str, url: str, content_type: str, payload: bytes) -> bytes:
    """A WARC record as a gzip member of its own; GzipFile writes the same header in every Python."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {CRAWLED}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, url)}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
        stream.write(head.encode() + payload + b"\r\n\r\n")
    return packed.getvalue()


if __name__ == "__main__":
    write_archives(RAW)
