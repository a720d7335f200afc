"""The command ``winnow plan``: says what a run would take, by a sample of its inputs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from winnow.cli.option_settings import make_settings
from winnow.cli.options import (
    DEFAULT_FIELDS,
    DEFAULTS,
    Comments,
    ContactsMode,
    DocumentMemoryBytes,
    DocumentSeconds,
    Encoding,
    EngineName,
    HtmlField,
    Inputs,
    KindActions,
    Markdown,
    MaxDocumentBytes,
    OwnCleaners,
    Policy,
    TextField,
    UrlField,
    Workers,
)
from winnow.cli.standard_input import STDIN
from winnow.cli.terminal import json_line, print_table, tab_line, warn
from winnow.corpus.engine_names import THREADS
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import POLICIES, Fields, Settings

if TYPE_CHECKING:
    from rich.table import Table

    from winnow.pipeline.forecast import Forecast

SAMPLE_DOCUMENTS: Final = 200
MAX_SAMPLE: Final = 100_000
HOUR_SECONDS: Final = 3600
SECOND_DIGITS: Final = 3
SIZES: Final = ("TB", "GB", "MB", "kB")  # each a thousand of the next
Show = Callable[[float], str]


def plan_command(
    inputs: Inputs,
    sample: Annotated[
        int,
        typer.Option(
            "--sample", min=1, max=MAX_SAMPLE, metavar="N", help="Documents to clean for the estimate."
        ),
    ] = SAMPLE_DOCUMENTS,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    workers: Workers = 0,
    engine: EngineName = THREADS,
    kind: KindActions = [],  # noqa: B006  # typer's way to say "repeatable"
    cleaner: OwnCleaners = [],  # noqa: B006
    policy: Policy = POLICIES[0],
    comments: Comments = False,
    markdown: Markdown = False,
    contacts: ContactsMode = DEFAULTS.contacts,
    text_field: TextField = DEFAULT_FIELDS.text,
    html_field: HtmlField = DEFAULT_FIELDS.html,
    url_field: UrlField = DEFAULT_FIELDS.url,
    encoding: Encoding = "",
    max_document_bytes: MaxDocumentBytes = DEFAULTS.max_document_bytes,
    document_seconds: DocumentSeconds = DEFAULTS.document_seconds,
    document_memory_bytes: DocumentMemoryBytes = DEFAULTS.document_memory_bytes,
) -> None:
    """Say what a run would take: shards, CPU hours, bytes read and written. Cleans a sample; writes nothing.

    **Examples**

    `winnow plan raw`

    `winnow plan 's3://crawl/2026/*' --engine ray --workers 64 --json`
    """
    settings = make_settings(
        kind,
        Fields(text_field, html_field, url_field),
        encoding,
        max_document_bytes,
        workers,
        document_seconds=document_seconds,
        document_memory_bytes=document_memory_bytes,
        policy=policy,
        comments=comments,
        markdown=markdown,
        contacts=contacts,
        engine=engine,
        cleaners=cleaner,
    )
    print_forecast(forecast_of(inputs, sample, settings), as_json=as_json)


def forecast_of(inputs: Sequence[str], documents: int, settings: Settings) -> "Forecast":
    """What a first run over inputs would take. Raises UsageError for inputs that cannot be used."""
    from winnow.pipeline.forecast import forecast
    from winnow.pipeline.shards.progress import document_bar
    from winnow.pipeline.state.plan import plan_run
    from winnow.pipeline.tables.version import version_of_everything
    from winnow.pipeline.workers.isolation import open_children

    if STDIN in inputs:
        raise UsageError("-: standard input can be read once, and not for a sample first; name files")
    plan = plan_run(inputs, settings, version_of_everything())
    with document_bar() as tick, open_children() as clean:
        return forecast(plan, documents, settings, clean=clean, tick=tick)


def print_forecast(forecast: "Forecast", *, as_json: bool) -> None:
    """Print a forecast as a table, for programs as lines of name, estimate, low and high end, or as JSON."""
    from rich.console import Console

    console, record = Console(), forecast_record(forecast)
    if as_json:
        print(json_line(record))
    elif console.is_terminal:
        print_table(_forecast_table(forecast), console)
    else:
        for name, value in record.items():
            cells = (
                [*value.values()] if isinstance(value, dict) else ["" if value is None else value, "", ""]
            )
            print(tab_line([name, *cells]))
    warn(
        f"an estimate, by {forecast.sampled_documents:,} documents of {forecast.sampled_files:,} files; reading,"
        " writing and what only all documents show come on top (docs/scale.md)"
    )
    if not forecast.workers:
        warn("give --workers to see how long so many take")


def forecast_record(forecast: "Forecast") -> dict[str, Any]:
    """A forecast as plain values for JSON; what was extrapolated has an estimate, and the ends of its interval."""
    return {
        name: {end: _rounded(name, getattr(value, end)) for end in value._fields}
        if hasattr(value, "_fields")
        else _rounded(name, value)
        for name, value in asdict(forecast).items()
    }


def _rounded(name: str, number: float | None) -> float | None:
    """A number as it is shown to programs: of documents and bytes a whole one."""
    return number if number is None else round(number, SECOND_DIGITS if name.endswith("seconds") else None)


def _forecast_table(forecast: "Forecast") -> "Table":
    from rich.table import Column, Table

    table = Table("", Column("estimate", justify="right"), Column("90 % interval", justify="right"))
    for title, show, value in _rows(forecast):
        estimate, low, high = (show(each) for each in _ends(value))
        table.add_row(title, estimate, "" if low == high else f"{low} – {high}")
    return table


def _rows(forecast: "Forecast") -> Iterator[tuple[str, Show, Any]]:
    """Title, form and value of each row of the table."""
    yield "files", _count, forecast.files
    if forecast.unlisted:
        yield "inputs that could not be listed", _count, forecast.unlisted
    yield "bytes read", _size, forecast.bytes_read
    yield "documents", _count, forecast.documents
    yield "shards", _count, forecast.shards
    yield "CPU time of cleaning", _time, forecast.cleaning_seconds
    yield "documents and rejected rows", _size, forecast.bytes_written
    yield "cleaned shards, for the next run", _size, forecast.bytes_kept
    yield "longest shard", _time, forecast.longest_shard_seconds
    if forecast.run_seconds:
        workers = f"{forecast.workers:,} worker{'s' if forecast.workers > 1 else ''}"
        yield f"cleaning on {workers}", _time, forecast.run_seconds


def _ends(value: Any) -> tuple[float, float, float]:
    return (value.estimate, value.low, value.high) if hasattr(value, "_fields") else (value, value, value)


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _size(size: float) -> str:
    """Bytes in the largest unit of which there is one.

    >>> _size(1_234_567), _size(12)
    ('1.2 MB', '12 B')
    """
    for power, unit in zip(range(len(SIZES), 0, -1), SIZES, strict=True):
        if size >= 1000**power:
            return f"{size / 1000**power:,.1f} {unit}"
    return f"{size:,.0f} B"


def _time(seconds: float) -> str:
    """Seconds, or hours from one on.

    >>> _time(59.96), _time(5400)
    ('60.0 s', '1.5 h')
    """
    return f"{seconds / HOUR_SECONDS:,.1f} h" if seconds >= HOUR_SECONDS else f"{seconds:,.1f} s"
