"""How far a run is, told to a function of the caller's, in the caller's thread."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar

from winnow.corpus.stages import PlainStages
from winnow.pipeline.shards.progress import Estimate

# What goes on while each stage of a run is carried out; the first one is told of once it is done.
DOING: Final = {
    "clean-shard": "cleaning",
    "learn-site-lines": "removing what sites repeat",
    "clean-again": "removing what sites repeat",
    "find-hosts": "scoring sources",
    "find-copies": "scoring sources",
    "gather-documents": "scoring sources",
    "score-sources": "scoring sources",
    "quote-sources": "scoring sources",
    "write-shard": "writing",
    "write-and-report": "writing",
}
PLAN: Final = "plan-shards"
CLEAN: Final = "clean-shard"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is; as text it is a line for a log.

    >>> print(RunProgress("cleaning", 1200, 3600, 14.2))
    cleaning: 1,200 of about 3,600 documents, 0:00:14 elapsed
    """

    doing: str  # planning, cleaning, removing what sites repeat, scoring sources, writing, done
    documents: int  # that are cleaned, or were found unchanged
    total: int | None  # documents of the whole run, as estimated by now; None while that cannot be
    seconds: float  # since the run began

    def __str__(self) -> str:
        about = f" of about {self.total:,}" if self.total and self.total > self.documents else ""
        elapsed = timedelta(seconds=int(self.seconds))
        return f"{self.doing}: {self.documents:,}{about} documents, {elapsed} elapsed"


class ReportedStages(PlainStages):
    """Plain stages that report progress: at each new stage and every so many seconds while documents are cleaned.

    ``check`` is called more often; what it or ``report`` raises ends the run.
    """

    def __init__(
        self,
        report: Callable[[RunProgress], object] | None,
        every_seconds: float,
        check: Callable[[], None],
    ) -> None:
        super().__init__(self._look)
        self._report = report
        self._every_seconds = every_seconds
        self._check = check
        self._began = self._told = time.monotonic()
        self._doing = "planning"
        self._documents = 0
        self._estimate = Estimate()
        self._lock = Lock()  # threads count

    def tick(self, documents: int) -> None:
        """Count documents that are done."""
        with self._lock:
            self._documents += documents

    def finish(self, documents: int) -> None:
        """Report the end of a run that so many documents came into."""
        self._documents = documents
        self._tell("done")

    def call(
        self,
        stage: str,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function gives."""
        self._begin(stage)
        result = super().call(stage, function, *arguments, **options)
        if stage == PLAN:
            shards = getattr(result, "shards", ())
            self._estimate = Estimate(len(shards), sum(len(shard.files) for shard in shards))
        return result

    def map(
        self,
        stage: str,
        function: Callable[..., Result],
        calls: Iterable[tuple[Any, ...]],
        threads: Executor,
    ) -> list[Result]:
        """What the function gives for each call."""
        self._begin(stage)
        return super().map(stage, self._counted(function) if stage == CLEAN else function, calls, threads)

    def _counted(self, clean_shard: Callable[..., Result]) -> Callable[..., Result]:
        """The same function, which adds finished shards to the estimate."""

        def clean_and_count(*arguments: object) -> Result:
            """What the function gives."""
            parts = clean_shard(*arguments)
            with self._lock:
                self._estimate.shards_done += 1
                self._estimate.documents_done += getattr(parts, "documents", 0)
            return parts

        return clean_and_count

    def _begin(self, stage: str) -> None:
        doing = DOING.get(stage, self._doing)
        if doing != self._doing:
            self._tell(doing)

    def _look(self) -> None:
        self._check()
        if time.monotonic() - self._told >= self._every_seconds:
            self._tell(self._doing)

    def _tell(self, doing: str) -> None:
        self._doing, self._told = doing, time.monotonic()
        if self._report:
            with self._lock:
                documents, total = self._documents, self._estimate.total(self._documents)
            self._report(RunProgress(doing, documents, total, self._told - self._began))
