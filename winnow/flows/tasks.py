"""Prefect tasks for the stages of long work, within the current flow."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

# A shard's parts are replaced whole, so cleaning it again does no harm.
RETRIES: Final = {"clean-shard": 1, "clean-again": 1}

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@task(cache_policy=NO_CACHE, persist_result=False)
def carry_out(call: Callable[[], Any]) -> Any:
    """The result of a call. Its arguments are paths or small values, which Prefect need neither hash nor store."""
    return call()


class PrefectStages:
    """Stages as tasks of the same names; mapped calls go to the flow's task runner."""

    def call(
        self,
        stage: str,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """The result of the function, called in a task."""
        return cast(Result, _task(stage)(quote(partial(function, *arguments, **options))))

    def map(
        self,
        stage: str,
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,  # noqa: ARG002  # the task runner has its own
    ) -> list[Result]:
        """The results of the function for all calls, each in a task of its own."""
        futures = _task(stage).map([quote(partial(function, *arguments)) for arguments in calls])
        # All of them, also where one fails: the output folder is released once this returns.
        futures.wait()
        return cast(list[Result], futures.result())


def _task(stage: str) -> Any:
    """The task for a stage."""
    return carry_out.with_options(name=stage, retries=RETRIES.get(stage, 0))
