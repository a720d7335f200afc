"""What is cleaned without an output folder: sources that are only scored, and rows given as documents arrive."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from winnow.corpus.output import open_output
from winnow.corpus.raw import PassedOver, Quarantined
from winnow.corpus.readers import Item
from winnow.corpus.settings import Settings
from winnow.pipeline.ending import all_quarantined
from winnow.pipeline.report.finish import CorpusFacts, finish_row
from winnow.pipeline.run import Run, clean_shards, clean_with_site_lines, score_corpus
from winnow.pipeline.shards.engines import open_engine
from winnow.pipeline.shards.shards import Leftovers, Tick
from winnow.pipeline.sources.scores import ScoredSource
from winnow.pipeline.state.manifest import kept_shards
from winnow.pipeline.state.plan import plan_run
from winnow.pipeline.tables.version import version_of_everything, with_cleaners
from winnow.pipeline.workers.isolation import Cleaning, clean_one


def score_inputs(
    inputs: Sequence[str], settings: Settings, *, clean: Cleaning, tick: Tick
) -> tuple[list[ScoredSource], int]:
    """The scored sources of some inputs, and how many could not be cleaned; no output folder is written.

    Raises UsageError for inputs that cannot be used.
    """
    plan = plan_run(inputs, settings, version_of_everything())
    no_leftovers = [Leftovers()] * len(plan.shards)
    with ExitStack() as resources:
        folder = Path(resources.enter_context(TemporaryDirectory(prefix="winnow-")))
        work = resources.enter_context(open_output(folder))
        engine = resources.enter_context(open_engine(settings, folder, plan.pipeline_version))
        kept = kept_shards(folder)
        run = Run(plan, settings, folder, work, kept, no_leftovers, engine, clean, tick)
        resources.enter_context(run.stop.when_left())
        cleaned = clean_with_site_lines(run, clean_shards(run))
        sources = score_corpus(run, cleaned).sources.values()
        return [*sources], sum(each.count for each in all_quarantined(plan, cleaned))


def stream_rows(items: Iterable[Item], settings: Settings) -> Iterator[dict[str, Any] | Quarantined]:
    """The rows of documents, cleaned as they arrive; sources are not scored, because that needs all documents."""
    version = with_cleaners(version_of_everything(), settings.cleaners)
    no_facts = CorpusFacts({}, version)
    for item in items:
        if isinstance(item, PassedOver):  # standard input is no archive
            continue
        outcome = item if isinstance(item, Quarantined) else clean_one(item, settings)
        if isinstance(outcome, Quarantined):
            yield outcome
        else:
            yield finish_row(outcome, None, no_facts, settings)
