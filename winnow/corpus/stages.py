"""How the stages of long work are called: plainly, or each as a task that a scheduler watches."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any, Final, ParamSpec, Protocol, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


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


class PlainStages:
    """Stages as plain calls in this process, those that are mapped side by side in its threads."""

    def call(
        self,
        stage: str,  # noqa: ARG002  # nobody watches
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function gives."""
        return function(*arguments, **options)

    def map(
        self,
        stage: str,  # noqa: ARG002
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,
    ) -> list[Result]:
        """What the function gives for each call."""
        return list(threads.map(lambda arguments: function(*arguments), calls))


PLAIN: Final = PlainStages()
