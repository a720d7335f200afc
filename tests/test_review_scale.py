"""The review page with many sources: a session of 300 by keys in a real browser, and answers over 100,000."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlsplit

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Page, expect  # noqa: E402

from bench.review import WHEN, make_corpus  # noqa: E402
from tests.browsing import CHROMIUM, chromium, serving  # noqa: E402
from tests.reviewing import client_of, events, post, state  # noqa: E402
from winnow.corpus.decisions.events import Event  # noqa: E402
from winnow.corpus.decisions.log import NAME, append_events, open_log  # noqa: E402
from winnow.review.desk import Desk, open_desk  # noqa: E402
from winnow.review.index import index_path  # noqa: E402

pytestmark = pytest.mark.slow
SOURCES = 300
COPIES = 334  # of each source, which makes 100,200
ANSWER_SECONDS = 0.15
# Rows that a screen shows whole, above the bar at its bottom.
ROWS_ON_SCREEN = """[...document.querySelectorAll("tr[data-row]")].filter((row) =>
    row.getBoundingClientRect().bottom <= document.querySelector(".bulkbar").getBoundingClientRect().top).length"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of `SOURCES` sources with ten documents each."""
    folder = tmp_path_factory.mktemp("scale")
    make_corpus(folder, SOURCES)
    return folder / "clean"


@dataclass
class KeyCounter:
    """Presses keys, and counts them for the source that they are about."""

    page: Page
    presses: Counter[str] = field(default_factory=Counter)

    def __call__(self, source: str, *keys: str) -> None:
        """Press keys one after the other, once the page listens."""
        self.page.locator("html[data-ready]").wait_for()
        for key in keys:
            self.page.keyboard.press(key)
        self.presses[source] += len(keys)


def marked(page: Page) -> str:
    """The source of the row on which keys act."""
    page.locator("html[data-ready]").wait_for()
    return str(page.locator("tr.here").get_attribute("data-source"))


def decided(page: Page, source: str, *, undone: bool = False) -> None:
    """Wait until the page says that a source was decided on, or a decision on it undone."""
    expect(page.locator(".did p")).to_contain_text(f"{'Undone' if undone else 'Saved'}: {source} is")


def decide_on_rows(page: Page, press: KeyCounter, number: int) -> None:
    """Decide on rows of the queue; every tenth time wrongly at first."""
    for n in range(number):
        source = marked(page)
        press(source, "1")
        decided(page, source)
        if n % 10 == 0:
            press(source, "u")
            decided(page, source, undone=True)
            assert marked(page) == source
            press(source, "3")
            decided(page, source)


def decide_on_cards(page: Page, press: KeyCounter, number: int) -> None:
    """Decide from card to card, having read a document of every third source."""
    press(marked(page), "Enter")
    for n in range(number):
        page.wait_for_url("**/source?*")
        [source] = parse_qs(urlsplit(page.url).query)["name"]
        expect(page.locator("h1")).to_have_text(source)
        if n % 3 == 0:
            press(source, "d")
            page.wait_for_url("**/document?*")
            press(source, "q")
            page.wait_for_url("**/source?*")
        press(source, "2")
        decided(page, source)
    press(source, "q")


def decide_on_a_page(page: Page, press: KeyCounter) -> None:
    """Select all rows of a page of the queue one by one, and decide on them together."""
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    rows = page.locator("tr[data-row]")
    sources = [str(row.get_attribute("data-source")) for row in rows.all()]
    press(sources[0], *"k" * sources.index(marked(page)))
    for source in sources:
        press(source, "s", "j")
    page.locator(".bulkbar select").select_option("reliable")
    page.get_by_role("button", name="Preview selected").click()
    expect(page.locator("h1")).to_have_text(
        f"{len(sources)} source{'s' * (len(sources) > 1)} become{'s' * (len(sources) == 1)} reliable"
    )
    page.get_by_role("button", name="Decide", exact=True).click()
    decided(page, sources[0])
    press.presses[sources[-1]] += 4  # for what the mouse did


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine; apt-get install chromium")
def test_a_session_of_300_sources_takes_few_keys_and_keeps_its_place(clean: Path) -> None:
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    desk = open_desk(clean, clean.parent / "session.db", clean.parent, "ada")
    with serving(desk) as base, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.goto(base)
        assert page.evaluate(ROWS_ON_SCREEN) >= 25
        press = KeyCounter(page)
        decide_on_rows(page, press, 20)
        for _ in range(30):
            press("on the way", "j")
        source, at = marked(page), page.evaluate("scrollY")
        press(source, "1")
        decided(page, source)
        assert at > 0 and page.evaluate("scrollY") == at
        decide_on_cards(page, press, 9)
        while len(state(desk).overrides) < SOURCES:
            decide_on_a_page(page, press)
        expect(page.locator(".progress")).to_contain_text(f"0 open, {SOURCES} decided")
    del press.presses["on the way"]
    assert len(press.presses) == SOURCES and median(press.presses.values()) <= 4
    assert {event.who for event in events(desk)} == {"ada"}


@pytest.fixture(scope="module")
def large(clean: Path) -> Iterator[Desk]:
    """A desk whose index has each source `COPIES` times, and 5,000 decisions, some of them of two people."""
    desk = open_desk(clean, clean.parent / NAME, clean.parent, "ada")
    with closing(sqlite3.connect(index_path(clean), isolation_level=None)) as index:
        names = [row[1] for row in index.execute("pragma table_info(sources)")]
        columns = ["s.source || '-' || n" if name == "source" else f"s.{name}" for name in names]
        index.execute(
            f"with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < {COPIES}) "
            f"insert into sources select {', '.join(columns)} from sources s, numbers"
        )
        index.execute("analyze")
        sources = [row[0] for row in index.execute("select source from sources order by source limit 5000")]
    with open_log(desk.log) as log:
        append_events(log, [Event("rate_source", "cy", WHEN, "", source, "mixed") for source in sources])
    yield desk


QUERIES = (
    "/",
    "/?find=te000",
    "/?find=nobody",
    "/?state=all&sort=score&find=nobody",
    "/?state=decided&sort=documents&find=199",
    "/?state=disputed",
    "/?label=mixed&language=en&basis=model&changed=yes",
    "/?state=all&score=7&chance=1",
    "/?sort=score&after=site000150.example-90",
    "/?flag=nothing",
    "/source?name=site000150.example&sort=score",
    "/documents?find=site000150",
    "/history",
    "/plots",
    "/agreement",
)


def test_each_answer_over_100_000_sources_takes_at_most_150_ms(large: Desk) -> None:
    def seconds(path: str) -> float:
        """Processor time, which other work on the machine does not move, of the best of three answers."""
        times = []
        for _ in range(3):
            began = time.process_time()
            answer = client.get(path) if path != "/rate" else post(client, large, path, **rating)
            times.append(time.process_time() - began)
            assert answer.status_code in (200, 303)
        return min(times)

    rating = {"rate": "mixed site000007.example-9", "queue": "state=open"}
    with client_of(large) as client:
        assert "100,200" in client.get("/?state=all").text
        slow = {
            path: round(taken, 3)
            for path in (*QUERIES, "/rate")
            if (taken := seconds(path)) > ANSWER_SECONDS
        }
    assert slow == {}
