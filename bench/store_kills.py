"""Runs into a store that fails, killed at random requests, and what the next run on another machine makes of them.

    python -m bench.store_kills --rounds 50

Each round changes some inputs and starts a run into an S3 server (moto's) behind a proxy that answers a share of the
requests with 500 or 503, slowly, or not at all, and cuts uploads and answers in two (`bench.faulty_store`). At a random
request the run is killed, with its lease in its hands. The next run has no folder of the first one's, the same faulty
store, and must leave, byte for byte, what a first run into a local folder leaves.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.faulty_store import FaultyStore, faulty_store
from bench.kills import STORY, output
from winnow.corpus import lease
from winnow.corpus.locations import located
from winnow.corpus.objects import find_objects, open_object, store_client
from winnow.corpus.output import MARK, OUR_NAME, VERSIONS, current_version
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

URL: Final = "s3://crawl/clean"
DOCUMENTS, CHANGED = 6, 2
SETTINGS: Final = Settings(shard_documents=2, workers=2)
FAULT_SHARE: Final = 0.03
LEASE_SECONDS: Final = 2.0  # so that no round waits for long; the clocks of stores go by seconds
FIRST_REQUESTS: Final = 200  # of a run, until one has counted them
MAX_ATTEMPTS: Final = "8"  # of a request


def main() -> None:
    """Print how many rounds ended well, and which faults there were."""
    from tests.stores import running_store

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", help=argparse.SUPPRESS)  # inputs of the run that is killed
    arguments = parser.parse_args()
    lease.LEASE_SECONDS = LEASE_SECONDS  # type: ignore[misc]  # a constant of runs
    if arguments.alone:
        run_into_store(arguments.alone)
        return
    with tempfile.TemporaryDirectory() as name, running_store():
        faults = Counter[str]()
        ended = Counter(store_kill_rounds(Path(name), arguments.rounds, arguments.seed, faults))
    for how, rounds in sorted(ended.items()):
        print(f"{rounds:4} rounds: {how}; the next run gave the bytes of a first run into a folder")
    print(f"faults of the store: {', '.join(f'{count} {what}' for what, count in faults.most_common())}")


def store_kill_rounds(folder: Path, rounds: int, seed: int, faults: Counter[str]) -> Iterator[str]:
    """For each round how its first run ended. Raises AssertionError where something was lost, or is there twice.

    The environment names the store behind, and afterwards does so again.
    """
    chance = random.Random(seed)
    behind = os.environ["AWS_ENDPOINT_URL"]
    host, _, port = behind.removeprefix("http://").partition(":")
    changes = {"AWS_MAX_ATTEMPTS": MAX_ATTEMPTS, "TMPDIR": str(folder)}
    try:
        with faulty_store(host, int(port), FAULT_SHARE, seed) as store:
            os.environ.update(changes, AWS_ENDPOINT_URL=store.url)
            store_client.cache_clear()
            requests = FIRST_REQUESTS
            for number in range(rounds):
                _change(folder / "raw", chance, number)
                how = _killed_at(chance.randrange(requests), folder, number, store)
                store.requests = 0
                run_into_store(str(folder / "raw"))
                requests = store.requests
                _compare(folder, number)
                yield how
            faults.update(store.faults)
    finally:
        os.environ["AWS_ENDPOINT_URL"] = behind
        store_client.cache_clear()


def run_into_store(inputs: str) -> None:
    """A run in this process, with a folder of its own for what it fetches."""
    with located(URL) as folder:
        clean_corpus([inputs], folder, SETTINGS, clean=clean_here, tick=lambda _: None)


def stored_output() -> dict[str, bytes]:
    """All of the current version in the store that must repeat, by name."""
    with located(URL) as folder:
        version = current_version(folder)
    assert version is not None, "nothing was published"
    prefix = f"{URL}/{MARK}/{VERSIONS}/{version.name}/"
    return {
        each.url.removeprefix(prefix): open_object(each.url, each.etag, each.size).read()
        for each in find_objects(prefix)
        if OUR_NAME.fullmatch(name := each.url.removeprefix(prefix)) and not name.startswith("report.")
    }


def _change(raw: Path, chance: random.Random, number: int) -> None:
    """Write some documents anew, and delete one."""
    raw.mkdir(exist_ok=True)
    for name in range(DOCUMENTS) if number == 0 else chance.sample(range(DOCUMENTS), CHANGED):
        (raw / f"{name}.txt").write_text(STORY.format(chance.randrange(10**6), number), encoding="utf8")
    (raw / f"{chance.randrange(DOCUMENTS)}.txt").unlink(missing_ok=True)


def _killed_at(request: int, folder: Path, number: int, store: FaultyStore) -> str:
    """How a run ended on a machine of its own that is switched off at a request."""
    machine = folder / f"machine-{number}"
    machine.mkdir()
    command = [sys.executable, "-m", "bench.store_kills", "--alone", str(folder / "raw")]
    environment = {**os.environ, "TMPDIR": str(machine)}
    with subprocess.Popen(command, start_new_session=True, env=environment) as run:

        def kill(at: int) -> None:
            """Switch the machine off."""
            if at == request + 1:
                os.killpg(run.pid, signal.SIGKILL)

        store.requests, store.on_request = 0, kill
        code = run.wait()
    store.on_request = lambda _: None
    assert code in (0, -signal.SIGKILL), f"round {number}: the run failed by itself"
    return "done before it was killed" if code == 0 else "killed"


def _compare(folder: Path, number: int) -> None:
    """Raise AssertionError where the store has not what a first run into a folder leaves, or has more."""
    expected = folder / f"expected-{number}"
    clean_corpus([str(folder / "raw")], expected, SETTINGS, clean=clean_here, tick=lambda _: None)
    in_store, in_folder = stored_output(), output(expected)
    differing = {name for name, _ in in_store.items() ^ in_folder.items()}
    assert not differing, f"round {number}: other bytes of {', '.join(sorted(differing))}"
    left = [each.url for each in find_objects(f"{URL}/{MARK}/work/")]
    assert not left, f"round {number}: {left} were left"


if __name__ == "__main__":
    main()
