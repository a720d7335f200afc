"""The command ``winnow review``: serves the page where people look at results and decide."""

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from winnow.cli.interruption import INTERRUPTION
from winnow.cli.options import CleanFolder, DecisionsFile
from winnow.cli.terminal import warn
from winnow.corpus.decisions.log import NAME
from winnow.corpus.errors import UsageError
from winnow.corpus.extras import require_extra

if TYPE_CHECKING:
    from winnow.review.proxy import Proxy

LOOPBACK: Final = "127.0.0.1"
RawFolder = Annotated[
    Path | None, typer.Option(help="Folder that holds raw/; the one that holds CLEAN if not given.")
]
Reviewer = Annotated[str, typer.Option(help="Name of who decides; your login name if not given.")]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Another one needs --behind-proxy.")]
PublicAddress = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="For a team: the public address of the reverse proxy that says who decides, like"
        " https://review.example.org.",
    ),
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="File of mode 0600 with the secret that the proxy sends along; if not given, the secret is in"
        " WINNOW_PROXY_SECRET.",
    ),
]


def review_command(
    clean: CleanFolder = Path("clean"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8765,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, and decide nothing.")] = False,
    decisions: DecisionsFile = None,
    raw: RawFolder = None,
    reviewer: Reviewer = "",
    host: Host = LOOPBACK,
    behind_proxy: PublicAddress = "",
    proxy_secret: SecretFile = None,
) -> None:
    """Serve the review page: see why, decide on sources and removals, undo. The next run reads the decisions.

    **Examples**

    `winnow review`

    `winnow review news/clean --port 9000 --read-only`

    `winnow review --behind-proxy https://review.example.org --proxy-secret secret`
    """
    require_extra("review", "winnow review")
    proxy = proxy_of(behind_proxy, proxy_secret, host)
    if proxy and reviewer:
        raise UsageError(
            "--reviewer: with --behind-proxy the proxy says who decides; leave one of them out"
        )
    review(clean, (host, port), decisions, raw, reviewer, proxy, read_only=read_only)


def proxy_of(address: str, secret_file: Path | None, host: str) -> "Proxy | None":
    """The proxy that the options name, None without one. Raises UsageError for options that do not go together."""
    from winnow.review.proxy import SECRET_VARIABLE, Proxy, public_origin, read_secret, strong_secret

    if address:
        origin = public_origin(address)
        if secret_file:
            return Proxy(origin, read_secret(secret_file))
        place = f"--proxy-secret, or without it {SECRET_VARIABLE}"
        return Proxy(origin, strong_secret(os.environ.get(SECRET_VARIABLE, ""), place))
    if secret_file:
        raise UsageError("--proxy-secret: goes with --behind-proxy; give the public address there")
    if host != LOOPBACK:
        raise UsageError(
            f"--host {host}: anybody there could decide in any name; give --behind-proxy, or no --host"
        )
    return None


def review(
    clean: Path,
    place: tuple[str, int],
    log: Path | None,
    raw: Path | None,
    reviewer: str,
    proxy: "Proxy | None",
    *,
    read_only: bool,
) -> None:
    """Serve the review page until interrupted. Raises UsageError for a folder, log or port that cannot be used."""
    from winnow.review.desk import open_desk
    from winnow.review.http_server import bind, serve
    from winnow.review.index import drop_damaged_index, index_path, is_current

    if problem := drop_damaged_index(clean):
        warn(f"{index_path(clean)} {problem}; it is built anew")
    if not is_current(clean):
        warn(f"reading {clean} for the first time since its run; a million documents take some minutes")
    folder = clean.absolute().parent
    who = " ".join(reviewer.split()) or getpass.getuser()
    desk = open_desk(clean, log or folder / NAME, raw or folder, who, read_only=read_only, proxy=proxy)
    listener = bind(place[1], place[0])
    address = f"http://{place[0]}:{listener.getsockname()[1]}/"
    shown = (
        f"{proxy.origin}/ shows {clean} by a proxy before {address}"
        if proxy
        else f"{address} shows {clean}"
    )
    print(f"{shown}; stop with Ctrl-C", flush=True)
    with INTERRUPTION.as_usual():
        serve(desk, listener)
