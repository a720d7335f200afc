"""Connections to clusters that carry out functions: Ray and Dask. Both are extras, imported on demand."""

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
    """A function for a worker, with all that the worker checks before it carries it out."""

    function: Callable[..., Any]
    version: str  # of everything, on the machine that began the run
    lock: Path | None  # the lock file of the output folder; None for an output in a store
    holder: str  # what the run wrote into the lock file
    cleaners: tuple[str, ...] = ()  # of the user's own

    def __call__(self, *arguments: object) -> Any:
        """The result of the function. Raises UsageError on a machine that would spoil the run."""
        node = platform.node()
        self._check_version(node)
        self._check_process(node)
        return self.function(*arguments)

    def _check_version(self, node: str) -> None:
        """Raise UsageError where Winnow, or a cleaner of the user's own, is another one than where the run began."""
        try:
            version = with_cleaners(version_of_everything(), self.cleaners)
        except UsageError as error:
            raise UsageError(f"{node}: {error}") from error
        if version != self.version:
            same = "the same, and the same cleaners of your own," if self.cleaners else "the same"
            raise UsageError(f"{node} has Winnow {version}, not {self.version}; install {same} everywhere")

    def _check_process(self, node: str) -> None:
        """Raise UsageError where the worker does not see the output folder."""
        if self.lock is None:
            return
        if not self.lock.exists() or self.lock.read_text(encoding="utf8") != self.holder:
            raise UsageError(
                f"{node} does not see {self.lock.parents[1]}; the output folder must be shared by all nodes"
            )


# Gives a function that waits for the result of a worker.
Send = Callable[[SentWork], Callable[..., Any]]


@contextmanager
def open_ray(address: str, workers: int) -> Iterator[Send]:
    """A Ray cluster: at ``ray://HOST:PORT``, or for ``ray`` what RAY_ADDRESS or `ray start` names, or else our own.

    One that the program is connected to already is used as it is. A call whose worker or node dies
    goes to another.
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
            raise _no_answer_error(address, error) from error
        ray.init(address="local", num_cpus=workers or None, include_dashboard=False, **QUIET)


def _send_by_ray(work: SentWork) -> Callable[..., Any]:
    import ray
    from ray.exceptions import RayError, RayTaskError

    reference = ray.put(work)
    call = ray.remote(num_cpus=1, max_retries=RETRIES)(_carry_out)

    def wait_for_worker(*arguments: object) -> Any:
        """The result of the work. Raises what the work raises, and WinnowError where the cluster gives up."""
        try:
            return ray.get(call.remote(reference, *arguments))
        except RayTaskError as error:
            if isinstance(error.cause, RayError):  # the call did not begin: Winnow is not installed there
                raise _lost_shard_error(error.cause) from error
            raise error.cause from error
        except RayError as error:
            raise _lost_shard_error(error) from error

    return wait_for_worker


@contextmanager
def open_dask(address: str, workers: int) -> Iterator[Send]:
    """A Dask cluster: the scheduler at ``tcp://HOST:PORT``, or, for ``dask``, workers of our own on this machine."""
    require_extra("dask", "--engine dask")
    from distributed import Client, LocalCluster

    with ExitStack() as opened:
        local_cluster = {
            "n_workers": workers or os.cpu_count(),
            "threads_per_worker": 1,
            "dashboard_address": None,
        }
        cluster = opened.enter_context(LocalCluster(**local_cluster)) if address == "dask" else address
        try:
            client = opened.enter_context(Client(cluster, timeout=CONNECT_SECONDS))
        except (OSError, ValueError) as error:
            raise _no_answer_error(address, error) from error
        yield partial(_send_by_dask, client)


def _send_by_dask(client: Any, work: SentWork) -> Callable[..., Any]:
    from distributed import CancelledError, KilledWorker

    first_future = _scatter(client, work)

    def wait_for_worker(*arguments: object, future: Any = first_future, tries: int = RETRIES) -> Any:
        """The same as by Ray; the work goes out again where all workers that had it died."""
        try:
            return client.submit(_carry_out, future, *arguments, pure=False).result()
        except KilledWorker as error:
            raise _lost_shard_error(error) from error
        except CancelledError as error:  # all workers that had the work died
            if not tries:
                raise _lost_shard_error(error) from error
            return wait_for_worker(*arguments, future=_scatter(client, work), tries=tries - 1)

    return wait_for_worker


def _scatter(client: Any, work: SentWork) -> Any:
    """A reference to the work after all workers have got it. Raises WinnowError where there are no workers."""
    try:
        return client.scatter(work, broadcast=True, hash=False)
    except TimeoutError as error:
        raise WinnowError("the Dask cluster has no workers") from error


def _carry_out(work: SentWork, *arguments: object) -> Any:
    return work(*arguments)


def _no_answer_error(address: str, error: Exception) -> UsageError:
    return UsageError(f"--engine {address}: no cluster answers there ({_first_line(error)})")


def _lost_shard_error(error: Exception) -> WinnowError:
    return WinnowError(f"the cluster gave a shard up, nothing was published: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
