"""The review page over HTTP: what it shows, what its forms decide, and what the next run makes of it."""

import gzip
import json
import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.reviewing import (
    AD,
    FILES,
    TEXT,
    client_of,
    document_id,
    events,
    last,
    make_desk,
    post,
    run_again,
    state,
    text_of,
)
from tests.runs import OTHER, STORY, distinct, rows, run
from winnow.corpus.decisions.exchange import parse_events
from winnow.corpus.inputs import printable
from winnow.corpus.taxonomy import KINDS
from winnow.models.reliability.meanings import feature_meanings
from winnow.review.axes import ticks
from winnow.review.desk import Desk, open_desk
from winnow.review.held_documents import MEANINGS
from winnow.review.kinds import FAMILY_OF_KIND

ONE = "raw/ledger.example/0.txt"


@pytest.fixture
def one(desk: Desk, tmp_path: Path) -> str:
    return document_id(tmp_path, ONE)


def span_of(piece: str) -> str:
    text = TEXT.replace("Tuesday", "day 0")
    return f"{text.index(piece)}-{text.index(piece) + len(piece)}"


def shown_sources(client: TestClient, query: str = "") -> list[str]:
    page = client.get(f"/?{query}").text
    return [
        name for name in ("ledger.example", "blaze.example", "lantern.example") if f"name={name}" in page
    ]


def test_the_queue_shows_first_whose_label_is_most_in_doubt(client: TestClient) -> None:
    page = client.get("/").text
    assert page.index("blaze.example") < page.index("lantern.example") < page.index("ledger.example")


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("find=LAZE", ["blaze.example"]),
        ("label=mixed", ["blaze.example"]),
        ("flag=little_evidence", ["blaze.example", "lantern.example"]),
        ("basis=none", []),
        ("state=decided", []),
        ("changed=yes", []),
        ("language=en", ["ledger.example", "blaze.example", "lantern.example"]),
        ("flag=nothing", []),
    ],
)
def test_filters_live_in_the_url(client: TestClient, query: str, sources: list[str]) -> None:
    assert shown_sources(client, query) == sources


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["blaze", "lantern", "ledger"]),
        ("sort=documents", ["ledger", "blaze", "lantern"]),
        ("sort=score", ["blaze", "lantern", "ledger"]),
        ("sort=nothing", ["blaze", "lantern", "ledger"]),
    ],
)
def test_the_queue_is_sorted_by_doubt_size_or_score(
    client: TestClient, query: str, order: list[str]
) -> None:
    page = client.get(f"/?{query}").text
    assert sorted(order, key=lambda name: page.index(f"name={name}.example")) == order


def test_the_queue_says_how_far_people_are(client: TestClient, desk: Desk) -> None:
    post(client, desk, "/rate", rate="mixed blaze.example")
    assert "2 open, 1 decided" in text_of(client.get("/").text)
    assert "1 open, 1 decided" in text_of(client.get("/?state=decided&flag=little_evidence").text)
    assert "0 open, 0 decided" in text_of(client.get("/?find=nobody").text)
    post(client, desk, "/undo")
    assert "3 open, 0 decided" in text_of(client.get("/").text)


def test_after_the_next_run_the_model_is_seen_beside_the_decision(
    client: TestClient, desk: Desk, tmp_path: Path
) -> None:
    post(client, desk, "/rate", rate="unreliable ledger.example", why="no names")
    scored = client.get("/plots").text
    card = text_of(client.get("/source?name=ledger.example").text)
    assert "Counts from the next run on." in card
    run_again(tmp_path)
    queue, plots = text_of(client.get("/?state=decided").text), client.get("/plots").text
    assert "not scored" not in queue and "unreliable human" in queue
    card = text_of(client.get("/source?name=ledger.example").text)
    assert "The model alone: 0." in card and "Counts in this run." in card
    for words in ("predicted", "Sources by score"):
        assert words in plots
    assert plots.count("predicted 0.") == scored.count("predicted 0.") == 1


def test_a_decided_source_leaves_the_queue_and_the_undo_brings_it_back(
    client: TestClient, desk: Desk
) -> None:
    post(client, desk, "/rate", rate="unreliable blaze.example", why="no names")
    assert shown_sources(client) == ["ledger.example", "lantern.example"]
    assert shown_sources(client, "state=decided") == ["blaze.example"]
    post(client, desk, "/undo")
    assert shown_sources(client) == ["ledger.example", "blaze.example", "lantern.example"]
    assert not state(desk).overrides


