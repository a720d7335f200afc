"""Clusters that carry functions out: Ray and Dask. Both are extras, imported when they are asked for."""

import multiprocessing
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from winnow.corpus.errors import UsageError, WinnowError
from winnow.corpus.extras import require_extra
from winnow.pipeline.tables.version import version_of_everything, with_cleaners

RETRIES: Final = 5  # of a call whose worker died; a document does not kill it, but the child that cleans it
CONNECT_SECONDS: Final = 30
QUIET: Final = {"logging_level": "ERROR", "log_to_driver": False}


@dataclass(frozen=True, slots=True)
class SentWork:
    """A function, and by what a worker knows whether it may carry it out."""

    function: Callable[..., Any]
    version: str  # of everything, where the run began
    lock: Path  # of the output folder
    holder: str  # what that run wrote into it
    cleaners: tuple[str, ...] = ()  # of the user's own

    def __call__(self, *arguments: object) -> Any:
        """What the function gives. Raises UsageError on a machine that would spoil the run."""
        node, version = platform.node(), version_of_everything()
        try:
            version = with_cleaners(version, self.cleaners)
        except UsageError as error:
            raise UsageError(f"{node}: {error}") from error
        if version != self.version:
            same = "the same, and the same cleaners of your own," if self.cleaners else "the same"
            raise UsageError(f"{node} has Winnow {version}, not {self.version}; install {same} everywhere")
        if not self.lock.exists() or self.lock.read_text(encoding="utf8") != self.holder:
            raise UsageError(
                f"{node} does not see {self.lock.parents[1]}; the output folder must be shared by all nodes"
            )
        if multiprocessing.current_process().daemon:
            raise UsageError(
                f"workers on {node} may not start processes; "
                "start them with DASK_DISTRIBUTED__WORKER__DAEMON=False"
            )
        return self.function(*arguments)


Send = Callable[[SentWork], Callable[..., Any]]  # gives a function that waits for what a worker gives


@contextmanager
def open_ray(address: str, workers: int) -> Iterator[Send]:
    """A Ray cluster: at ``ray://HOST:PORT``, or for ``ray`` what RAY_ADDRESS or `ray start` names, or else our own.

    One that the program is connected to already is used as it is. A call whose worker or node dies
    is sent to another.
    """
    require_extra("ray", "--engine ray")
    import ray

    ours = not ray.is_initialized()
    if ours:
        _connect_ray(ray, address, workers)
    try:
        yield _send_by_ray
    finally:
        if ours:
            ray.shutdown()


def _connect_ray(ray: ModuleType, address: str, workers: int) -> None:
    try:
        ray.init(address="auto" if address == "ray" else address, **QUIET)
    except (ConnectionError, RuntimeError, ValueError) as error:
        if address != "ray" or "RAY_ADDRESS" in os.environ:
            raise _silent(address, error) from error
        ray.init(address="local", num_cpus=workers or None, include_dashboard=False, **QUIET)


def _send_by_ray(work: SentWork) -> Callable[..., Any]:
    import ray
    from ray.exceptions import RayError, RayTaskError

    held = ray.put(work)
    call = ray.remote(num_cpus=1, max_retries=RETRIES)(_carry_out)

    def sent(*arguments: object) -> Any:
        """What the work gives for some arguments. Raises what it raised, WinnowError where the cluster gives up."""
        try:
            return ray.get(call.remote(held, *arguments))
        except RayTaskError as error:
            if isinstance(error.cause, RayError):  # the call did not begin: Winnow is not installed there
                raise _given_up(error.cause) from error
            raise error.cause from error
        except RayError as error:
            raise _given_up(error) from error

    return sent


@contextmanager
def open_dask(address: str, workers: int) -> Iterator[Send]:
    """A Dask cluster: the scheduler at ``tcp://HOST:PORT``, or, for ``dask``, workers of our own on this machine."""
    require_extra("dask", "--engine dask")
    import dask
    from distributed import Client, LocalCluster

    with ExitStack() as opened:
        opened.enter_context(dask.config.set({"distributed.worker.daemon": False}))
        local_cluster = {
            "n_workers": workers or os.cpu_count(),
            "threads_per_worker": 1,
            "dashboard_address": None,
        }
        cluster = opened.enter_context(LocalCluster(**local_cluster)) if address == "dask" else address
        try:
            client = opened.enter_context(Client(cluster, timeout=CONNECT_SECONDS))
        except (OSError, ValueError) as error:
            raise _silent(address, error) from error
        yield partial(_send_by_dask, client)


def _send_by_dask(client: Any, work: SentWork) -> Callable[..., Any]:
    from distributed import CancelledError, KilledWorker

    first = _hold(client, work)

    def sent(*arguments: object, held: Any = first, tries: int = RETRIES) -> Any:
        """The same as by Ray, the work sent anew where all workers that held it died."""
        try:
            return client.submit(_carry_out, held, *arguments, pure=False).result()
        except KilledWorker as error:
            raise _given_up(error) from error
        except CancelledError as error:  # all workers that held the work died
            if not tries:
                raise _given_up(error) from error
            return sent(*arguments, held=_hold(client, work), tries=tries - 1)

    return sent


def _hold(client: Any, work: SentWork) -> Any:
    """The work as workers hold it. Raises WinnowError where there are none."""
    try:
        return client.scatter(work, broadcast=True, hash=False)
    except TimeoutError as error:
        raise WinnowError("the Dask cluster has no workers") from error


def _carry_out(work: SentWork, *arguments: object) -> Any:
    return work(*arguments)


def _silent(address: str, error: Exception) -> UsageError:
    return UsageError(f"--engine {address}: no cluster answers there ({_first_line(error)})")


def _given_up(error: Exception) -> WinnowError:
    return WinnowError(f"the cluster gave a shard up, nothing was published: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
