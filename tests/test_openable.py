"""Hidden elements that a reader can open are laid out, others are not."""

import pytest

from winnow.corpus.layout import lay_out_page, parse_page

SECRET = "The ferry fare rises in March."
SHOWN = "<p>Rain fell on the harbour, and the ferry stayed in port.</p>"
HIDDEN = "style='display:none'"
# Markup around a hidden text: whether a reader can open it.
CASES = {
    f"<div role=tabpanel {HIDDEN}>%s</div>": True,
    f"<div class='tab-pane' {HIDDEN}>%s</div>": True,
    f"<div class='accordion'><div class=x><div {HIDDEN}>%s</div></div></div>": True,
    f"<div class=accordion><i><div class=a><div class=b><div {HIDDEN}>%s</div></div></div></i></div>": False,
    f"<h3>Fares</h3><div {HIDDEN}>%s</div>": True,
    f"<p>Fares</p><div {HIDDEN}>%s</div>": False,
    f"<a href='#fares'>Fares</a><div id=fares {HIDDEN}>%s</div>": True,
    f"<a href='/#fares'>Fares</a><div id=fares {HIDDEN}>%s</div>": False,
    f"<button aria-controls='a fares'>Fares</button><p>-</p><div id=fares {HIDDEN}>%s</div>": True,
    f"<span data-bs-target='#fares'>Fares</span><div id=fares {HIDDEN}>%s</div>": True,
    "<div hidden class='read-more-text'>%s</div>": True,
    "<div hidden id='S:1a'>%s</div>": True,
    "<div hidden id='S:xy'>%s</div>": False,
    "<div hidden>%s</div>": False,
    f"<div class='cookie-panel' {HIDDEN}>%s</div>": False,
    f"<div class='tab-menu' role=tabpanel {HIDDEN}>%s</div>": False,
    f"<div role=dialog class=panel {HIDDEN}>%s</div>": False,
    f"<nav><div class=panel {HIDDEN}>%s</div></nav>": False,
    f"<form><div class=panel {HIDDEN}>%s</div></form>": False,
    f"<details><summary>Fares</summary><div {HIDDEN}>%s</div></details>": True,
    f"<div class=panel {HIDDEN}><div><div><p hidden>%s</p></div></div></div>": False,
    "<div class=panel style='visibility: hidden'>%s</div>": True,
    "<div class=panel style='color: red'>%s</div>": True,
}


@pytest.mark.parametrize("markup", CASES)
def test_what_a_reader_can_open_is_laid_out(markup: str) -> None:
    page = lay_out_page(parse_page(SHOWN + markup % SECRET + SHOWN))
    assert (SECRET in page.text) is CASES[markup]
    assert page.text.count("Rain fell") == 2
    assert (page.hidden_chars > 0) is not CASES[markup]


def test_blocks_say_whether_they_have_to_be_opened() -> None:
    markup = f"{SHOWN}<div role=tabpanel hidden><p>{SECRET}</p><p>Twice.</p></div>{SHOWN}"
    page = lay_out_page(parse_page(markup))
    assert list(page.runs.closed) == [False, True, True, False]


def test_what_follows_an_element_that_is_replaced_need_not_be_opened() -> None:
    page = lay_out_page(parse_page(f"<p>CO<sup class=panel {HIDDEN}>2</sup></p>{SHOWN}"))
    assert list(page.runs.closed)[-1] is False


JOINED = {
    "<span>Released</span><span>2024</span>": "Released 2024",
    "<a href=a>Harbour</a><a href=b>Ferry</a>": "Harbour Ferry",
    "<span>Harbour</span><b>Ferry</b>": "Harbour Ferry",
    "<a href=a>harbour</a><a href=b>ferry</a>": "harbour ferry",
    "<span>harbour</span><a href=b>ferry</a>": "harbour ferry",
    "<span>har</span><span>bour</span>": "harbour",
    "<span>HAR</span><span>BOUR</span>": "HARBOUR",
    "<span>22</span><span>nd</span>": "22nd",
    "<span>Net</span><span>work</span>": "Network",
    "<span><span>Harbour</span></span><span><i>Ferry</i></span>": "Harbour Ferry",
    "<span>Harbour</span>s": "Harbours",
    "<b>Har</b><span>bour</span>": "Harbour",
    "<em>Har</em><strong>bour</strong>": "Harbour",
    "<span>H</span><span>arbour</span>": "Harbour",
    "<span>Harbou</span><span>r</span>": "Harbour",
    "<span>Harbour</span><span>, ferry</span>": "Harbour, ferry",
    "<span>港口</span><span>渡轮</span>": "港口渡轮",
    "H<sub>2</sub><span>SO</span><sub>4</sub>": "H2SO4",
    "<code>har</code><code>bour</code>": "harbour",
}


@pytest.mark.parametrize("markup", JOINED)
def test_inline_elements_that_touch_are_apart_where_no_word_goes_on(markup: str) -> None:
    text = lay_out_page(parse_page(f"<p>{markup}</p>")).text
    assert text.translate({0x2082: "2", 0x2084: "4"}).strip() == JOINED[markup]
