"""How the time of each part of cleaning grows with each worst case; ends with 1 where any grows faster than linearly.

    python -m bench.growth [--part NAME] [--case LABEL] [--most BYTES]

A line for each pair of a part and a case that is measured and slow or not linear; all of them in
``bench/results/growth.json``. A name or label chooses what contains it.
"""

import argparse
import sys
from collections.abc import Iterator

from bench.growth.cases import read_cases
from bench.growth.measure import Growth, growth
from bench.growth.parts import parts
from bench.results import write_results

MOST_BYTES = 256_000  # of the greatest size


def main() -> None:
    """Measure each pair, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", default="")
    parser.add_argument("--case", default="")
    parser.add_argument("--most", type=int, default=MOST_BYTES)
    arguments = parser.parse_args()
    rows = [*_growths(arguments.part, arguments.case, arguments.most)]
    steep = [row for row in rows if not row.is_linear]
    slowest = sorted(rows, key=_microseconds, reverse=True)[:20]
    figures = {"pairs": len(rows), "not linear": [*map(_row, steep)], "slowest": [*map(_row, slowest)]}
    write_results("growth", [], figures)
    sys.exit(bool(steep))


def _growths(part_name: str, label: str, most: int) -> Iterator[Growth]:
    chosen_parts = [part for part in parts() if part_name in part.name]
    for case in read_cases():
        for part in chosen_parts if label in case.label else ():
            if part.content_type in ("", case.content_type) and (row := growth(part, case, most)):
                if not row.is_linear:
                    print(_row(row), flush=True)
                yield row


def _microseconds(row: Growth) -> float:
    """Of a byte of the greatest size."""
    return row.seconds[2] / (4 * row.size) * 1e6


def _row(row: Growth) -> str:
    times = " ".join(f"{each:.4f}" for each in row.seconds)
    return f"{row.part} x {row.case}: n={row.size} {times} s, x{row.ratio:.2f}, {_microseconds(row):.2f} us a byte"


if __name__ == "__main__":
    main()
