"""The commands about runs: ``winnow clean``, ``status``, ``diff`` and ``retry``."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli import commands, runs
from winnow.cli.diff import diff as show_diff
from winnow.cli.options import (
    DEFAULT_FIELDS,
    DEFAULTS,
    AsOf,
    Calibration,
    CleanFolder,
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
    NamePrior,
    Overrides,
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
from winnow.corpus.engine_names import THREADS
from winnow.corpus.settings import POLICIES, Fields


def clean_command(
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


def status_command(clean: CleanFolder = Path("clean")) -> None:
    """Say what the last run left, what the same run would do now, and why. Writes nothing.

    **Examples**

    `winnow status clean`
    """
    runs.status(clean)


def diff_command(
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


def retry_command(clean: CleanFolder = Path("clean")) -> None:
    """Clean again what is in quarantine, with the inputs and settings of the last run.

    **Examples**

    `winnow retry clean`
    """
    raise typer.Exit(runs.retry(clean))
