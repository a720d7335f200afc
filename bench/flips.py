"""Bits that flip in what runs keep, one before each run, and whether a run believed it.

    python -m bench.flips --flips 1000

After a run over texts and a file that cannot be read, one bit of one file below ``.winnow``, or of the log of
decisions, is changed; and the next run, over changed inputs, is compared with one that nothing was done to.
What it gives must be the same bytes, or a refusal that names the file: of texts that a person may have edited, and of
the log, which cannot be made again.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.kills import output
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME, append_events, open_log
from winnow.corpus.errors import WinnowError
from winnow.corpus.output import MARK, SITE_LINES
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.state.kept_log import with_decisions_for
from winnow.pipeline.workers.isolation import clean_here

TEXTS: Final = 12  # of a site
BERTHS: Final = 90
DECISIONS: Final = 20
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORY: Final = (
    "The harbour board voted on Tuesday to dredge the inner basin of berths {} before the storms, a spokeswoman said. "
    "The work costs 1.2 million pounds and takes eleven weeks, according to the contract.\n\nADVERTISEMENT\n\n"
    "The last dredging was {} years ago, the minutes show.\n\nLatest from the newsroom\n"
)


def main() -> None:
    """Print how the runs after the flips ended; end with 1 where a flipped bit was believed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends = Counter(flips(Path(folder), arguments.flips, arguments.seed))
    for end, number in sorted(ends.items()):
        print(f"{number:5} flips: {end}")
    sys.exit(bool(ends["believed"]))


def flips(folder: Path, number: int, seed: int) -> Iterator[str]:
    """How the run after each flip ended."""
    _first_run(folder)
    _keep(folder, folder / "kept")
    expected = _next_run(folder)
    chance = random.Random(seed)
    for _ in range(number):
        _restore(folder, folder / "kept")
        path = chance.choice(_kept_files(folder))
        path.write_bytes(flipped(path.read_bytes(), chance.randrange(2**32)))
        yield _end(folder, expected)


def flipped(content: bytes, seed: int) -> bytes:
    """A content with one bit changed."""
    changed, chance = bytearray(content), random.Random(seed)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _end(folder: Path, expected: dict[str, bytes]) -> str:
    """How a run ends in a folder in which a bit was flipped."""
    try:
        now = _next_run(folder)
    except WinnowError as error:
        return "refused: " + ("edited text" if "was changed since" in str(error) else "log of decisions")
    if now == expected:
        return "same bytes"
    # Lines that only earlier runs saw are gone with the table that held them.
    without = {name: content for name, content in now.items() if name != SITE_LINES}
    return "same bytes, lines of sites learned anew" if without.items() <= expected.items() else "believed"


def _first_run(folder: Path) -> None:
    (folder / "raw").mkdir()
    for number in range(TEXTS):
        _write(folder, number, number)
    broken = folder / "raw" / "broken.jsonl"
    broken.write_text("{", encoding="utf8")
    os.utime(broken, (NOON.timestamp(), NOON.timestamp()))
    subjects = (f"s{number}.example" for number in range(DECISIONS))
    events = [
        Event("rate_source", "Ada", NOON.isoformat(), source=subject, label="mixed") for subject in subjects
    ]
    with open_log(folder / NAME) as log:
        append_events(log, events)
    _run(folder)


def _next_run(folder: Path) -> dict[str, bytes]:
    _write(folder, 0, 99)
    _run(folder)
    return output(folder / "clean")


def _write(folder: Path, number: int, years: int) -> None:
    path = folder / "raw" / "s.example" / f"{number:02}.txt"
    path.parent.mkdir(exist_ok=True)
    berths = random.Random(number).sample(
        range(1000, 10_000), BERTHS
    )  # a text that is no near-copy of another
    path.write_text(STORY.format(berths, years), encoding="utf8")
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def _run(folder: Path) -> None:
    settings = with_decisions_for(Settings(shard_documents=4), None, folder / "clean")
    clean_corpus([str(folder / "raw")], folder / "clean", settings, clean=clean_here, tick=lambda _: None)


def _keep(folder: Path, place: Path) -> None:
    """Copy the output and the log of decisions."""
    shutil.copytree(folder / "clean", place / "clean", symlinks=True)
    shutil.copy2(folder / NAME, place / NAME)


def _restore(folder: Path, place: Path) -> None:
    """Put back what `_keep` copied; the inputs stay, so that most shards are those of the run before."""
    shutil.rmtree(folder / "clean")
    _keep(place, folder)


def _kept_files(folder: Path) -> list[Path]:
    paths = [folder / NAME, *sorted((folder / "clean" / MARK).rglob("*"))]
    return [path for path in paths if path.is_file() and not path.is_symlink() and path.stat().st_size]


if __name__ == "__main__":
    main()
