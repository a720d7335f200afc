"""The command ``winnow clean``: cleans inputs into a corpus, or standard input into JSON rows."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final

import typer

from winnow.cli.clean_request import CleanRequest
from winnow.cli.options import (
    DEFAULT_FIELDS,
    DEFAULTS,
    AsOf,
    Calibration,
    Comments,
    ContactsMode,
    DateField,
    DecisionsFile,
    DocumentMemoryBytes,
    DocumentSeconds,
    DomainField,
    Encoding,
    EngineName,
    HtmlField,
    Inputs,
    KindActions,
    Markdown,
    MaxDocumentBytes,
    MinChars,
    NamePrior,
    Overrides,
    OwnCleaners,
    Policy,
    Profile,
    Publish,
    Ratings,
    RunLog,
    TextField,
    TitleField,
    UrlField,
    Workers,
    make_settings,
)
from winnow.cli.prefect_environment import prepare_prefect
from winnow.cli.rating_lines import print_reported_matches
from winnow.cli.standard_input import STDIN, spooled_inputs, standard_input_items
from winnow.cli.status import dry_run, passed_over_lines
from winnow.cli.terminal import DONE, QUARANTINED, json_line, terminal_safe, warn
from winnow.corpus.engine_names import THREADS
from winnow.corpus.errors import UsageError
from winnow.corpus.raw import Quarantined
from winnow.corpus.settings import POLICIES, Fields, Settings

if TYPE_CHECKING:
    from winnow.pipeline.ending import RunResult
    from winnow.pipeline.workers.child import WorkContext

SHOWN_DAMAGED: Final = 10  # warnings of kept files that could not be believed


def clean_command(
    context: typer.Context,
    inputs: Inputs,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the clean corpus; not needed with -.")
    ] = None,
    flow: Annotated[bool, typer.Option("--flow", help="Run the stages as a Prefect flow.")] = False,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Say what a run would do, and why; do nothing.")
    ] = False,
    kind: KindActions = [],  # noqa: B006  # typer's way to say "repeatable"
    cleaner: OwnCleaners = [],  # noqa: B006
    policy: Policy = POLICIES[0],
    comments: Comments = False,
    markdown: Markdown = False,
    contacts: ContactsMode = DEFAULTS.contacts,
    text_field: TextField = DEFAULT_FIELDS.text,
    html_field: HtmlField = DEFAULT_FIELDS.html,
    url_field: UrlField = DEFAULT_FIELDS.url,
    title_field: TitleField = DEFAULT_FIELDS.title,
    date_field: DateField = DEFAULT_FIELDS.date,
    domain_field: DomainField = DEFAULT_FIELDS.domain,
    encoding: Encoding = "",
    max_document_bytes: MaxDocumentBytes = DEFAULTS.max_document_bytes,
    min_chars: MinChars = DEFAULTS.min_chars,
    document_seconds: DocumentSeconds = DEFAULTS.document_seconds,
    document_memory_bytes: DocumentMemoryBytes = DEFAULTS.document_memory_bytes,
    ratings: Ratings = [],  # noqa: B006
    overrides: Overrides = [],  # noqa: B006
    as_of: AsOf = "",
    decisions: DecisionsFile = None,
    calibration: Calibration = None,
    name_prior: NamePrior = False,
    workers: Workers = 0,
    log: RunLog = None,
    profile: Profile = False,
    engine: EngineName = THREADS,
    publish: Publish = "",
) -> None:
    """Clean documents: HTML, text, JSON Lines, Parquet, WARC, WET, ARC and WACZ, packed or not.

    **Examples**

    `winnow clean raw -o clean`

    `winnow clean 'crawl/*.warc.gz' news.parquet -o clean --text-field body --kind image_caption=keep`

    `winnow clean 's3://crawl/2026/*.warc.gz' -o clean --publish s3://corpus/clean --engine ray`

    `winnow clean raw -o clean --ratings newsguard.csv --overrides decisions.csv`

    `cat page.html | winnow clean -` prints one JSON row
    """
    fields = Fields(text_field, html_field, url_field, title_field, date_field, domain_field)
    settings = make_settings(
        kind,
        fields,
        encoding,
        max_document_bytes,
        workers,
        document_seconds=document_seconds,
        document_memory_bytes=document_memory_bytes,
        policy=policy,
        comments=comments,
        markdown=markdown,
        contacts=contacts,
        ratings=ratings,
        overrides=overrides,
        as_of=as_of,
        calibration=calibration,
        engine=engine,
        publish=publish,
        name_prior=name_prior,
        cleaners=cleaner,
        min_chars=min_chars,
    )
    request = CleanRequest(inputs, output, settings, decisions, flow=flow, log=log, profile=profile)
    act = dry_run if is_dry else context.obj or clean_now  # `serve` passes its own function
    raise typer.Exit(act(request))


def clean_now(request: CleanRequest) -> int:
    """Carry out a request now, and return the exit code."""
    from winnow.pipeline.sources.judgements import with_decisions
    from winnow.pipeline.state.kept_log import with_decisions_for

    if request.inputs == [STDIN] and request.output is None:
        return clean_stream(with_decisions(request.settings, request.decisions, None))
    output = _checked_output(request)
    settings = with_decisions_for(request.settings, request.decisions, output)
    return clean_folder(replace(request, settings=settings), output)


def clean_stream(settings: Settings) -> int:
    """Clean standard input, print a JSON row for each document, and return the exit code.

    A document that is dropped (nothing is left of it) or quarantined is named on the error stream.
    Raises UsageError for judgements of sources, which are not known before the stream ends.
    """
    from winnow.corpus.schema import DOCUMENTS
    from winnow.pipeline.run import stream_rows

    if settings.ratings or settings.overrides or settings.name_prior:
        raise UsageError(
            "--ratings, --overrides and --name-prior judge sources, which a stream does not; name a folder with -o"
        )
    code = DONE
    for row in stream_rows(standard_input_items(settings), settings):
        if isinstance(row, Quarantined):
            code = QUARANTINED
            warn(f"{row.path}: {row.reason}: {row.detail}")
        elif row["reason"]:
            warn(f"{row['metadata']['raw_path']}: rejected: {row['reason']}")
        else:
            print(json_line({name: row[name] for name in DOCUMENTS.names}))
    return code


def clean_folder(request: CleanRequest, output: Path) -> int:
    """Clean inputs into a checked folder, print a summary of a few lines, and return the exit code."""
    from winnow.pipeline.tables.journal import journal

    run = _run_flow if request.flow else _run_profiled if request.profile else _run_here
    with spooled_inputs(request.inputs, request.settings) as files, journal(request.log):
        result = run(files, output, request.settings)
    _print_summary(result)
    print_reported_matches(result.folder, request.settings.ratings)
    return QUARANTINED if result.quarantined else DONE


def _checked_output(request: CleanRequest) -> Path:
    """The output folder of a request. Raises UsageError where it is no local folder, and for options that clash."""
    if request.output is None:
        raise UsageError("no output folder; name one with -o (only `winnow clean -` prints instead)")
    if request.output.parts[:1] == ("s3:",):
        raise UsageError("-o names a folder of this machine; --publish copies the output to an s3:// URL")
    if request.output == Path("-"):
        raise UsageError("-o names a folder; `winnow clean -` reads standard input and prints")
    if request.flow and request.profile:
        raise UsageError("--profile is for runs without --flow")
    return request.output


def _print_summary(result: "RunResult") -> None:
    """Print the counts of a run and where its report is; warn of what needs a look."""
    print(
        f"{'nothing has changed: ' if result.unchanged else ''}{result.documents} documents, "
        f"{result.rejected} rejected, {result.quarantined} in quarantine; read {result.folder / 'report.html'}"
    )
    for line in passed_over_lines(result.passed_over):
        print(line)
    for problem in result.damaged[:SHOWN_DAMAGED]:
        warn(f"not as it was left: {problem}")
    if len(result.damaged) > SHOWN_DAMAGED:
        warn(f"{len(result.damaged) - SHOWN_DAMAGED} more; report.json lists them under `damaged`")
    if result.orphaned:
        warn(f"{result.orphaned} decisions of people found no place; the report lists them")
    if result.quarantined:
        warn(f"look at {result.folder / 'quarantine'} for what could not be cleaned, and why")


def _run_here(
    inputs: Sequence[str], output: Path, settings: Settings, context: "WorkContext" = nullcontext
) -> "RunResult":
    from winnow.pipeline.run import clean_corpus
    from winnow.pipeline.shards.progress import document_bar
    from winnow.pipeline.workers.isolation import open_children

    with document_bar() as tick, open_children(context=context) as clean:
        return clean_corpus(inputs, output, settings, clean=clean, tick=tick)


def _run_profiled(inputs: Sequence[str], output: Path, settings: Settings) -> "RunResult":
    """Run, print where the time went, and write the sampled stacks beside the lock file of the output."""
    from winnow.corpus.output import MARK
    from winnow.pipeline.workers.profiling import folded, merged_stacks, profile_lines, sampled_stacks

    with TemporaryDirectory(prefix="winnow-") as folder:
        result = _run_here(inputs, output, settings, partial(sampled_stacks, folder))
        stacks = merged_stacks(Path(folder))
    report = json.loads((output / "report.json").read_text(encoding="utf8"))
    for line in profile_lines(report, stacks):
        print(terminal_safe(line))
    file = output / MARK / "profile.folded"
    file.write_text(folded(stacks), encoding="utf8")
    print(f"\nstacks, for flamegraph.pl or speedscope: {file}")
    return result


def _run_flow(inputs: Sequence[str], output: Path, settings: Settings) -> "RunResult":
    prepare_prefect("winnow clean --flow")
    from winnow.flows.clean import run_flow

    return run_flow(inputs, output, settings)
