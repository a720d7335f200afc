"""Stages of long work as tasks of the Prefect flow that runs."""

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
    """What a call gives. Its arguments are paths or small values, which Prefect need neither hash nor keep."""
    return call()


class PrefectStages:
    """Each stage as a task of its name; calls that are mapped go to the flow's task runner."""

    def call(
        self,
        stage: str,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function gives, as the result of a task."""
        return cast(Result, _task(stage)(quote(partial(function, *arguments, **options))))

    def map(
        self,
        stage: str,
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,  # noqa: ARG002  # the task runner has its own
    ) -> list[Result]:
        """What the function gives for each call, each the result of a task."""
        futures = _task(stage).map([quote(partial(function, *arguments)) for arguments in calls])
        # All of them, also where one fails: the output folder is released once this returns.
        futures.wait()
        return cast(list[Result], futures.result())


def _task(stage: str) -> Any:
    """The task that carries a stage out."""
    return carry_out.with_options(name=stage, retries=RETRIES.get(stage, 0))
