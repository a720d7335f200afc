"""Trying inputs guided by the code that they reach, with atheris, which drives libFuzzer."""

import atexit
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NoReturn

import atheris

from tests.fuzz.mutation import mutate
from tests.fuzz.target import Target, load
from tests.fuzz.trial import SAVE_SECONDS, Tally, attempt

BYTE_CHANGES: Final = 0.25  # share of inputs that libFuzzer changes in its own way, byte by byte
# Of one input: what takes longer hangs. The process may grow to this, with all that the target loads.
MAX_INPUT_SECONDS, MAX_MEMORY_MB = (120, 4096)


def try_guided(name: str, folder: Path, tally: Tally, seconds: float, seed: int) -> NoReturn:
    """Try inputs on a target, keep those that reach new code in its folder, and end the process."""
    with atheris.instrument_imports(include=["winnow"]):
        target = load(name)
    end = next_saving = time.monotonic()
    end += seconds

    def try_one(data: bytes) -> None:
        """Try an input; the figures are kept from time to time, and once the time is over."""
        nonlocal next_saving
        attempt(target, data, tally)
        now = time.monotonic()
        if now >= min(next_saving, end):
            tally.write(folder / "tally.json")
            next_saving = now + SAVE_SECONDS
        if now >= end:
            _leave()

    atheris.Setup(_libfuzzer_options(target, folder, seed), try_one, custom_mutator=_mutator(target))
    atheris.Fuzz()
    sys.exit("libFuzzer ended before its time")


def _leave() -> NoReturn:
    """End the process at once, but for what was registered to be removed.

    libFuzzer's own end destroys what libraries hold in an order that some of them do not survive.
    """
    atexit._run_exitfuncs()
    os._exit(0)


def _mutator(target: Target) -> Callable[[bytes, int, int], bytes]:
    """What changes an input of a target, as libFuzzer calls it."""

    def change(data: bytes, max_bytes: int, seed: int) -> bytes:
        """Change an input by its pieces, or sometimes byte by byte."""
        dice = Random(seed)
        if dice.random() < BYTE_CHANGES:
            return bytes(atheris.Mutate(data, max_bytes))
        return mutate(data, target.pieces, dice, max_bytes)

    return change


def _libfuzzer_options(target: Target, folder: Path, seed: int) -> list[str]:
    """The command line of libFuzzer, with the folders for what it keeps and what it begins with."""
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, content in enumerate(target.seeds()):
        (seeds / f"{number:04d}").write_bytes(content[: target.max_bytes])
    limits = [
        f"-max_len={target.max_bytes}",
        f"-timeout={MAX_INPUT_SECONDS}",
        f"-rss_limit_mb={MAX_MEMORY_MB}",
    ]
    places = [f"-artifact_prefix={folder}/", str(folder / "corpus"), str(seeds)]
    return [sys.argv[0], *limits, f"-seed={seed}", "-verbosity=0", *places]