def test_pages_of_the_queue_follow_each_other_without_gap_or_repeat(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"site{n:03}.example/1.txt": f"{TEXT} {n}" for n in range(120)}
    with client_of(make_desk(tmp_path, files)) as client:
        seen, after = [], ""
        for _ in range(3):
            page = client.get("/", params={"after": after}).text
            sources = [line.split('"')[0] for line in page.split('name="source" value="')[1:]]
            seen += sources
            after = sources[-1]
        assert sorted(seen) == sorted(f"site{n:03}.example" for n in range(120))


def test_a_card_shows_the_source_and_its_documents(client: TestClient) -> None:
    page = text_of(client.get("/source?name=ledger.example").text)
    assert "4 documents" in page and "raw/ledger.example/0.txt" in page


def test_a_card_shows_how_documents_begin_lists_neighbours_and_the_way_to_the_site(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text("domain,label\nledger.example,unreliable\n")
    desk = make_desk(tmp_path, ratings=(str(tmp_path / "lists.csv"),))
    with client_of(desk) as client:
        post(client, desk, "/rate", rate="mixed lantern.example")
        html = client.get("/source?name=ledger.example").text
        alone = text_of(client.get("/source?name=blaze.example").text)
    page = text_of(html)
    assert html.count('class="opening"') == 3 and '<p dir="auto">The harbour board' in html
    assert 'href="https://ledger.example/" rel="noreferrer noopener external"' in html
    assert "lists : unreliable" in page and "No list of this run has it." in alone
    assert "lantern.example leans reliable mixed says ada" in page
    assert "How its document begins" in alone


@pytest.mark.parametrize(
    ("url", "is_link"),
    [("https://a.example/1", True), ("javascript:alert(1)", False), ("http://10.0.0.1/", False)],
)
def test_only_addresses_of_the_web_are_links(tmp_path: Path, url: str, is_link: bool) -> None:
    desk = make_desk(tmp_path, {"all.jsonl": json.dumps({"text": TEXT, "url": url})})
    with client_of(desk) as client:
        page = client.get(f"/document?doc={document_id(tmp_path, 'raw/all.jsonl#1')}").text
    assert (f'href="{url}"' in page) == is_link and ("open on a.example" in page) == is_link


def test_a_card_says_what_its_signals_mean_and_quotes_them(client: TestClient) -> None:
    page = text_of(client.get("/source?name=ledger.example").text)
    assert feature_meanings()["weekday"].text in page
    assert "before the autumn storms, a spokeswoman said." in page


def test_long_runs_of_removed_pieces_are_folded_and_can_be_kept_at_once(tmp_path: Path) -> None:
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(9))
    story = "".join(f"<p>{STORY}</p><p>{OTHER}</p>" for _ in range(3))
    page = f"<html><body><nav><ul>{menu}</ul></nav><article>{story}</article></body></html>"
    desk = make_desk(tmp_path, {"lantern.example/1.html": page})
    doc = document_id(tmp_path, "raw/lantern.example/1.html")
    with client_of(desk) as client:
        folded, unfolded = (client.get(f"/document?doc={doc}{more}").text for more in ("", "&folds=open"))
        assert "<b>9 pieces go</b>" in folded and '<details class="fold">' in folded
        assert '<details class="fold" open>' in unfolded
        span = folded.split('class="fold"')[1].split('name="span" value="')[1].split('"')[0]
        post(client, desk, "/span", doc=doc, span=span)
    run_again(tmp_path, {})
    assert "Section 0" in rows(tmp_path, "documents")[0]["text"]


def test_rating_a_source_leads_to_the_next_of_the_queue(client: TestClient, desk: Desk) -> None:
    answer = post(client, desk, "/rate", rate="mixed blaze.example", why="x", queue="flag=little_evidence")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/source?name=lantern.example&flag=little_evidence&did=")
    assert "Saved: blaze.example is mixed" in text_of(client.get(answer.headers["location"]).text)


def test_the_card_says_who_decided_what_and_until_when(client: TestClient, desk: Desk) -> None:
    post(client, desk, "/rate", rate="unknown blaze.example", why="a parody", expires="2999-12-31")
    page = text_of(client.get("/source?name=blaze.example").text)
    assert "ada" in page and "a parody" in page and "2999-12-31" in page


