"""What a run costs when little has changed, as a share of the first run over the same pages.

    python -m bench.incremental --documents 2000

The pages are those of `bench.throughput`, one file each. Seconds are those of the whole command by the clock.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench.results import ROOT, require, write_results
from bench.throughput import PAGES, WORKERS, changed_pages

SHARE = 0.01  # of the pages that are new or changed
SITES = 50  # folders, so that new pages can come in a folder of their own


def main() -> None:
    """Time the first run, and one after each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=2000)
    arguments = parser.parse_args()
    require(PAGES)
    with tempfile.TemporaryDirectory() as folder:
        figures = dict(_timed(Path(folder), arguments.documents))
    first = figures["first run"]
    shares = {
        name: {"seconds": s, "share of the first": round(s / first, 4)} for name, s in figures.items()
    }
    write_results("incremental", [PAGES], {"documents": arguments.documents, "runs": shares})


def _timed(folder: Path, documents: int) -> Iterator[tuple[str, float]]:
    raw, few = folder / "raw", max(1, round(documents * SHARE))
    pages = ((page["url"], page["html"]) for page in changed_pages(documents + 2 * few))
    _write(raw, islice(pages, documents), "site{:03}".format)
    new, spread = [*islice(pages, few)], [*islice(pages, few)]
    changes: list[tuple[str, Callable[[], None]]] = [
        ("first run", lambda: None),
        ("nothing changed", lambda: None),
        ("1 % new, in a folder of their own", lambda: _write(raw, iter(new), lambda _: "fresh")),
        ("1 % changed, all over", lambda: _overwrite(raw, spread)),
        ("every file touched, none changed", lambda: _touch(raw)),
        ("1 % deleted, all over", lambda: _delete(raw, few)),
        ("a rating list", lambda: _rate(folder)),
    ]
    for name, change in changes:
        change()
        yield name, _run(folder)


def _run(folder: Path) -> float:
    ratings = [f"--ratings={path}" for path in folder.glob("ratings.csv")]
    where = [str(folder / "raw"), "-o", str(folder / "clean")]
    began = time.perf_counter()
    command = [sys.executable, "-m", "winnow", "clean", *where, "--workers", str(WORKERS), *ratings]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    seconds = round(time.perf_counter() - began, 2)
    stages = json.loads((folder / "clean" / "report.json").read_text())["seconds"]
    print(seconds, done.stdout.strip().partition(";")[0], stages, flush=True)
    return seconds


def _write(raw: Path, pages: Iterator[tuple[str, str]], folder: Callable[[int], str]) -> None:
    for number, (_, html) in enumerate(pages):
        path = raw / folder(number % SITES) / f"{number:06}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf8")


def _overwrite(raw: Path, pages: list[tuple[str, str]]) -> None:
    """Give some files, all over the folders, the content of other pages."""
    files = sorted(raw.rglob("*.html"))
    for number, (_, html) in enumerate(pages):
        files[number * len(files) // len(pages)].write_text(html, encoding="utf8")


def _touch(raw: Path) -> None:
    for path in raw.rglob("*.html"):
        path.touch()


def _delete(raw: Path, few: int) -> None:
    files = sorted(raw.rglob("*.html"))
    for number in range(few):
        files[number * len(files) // few + 1].unlink()


def _rate(folder: Path) -> None:
    (folder / "ratings.csv").write_text("domain,rating,scale,date\na.example,20,0-100,2024-05-01\n")


if __name__ == "__main__":
    main()
