"""Engines, which carry out the work on shards: in threads of this process, or by the workers of a cluster.

An engine is an entry in `CONNECTIONS`, under the name that `winnow.corpus.engine_names.ENGINES` gives it.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from winnow.corpus.engine_names import THREADS, engine_name
from winnow.corpus.errors import UsageError
from winnow.corpus.mounts import mount_of
from winnow.corpus.objects import is_remote
from winnow.corpus.output import lock_path
from winnow.corpus.settings import Settings
from winnow.pipeline.shards.clusters import Send, SentWork, open_dask, open_ray
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts, Tick, clean_shard
from winnow.pipeline.shards.store_work import bind_to_store
from winnow.pipeline.workers.isolation import Cleaning
from winnow.pipeline.workers.stop import Stop

SHARDS_AHEAD: Final = 1000  # at a cluster at once; those beyond its CPUs wait there

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
# Connects to a cluster, given the setting ``engine`` and the workers wanted, for as long as the context lasts. Gives
# None where the threads of this process do the work.
Connect = Callable[[str, int], AbstractContextManager[Send | None]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Carries out functions over shards; paths go in, paths come out."""

    threads: Executor  # of this process; each does a shard, or waits for one
    send: Send | None = None  # gives work to a cluster; None where the threads do it
    folder: Path = Path()  # the output folder, which all workers must see, or which stands for a store
    version: str = ""  # of the run, which all workers must have
    cleaners: tuple[str, ...] = ()  # of the user's own, which are part of it

    def bind(self, function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """The function as one that a worker carries out, while the caller waits for the result.

        The arguments that a `functools.partial` holds go to the workers once. Raises what the function raises, and
        WinnowError where no worker can carry it out.
        """
        if mount := mount_of(self.folder):
            return bind_to_store(function, mount, self.send and self._checked)
        return self._checked(function) if self.send else function

    def _checked(self, function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """A function sent to the cluster, with what its workers check before they carry it out."""
        assert self.send is not None
        lock, holder = None, ""
        if mount_of(self.folder) is None:
            lock = lock_path(self.folder).absolute()
            holder = lock.read_text(encoding="utf8")
        return self.send(SentWork(function, self.version, lock, holder, self.cleaners))

    def cleaner(
        self, settings: Settings, folder: Path, clean: Cleaning, tick: Tick, stop: Stop | None = None
    ) -> Callable[[Shard, Leftovers], ShardParts]:
        """`clean_shard`, bound, with a folder for the shards. A cluster's shard counts for ``tick`` once it is done."""
        cleaning = partial(clean_shard, settings=settings, folder=folder, clean=clean, stop=stop)
        if self.send is None and mount_of(self.folder) is None:
            return partial(cleaning, tick=tick)
        clean_remotely = self.bind(partial(_clean_on_worker, cleaning))

        def clean_and_tick(shard: Shard, leftovers: Leftovers) -> ShardParts:
            """The parts of a shard that a worker cleaned."""
            parts = clean_remotely(shard, leftovers)
            tick(parts.documents)
            return parts

        return clean_and_tick


@contextmanager
def open_engine(settings: Settings, folder: Path, version: str) -> Iterator[Engine]:
    """The engine that ``settings.engine`` names, for a run of a version that has opened the output ``folder``.

    Raises UsageError where its package is not installed, and where no cluster answers.
    """
    connect = CONNECTIONS[engine_name(settings.engine)]
    with (
        connect(settings.engine, settings.workers) as send,
        ThreadPoolExecutor(side_by_side(settings)) as threads,
    ):
        yield Engine(threads, send, folder, version, settings.cleaners)


def side_by_side(settings: Settings) -> int:
    """How many shards a run keeps under way; 1 and up."""
    return settings.workers or (os.cpu_count() or 1 if settings.engine == THREADS else SHARDS_AHEAD)


def _connect_to_nothing(*_: object) -> AbstractContextManager[None]:
    """None instead of a cluster: the threads of this process do the work."""
    return nullcontext()


CONNECTIONS: Final[dict[str, Connect]] = {THREADS: _connect_to_nothing, "dask": open_dask, "ray": open_ray}


def _clean_on_worker(cleaning: Callable[..., ShardParts], shard: Shard, leftovers: Leftovers) -> ShardParts:
    """The parts of a shard, cleaned by a worker. Raises UsageError where its files cannot be seen there."""
    first = shard.files[0]
    if not is_remote(first.location) and not Path(first.location).parent.is_dir():
        raise UsageError(f"{first.name}: its folder is not on a file system that all workers see")
    return cleaning(shard, leftovers, tick=_ignore_progress)


def _ignore_progress(documents: int) -> None:
    """Do nothing: no progress bar runs on a worker."""