def test_bulk_shows_first_what_it_changes_and_writes_only_when_confirmed(
    client: TestClient, desk: Desk
) -> None:
    both = {"source": ["blaze.example", "lantern.example"], "label": "reliable", "why": "read them"}
    preview = post(client, desk, "/bulk", **both)
    assert "2 sources become reliable" in text_of(preview.text)
    undecided = post(client, desk, "/bulk", **both | {"label": ""})
    assert undecided.status_code == 400 and "choose what the sources are" in undecided.text
    assert not events(desk)
    assert post(client, desk, "/bulk", confirmed="yes", **both).status_code == 303
    assert {e.source: e.label for e in events(desk)} == {
        "blaze.example": "reliable",
        "lantern.example": "reliable",
    }
    post(client, desk, "/undo")
    assert not state(desk).overrides


def test_all_sources_of_a_filter_are_decided_together_after_a_preview(
    client: TestClient, desk: Desk
) -> None:
    everything = {
        "everything": "yes",
        "within": "flag=little_evidence",
        "label": "mixed",
        "why": "read them",
    }
    page = post(client, desk, "/bulk", **everything).text
    assert "2 sources become mixed" in text_of(page)
    assert not events(desk)
    changed = post(client, desk, "/bulk", confirmed="yes", count="3", **everything)
    assert changed.status_code == 400 and "matches 2 sources by now" in changed.text
    post(client, desk, "/bulk", confirmed="yes", count="2", **everything)
    assert state(desk).overrides.keys() == {"blaze.example", "lantern.example"}
    post(client, desk, "/undo")
    assert not state(desk).overrides


def test_what_somebody_decided_since_the_preview_stops_the_whole_filter(
    client: TestClient, desk: Desk
) -> None:
    everything = {
        "everything": "yes",
        "within": "state=all",
        "label": "mixed",
        "count": "3",
        "seen": last(desk),
    }
    post(client, desk, "/rate", rate="reliable blaze.example")
    assert post(client, desk, "/bulk", confirmed="yes", **everything).status_code == 409
    assert len(events(desk)) == 1


def test_what_was_undone_is_decided_again_in_one_step(client: TestClient, desk: Desk) -> None:
    both = {"source": ["blaze.example", "lantern.example"], "label": "reliable", "why": "read them"}
    post(client, desk, "/bulk", confirmed="yes", **both)
    before = {s: (e.label, e.why) for s, e in state(desk).overrides.items()}
    page = client.get(post(client, desk, "/undo").headers["location"]).text
    assert "Undone: blaze.example is reliable and 1 more" in text_of(page)
    batch = events(desk)[0].batch
    assert post(client, desk, "/again", batch=batch).status_code == 303
    assert {s: (e.label, e.why) for s, e in state(desk).overrides.items()} == before
    assert post(client, desk, "/again", batch=batch).status_code == 409
    assert post(client, desk, "/again", batch="none").status_code == 404


def test_a_document_shows_what_goes_and_why(client: TestClient, one: str) -> None:
    page = client.get(f"/document?doc={one}").text
    assert f">{AD}" in page
    assert "ad marker" in text_of(page) and "ad_label" in page and "0.98" in page


def test_a_restored_span_stays_in_the_next_run_and_the_one_after(
    client: TestClient, desk: Desk, one: str, tmp_path: Path
) -> None:
    answer = post(
        client, desk, "/span", doc=one, span=span_of(AD), why="it is the story", back=f"/document?doc={one}"
    )
    assert "kept by a person" in client.get(answer.headers["location"]).text
    for _ in range(2):
        run_again(tmp_path)
        row = next(r for r in rows(tmp_path, "documents") if r["metadata"]["raw_path"] == ONE)
        assert AD in row["text"]
    assert "ada" in text_of(client.get(f"/document?doc={one}").text)


def test_a_removed_selection_goes_in_the_next_run(
    client: TestClient, desk: Desk, one: str, tmp_path: Path
) -> None:
    piece = "Bring your own mug"
    post(client, desk, "/span", doc=one, action="remove", span=span_of(piece), kind="promo", text="ignored")
    run_again(tmp_path)
    row = next(r for r in rows(tmp_path, "documents") if r["metadata"]["raw_path"] == ONE)
    assert piece not in row["text"] and "to the quay." in row["text"]


