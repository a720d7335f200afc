"""What gzip costs by library and level: milliseconds a row, and how small the JSON Lines of an output get.

    python -m bench.packing OUTPUT

The lines of a part of an output are packed as a run packs them, all levels in turns, and unpacked again. CPU time, the
median of `ROUNDS`. zlib is what this Python was built with.
"""

import argparse
import gzip
import io
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from isal import igzip

from bench.results import write_results
from winnow.corpus.writers import LINES_BUFFER

ROUNDS = 5
ZLIB_LEVELS, ISAL_LEVELS = (1, 4, 6), (1, 2, 3)
Open = Callable[..., Any]


def main() -> None:
    """Pack the largest part by each library and level in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path)
    parts = (parser.parse_args().output / "documents").glob("*.jsonl.gz")
    content = gzip.decompress(max(parts, key=lambda path: path.stat().st_size).read_bytes())
    seconds: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, opened in _packers().items():
            began = time.process_time()
            packed = _packed(content, opened)
            seconds.setdefault(name, []).append(time.process_time() - began)
            sizes[name] = len(packed)
            assert gzip.decompress(packed) == content
    rows = content.count(b"\n")
    figures = {
        name: {
            "milliseconds a row": round(1000 * median(seconds[name]) / rows, 3),
            "ratio": round(len(content) / sizes[name], 2),
        }
        for name in seconds
    }
    write_results("packing", [], {"rows": rows, "zlib": zlib.ZLIB_RUNTIME_VERSION, "packers": figures})


def _packers() -> dict[str, Open]:
    """What opens a packed stream, by library and level."""
    packers: dict[str, Open] = {}
    for level in ZLIB_LEVELS:
        packers[f"zlib {level}"] = partial(gzip.GzipFile, "", "wb", level, mtime=0)
    for level in ISAL_LEVELS:
        packers[f"ISA-L {level}"] = partial(igzip.IGzipFile, "", "wb", level, mtime=0)
    return packers


def _packed(content: bytes, opened: Open) -> bytes:
    stream = io.BytesIO()
    with opened(fileobj=stream) as packed, io.BufferedWriter(packed, LINES_BUFFER) as lines:
        for place in range(0, len(content), LINES_BUFFER):
            lines.write(content[place : place + LINES_BUFFER])
    return stream.getvalue()


if __name__ == "__main__":
    main()
