"""Whether two commits clean the same documents to the same output, but for the names of run and version.

    python -m bench.same_output COMMIT

The other commit runs in a work tree of its own. Inputs are the samples, the labelled noise documents and 300 pages:
with the settings' defaults, and the pages once more as Markdown with articles only and all contacts masked. Each row
of each table is compared, value by value; so are names and schemas of the Parquet files, ``sources.csv`` and the rows
of the JSON Lines files.
"""

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bench.results import ROOT, SHARED, require, write_results
from winnow.corpus.output import PARTS

NOISE = SHARED / "data" / "noise"
PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
PAGE_COUNT = 300
SITES = 30  # folders, which are sources: ten pages each
SEED = 7
HASH = re.compile(r"-[0-9a-f]{8}(?=\.)")  # in the name of a part
DAY = "2026-11-30"  # on which decisions hold, so that two runs on two days are alike
TABLES = ("documents", "rejected", "quarantine", "sources.parquet", "site_lines.parquet")
OTHER_NAMES = ("run_id", "pipeline_version")  # columns that two commits fill differently
VARIANT = ("--markdown", "--policy", "article", "--contacts", "mask-all")


def main() -> None:
    """Run the working tree and another commit, compare, and end with 1 where a row differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("commit", help="what the working tree is compared with")
    commit = parser.parse_args().commit
    for path in (NOISE, PAGES):
        require(path)
    with tempfile.TemporaryDirectory() as folder, work_tree(Path(folder) / "before", commit) as before:
        inputs = dict(_inputs(Path(folder) / "inputs"))
        runs = {
            name: [_clean(tree, inputs[name.partition(" ")[0]], Path(folder) / tree.name / name, name)
                   for tree in (before, ROOT)]
            for name in (*inputs, "pages as Markdown")
        }  # fmt: skip
        figures = {name: _differences(*outputs) for name, outputs in runs.items()}
    write_results("same_output", [NOISE, PAGES], {"compared with": commit, "runs": figures})
    sys.exit(any(table["different"] for tables in figures.values() for table in tables.values()))


@contextmanager
def work_tree(folder: Path, commit: str) -> Iterator[Path]:
    """The files of a commit in a folder, while the block lasts."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", "--quiet", str(folder), commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def _inputs(folder: Path) -> Iterator[tuple[str, Path]]:
    """Folders of inputs by name."""
    yield "samples", ROOT / "raw"
    yield "noise", NOISE
    table = pq.read_table(PAGES, columns=["html"])
    rows = random.Random(SEED).sample(range(table.num_rows), PAGE_COUNT)
    for number, html in enumerate(table.take(rows).column("html").to_pylist()):
        page = folder / "pages" / f"site{number % SITES}.example" / f"{number:04}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(html)
    yield "pages", folder / "pages"


def _clean(tree: Path, inputs: Path, output: Path, name: str) -> Path:
    """The output of the program in a work tree."""
    options = VARIANT if name.endswith("Markdown") else ()
    command = [
        sys.executable,
        "-m",
        "winnow",
        "clean",
        str(inputs),
        "-o",
        str(output),
        "--as-of",
        DAY,
        *options,
    ]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return output


def _differences(before: Path, now: Path) -> dict[str, dict[str, int]]:
    """For each table how many rows it has, and how many are not what they were."""
    tables = {name: (_parquet_rows(before / name), _parquet_rows(now / name)) for name in TABLES}
    tables["names and schemas"] = _schemas(before), _schemas(now)
    tables["documents as JSON Lines"] = _json_rows(before), _json_rows(now)
    tables["sources.csv"] = _lines(before / "sources.csv"), _lines(now / "sources.csv")
    return {
        name: {"rows": len(new), "different": _count_different(old, new)}
        for name, (old, new) in tables.items()
    }


def _count_different(old: list[str], new: list[str]) -> int:
    changed = sum(a != b for a, b in zip(old, new, strict=False))
    return changed + abs(len(old) - len(new))


def _schemas(output: Path) -> list[str]:
    """The tables with their columns; their names without hashes, which change with the rows."""
    folders = [output, *(output / name for name in PARTS)]
    files = sorted(file for folder in folders for file in folder.glob("*.parquet"))
    return [f"{file.parent.name}/{HASH.sub('', file.name)}: {pq.read_schema(file)}" for file in files]


def _parquet_rows(place: Path) -> list[str]:
    files = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
    return [_comparable(row) for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def _json_rows(output: Path) -> list[str]:
    files = sorted((output / "documents").glob("*.jsonl.gz"))
    lines = (line for file in files for line in gzip.decompress(file.read_bytes()).splitlines())
    return [_comparable(json.loads(line)) for line in lines]


def _lines(file: Path) -> list[str]:
    return list(file.read_text(encoding="utf8").splitlines())


def _comparable(row: Mapping[str, Any]) -> str:
    """A row without the names of run and version, as text, in which NaN equals NaN."""
    return repr({name: value for name, value in row.items() if name not in OTHER_NAMES})


if __name__ == "__main__":
    main()
