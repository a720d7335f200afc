"""The report and the review page in a real browser, over a corpus whose every name and text is an attack."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Page  # noqa: E402

from tests.attacks import ATTACKS, run_attacks, unprotected  # noqa: E402
from tests.browsing import CHROMIUM, chromium, serving  # noqa: E402
from tests.runs import rows  # noqa: E402
from tests.test_review_hostile import ELEMENTS  # noqa: E402
from winnow.corpus.decisions.log import NAME  # noqa: E402
from winnow.corpus.visible import visible  # noqa: E402
from winnow.review.desk import open_desk  # noqa: E402
from winnow.review.forms import is_local  # noqa: E402

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine; apt-get install chromium"
)

REPORT_ELEMENTS = frozenset(
    "a b blockquote body br code dd details div dl dt h1 h2 h3 head html i li meta nav p path rect span style summary svg "
    "table tbody td text th thead title tr ul".split()
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacks")
    run_attacks(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


# A link to the web that tells nothing of the reader, and gives no hold on the page
LEADS_OUT = (
    "/^https?:\\/\\//.test(e.getAttribute('href')) && "
    "e.relList.contains('noreferrer') && e.relList.contains('noopener')"
)


def attributes(page: Page, script: str) -> list[str]:
    """The sorted results of a script over all elements ``e`` of a page, each once."""
    return sorted(set(page.evaluate(f"[...document.querySelectorAll('*')].flatMap((e) => {script})")))


def unfold_and_touch(page: Page) -> None:
    """Open all that is folded, and give every element what attacks wait for."""
    page.evaluate(
        """() => {
            for (const e of document.querySelectorAll("details")) e.open = true;
            for (const e of document.querySelectorAll("*"))
                for (const kind of ["mouseover", "focus", "load", "error"]) e.dispatchEvent(new Event(kind));
        }"""
    )


def test_a_report_runs_nothing_and_asks_nobody_even_without_its_policy(
    browser: Browser, folder: Path
) -> None:
    address = (folder / "clean" / "report.html").as_uri()
    with unprotected(browser) as (context, happenings):
        page = context.new_page()
        page.goto(address)
        unfold_and_touch(page)
        page.wait_for_load_state("networkidle")
        assert happenings == [address]
        assert set(attributes(page, "e.localName")) <= REPORT_ELEMENTS
        assert not [name for name in attributes(page, "e.getAttributeNames()") if name.startswith("on")]
        assert all(link.startswith("#") for link in attributes(page, "e.getAttribute('href') ?? []"))
        text = page.evaluate("document.body.textContent")
    assert [attack for attack in ATTACKS if visible(attack) not in text] == []


def test_a_report_hides_and_reverses_no_text(folder: Path) -> None:
    report = (folder / "clean" / "report.html").read_text(encoding="utf8")
    assert "\u202e" not in report and visible(ATTACKS[-1]) in report


@pytest.mark.slow
def test_no_page_of_the_review_runs_or_asks_anything_even_without_its_policy(
    browser: Browser, folder: Path
) -> None:
    desk = open_desk(folder / "clean", folder / NAME, folder, ATTACKS[0])
    names = {row["domain"] for row in rows(folder, "sources")}
    documents = [row["id"] for row in rows(folder, "documents")]
    paths = ["/?state=all", "/history", "/plots", "/exchange", f"/history?about={quote(ATTACKS[0])}"]
    paths += [f"/source?name={quote(name)}" for name in names] + [
        f"/document?doc={each}" for each in documents
    ]
    with serving(desk) as base, unprotected(browser) as (context, happenings):
        page = context.new_page()
        for path in paths:
            page.goto(base + path)
            unfold_and_touch(page)
            assert set(attributes(page, "e.localName")) <= ELEMENTS, path
            assert not [name for name in attributes(page, "e.getAttributeNames()") if name.startswith("on")]
            links = attributes(page, f"e.localName === 'a' && !({LEADS_OUT}) ? e.getAttribute('href') : []")
            assert all(link == "#main" or is_local(link) for link in links), links
        assert [each for each in happenings if not each.startswith(f"{base}/")] == []
        page.goto(f"{base}/history")
        assert ATTACKS[0] in page.locator("q bdi").all_text_contents()
