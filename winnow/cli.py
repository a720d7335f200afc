"""The command ``winnow``: a thin top over the stages of `flows`."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from pyarrow.lib import ArrowException
from typer.main import get_command

from corpus import __version__
from corpus.errors import UsageError, WinnowError
from corpus.settings import POLICIES, THREADS, Fields
from flows.judgements import with_decisions
from winnow import commands, runs, schedules, scores, training
from winnow.diff import diff as show_diff
from winnow.options import (
    DEFAULT_FIELDS,
    DEFAULTS,
    Artifact,
    AsOf,
    Calibration,
    CleanArguments,
    CleanFolder,
    Comments,
    ContactsMode,
    Cron,
    DateField,
    DecisionsFile,
    DocumentMemoryBytes,
    DocumentSeconds,
    DomainField,
    Encoding,
    EngineName,
    Every,
    Examples,
    Force,
    HtmlField,
    Inputs,
    KindActions,
    Labels,
    Markdown,
    MaxDocumentBytes,
    NamePrior,
    Notify,
    Overrides,
    Policy,
    Profile,
    Publish,
    Ratings,
    RawFolder,
    ReviewedCorpus,
    ReviewedDecisions,
    Reviewer,
    RunLog,
    TextField,
    Timezone,
    TitleField,
    TrainedModel,
    UrlField,
    Watch,
    Workers,
    decided_at,
    make_settings,
)
from winnow.selecting import select_command
from winnow.terminal import warn

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130  # what shells give for Ctrl-C
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed, nothing half-written; 2 wrong usage; "
    "3 done, and something is in quarantine."
)

app = typer.Typer(
    name="winnow",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a mistake of the user ends in one line and an exit code, never in a traceback."""
    try:
        app(list(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        _fail(str(error), USAGE)
    except WinnowError as error:
        _fail(str(error), FAILED)
    except BrokenPipeError:  # the reader of our output, such as `head`, has had enough
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:  # a full disk, a folder that vanished: what the system said, and where
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}", FAILED)
    except ArrowException as error:  # a Parquet file that is none
        _fail(f"not a Parquet file that can be read: {error}", FAILED)
    except KeyboardInterrupt:
        _fail("interrupted; nothing half-written", INTERRUPTED)


@app.callback(invoke_without_command=True)
def winnow(
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
) -> None:
    """Clean web documents, keep every removed span with its reason, and score how reliable each source is."""
    if version:
        print(f"winnow {__version__}")
        raise typer.Exit


@app.command(epilog=EXIT_CODES)
def clean(
    context: typer.Context,
    inputs: Inputs,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the clean corpus; not needed with -.")
    ] = None,
    flow: Annotated[bool, typer.Option("--flow", help="Run the stages as a Prefect flow.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what a run would do, and why; do nothing.")
    ] = False,
    kind: KindActions = [],  # noqa: B006  # typer's way to say "repeatable"
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
    """Clean documents: HTML, text, JSON Lines, Parquet, WARC and WET, packed or not.

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
    )
    cleaning = commands.Cleaning(inputs, output, settings, decisions, flow=flow, log=log, profile=profile)
    act = runs.dry_run if dry_run else context.obj or commands.clean  # `serve` brings its own way to do it
    raise typer.Exit(act(cleaning))


@app.command()
def status(clean: CleanFolder = Path("clean")) -> None:
    """Say what the last run left, what the same run would do now, and why. Writes nothing.

    **Examples**

    `winnow status clean`
    """
    runs.status(clean)


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Folder of the earlier run, such as a copy of it.")],
    now: Annotated[Path, typer.Argument(help="Folder of the later run.")] = Path("clean"),
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, and all of them.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every source and document that differs.")
    ] = False,
) -> None:
    """Tell what changed between two runs: counts, sources that moved, and documents with what came and went.

    **Examples**

    `cp -al clean clean.before; winnow clean raw -o clean; winnow diff clean.before clean`

    `winnow diff clean.before clean --json | jq -r 'select(.document.change == "gone") | .document.path'`
    """
    show_diff(before, now, as_json=as_json, everything=everything)


@app.command(epilog=EXIT_CODES)
def retry(clean: CleanFolder = Path("clean")) -> None:
    """Clean again what is in quarantine, with the inputs and settings of the last run.

    **Examples**

    `winnow retry clean`
    """
    raise typer.Exit(runs.retry(clean))


@app.command()
def explain(
    file: Annotated[str, typer.Argument(help="One HTML or text file, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the removals as JSON.")] = False,
    kind: KindActions = [],  # noqa: B006
    encoding: Encoding = "",
    decisions: DecisionsFile = None,
) -> None:
    """Show a document with its removed parts struck through: kind, rule and score of each.

    What a person decided is removed by the rule `person`, and listed with name and reason.

    **Examples**

    `winnow explain page.html`

    `winnow explain page.html --json | jq '.removed[].rule'`
    """
    settings = with_decisions(make_settings(kind, encoding=encoding), decisions, Path())
    commands.explain(file, settings, as_json=as_json)


@app.command()
def score(
    inputs: Inputs,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a source.")] = False,
    why: Annotated[
        str, typer.Option(metavar="DOMAIN", help="Show what the score of one source rests on.")
    ] = "",
    ratings: Ratings = [],  # noqa: B006
    overrides: Overrides = [],  # noqa: B006
    as_of: AsOf = "",
    text_field: TextField = DEFAULT_FIELDS.text,
    html_field: HtmlField = DEFAULT_FIELDS.html,
    url_field: UrlField = DEFAULT_FIELDS.url,
    encoding: Encoding = "",
    calibration: Calibration = None,
    name_prior: NamePrior = False,
    workers: Workers = 0,
) -> None:
    """Show how reliable the sources of some documents are, or those of a corpus cleaned before.

    **Examples**

    `winnow score raw`

    `winnow score clean --why daily.example`

    `winnow score clean --json | jq 'select(.reliability_label == "unreliable") | .domain'`
    """
    settings = make_settings(
        fields=Fields(text_field, html_field, url_field),
        encoding=encoding,
        workers=workers,
        ratings=ratings,
        overrides=overrides,
        as_of=as_of,
        calibration=calibration,
        name_prior=name_prior,
    )
    scores.score(inputs, settings, as_json=as_json, why=why)


app.command(name="select")(select_command)


@app.command()
def review(
    clean: CleanFolder = Path("clean"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 takes a free one.")] = 8765,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, and decide nothing.")] = False,
    decisions: DecisionsFile = None,
    raw: RawFolder = None,
    reviewer: Reviewer = "",
) -> None:
    """Serve the review page: see why, decide on sources and removals, undo. The next run reads the decisions.

    **Examples**

    `winnow review`

    `winnow review news/clean --port 9000 --read-only`
    """
    commands.review(clean, port, decisions, raw, reviewer, read_only=read_only)


@app.command()
def doctor(
    clean: CleanFolder = Path("clean"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look at this installation and machine, and say what to do where something is wrong; exit code 1 then.

    **Examples**

    `winnow doctor`

    `winnow doctor news/clean --json | jq '.[] | select(.status == "problem")'`
    """
    from winnow.doctor import doctor as examined  # here, because it loads Prefect

    raise typer.Exit(examined(clean, as_json=as_json))


@app.command()
def serve(
    arguments: CleanArguments,
    cron: Cron = "",
    every: Every = "",
    timezone: Timezone = "UTC",
    watch: Watch = False,
    notify: Notify = "",
) -> None:
    """Clean on a schedule, until stopped: what follows `--` are the arguments of `winnow clean`.

    One run at a time. After the machine was off, one run does the work of all that were missed. A run
    that fails is tried three times more. Prefect's page shows the runs; docs/schedule.md says how to
    run it as a service.

    **Examples**

    `winnow serve --cron '0 3 * * *' --timezone Europe/Berlin -- raw -o clean`

    `winnow serve --every 6h --watch --notify https://hooks.example/t/1 -- raw -o clean --policy article`
    """
    command = get_command(app).commands["clean"]  # type: ignore[attr-defined]  # a group
    begin = partial(schedules.serve, cron=cron, every=every, timezone=timezone, watch=watch, notify=notify)
    command.main(arguments, "winnow clean", obj=begin)


@app.command()
def train(
    what: TrainedModel,
    examples: Examples = None,
    output: Artifact = None,
    calibrate: Labels = None,
    reviewed: ReviewedCorpus = None,
    decisions: ReviewedDecisions = None,
    as_of: AsOf = "",
    force: Force = False,
    flow: Annotated[bool, typer.Option("--flow", help="Train reliability as a Prefect flow.")] = False,
) -> None:
    """Train a model again; deterministic, and written whole or not at all.

    **Examples**

    `winnow train reliability articles.parquet -o reliability.npz`

    `winnow train blocks pages.parquet -o blocks.npz`

    `winnow train reliability articles.parquet --reviewed clean -o reliability.npz` learns from people's decisions too

    `winnow train reliability clean --calibrate labels.csv -o calibration.json`
    """
    at = decided_at(as_of)
    if calibrate:
        training.calibrate(what, examples, calibrate, output, at)
    elif what == "reliability":
        people = training.people(reviewed, decisions, at)
        training.train_reliability(examples, output, people, force=force, flow=flow)
    else:
        training.train(what, examples, output)


def _fail(message: str, code: int) -> None:
    """Say what went wrong on the error stream, and leave."""
    warn(message)
    sys.exit(code)
