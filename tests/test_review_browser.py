"""The review page in a real browser: keys, selection, forms without JavaScript, and accessibility."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402

from tests.browsing import AXE, CHROMIUM, chromium, serving  # noqa: E402
from tests.reviewing import AD, document_id, events, make_desk, run_again, state  # noqa: E402
from tests.runs import OTHER, STORY, rows  # noqa: E402
from winnow.review.desk import Desk, open_desk  # noqa: E402

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine; apt-get install chromium"
)

ONE = "raw/ledger.example/0.txt"
MUG = "Bring your own mug to the quay."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    with chromium() as browser:
        yield browser


@pytest.fixture
def base(desk: Desk) -> Iterator[str]:
    with serving(desk) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A browser page; afterwards no script must have failed and no policy been violated."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [c for c in complaints if "403" not in c and "404" not in c and "409" not in c] == []


def document_url(base: str, folder: Path, path: str = ONE) -> str:
    return f"{base}/document?doc={document_id(folder, path)}"


# The room left and right of the last line of a paragraph.
LAST_LINE_GAPS = """(wanted) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const last = [...range.getClientRects()].at(-1), box = document.getElementById("text").getBoundingClientRect();
        return [last.left - box.left, box.right - last.right];
    }
}"""


def press(page: Page, key: str) -> None:
    """Press a key once the page listens for keys."""
    page.locator("html[data-ready]").wait_for()
    page.keyboard.press(key)


def select(page: Page, text: str) -> None:
    """Select a piece of the document as a person does with the mouse."""
    page.evaluate(
        """(wanted) => {
            const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(wanted);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + wanted.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
        }""",
        text,
    )
    expect(page.locator("#remove-text")).to_have_value(text)


def test_from_the_queue_over_card_and_evidence_to_a_decision_and_the_next(
    page: Page, base: str, desk: Desk
) -> None:
    page.goto(base)
    press(page, "j")
    press(page, "j")
    expect(page.locator("tr.here")).to_contain_text("ledger.example")
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("ledger.example")
    page.locator("a[data-open]").first.click()
    expect(page.locator("del", has_text=AD)).to_be_visible()
    press(page, "q")
    page.locator(".rate input[name=why]").fill("named editors")
    page.locator("h1").click()
    press(page, "1")
    expect(page.locator("h1")).to_have_text("Sources to review")
    expect(page.locator(".did")).to_contain_text("ledger.example is reliable")
    [event] = events(desk)
    assert (event.source, event.label, event.why) == ("ledger.example", "reliable", "named editors")
    press(page, "Enter")  # on the row that is last now, for the place in the queue stays
    expect(page.locator("h1")).to_have_text("lantern.example")


def test_keys_decide_on_one_source_after_another_and_undo_all_of_it(
    page: Page, base: str, desk: Desk
) -> None:
    page.goto(base)
    for key, sources_left in (("1", 2), ("3", 1), ("0", 0)):
        press(page, key)
        expect(page.locator("tr[data-row]")).to_have_count(sources_left)
    assert [e.label for e in events(desk)] == ["reliable", "unreliable", "unknown"]
    for sources_left in (1, 2, 3):
        press(page, "u")
        expect(page.locator("tr[data-row]")).to_have_count(sources_left)
    assert not state(desk).overrides


def test_j_and_k_move_and_keys_in_a_field_are_only_text(page: Page, base: str, desk: Desk) -> None:
    page.goto(base)
    expect(page.locator("tr.here")).to_contain_text("blaze.example")  # whose label is most in doubt
    press(page, "j")
    expect(page.locator("tr.here")).to_contain_text("lantern.example")
    press(page, "k")
    expect(page.locator("tr.here")).to_contain_text("blaze.example")
    press(page, "/")
    page.keyboard.type("u13jk")
    expect(page.locator("input[type=search]")).to_have_value("u13jk")
    assert not events(desk)


def test_a_restored_span_stays_in_the_next_run(page: Page, base: str, tmp_path: Path) -> None:
    page.goto(document_url(base, tmp_path))
    press(page, "j")
    expect(page.locator(".why:visible")).to_contain_text("ad_label")
    press(page, "r")
    expect(page.locator("ins", has_text=AD)).to_be_focused()
    run_again(tmp_path)
    assert AD in next(r["text"] for r in rows(tmp_path, "documents") if r["metadata"]["raw_path"] == ONE)
    page.reload()
    expect(page.locator("del", has_text=AD)).to_have_count(0)
    press(page, "u")
    expect(page.locator("ins")).to_have_count(0)


def test_a_fold_opens_with_enter_and_is_kept_with_one_key(browser: Browser, tmp_path: Path) -> None:
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(9))
    story = "".join(f"<p>{STORY}</p><p>{OTHER}</p>" for _ in range(3))
    body = f"<html><body><nav><ul>{menu}</ul></nav><article>{story}</article></body></html>"
    desk = make_desk(tmp_path, {"lantern.example/1.html": body})
    context = browser.new_context()
    page = context.new_page()
    with serving(desk) as base:
        page.goto(document_url(base, tmp_path, "raw/lantern.example/1.html"))
        expect(page.locator("del[data-start]", has_text="Section 3")).to_be_hidden()
        press(page, "j")
        press(page, "Enter")
        press(page, "j")
        expect(page.locator("del[data-start]", has_text="Section 0")).to_be_visible()
        press(page, "k")
        press(page, "r")
        expect(page.locator("ins", has_text="Section 3")).to_be_visible()
        press(page, "u")
        expect(page.locator("summary", has_text="9 pieces go")).to_be_visible()
        press(page, "U")
        expect(page.locator("ins", has_text="Section 3")).to_be_visible()
        press(page, "o")
        expect(page).to_have_url(re.compile("folds=open"))
    context.close()
    assert [event.action for event in events(desk)] == ["restore_span", "undo", "restore_span"]


def test_all_of_a_filter_is_decided_without_javascript(browser: Browser, base: str, desk: Desk) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{base}/?flag=little_evidence")
    page.get_by_role("button", name="Preview all of this filter").click()
    expect(page.locator("h1")).to_have_text("Sources to review")  # until somebody says what they are
    page.locator(".bulkbar select").select_option("reliable")
    page.get_by_role("button", name="Preview all of this filter").click()
    expect(page.locator("h1")).to_have_text("2 sources become reliable")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".did")).to_contain_text("and 1 more")
    plain.close()
    assert state(desk).overrides.keys() == {"blaze.example", "lantern.example"}


def test_a_selection_goes_from_the_document(page: Page, base: str, desk: Desk, tmp_path: Path) -> None:
    page.goto(document_url(base, tmp_path))
    select(page, "your own mug")
    page.locator("select[name=kind]").select_option("promo")
    page.get_by_role("button", name="Remove here").click()
    expect(page.locator("del", has_text="your own mug")).to_be_visible()
    assert (events(desk)[0].text, events(desk)[0].kind) == ("your own mug", "promo")


def test_a_selection_goes_from_the_whole_site_after_a_preview(
    page: Page, base: str, desk: Desk, tmp_path: Path
) -> None:
    page.goto(document_url(base, tmp_path))
    select(page, MUG)
    page.get_by_role("button", name="These lines on the whole site").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    assert not events(desk)
    page.get_by_role("button", name="Make the rule").click()
    expect(page.locator("del", has_text=MUG)).to_be_visible()
    assert events(desk)[0].action == "remove_line"


def test_several_sources_are_decided_together_after_a_preview(page: Page, base: str, desk: Desk) -> None:
    page.goto(base)
    press(page, "s")
    press(page, "j")
    press(page, "s")
    page.locator(".bulkbar select").select_option("mixed")
    page.get_by_role("button", name="Preview selected").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert not events(desk)
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    press(page, "u")
    expect(page.locator("tr[data-row]")).to_have_count(3)


def test_two_reviewers_on_one_source(browser: Browser, page: Page, base: str, desk: Desk) -> None:
    other = browser.new_context()
    second = other.new_page()
    second.goto(f"{base}/")
    second.locator(".who summary").click()
    second.get_by_label("Your name").fill("bo")
    second.get_by_role("button", name="Save").click()
    for each in (page, second):
        each.goto(f"{base}/source?name=blaze.example")
    press(page, "1")
    expect(page.locator("h1")).to_have_text("lantern.example")
    press(second, "3")
    expect(second.locator("h1")).to_have_text("Look again")
    expect(second.locator("main")).to_contain_text("blaze.example is reliable")
    other.close()
    assert [(e.who, e.label) for e in events(desk)] == [("ada", "reliable")]


def test_read_only_has_no_button_and_refuses_a_form(page: Page, desk: Desk) -> None:
    with serving(open_desk(desk.clean, desk.log, desk.raw, "ada", read_only=True)) as base:
        page.goto(base)
        expect(page.get_by_text("read-only")).to_be_visible()
        press(page, "1")
        expect(page.locator("tr[data-row]")).to_have_count(3)
        assert page.request.post(f"{base}/undo").status == 403
    assert not events(desk)


def test_without_javascript_all_forms_work(browser: Browser, base: str, desk: Desk, tmp_path: Path) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(base)
    page.get_by_role("button", name="blaze.example is unreliable").click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.get_by_label("select ledger.example").check()
    page.locator(".bulkbar select").select_option("reliable")
    page.get_by_role("button", name="Preview selected").click()
    page.get_by_role("button", name="Decide").click()
    page.goto(document_url(base, tmp_path))
    page.locator(".cut", has_text=AD).focus()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("ins", has_text=AD)).to_be_visible()
    page.locator("textarea").fill(MUG)
    page.get_by_role("button", name="Remove here").click()
    expect(page.locator("del", has_text=MUG)).to_be_visible()
    page.locator("textarea").fill("A line")
    page.get_by_role("button", name="These lines on the whole site").click()
    expect(page.locator("main")).to_contain_text("There is nothing to decide")
    page.get_by_role("link", name="Leave it").click()
    page.locator("textarea").fill(MUG)
    page.get_by_role("button", name="These lines on the whole site").click()
    page.get_by_role("button", name="Make the rule").click()
    page.goto(f"{base}/exchange")
    page.locator("textarea").fill("action,who\n")
    page.get_by_role("button", name="Import").click()
    expect(page.locator("main")).to_contain_text("0 new events")
    for _ in range(5):
        page.goto(base)
        page.locator("#undo button").click()
    plain.close()
    assert not state(desk).overrides and not state(desk).spans and not state(desk).lines


def test_a_hostile_document_runs_nothing_and_asks_nobody(context: BrowserContext, tmp_path: Path) -> None:
    attack = (
        '<html><head><title>"><script>top.owned=1</script></title>'
        "<meta http-equiv=refresh content='0;url=http://evil.example/'></head><body><article><p>"
        "<script>top.owned=1</script><img src=http://evil.example/x.png onerror='top.owned=1'>"
        f"{' '.join(['The harbour board voted on Tuesday to dredge the basin.'] * 9)}</p></article></body></html>"
    )
    desk = make_desk(tmp_path, {"a.example/1.html": attack})
    page, answered = context.new_page(), list[str]()
    context.on("response", lambda response: answered.append(response.url))
    with serving(desk) as base:
        page.goto(document_url(base, tmp_path, "raw/a.example/1.html") + "&raw=1")
        expect(page.frame_locator("iframe.raw").locator("p").first).to_contain_text("harbour board")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.owned") is None
        assert all(url.startswith(base) for url in [*answered, *(frame.url for frame in page.frames)])


PAGES = (
    "/",
    "/source?name=ledger.example",
    "/documents",
    "/agreement",
    "/history",
    "/plots",
    "/exchange",
    "/help",
    "/document?doc=none",
)


def violations(page: Page) -> list[str]:
    """The violations that axe-core finds on a page, each with its first element."""
    page.add_script_tag(path=AXE)
    violations_on_page = page.evaluate(
        "axe.run().then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html))"
    )
    return [str(each) for each in violations_on_page]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; make axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_any_page(
    browser: Browser, base: str, tmp_path: Path, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # two literals
    page = context.new_page()
    page.goto(f"{base}/source?name=ledger.example")
    page.locator("button[value^=mixed]").click()
    for path in (*PAGES, *(document_url("", tmp_path) + more for more in ("", "&raw=1"))):
        page.goto(base + path)
        assert violations(page) == [], path
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen(browser: Browser, base: str, tmp_path: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in (*PAGES, document_url("", tmp_path)):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_a_long_name_fits_a_phone_and_each_paragraph_has_its_own_direction(
    browser: Browser, tmp_path: Path
) -> None:
    name = f"{'a' * 63}.example"
    arabic = "صوت مجلس الميناء يوم الثلاثاء على تعميق الحوض قبل عواصف الخريف"
    desk = make_desk(tmp_path, {f"{name}/{'b' * 80}.txt": f"{arabic}\n\n{STORY}\n\n{AD}\n\n{OTHER}\n"})
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    with serving(desk) as base:
        document = document_url(base, tmp_path, f"raw/{name}/{'b' * 80}.txt")
        for path in (f"{base}/", f"{base}/source?name={name}", f"{base}/plots", document):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        sides = [page.evaluate(LAST_LINE_GAPS, text) for text in (arabic, STORY)]
    context.close()
    assert [left < right for left, right in sides] == [False, True]


def test_everything_on_the_queue_can_be_reached_with_tab(page: Page, base: str) -> None:
    page.goto(base)
    control_count = page.locator(
        "a:visible, button:visible, input:visible, select:visible, summary:visible"
    ).count()
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(control_count + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) >= control_count