def test_without_a_selection_the_text_itself_names_what_goes(
    client: TestClient, desk: Desk, one: str
) -> None:
    post(
        client,
        desk,
        "/span",
        doc=one,
        action="remove",
        text=f" {AD}\r\n\r\nBring your own mug ",
        kind="promo",
    )
    assert events(desk)[0].text == f"{AD}\n\nBring your own mug"
    refused = post(client, desk, "/span", doc=one, action="remove", text="Not in it at all", kind="promo")
    assert refused.status_code == 400 and "not in the document" in refused.text


def test_a_line_goes_from_the_whole_site_after_a_preview(
    client: TestClient, desk: Desk, tmp_path: Path
) -> None:
    rule = {"source": "ledger.example", "text": "Bring your own mug to the quay.", "kind": "promo"}
    preview = text_of(post(client, desk, "/lines", **rule).text)
    assert "4 lines that stay now will go; 0 go already. In 4 of 4 documents" in preview
    assert "Make the rule" in preview and not events(desk)
    none = text_of(post(client, desk, "/lines", **rule | {"text": "A line"}).text)
    assert "0 lines that stay now will go" in none and "Make the rule" not in none
    post(client, desk, "/lines", confirmed="yes", **rule)
    run_again(tmp_path)
    assert not [
        r for r in rows(tmp_path, "documents") if r["domain"] == "ledger.example" and "mug" in r["text"]
    ]


def test_the_preview_of_a_rule_counts_every_line_and_pages_through_them(tmp_path: Path) -> None:
    twice = f"{STORY}\n\n{AD}\n\nBring your own mug\n\n{OTHER}\n\nbring  YOUR own mug\n"
    files: dict[str, str | bytes] = {f"ledger.example/{n}.txt": f"{twice}\nPart {n}\n" for n in range(60)}
    desk = make_desk(tmp_path, files)
    rule = {"source": "ledger.example", "text": f"Bring your own mug\n{AD}\nnot there", "kind": "promo"}
    with client_of(desk) as client:
        first = text_of(post(client, desk, "/lines", **rule).text)
        second = text_of(post(client, desk, "/lines", at="100", **rule).text)
        keep = text_of(post(client, desk, "/lines", action="restore", **rule).text)
    assert "120 lines that stay now will go; 60 go already. In 60 of 60 documents" in first
    assert (first.count("stays goes"), second.count("stays goes"), second.count("goes goes")) == (
        100,
        20,
        60,
    )
    assert "60 lines that go now will stay; 120 stay already. In 60 of 60 documents" in keep


def test_undo_has_no_limit(client: TestClient, desk: Desk, one: str) -> None:
    before = state(desk).fingerprint()
    for label in ("mixed", "reliable", "unknown"):
        post(client, desk, "/rate", rate=f"{label} ledger.example")
    post(client, desk, "/span", doc=one, span=span_of(AD))
    post(client, desk, "/lines", source="ledger.example", text="a line", confirmed="yes")
    for _ in range(5):
        assert post(client, desk, "/undo").status_code == 303
    assert state(desk).fingerprint() == before
    assert post(client, desk, "/undo").status_code == 404


def test_a_person_undoes_with_the_key_only_what_they_decided(desk: Desk) -> None:
    with client_of(desk) as ada, client_of(desk, "bo") as bo:
        post(ada, desk, "/rate", rate="mixed ledger.example")
        post(bo, desk, "/rate", rate="reliable blaze.example")
        post(ada, desk, "/undo")
        assert {s: e.who for s, e in state(desk).overrides.items()} == {"blaze.example": "bo"}


def test_the_second_reviewer_is_told_and_nothing_is_overwritten(desk: Desk) -> None:
    with client_of(desk) as ada, client_of(desk, "bo") as bo:
        seen = last(desk)
        post(ada, desk, "/rate", rate="reliable ledger.example", why="named editors", seen=seen)
        refused = post(bo, desk, "/rate", rate="unreliable ledger.example", seen=seen)
        assert refused.status_code == 409
        assert "ada" in refused.text and "named editors" in refused.text
        assert state(desk).overrides["ledger.example"].label == "reliable"
        post(bo, desk, "/rate", rate="unreliable ledger.example")
        assert state(desk).overrides["ledger.example"].who == "bo"


