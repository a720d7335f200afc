"""Options that several commands share, and the settings made of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, cast

import typer

from winnow.corpus.engine_names import THREADS, engine_forms
from winnow.corpus.errors import UsageError
from winnow.corpus.own_cleaners import portable
from winnow.corpus.settings import POLICIES, Contacts, Fields, Settings
from winnow.corpus.taxonomy import Action

MAX_BYTES: Final = 1 << 40
MAX_SECONDS: Final = 1e5  # over a day; systems wait for 24 days at most
MIN_MEMORY_BYTES: Final = 1_000_000  # the least that leaves something for a page
DEFAULT_FIELDS: Final = Fields()
DEFAULTS: Final = Settings()
WALL_TIMES: Final = 5  # times the CPU time, for a busy machine

DecisionsFile = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        help="Log of people's decisions to apply; decisions.db beside the output (explain: here) if not given.",
    ),
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders with all below, globs, or - for standard input.", metavar="INPUT..."
    ),
]
Workers = Annotated[
    int,
    typer.Option(min=0, help="Shards cleaned side by side, each in a process; 0 takes the CPUs there are."),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", help=f"Where shards are cleaned: {engine_forms()}."),
]
Publish = Annotated[
    str, typer.Option(metavar="URL", help="Copy the output to s3://BUCKET/PREFIX when the run is done.")
]
EngineAgain = Annotated[
    str | None,
    typer.Option("--engine", help=f"As the last run had it, or another: {engine_forms()}."),
]
PublishAgain = Annotated[
    str | None,
    typer.Option("--publish", metavar="URL", help="As the last run had it, another, or '' for none."),
]
KindActions = Annotated[
    list[str],
    typer.Option(
        "--kind",
        metavar="KIND=ACTION",
        help="What happens to a kind of noise: drop, keep or meta. Repeatable.",
    ),
]
OwnCleaners = Annotated[
    list[str],
    typer.Option(
        "--cleaner",
        metavar="MODULE:FUNCTION",
        help="A cleaner of your own, from a module of this folder or an installed package; or its name, where a"
        " package gives it one. Repeatable.",
    ),
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="Text of pages as Markdown: headings, lists, tables, code.")
]
Policy = Annotated[
    str,
    typer.Option(
        help="What to take of pages: main, whatever their main content is, or article, an article's body only."
    ),
]
Comments = Annotated[
    bool, typer.Option("--comments", help="Keep readers' comments: short for --kind reader_comment=keep.")
]
ContactsMode = Annotated[
    str,
    typer.Option(
        "--contacts",
        help="E-mail addresses, telephone numbers and postal addresses: mask them in what was removed and in"
        " metadata (mask), in texts too (mask-all), or nowhere (keep).",
    ),
]
TextField = Annotated[str, typer.Option(help="Field of records that holds the text; dots reach inside.")]
HtmlField = Annotated[str, typer.Option(help="Field that holds HTML; wins over the text.")]
UrlField = Annotated[str, typer.Option(help="Field that holds the URL.")]
TitleField = Annotated[str, typer.Option(help="Field that holds the title.")]
DateField = Annotated[str, typer.Option(help="Field that holds the date of publication.")]
DomainField = Annotated[str, typer.Option(help="Field that holds the domain, where there is no URL.")]
Encoding = Annotated[str, typer.Option(help="Encoding of files that declare none; guessed if not given.")]
Calibration = Annotated[
    Path | None,
    typer.Option(
        help="Calibration of the scores of sources that `winnow train reliability --calibrate` wrote."
    ),
]
NamePrior = Annotated[
    bool,
    typer.Option(
        "--name-prior",
        help="Let the names of domains count, too: the less, the more documents a source has. It judges by name.",
    ),
]
MaxDocumentBytes = Annotated[
    int, typer.Option(min=1, max=MAX_BYTES, help="A longer document is quarantined.")
]
MinChars = Annotated[
    int,
    typer.Option(
        "--min-chars",
        min=0,
        max=MAX_BYTES,
        help="A document with fewer characters left is rejected as empty.",
    ),
]
DocumentSeconds = Annotated[
    float,
    typer.Option(
        min=0.001,
        max=MAX_SECONDS,
        help="A document that takes more CPU time is quarantined; by the clock, five times as much.",
    ),
]
DocumentMemoryBytes = Annotated[
    int,
    typer.Option(
        min=MIN_MEMORY_BYTES,
        max=MAX_BYTES,
        help="A document whose cleaning takes more memory is quarantined. Linux only.",
    ),
]
Ratings = Annotated[
    list[str],
    typer.Option(
        "--ratings",
        metavar="FILE",
        help="Rating list (CSV, JSON, Parquet) as published (docs/ratings.md), or with its columns:"
        " FILE:domain=Site,rating=pc1,scale=0-1. Repeatable.",
    ),
]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--overrides",
        metavar="FILE",
        help="CSV or JSONL file of people's decisions on sources. Repeatable.",
    ),
]
AsOf = Annotated[
    str, typer.Option(metavar="DAY", help="Day on which decisions hold that expire; today if not given.")
]

CleanFolder = Annotated[Path, typer.Argument(help="Folder that `winnow clean` wrote.")]
RunLog = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        help="Add what the run does to a file, as JSON Lines: stages, shards, quarantine.",
    ),
]
Profile = Annotated[
    bool, typer.Option("--profile", help="Say where the time went: by stage and by cleaner.")
]


def make_settings(
    kinds: Sequence[str] = (),
    fields: Fields = DEFAULT_FIELDS,
    encoding: str = "",
    max_document_bytes: int = DEFAULTS.max_document_bytes,
    workers: int = 0,
    *,
    document_seconds: float = DEFAULTS.document_seconds,
    document_memory_bytes: int = DEFAULTS.document_memory_bytes,
    policy: str = POLICIES[0],
    comments: bool = False,
    markdown: bool = False,
    contacts: str = DEFAULTS.contacts,
    ratings: Sequence[str] = (),
    overrides: Sequence[str] = (),
    as_of: str = "",
    calibration: Path | None = None,
    engine: str = THREADS,
    publish: str = "",
    name_prior: bool = False,
    cleaners: Sequence[str] = (),
    min_chars: int = DEFAULTS.min_chars,
) -> Settings:
    """Settings from the values of options. Raises UsageError for an invalid value."""
    if comments:
        kinds = ["reader_comment=keep", *kinds]
    return Settings(
        actions=cast(dict[str, Action], _pairs("--kind", "KIND=ACTION", kinds)),
        fields=fields,
        policy=policy,
        text_format="markdown" if markdown else "plain",
        contacts=cast(Contacts, contacts),
        encoding=_checked_encoding(encoding),
        ratings=tuple(ratings),
        overrides=tuple(overrides),
        as_of=as_of,
        max_document_bytes=max_document_bytes,
        min_chars=min_chars,
        workers=workers,
        engine=engine,
        publish=publish,
        document_seconds=document_seconds,
        document_wall_seconds=WALL_TIMES * document_seconds,
        document_memory_bytes=document_memory_bytes,
        recalibration=_recalibration(calibration),
        name_prior=name_prior,
        cleaners=tuple(map(portable, cleaners)),
    )


def _pairs(option: str, form: str, values: Sequence[str]) -> dict[str, str]:
    """``KEY=VALUE`` texts as a mapping."""
    pairs = [value.partition("=") for value in values]
    for key, sign, value in pairs:
        if not (key and sign and value):
            raise UsageError(f"{option} {key}{sign}{value}: give it as {form}")
    return {key: value for key, _, value in pairs}


def _recalibration(calibration: Path | None) -> tuple[float, float, float]:
    from winnow.models.reliability.calibration import read_recalibration

    return read_recalibration(calibration).values if calibration else DEFAULTS.recalibration


def _checked_encoding(name: str) -> str:
    from winnow.corpus.encoding_labels import is_text_encoding

    if name and not is_text_encoding(name):
        raise UsageError(f"--encoding {name}: no such encoding; examples: utf-8, windows-1252, shift_jis")
    return name
