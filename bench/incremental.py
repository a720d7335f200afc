"""What a run costs when little has changed, as a share of the first run over the same pages.

    python -m bench.incremental --documents 2000
    python -m bench.incremental --documents 5000 --against COMMIT

The pages are those of `bench.throughput`, one file each. Seconds are those of the whole command by the clock; beside
another commit the runs of both take turns over the same pages, and the shortest of `REPEATS` counts where nothing has
changed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench.results import ROOT, require, write_results
from bench.same_output import work_tree
from bench.throughput import PAGES, WORKERS, changed_pages

SHARE = 0.01  # of the pages that are new or changed
REPEATS = 5  # of a run that does nothing, beside another commit
SITES = 50  # folders, so that new pages can come in a folder of their own


def main() -> None:
    """Time the first run, and one after each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--against", metavar="COMMIT", help="time that one, too, and print ratios")
    arguments = parser.parse_args()
    require(PAGES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.against:
            with work_tree(folder / "before", arguments.against) as before:
                _compare(folder, arguments.documents, before)
            return
        figures = {name: of[ROOT] for name, of in _timed(folder, arguments.documents, (ROOT,))}
    first = figures["first run"]
    shares = {
        name: {"seconds": s, "share of the first": round(s / first, 4)} for name, s in figures.items()
    }
    write_results("incremental", [PAGES], {"documents": arguments.documents, "runs": shares})


def _compare(folder: Path, documents: int, before: Path) -> None:
    """Print how long each run takes as a share of the time of the commit before."""
    for name, seconds in _timed(folder, documents, (before, ROOT)):
        print(
            f"{name}: {seconds[ROOT]:.2f} s, {seconds[ROOT] / seconds[before]:.3f} of {seconds[before]:.2f} s"
        )


def _timed(folder: Path, documents: int, trees: Sequence[Path]) -> Iterator[tuple[str, dict[Path, float]]]:
    """The seconds of the run after each change, by the work tree whose code ran."""
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
        yield name, {tree: _run(folder, tree) for tree in trees}
        if name == "nothing changed" and len(trees) > 1:
            rounds = [{tree: _run(folder, tree) for tree in trees} for _ in range(REPEATS)]
            yield f"{name}, best of {REPEATS}", {tree: min(each[tree] for each in rounds) for tree in trees}


def _run(folder: Path, tree: Path) -> float:
    ratings = [f"--ratings={path}" for path in folder.glob("ratings.csv")]
    output = folder / f"clean-{tree.name}"
    where = [str(folder / "raw"), "-o", str(output)]
    began = time.perf_counter()
    command = [sys.executable, "-m", "winnow", "clean", *where, "--workers", str(WORKERS), *ratings]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    seconds = round(time.perf_counter() - began, 2)
    stages = json.loads((output / "report.json").read_text())["seconds"]
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
