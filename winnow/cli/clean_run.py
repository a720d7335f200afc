"""Carrying out `winnow clean`: into a folder, here, as a flow or with a profile, and the summary behind it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from winnow.cli.clean_request import CleanRequest
from winnow.cli.interruption import INTERRUPTION
from winnow.cli.prefect_environment import prepare_prefect
from winnow.cli.printing import is_printable, print_cleaned
from winnow.cli.rating_lines import print_reported_matches
from winnow.cli.run_summary import print_summary, run_log, summary_record, warn_of_problems
from winnow.cli.standard_input import spooled_inputs
from winnow.cli.terminal import DONE, MISSED, QUARANTINED, json_line, terminal_safe
from winnow.corpus.errors import UsageError
from winnow.corpus.inputs import refuse_web_address
from winnow.corpus.locations import located, output_url, shown_output
from winnow.corpus.settings import Settings

HOUR_SECONDS: Final = 3600

if TYPE_CHECKING:
    from winnow.pipeline.ending import RunResult
    from winnow.pipeline.shards.progress import Estimate
    from winnow.pipeline.workers.child import WorkContext


def clean_now(request: CleanRequest) -> int:
    """Carry out a request now, and return the exit code."""
    from winnow.pipeline.sources.judgements import with_decisions
    from winnow.pipeline.state.kept_log import with_decisions_for

    if request.output is None and is_printable(request.inputs):
        settings = with_decisions(request.settings, request.decisions, None)
        return print_cleaned(request.inputs[0], settings, request.form)
    with located(_checked_output(request), request.lock, request.keep_hours * HOUR_SECONDS) as output:
        settings = with_decisions_for(request.settings, request.decisions, output)
        return clean_folder(replace(request, settings=settings), output)


def clean_folder(request: CleanRequest, output: Path) -> int:
    """Clean inputs into a checked folder, print a summary of a few lines, and return the exit code."""
    from winnow.pipeline.tables.journal import journal

    run = _run_flow if request.flow else _run_profiled if request.profile else _run_here
    with (
        spooled_inputs(request.inputs, request.settings) as files,
        journal(request.log),
        run_log(is_shown=request.is_verbose),
        _saying_what_is_kept(output),
    ):
        result = run(files, output, request.settings, is_quiet=request.is_quiet)
    if request.as_json:
        print(json_line(summary_record(result)))
    elif not request.is_quiet:
        print_summary(result)
        print_reported_matches(result.folder, request.settings.ratings)
    warn_of_problems(result)
    return MISSED if result.missed else QUARANTINED if result.quarantined else DONE


@contextmanager
def _saying_what_is_kept(output: Path) -> Iterator[None]:
    """Have Ctrl-C say which shards the next run need not clean again."""
    from winnow.pipeline.shards.progress import RunListener
    from winnow.pipeline.tables.journal import listening

    listener = RunListener()
    with (
        listening(listener),
        INTERRUPTION.keeping(lambda: kept_shards_line(listener.estimate, output)),
    ):
        yield


def kept_shards_line(estimate: "Estimate", output: Path) -> str:
    """What is kept of a run that was interrupted, and how it goes on."""
    as_before = f"{shown_output(output)} is as it was before"
    if not estimate.shards_done:
        return f"stopped before the first shard was done, so nothing new is kept; {as_before}"
    return (
        f"stopped; {estimate.shards_done:,} of {estimate.shards:,} shards with {estimate.documents_done:,} documents"
        f" are kept, and the same command goes on from there; {as_before}"
    )


def _checked_output(request: CleanRequest) -> Path:
    """The output of a request. Raises UsageError where there is none, and for options that clash."""
    if request.output is None:
        for name in request.inputs:
            refuse_web_address(name)
        raise UsageError("no output folder; name one with -o (one file alone, or -, is printed without)")
    if request.form:
        raise UsageError("--format says how one document is printed; leave it out, or -o")
    if request.profile and output_url(request.output):
        raise UsageError("--profile writes beside the output; name a folder of this machine with -o")
    if request.output == Path("-"):
        raise UsageError("-o names a folder; `winnow clean -` reads standard input and prints")
    if request.flow and request.profile:
        raise UsageError("--profile is for runs without --flow")
    return request.output


def _run_here(
    inputs: Sequence[str],
    output: Path,
    settings: Settings,
    context: "WorkContext" = nullcontext,
    *,
    is_quiet: bool,
) -> "RunResult":
    from winnow.corpus.arrow_without_pandas import leave_pandas_out
    from winnow.pipeline.run import clean_corpus
    from winnow.pipeline.shards.progress import document_bar
    from winnow.pipeline.workers.isolation import open_children

    leave_pandas_out()
    with document_bar(is_quiet=is_quiet) as tick, open_children(context=context) as clean:
        return clean_corpus(inputs, output, settings, clean=clean, tick=tick)


def _run_profiled(
    inputs: Sequence[str], output: Path, settings: Settings, *, is_quiet: bool
) -> "RunResult":
    """Run, print where the time went, and write the sampled stacks beside the lock file of the output."""
    from winnow.corpus.output import MARK
    from winnow.pipeline.workers.profiling import folded, merged_stacks, profile_lines, sampled_stacks

    with TemporaryDirectory(prefix="winnow-") as folder:
        result = _run_here(inputs, output, settings, partial(sampled_stacks, folder), is_quiet=is_quiet)
        stacks = merged_stacks(Path(folder))
    report = json.loads((output / "report.json").read_text(encoding="utf8"))
    for line in profile_lines(report, stacks):
        print(terminal_safe(line))
    file = output / MARK / "profile.folded"
    file.write_text(folded(stacks), encoding="utf8")
    print(f"\nstacks, for flamegraph.pl or speedscope: {file}")
    return result


def _run_flow(inputs: Sequence[str], output: Path, settings: Settings, *, is_quiet: bool) -> "RunResult":
    prepare_prefect("winnow clean --flow")
    from winnow.flows.clean import run_flow

    return run_flow(inputs, output, settings, is_quiet=is_quiet)
