"""Make the pictures of README and docs: the review page and the report over the samples, as a browser shows them.

    python -m bench.make_pictures

Needs Chromium. Nothing in a picture depends on when or by whom it was made, but on fonts and the version of the
browser, so that two machines may give other bytes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

from playwright.sync_api import Page

import winnow
from bench.results import ROOT
from tests.browsing import CHROMIUM, chromium, serving
from winnow.review.desk import open_desk

PICTURES: Final = ROOT / "docs" / "pictures"
DAY: Final = "2026-01-31"  # as of which judgements hold, and which pages show
WIDTH: Final = 1100  # pixels, of which README shows some 900
STRUCK_DOCUMENT: Final = "truthblaze.example/streetlights.txt"
EXPLAINED_SOURCE: Final = "truthblaze.example"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown of a page."""

    name: str  # of its file, without ".png"
    address: str  # below that of the review page, or a file's
    height: int  # pixels, from the top


def wanted_pictures(clean: Path) -> list[Picture]:
    """The pictures, from a corpus that was made of the samples."""
    shown = next(
        document.id
        for document in winnow.read(clean).documents()
        if document.metadata.raw_path.endswith(STRUCK_DOCUMENT)
    )
    source = f"source?{urlencode({'name': EXPLAINED_SOURCE})}"
    report = (clean / "report.html").resolve().as_uri()
    return [
        Picture("document", f"document?doc={shown}", 760),
        Picture("queue", "", 620),
        Picture("source", source, 900),
        Picture("report", report, 900),
    ]


def take(page: Page, base: str, picture: Picture) -> None:
    """Write a picture to its file."""
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.goto(picture.address if "://" in picture.address else f"{base}/{picture.address}")
    page.screenshot(path=PICTURES / f"{picture.name}.png")


def main() -> None:
    """Write ``docs/pictures/*.png``."""
    if not CHROMIUM:
        sys.exit("no chromium here: pictures are made with it (apt install chromium)")
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        winnow.run(ROOT / "raw", clean, settings=winnow.Settings(as_of=DAY))
        desk = open_desk(clean, Path(folder) / "decisions.db", ROOT, "reviewer")
        with serving(desk) as base, chromium() as browser, browser.new_page() as page:
            for picture in wanted_pictures(clean):
                take(page, base, picture)


if __name__ == "__main__":
    main()
