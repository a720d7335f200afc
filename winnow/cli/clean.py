"""The command ``winnow clean``: cleans inputs into a corpus, or standard input into JSON rows."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.brief_help import HelpAll
from winnow.cli.clean_request import KEEP_HOURS, CleanRequest
from winnow.cli.clean_run import clean_now
from winnow.cli.option_settings import make_settings
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
    FailUnder,
    HtmlField,
    Inputs,
    KeepHours,
    KindActions,
    Limit,
    LockFolder,
    Markdown,
    MaxDocumentBytes,
    MinChars,
    NamePrior,
    Overrides,
    OwnCleaners,
    Policy,
    PrintFormat,
    Profile,
    Publish,
    Quiet,
    Ratings,
    RunLog,
    Sample,
    TextField,
    TitleField,
    UrlField,
    Verbose,
    Workers,
)
from winnow.cli.settings import is_option
from winnow.cli.status import dry_run
from winnow.corpus.engine_names import THREADS
from winnow.corpus.settings import POLICIES, Fields


def clean_command(
    context: typer.Context,
    inputs: Inputs,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Folder or s3://BUCKET/PREFIX for the corpus."
        ),
    ] = None,
    flow: Annotated[bool, typer.Option("--flow", help="Run as a Prefect flow.")] = False,
    form: PrintFormat = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Say what a run would do; do nothing.")] = False,
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
    name_prior: NamePrior = DEFAULTS.name_prior,
    workers: Workers = 0,
    log: RunLog = None,
    profile: Profile = False,
    limit: Limit = 0,
    sample: Sample = 0,
    engine: EngineName = THREADS,
    publish: Publish = "",
    lock: LockFolder = None,
    keep_hours: KeepHours = KEEP_HOURS,
    fail_under: FailUnder = [],  # noqa: B006
    help_all: HelpAll = False,  # noqa: ARG001  # is eager
) -> None:
    """Clean HTML, text, JSONL, Parquet, WARC, WET, ARC and WACZ, packed or not.

    **Examples**

    * `winnow clean page.html` prints its text; `winnow clean - < page.html` a row
    * `winnow clean raw -o clean --ratings newsguard.csv`
    * `winnow clean 'crawl/*.warc.gz' -o clean --kind image_caption=keep`
    * `winnow clean 's3://crawl/2026/*' -o clean --publish s3://corpus/clean`
    """
    if output is None:  # one file is printed, of which no source is judged
        ratings = ratings if is_option(context, "ratings") else []
        overrides = overrides if is_option(context, "overrides") else []
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
        limit=limit,
        sample=sample,
        fail_under=fail_under,
    )
    request = CleanRequest(
        inputs,
        output,
        settings,
        decisions,
        flow=flow,
        log=log,
        profile=profile,
        form=form,
        as_json=as_json,
        is_quiet=quiet,
        is_verbose=verbose,
        lock=lock,
        keep_hours=keep_hours,
    )
    act = dry_run if is_dry else context.obj or clean_now  # `serve` passes its own function
    raise typer.Exit(act(request))
