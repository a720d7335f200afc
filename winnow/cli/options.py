"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

from winnow.corpus.engine_names import engine_forms
from winnow.corpus.settings import Fields, Settings

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

PrintFormat = Annotated[
    str,
    typer.Option(
        "--format",
        help="Without -o, how one file or standard input is printed: text, markdown, json or jsonl (a row a line)."
        " A file as text, - as jsonl if not given.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print problems alone.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print each stage and shard, too.")]
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
