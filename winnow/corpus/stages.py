"""How the stages of long work are called: plainly, or each as a task that a scheduler watches."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, wait
from typing import Any, Final, ParamSpec, Protocol, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

WAKE_SECONDS: Final = 0.2  # in which who waits looks up; an exception for a thread comes no sooner


class Stages(Protocol):
    """Calls stages by name. Work is written once, against this; who starts it decides how stages are called."""

    def call(
        self,
        stage: str,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function gives. Raises what it raises."""
        ...

    def map(
        self,
        stage: str,
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,
    ) -> list[Result]:
        """What the function gives for the arguments of each call, in their order; calls go on side by side."""
        ...


def _watch_nothing() -> None:
    """Look at nothing while others work."""


class PlainStages:
    """Stages as plain calls in this process, those that are mapped side by side in its threads.

    ``watch`` is called before each stage, after each call, and every `WAKE_SECONDS` while calls go on side by side;
    what it raises, the stage raises.
    """

    def __init__(self, watch: Callable[[], None] = _watch_nothing) -> None:
        self._watch = watch

    def call(
        self,
        stage: str,  # noqa: ARG002  # nobody watches
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function gives."""
        self._watch()
        return function(*arguments, **options)

    def map(
        self,
        stage: str,  # noqa: ARG002
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,
    ) -> list[Result]:
        """What the function gives for each call; where one fails, none begins any more."""
        self._watch()
        futures = [threads.submit(function, *arguments) for arguments in calls]
        try:
            return [self._result(future) for future in futures]
        finally:
            for future in futures:
                future.cancel()

    def _result(self, future: Future[Result]) -> Result:
        self._watch()
        while not wait([future], WAKE_SECONDS).done:
            self._watch()
        return future.result()


PLAIN: Final = PlainStages()
