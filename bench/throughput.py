"""Documents a second of whole runs, beside datatrove and a pool of processes around trafilatura, over the same pages.

    python -m bench.throughput --documents 10000 --datatrove /path/to/its/python

The pages of WCXB dev are repeated, each time with a fifth of the words of its paragraphs drawn anew from the page, and
under another site; with `--same-site` as another page of its site, whose lines then repeat. All three read the same
JSON Lines and write Parquet, each with two processes that clean:

- Winnow: everything that `winnow clean` does, scoring and near-copies included;
- a pool: `trafilatura.extract` with its defaults, documents of which nothing is left out;
- datatrove, in an environment of its own: trafilatura, Gopher's filters of repetition and quality, Parquet.

Seconds are those of the whole command by the clock, memory the greatest sum over all processes of a run of what
each holds for itself (proportional set size). They are run one after the other, in turns.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pyarrow.parquet as pq

from bench.processes import members, proportional_bytes
from bench.results import ROOT, SHARED, require, write_results

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
FILE_DOCUMENTS = 250
WORKERS = 2
CHANGED_SHARE = 0.2
MIN_PARAGRAPH = 40  # characters of text between tags that is changed
SAMPLE_SECONDS = 1.0
PARAGRAPH = re.compile(rf">([^<>]{{{MIN_PARAGRAPH},2000}})<")
RIVALS = ROOT / "bench" / "rivals"


def main() -> None:
    """Time each system in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--same-site", action="store_true", help="repeat pages on their sites")
    parser.add_argument("--datatrove", default="", help="a Python that has datatrove; left out without it")
    parser.add_argument("--only", default="", help="run this system alone, for its memory")
    arguments = parser.parse_args()
    require(PAGES)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = write_pages(work / "raw", arguments.documents, arguments.same_site)
        commands = systems(work, files, arguments.datatrove)
        if arguments.only:
            commands = {arguments.only: commands[arguments.only]}
        rounds = [run_all(commands, work) for _ in range(arguments.rounds)]
    figures = {
        "documents": arguments.documents,
        "systems": {
            name: _figures([each[name] for each in rounds], arguments.documents) for name in commands
        },
        "winnow against": {
            name: [round(each[name]["seconds"] / each["winnow"]["seconds"], 2) for each in rounds]
            for name in commands
            if "winnow" in commands and name != "winnow"
        },
    }
    # no path of a machine
    sys.argv = [word.replace(arguments.datatrove or " ", "PYTHON") for word in sys.argv]
    name = "throughput_same_site" if arguments.same_site else "throughput"
    write_results(f"{name}_{arguments.only}" if arguments.only else name, [PAGES], figures)


def systems(work: Path, files: int, datatrove: str) -> dict[str, list[str]]:
    """The command of each system, by name."""
    raw, out = str(work / "raw"), str(work / "out")
    winnow = [sys.executable, "-m", "winnow", "clean", raw, "-o", out, "--workers", str(WORKERS)]
    commands = {"winnow": winnow, "pool": [sys.executable, str(RIVALS / "pool.py"), raw, out, str(WORKERS)]}
    if datatrove:
        commands["datatrove"] = [
            datatrove,
            str(RIVALS / "datatrove_pages.py"),
            raw,
            out,
            str(files),
            str(WORKERS),
        ]
    else:
        print("datatrove is left out: name a Python that has it with --datatrove", file=sys.stderr)
    return commands


def run_all(commands: Mapping[str, Sequence[str]], work: Path) -> dict[str, dict[str, float]]:
    """Seconds and megabytes of each system, each with an empty output folder."""
    figures = {}
    for name, command in commands.items():
        figures[name] = measured(command, work / f"{name}.log")
        print(name, figures[name], flush=True)
        shutil.rmtree(work / "out")
    return figures


def write_pages(folder: Path, documents: int, same_site: bool = False) -> int:
    """Write the pages as JSON Lines, and give the number of files."""
    folder.mkdir()
    pages = changed_pages(documents, same_site)
    files = -(-documents // FILE_DOCUMENTS)
    for number in range(files):
        with (folder / f"{number:05}.jsonl").open("w", encoding="utf8") as file:
            for _ in range(min(FILE_DOCUMENTS, documents - number * FILE_DOCUMENTS)):
                file.write(json.dumps(next(pages)) + "\n")
    return files


def changed_pages(documents: int, same_site: bool = False) -> Iterator[dict[str, str]]:
    """Pages, each repetition with other words and of another site, or as another page of the same."""
    rows = pq.read_table(PAGES, columns=["url", "html"]).to_pylist()
    for number in range(documents):
        row = rows[number % len(rows)]
        url = urlsplit(row["url"] or f"https://page{number % len(rows)}.example/")
        html = _with_changed_words(row["html"].decode(errors="replace"), random.Random(number))
        repeated = str(number // len(rows))
        site = f"{url.netloc.replace('.', '-')}-{repeated}.example"
        other = url._replace(query=repeated) if same_site else url._replace(netloc=site)
        yield {"url": urlunsplit(other), "html": html}


def _with_changed_words(html: str, chance: random.Random) -> str:
    """A page in whose paragraphs some words are others of the page."""
    words = [word for paragraph in PARAGRAPH.finditer(html) for word in paragraph[1].split()]

    def with_new_words(paragraph: re.Match[str]) -> str:
        old = paragraph[1].split(" ")
        new = (chance.choice(words) if chance.random() < CHANGED_SHARE else word for word in old)
        return f">{' '.join(new)}<"

    return PARAGRAPH.sub(with_new_words, html) if words else html


def measured(command: Sequence[str], log: Path) -> dict[str, float]:
    """Seconds of a command by the clock, and the most memory that its processes held together."""
    began, most = time.perf_counter(), 0
    with log.open("wb") as output:
        run = subprocess.Popen(command, stdout=output, stderr=output, cwd=ROOT, start_new_session=True)
        while run.poll() is None:
            most = max(most, _memory_bytes(run.pid))
            try:
                run.wait(SAMPLE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    if run.returncode not in (0, 3):
        sys.exit(f"{command[0]} {command[1]} ended with {run.returncode}:\n{log.read_text()[-2000:]}")
    return {"seconds": round(time.perf_counter() - began, 1), "megabytes": round(most / 1e6)}


def _memory_bytes(session: int) -> int:
    """Bytes that the processes of a session hold, what they share counted once."""
    return sum(map(proportional_bytes, members(session)))


def _figures(rounds: Sequence[Mapping[str, float]], documents: int) -> dict[str, object]:
    return {
        "documents a second": [round(documents / each["seconds"], 1) for each in rounds],
        "megabytes": [each["megabytes"] for each in rounds],
    }


if __name__ == "__main__":
    main()