def test_read_only_shows_everything_and_decides_nothing(tmp_path: Path, desk: Desk, one: str) -> None:
    read_only_desk = open_desk(desk.clean, desk.log, desk.raw, "ada", read_only=True)
    with client_of(read_only_desk) as client:
        for path in ("/", "/source?name=ledger.example", f"/document?doc={one}", "/history", "/exchange"):
            page = client.get(path)
            assert page.status_code == 200 and 'method="post"' not in page.text
        refused = post(client, read_only_desk, "/rate", rate="mixed ledger.example")
        assert refused.status_code == 403 and "read-only" in refused.text
    assert not events(desk)


def test_read_only_makes_no_log_and_sees_one_that_is_made_later(tmp_path: Path, desk: Desk) -> None:
    desk.log.unlink()
    read_only_desk = open_desk(desk.clean, desk.log, desk.raw, "ada", read_only=True)
    with client_of(read_only_desk) as client:
        for path in ("/", "/source?name=ledger.example", "/history", "/plots", "/export/decisions.csv"):
            assert client.get(path).status_code == 200
        assert not desk.log.exists()
        with client_of(open_desk(desk.clean, desk.log, desk.raw, "bo")) as writer:
            post(writer, desk, "/reviewer", name="bo")
            page = writer.get("/")
            token = page.text.split('name="token" value="')[1].split('"')[0]
            writer.post("/rate", data={"token": token, "rate": "mixed ledger.example", "seen": "0"})
        assert "ledger.example is mixed" in text_of(client.get("/history").text)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_exported_can_be_imported_elsewhere(
    client: TestClient, desk: Desk, tmp_path: Path, form: str
) -> None:
    post(client, desk, "/rate", rate="mixed ledger.example", why="so")
    text = client.get(f"/export/decisions.{form}").text
    assert parse_events(text, form) == events(desk)
    (tmp_path / "other").mkdir()
    other = make_desk(tmp_path / "other")
    with client_of(other) as there:
        for expected in ("1 new events", "0 new events"):
            answer = there.post(
                "/import", data={"token": other.token, "form": form}, files={"file": ("d", text.encode())}
            )
            assert expected in answer.text
    assert events(other) == events(desk)


def test_a_wrong_import_is_refused_with_its_line(client: TestClient, desk: Desk) -> None:
    refused = client.post(
        "/import", data={"token": desk.token, "form": "jsonl", "text": '{"action": "burn"}'}
    )
    assert refused.status_code == 400 and "line 1" in refused.text


def test_the_history_lists_orphans(client: TestClient, desk: Desk, one: str, tmp_path: Path) -> None:
    post(client, desk, "/span", doc=one, span=span_of(AD))
    changed = {name: content for name, content in FILES.items() if not name.endswith("0.txt")}
    (tmp_path / ONE).unlink()
    run_again(tmp_path, changed)
    assert "Without a place in this run" in client.get("/history").text


def test_a_new_run_is_seen_without_a_restart_and_its_changes_are_marked(
    client: TestClient, desk: Desk, tmp_path: Path
) -> None:
    assert shown_sources(client, "changed=yes") == []
    more = {
        f"blaze.example/{n}.txt": distinct(f"They do NOT want you to know of basin {n}! {TEXT}", 10 + n)
        for n in range(2, 6)
    }
    run(tmp_path, {**FILES, **more})
    assert "blaze.example" in shown_sources(client, "changed=yes")
    assert "Scores of earlier runs" in client.get("/source?name=blaze.example").text
    plots = client.get("/plots").text
    assert 'class="trend"' in plots and plots.count("<polyline") == 4
    assert plots.partition('class="runs"')[2].count("<time") == 2
    assert_bars_lead_to_what_they_count(client, 5)


def assert_bars_lead_to_what_they_count(client: TestClient, least: int) -> None:
    """Assert that each bar of sources leads to a queue of as many sources as it says."""
    bars = re.findall(
        r'<a href="/\?(state=all&amp;[^"]*)">.*?<td class="n">([\d,]+)', client.get("/plots").text
    )
    counts = [int(number) for _, number in bars if number != "0"]
    assert len(counts) >= least
    for query, number in bars:
        assert f"all {number}" in text_of(client.get(f"/?{unescape(query)}").text), query


