"""Try inputs on one target, guided by the code that they reach, then more of them without looking (docs/security.md).

    python -m tests.fuzz cleaners --seconds 60 --seed 1
    python -m tests.fuzz cleaners --seconds 60 --blind

A folder, ``.fuzz/cleaners``, keeps the inputs that reached new code, which the next call goes on from, and the figures.
"""

import argparse
import time
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.mutation import mutate
from tests.fuzz.target import NAMES, Target, load
from tests.fuzz.trial import SAVE_SECONDS, Tally, attempt

HOME: Final = Path(__file__).parents[2] / ".fuzz"


def main() -> None:
    """Try inputs for some seconds."""
    given = _arguments()
    folder = HOME / given.target
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    tally = Tally.read(folder / "tally.json", given.code)
    if given.blind:
        try_blind(load(given.target), folder, tally, given.seconds, given.seed)
    else:
        from tests.fuzz.guided import try_guided  # here, because not every system has atheris

        try_guided(given.target, folder, tally, given.seconds, given.seed)


def try_blind(target: Target, folder: Path, tally: Tally, seconds: float, seed: int) -> None:
    """Try changes of what a target begins with and of what reached new code, a few times as many as guided ones."""
    inputs = [*target.seeds(), *(path.read_bytes() for path in sorted((folder / "corpus").iterdir()))]
    dice, end = Random(seed or None), time.monotonic() + seconds
    while time.monotonic() < end:
        next_saving = time.monotonic() + SAVE_SECONDS
        while time.monotonic() < next_saving:
            attempt(target, mutate(dice.choice(inputs), target.pieces, dice, target.max_bytes), tally)
        tally.write(folder / "tally.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers; 0: another each time")
    parser.add_argument(
        "--code", default="", help="a hash of what is tried; figures of another are dropped"
    )
    parser.add_argument(
        "--blind", action="store_true", help="without looking at the code that inputs reach"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
