"""The command ``winnow review``: serves the page where people look at results and decide."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.options import CleanFolder, DecisionsFile
from winnow.cli.terminal import warn
from winnow.corpus.decisions.log import NAME
from winnow.corpus.extras import require_extra

RawFolder = Annotated[
    Path | None, typer.Option(help="Folder that holds raw/; the one that holds CLEAN if not given.")
]
Reviewer = Annotated[str, typer.Option(help="Name of who decides; your login name if not given.")]


def review_command(
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
    review(clean, port, decisions, raw, reviewer, read_only=read_only)


def review(
    clean: Path, port: int, log: Path | None, raw: Path | None, reviewer: str, *, read_only: bool
) -> None:
    """Serve the review page until interrupted. Raises UsageError for a folder, log or port that cannot be used."""
    require_extra("review", "winnow review")
    from winnow.review.desk import open_desk
    from winnow.review.http_server import HOST, bind, serve
    from winnow.review.index import drop_damaged_index, index_path, is_current

    if problem := drop_damaged_index(clean):
        warn(f"{index_path(clean)} {problem}; it is built anew")
    if not is_current(clean):
        warn(f"reading {clean} for the first time since its run; a million documents take some minutes")
    folder = clean.absolute().parent
    who = " ".join(reviewer.split()) or getpass.getuser()
    desk = open_desk(clean, log or folder / NAME, raw or folder, who, read_only=read_only)
    listener = bind(port)
    print(f"http://{HOST}:{listener.getsockname()[1]}/ shows {clean}; stop with Ctrl-C", flush=True)
    serve(desk, listener)