def test_bars_of_plots_lead_to_the_sources_that_they_count(client: TestClient, desk: Desk) -> None:
    assert_bars_lead_to_what_they_count(client, 2)
    assert 'class="trend"' not in client.get("/plots").text
    post(client, desk, "/rate", rate="reliable ledger.example")
    plots = client.get("/plots").text
    assert "1 of 3" in text_of(plots)  # decided, of those in its language
    disc = plots.partition('<a href="/?state=decided&amp;chance=')[2][0]
    assert shown_sources(client, f"state=decided&chance={disc}") == ["ledger.example"]
    other = str((int(disc) + 1) % 5)
    assert shown_sources(client, f"state=decided&chance={other}") == []


@given(st.floats(0, 1e12))
def test_an_axis_has_few_ticks_at_even_steps_and_holds_all(most: float) -> None:
    marks = ticks(most)
    assert marks[0] == 0 and marks[-1] >= most and 2 <= len(marks) <= 6
    steps = {round(b / marks[1] - a / marks[1], 6) for a, b in pairwise(marks)}
    assert steps == {1.0} and float(marks[1]).is_integer()
    assert most <= 1 or marks[-2] < most  # no empty step at the end


def test_the_plots_compare_probabilities_with_decisions(client: TestClient, desk: Desk) -> None:
    assert "Decide on some sources" in client.get("/plots").text
    post(client, desk, "/rate", rate="reliable ledger.example")
    assert "predicted" in client.get("/plots").text


def test_the_raw_page_is_shown_beside_the_text(client: TestClient, tmp_path: Path) -> None:
    doc = document_id(tmp_path, "raw/lantern.example/1.html")
    assert 'sandbox title="The raw page' in client.get(f"/document?doc={doc}&raw=1").text
    raw = client.get(f"/raw?doc={doc}")
    assert "<nav>" in raw.text and "sandbox" in raw.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["a\nb.txt", r"a\nb.txt", "caf\udce9.txt"])
def test_a_file_of_an_odd_name_has_its_raw_page_too(tmp_path: Path, name: str) -> None:
    desk = make_desk(tmp_path, {name: STORY})
    with client_of(desk) as client:
        raw = client.get("/raw", params={"doc": document_id(tmp_path, printable(f"raw/{name}"))})
    assert raw.status_code == 200 and STORY[:40] in raw.text


@pytest.mark.parametrize("packed", [False, True])
def test_records_of_an_archive_have_their_raw_page_too(tmp_path: Path, packed: bool) -> None:
    records = "\n\n".join(
        json.dumps({"text": f"{TEXT} {n}", "url": f"https://a.example/{n}"}) for n in range(3)
    )
    name = "all.jsonl.gz" if packed else "all.jsonl"
    files = {name: gzip.compress(records.encode(), mtime=0) if packed else records.encode()}
    with client_of(make_desk(tmp_path, files)) as client:
        raw = client.get(f"/raw?doc={document_id(tmp_path, f'raw/{name}#3')}")
        assert raw.status_code == 200 and raw.text.endswith("1")


def test_text_of_markdown_can_be_removed_like_any_other(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, text_format="markdown")
    doc = document_id(tmp_path, "raw/lantern.example/1.html")
    with client_of(desk) as client:
        page = client.get(f"/document?doc={doc}").text
        assert "written as Markdown" in page and '<del data-start="0">Home</del>' in page
        removal = {
            "action": "remove",
            "text": "before the autumn storms, a spokeswoman said",
            "kind": "promo",
        }
        assert post(client, desk, "/span", doc=doc, **removal).status_code == 303
        assert (
            "before the autumn storms, a spokeswoman said</del>" in client.get(f"/document?doc={doc}").text
        )
        preview = text_of(post(client, desk, "/lines", source="lantern.example", text=STORY).text)
        assert "1 line that stays now will go" in preview
    run_again(tmp_path, text_format="markdown")
    row = next(r for r in rows(tmp_path, "documents") if r["domain"] == "lantern.example")
    assert "autumn storms" not in row["text"] and "The harbour board" in row["text"]


def test_markdown_without_its_raw_page_can_be_read_and_its_removals_restored(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, text_format="markdown")
    doc = document_id(tmp_path, "raw/lantern.example/1.html")
    (tmp_path / "raw" / "lantern.example" / "1.html").unlink()
    with client_of(desk) as client:
        page = client.get(f"/document?doc={doc}").text
        span = page.split('name="span" value="')[1].split('"')[0]
        assert post(client, desk, "/span", doc=doc, span=span).status_code == 303
    assert events(desk)[0].action == "restore_span"


