"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

from winnow.corpus.engine_names import engine_forms
from winnow.corpus.settings import Fields, Settings

# Panels of help, beside that for what belongs to none.
TEXT: Final = "Text"
READING: Final = "Reading"
SOURCES: Final = "Sources"
LIMITS: Final = "Limits of a document"
RUN: Final = "Run"
MAX_BYTES: Final = 1 << 40
MAX_SECONDS: Final = 1e5  # over a day; systems wait for 24 days at most
MIN_MEMORY_BYTES: Final = 1_000_000  # the least that leaves something for a page
DEFAULT_FIELDS: Final = Fields()
DEFAULTS: Final = Settings()

DecisionsFile = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        help="Log of people's decisions to apply; decisions.db beside the output (explain: here) if not given.",
        rich_help_panel=SOURCES,
    ),
]
Inputs = Annotated[
    list[str],
    typer.Argument(help="Files, folders, globs, or -.", metavar="INPUT..."),
]
Workers = Annotated[
    int,
    typer.Option(min=0, help="Processes that clean; 0 takes all CPUs.", rich_help_panel=RUN),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", help=f"Where shards are cleaned: {engine_forms()}.", rich_help_panel=RUN),
]
Publish = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="Copy the output to s3://BUCKET/PREFIX when the run is done.",
        rich_help_panel=RUN,
    ),
]
FailUnder = Annotated[
    list[str],
    typer.Option(
        metavar="NAME=SHARE",
        help="End with exit code 4 where fewer inputs are `kept`, or more are in `quarantine`, or more sources"
        " moved (`drift`), as in kept=.6,quarantine=.01. Repeatable.",
        rich_help_panel=RUN,
    ),
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
        help="Drop, keep or meta. Repeatable.",
        rich_help_panel=TEXT,
    ),
]
OwnCleaners = Annotated[
    list[str],
    typer.Option(
        "--cleaner",
        metavar="MODULE:FUNCTION",
        help="A cleaner of your own, from a module of this folder or an installed package; or its name, where a"
        " package gives it one. Repeatable.",
        rich_help_panel=TEXT,
    ),
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="Text of pages as Markdown.", rich_help_panel=TEXT)
]
Policy = Annotated[
    str,
    typer.Option(
        help="Of pages: main content, or article alone.",
        metavar="WHAT",
        show_default=False,
        rich_help_panel=TEXT,
    ),
]
Comments = Annotated[bool, typer.Option("--comments", help="Keep readers' comments.", rich_help_panel=TEXT)]
ContactsMode = Annotated[
    str,
    typer.Option(
        "--contacts",
        metavar="HOW",
        show_default=False,
        help="mask, mask-all (in texts, too) or keep.",
        rich_help_panel=TEXT,
    ),
]
TextField = Annotated[
    str,
    typer.Option(help="Field of records that holds the text; dots reach inside.", rich_help_panel=READING),
]
HtmlField = Annotated[
    str, typer.Option(help="Field that holds HTML; wins over the text.", rich_help_panel=READING)
]
UrlField = Annotated[str, typer.Option(help="Field that holds the URL.", rich_help_panel=READING)]
TitleField = Annotated[str, typer.Option(help="Field that holds the title.", rich_help_panel=READING)]
DateField = Annotated[
    str, typer.Option(help="Field that holds the date of publication.", rich_help_panel=READING)
]
DomainField = Annotated[
    str, typer.Option(help="Field that holds the domain, where there is no URL.", rich_help_panel=READING)
]
Encoding = Annotated[
    str,
    typer.Option(
        help="Encoding of files that declare none; guessed if not given.", rich_help_panel=READING
    ),
]
Calibration = Annotated[
    Path | None,
    typer.Option(
        help="Calibration of the scores of sources that `winnow train reliability --calibrate` wrote.",
        rich_help_panel=SOURCES,
    ),
]
NamePrior = Annotated[
    bool,
    typer.Option(
        "--name-prior/--no-name-prior",
        help="Whether the names of domains count, too: the less, the more documents a source has. It judges by name.",
        rich_help_panel=SOURCES,
    ),
]
MaxDocumentBytes = Annotated[
    int,
    typer.Option(
        min=1,
        max=MAX_BYTES,
        metavar="BYTES",
        help="A longer document is quarantined.",
        rich_help_panel=LIMITS,
    ),
]
MinChars = Annotated[
    int,
    typer.Option(
        "--min-chars",
        metavar="N",
        min=0,
        max=MAX_BYTES,
        help="A document with fewer characters left is rejected as empty.",
        rich_help_panel=TEXT,
    ),
]
DocumentSeconds = Annotated[
    float,
    typer.Option(
        min=0.001,
        max=MAX_SECONDS,
        metavar="SECONDS",
        help="A document that takes more CPU time is quarantined; by the clock, five times as much.",
        rich_help_panel=LIMITS,
    ),
]
DocumentMemoryBytes = Annotated[
    int,
    typer.Option(
        min=MIN_MEMORY_BYTES,
        metavar="BYTES",
        max=MAX_BYTES,
        help="A document whose cleaning takes more memory is quarantined. Linux only.",
        rich_help_panel=LIMITS,
    ),
]
Ratings = Annotated[
    list[str],
    typer.Option(
        "--ratings",
        metavar="FILE",
        help="Rating list, as published or FILE:domain=Site,rating=pc1 (docs/ratings.md). Repeatable.",
        rich_help_panel=SOURCES,
    ),
]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--overrides",
        metavar="FILE",
        help="People's decisions on sources. Repeatable.",
        rich_help_panel=SOURCES,
    ),
]
AsOf = Annotated[
    str,
    typer.Option(
        metavar="DAY",
        help="Day on which decisions hold that expire; today if not given.",
        rich_help_panel=SOURCES,
    ),
]

PrintFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="Without -o: text, markdown, json, jsonl.",
    ),
]
Limit = Annotated[
    int,
    typer.Option(
        "--limit", min=0, metavar="N", help="Take the first N documents; 0 takes all.", rich_help_panel=RUN
    ),
]
Sample = Annotated[
    int,
    typer.Option(
        "--sample",
        min=0,
        metavar="N",
        help="Take N documents by their hashes: the same ones each time.",
        rich_help_panel=RUN,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print problems alone.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print each stage and shard, too.")]
LockFolder = Annotated[
    Path | None,
    typer.Option(
        "--lock",
        metavar="FOLDER",
        help="Folder for locks, of -o s3://… in a store without conditional writes.",
        rich_help_panel=RUN,
    ),
]
KeepHours = Annotated[
    float,
    typer.Option(
        min=0,
        metavar="HOURS",
        help="How long -o s3://… keeps what a run replaced, for its readers.",
        rich_help_panel=RUN,
    ),
]
CleanFolder = Annotated[Path, typer.Argument(help="Folder or s3:// prefix that `winnow clean` wrote.")]
RunLog = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        help="Add what the run does to a file, as JSON Lines: stages, shards, quarantine.",
        rich_help_panel=RUN,
    ),
]
Profile = Annotated[
    bool,
    typer.Option(
        "--profile", help="Say where the time went: by stage and by cleaner.", rich_help_panel=RUN
    ),
]
