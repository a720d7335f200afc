"""A review desk for tests: a small corpus that a run cleaned, its log, and an HTTP client."""

import atexit
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from starlette.testclient import TestClient

from tests.runs import OTHER, STORY, distinct, rows, run
from winnow.corpus.decisions.current import Decisions, fold
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME, open_log, read_events
from winnow.corpus.decisions.snapshot import take_snapshot
from winnow.review.app import create_app
from winnow.review.desk import Desk, open_desk

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
AD = "ADVERTISEMENT"
TEXT = f"{STORY}\n\n{AD}\n\nBring your own mug to the quay.\n\n{OTHER}\n"
FILES: Mapping[str, str | bytes] = {
    **{
        f"ledger.example/{n}.txt": distinct(TEXT.replace("Tuesday", f"day {n}").strip(), n) + "\n"
        for n in range(4)
    },
    "blaze.example/1.txt": f"They do NOT want you to know this!\n\n{STORY}\n",
    "lantern.example/1.html": f"<html><head><title>Lamps</title></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><p>{STORY}</p><p>{OTHER}</p></article><footer>Copyright</footer></body></html>",
}


@cache
def _cleaned() -> Path:
    """The corpus of `FILES`, cleaned once."""
    folder = Path(mkdtemp(prefix="winnow-review-"))
    atexit.register(shutil.rmtree, folder)
    run(folder, FILES)
    return folder


def make_desk(folder: Path, files: Mapping[str, str | bytes] = FILES, **settings: Any) -> Desk:
    if files is FILES and not settings:
        shutil.copytree(_cleaned(), folder, dirs_exist_ok=True)
    else:
        run(folder, files, **settings)
    return open_desk(folder / "clean", folder / NAME, folder, "ada")


def run_again(folder: Path, files: Mapping[str, str | bytes] = FILES, **settings: Any) -> None:
    run(folder, files, decisions=take_snapshot(folder / NAME, datetime.now(UTC)), **settings)


def client_of(desk: Desk, name: str = "") -> TestClient:
    cookies = {"winnow_reviewer": name} if name else {}
    return TestClient(create_app(desk, PORT), base_url=BASE, cookies=cookies, raise_server_exceptions=False)


def post(client: TestClient, desk: Desk, path: str, **fields: Any) -> Any:
    return client.post(
        path, data={"token": desk.token, "seen": last(desk), **fields}, follow_redirects=False
    )


def events(desk: Desk) -> list[Event]:
    with open_log(desk.log) as log:
        return read_events(log)


def last(desk: Desk) -> int:
    return len(events(desk))


def state(desk: Desk) -> Decisions:
    return fold(events(desk), datetime.now(UTC))


def document_id(folder: Path, path: str) -> str:
    all_rows = rows(folder, "documents") + rows(folder, "rejected")
    return next(str(row["id"]) for row in all_rows if row["metadata"]["raw_path"] == path)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