def test_every_kind_of_noise_has_a_colour() -> None:
    assert set(FAMILY_OF_KIND) == set(KINDS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "raw" / "lantern.example" / "1.html").unlink(),
        lambda folder: (folder / "raw" / "lantern.example" / "1.html").write_text("changed"),
    ],
)
def test_a_raw_page_that_is_gone_or_changed_is_not_shown(
    client: TestClient, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    doc = document_id(tmp_path, "raw/lantern.example/1.html")
    spoil(tmp_path)
    assert client.get(f"/raw?doc={doc}").status_code == 404


def test_a_number_that_a_person_gave_has_no_interval(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("domain,label,score,by,at\nledger.example,mixed,0.4,Ada,2025-03-14\n")
    page = client_of(make_desk(tmp_path, overrides=(str(tmp_path / "d.csv"),)))
    queue, card = page.get("/?state=all"), page.get("/source?name=ledger.example")
    assert queue.status_code == card.status_code == 200
    assert "basis: human" in text_of(card.text) and "80 % interval" not in text_of(card.text)


def test_a_card_shows_the_steps_to_a_score_and_says_how_little_it_rests_on(client: TestClient) -> None:
    scored = text_of(client.get("/source?name=ledger.example").text)
    for words in (
        "From the average source to this one",
        "wording to 0.",
        "in 1,000 words, usually",
        "ledger.example/",
    ):
        assert words in scored
    assert "polished propaganda passes" in scored and "hardly narrows with more documents" in scored
    assert "little evidence" in text_of(client.get("/source?name=blaze.example").text)


def test_a_card_says_why_there_is_no_score(tmp_path: Path) -> None:
    spanish = "La feria de las semillas se celebra el domingo en la plaza mayor del pueblo, según el ayuntamiento. "
    with client_of(make_desk(tmp_path, {"valle.example/1.txt": spanish * 3})) as client:
        page = text_of(client.get("/source?name=valle.example").text)
    assert "Not scored: 0 of 1 originals in English, and a score takes 1." in page


def held_titles(client: TestClient, query: str) -> tuple[list[str], str]:
    """The documents that a page of held documents lists, and the way to the next page."""
    page = client.get(f"/documents?{query}").text
    names = [row.split("<bdi>")[1].split("</bdi>")[0] for row in page.split("<tr data-row>")[1:]]
    following = re.search(r'after=(\w+)" rel="next"', page)
    return names, following[1] if following else ""


def test_documents_under_review_rejected_and_quarantined_are_listed_with_their_reasons(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {f"ledger.example/{n}.txt": TEXT for n in range(60)}
    files |= {f"broken.example/{n}.html": bytes(range(256)) * 20 for n in range(2)}
    files["empty.example/1.txt"] = " "
    (tmp_path / "lists.csv").write_text("domain,label\nledger.example,mixed\n")
    desk = make_desk(tmp_path, files, ratings=(str(tmp_path / "lists.csv"),))
    with client_of(desk) as client:
        names, after = held_titles(client, "")
        assert len(names) == 1 and not after
        review = text_of(client.get("/documents?status=review").text)
        assert "under review 1 rejected 59 quarantined 3" in review and "by rating lists" in review
        for _ in range(2):
            more, after = held_titles(client, f"status=dropped&after={after}")
            names += more
        assert sorted(names) == sorted(f"raw/ledger.example/{n}.txt" for n in range(60)) and not after
        binary, _ = held_titles(client, "status=quarantined&reason=binary")
        assert binary == ["raw/broken.example/0.html", "raw/broken.example/1.html"]
        assert held_titles(client, "status=quarantined&find=EMPTY")[0] == ["raw/empty.example/1.txt"]
        assert "all of them white space" in text_of(client.get("/documents?status=quarantined").text)
        assert held_titles(client, "status=dropped&find=nobody&after=none") == ([], "")


def test_every_reason_of_the_docs_has_its_meaning() -> None:
    output = (Path(__file__).parents[1] / "docs" / "output.md").read_text(encoding="utf8")
    for reason, meaning in MEANINGS["quarantined"].items():
        assert f"| {reason} | {meaning} |" in output
    for reason in MEANINGS["dropped"]:
        assert f"| {reason} | " in output.partition("## `rejected/")[2].partition("## Copies")[0]
