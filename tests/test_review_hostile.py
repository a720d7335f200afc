"""The review page with hostile documents and requests: no script runs, no data leaves, nothing is decided by them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import document_fromstring
from starlette.testclient import TestClient

from tests.reviewing import BASE, client_of, document_id, events, make_desk, post
from tests.runs import OTHER, STORY, rows
from winnow.corpus.schema import DOCUMENTS, SOURCES
from winnow.review.desk import Desk, open_desk
from winnow.review.forms import is_local
from winnow.review.guard import MAX_BODY_BYTES, PAGE_POLICY

SCRIPT = "<script>alert(1)</script>"
CASES = Path(__file__).parent / "cases" / "hostile.jsonl"
HOSTILE = [json.loads(line) for line in CASES.read_text(encoding="utf8").splitlines()]
ELEMENTS = frozenset(
    "a article b bdi body button caption circle code dd del details div dl dt form h1 h2 h3 head header html iframe input ins kbd "
    "label li line link main meta nav ol option p polyline q rect script section select span summary svg table tbody td text "
    "textarea th thead time title tr ul".split()
)
PATHS = (
    "/",
    "/source",
    "/document",
    "/raw",
    "/documents",
    "/agreement",
    "/history",
    "/plots",
    "/exchange",
    "/help",
    "/export/decisions.csv",
)
FORMS = ("/rate", "/bulk", "/span", "/lines", "/undo", "/again", "/reviewer", "/import")


def poisoned(row: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """A row with hostile values in every text column."""
    title, url, name = texts["title"], texts["url"], texts["name"]
    removed = {
        "start": 0,
        "end": 4,
        "kind": name,
        "rule": title,
        "cleaner": name,
        "text": "gone",
        "score": 0.5,
    }
    signal = {"name": name, "value": 1.0, "evidence": title}
    more = {
        "title": title,
        "authors": [title],
        "url": url,
        "site_name": title,
        "published": title,
        "raw_path": name,
    }
    metadata = row["metadata"] | more | {"removed": [removed], "signals": [signal]}
    text = texts["text"]
    return row | {
        "text": text,
        "url": url,
        "metadata": metadata,
        "n_chars_in": len(text) + 4,
        "language": name[:20],
    }


def hostile_desk(folder: Path) -> Desk:
    """A corpus in which every text is an attack."""
    desk = make_desk(folder, {f"s{n}.example/{n}.txt": f"{STORY} {n} {OTHER}" for n in range(len(HOSTILE))})
    documents = [
        poisoned(row, texts) for row, texts in zip(rows(folder, "documents"), HOSTILE, strict=True)
    ]
    sources = rows(folder, "sources")
    for row, source, texts in zip(documents, sources, HOSTILE, strict=True):
        row["domain"] = source["domain"] = texts["name"]
        signal = {"name": texts["name"], "value": 1.0, "contribution": -0.5, "evidence": texts["title"]}
        signal |= {"meaning": texts["name"], "document": texts["title"], "document_id": row["id"]}
        seen = signal | {"contribution": 0.0}
        source |= {"flags": [texts["title"]], "signals": [signal, seen], "model_reason": texts["title"]}
        source["ratings"] = [{"list": texts["name"], "rating": texts["title"], "date": texts["title"]}]
    [part] = (desk.clean / "documents").glob("*.parquet")
    pq.write_table(pa.Table.from_pylist(documents, DOCUMENTS), part)
    pq.write_table(pa.Table.from_pylist(sources, SOURCES), desk.clean / "sources.parquet")
    return open_desk(desk.clean, desk.log, desk.raw, SCRIPT)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return hostile_desk(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def client(hostile: Desk) -> Iterator[TestClient]:
    with client_of(hostile) as client:
        yield client


def assert_harmless(page: Any) -> None:
    """Assert that a page, as a browser parses it, has only elements and attributes of our templates."""
    assert page.status_code in (200, 404)
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert_elements_are_ours(page.text)


def assert_elements_are_ours(html: str) -> None:
    """Assert that a page has no element and no attribute that can do more than our templates want."""
    for element in document_fromstring(html.replace("\0", "")).iter(tag=etree.Element):
        assert element.tag in ELEMENTS
        assert element.tag != "script" or (element.get("src"), element.text) == ("/static/review.js", None)
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        links = [element.get(name, "/") for name in ("href", "src", "action", "formaction")]
        assert all(link == "#main" or is_local(link) or leads_out(element, link) for link in links), links


def leads_out(element: Any, link: str) -> bool:
    """Whether an element is a link to the web that tells nothing of the reader, and gives no hold on the page."""
    is_bare = {"noreferrer", "noopener"} <= {*element.get("rel", "").split()}
    return element.tag == "a" and is_bare and link.startswith(("https://", "http://"))


@pytest.mark.parametrize("texts", HOSTILE, ids=lambda texts: str(texts["label"]))
def test_a_hostile_document_is_shown_and_does_nothing(
    client: TestClient, hostile: Desk, texts: dict[str, str]
) -> None:
    document_row = next(row for row in rows(hostile.raw, "documents") if row["domain"] == texts["name"])
    assert_harmless(client.get("/", params={"state": "all"}))
    assert_harmless(client.get("/source", params={"name": texts["name"]}))
    page = client.get("/document", params={"doc": document_row["id"]})
    assert page.status_code == 200
    assert_harmless(page)
    assert_harmless(client.get("/raw", params={"doc": document_row["id"]}))


@pytest.mark.parametrize(
    "texts", [t for t in HOSTILE if t["name"].strip()], ids=lambda texts: str(texts["label"])
)
def test_a_hostile_name_can_be_decided_on_and_listed(
    client: TestClient, hostile: Desk, texts: dict[str, str]
) -> None:
    post(client, hostile, "/rate", rate=f"mixed {texts['name']}", why=texts["title"][:2000])
    assert events(hostile)[-1].source == texts["name"]
    for page in (client.get("/history"), client.get("/", params={"state": "decided"})):
        assert_harmless(page)
    answer = post(client, hostile, "/undo", back=f"/source?name={quote(texts['name'])}")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/source?")


def test_hidden_and_reversing_characters_are_shown(client: TestClient) -> None:
    page = client.get("/", params={"state": "all"}).text
    text = document_fromstring(page.replace("\0", "")).text_content()
    assert "\u202e" not in text and "␦" in text


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "localhost:80",
        "127.0.0.1.evil.example:8765",
        "",
        "127.0.0.1.:8765",
        "[::ffff:127.0.0.1]:8765",
        "0.0.0.0:8765",
        "127.1:8765",
        "2130706433:8765",
        "user@127.0.0.1:8765",
        "127.0.0.1:08765",
        "127.0.0.1:8765/evil",
        "127。0。0。1:8765",
        "ｌocalhost:8765",
    ],
)
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers=[(b"host", host.encode())]).status_code == 421


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, None, 303),
        ({"origin": BASE}, None, 303),
        ({"origin": "http://localhost:8765"}, None, 303),
        ({"origin": "http://evil.example"}, None, 403),
        ({"origin": "null"}, None, 403),
        ({"origin": "https://127.0.0.1:8765"}, None, 403),
        ({"origin": f"{BASE}.evil.example"}, None, 403),
        ({"origin": f"http://{BASE}"}, None, 403),
        ({"origin": f"{BASE}/"}, None, 403),
        ({"sec-fetch-site": "cross-site"}, None, 403),
        ({}, "", 403),
        ({}, "wrong", 403),
        ({}, "ünïcode", 403),
    ],
)
def test_only_a_form_of_this_page_decides(
    client: TestClient, hostile: Desk, headers: dict[str, str], token: str | None, status: int
) -> None:
    before = len(events(hostile))
    form = {
        "rate": "mixed a.example",
        "seen": str(before),
        "token": hostile.token if token is None else token,
    }
    answer = client.post("/rate", data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert (len(events(hostile)) > before) == (status == 303)


def test_no_header_or_field_changes_the_method(client: TestClient, hostile: Desk) -> None:
    before = len(events(hostile))
    query = {"rate": "mixed a.example", "token": hostile.token, "seen": "0"}
    assert client.get("/rate", params=query, headers={"x-http-method-override": "POST"}).status_code == 405
    assert client.post("/history", data={**query, "_method": "DELETE"}).status_code == 405
    assert len(events(hostile)) == before


@pytest.mark.parametrize(
    "form",
    [
        "&source=a.example" * 2000,
        "".join(f"&f{n}=1" for n in range(100_000)),
        "&text=" + "a" * 3_000_000,
        "&why=%00&why=%ed%a0%80&label=mixed&source=%00",
        "&seen=1&seen=2&token=wrong&token=again&label=mixed&source=a.example",
        "&expires=10000-1-1&label=mixed&source=a.example",
        "&everything=yes&within=" + "state%3D" * 1000,
    ],
    ids=["repeated", "many", "huge", "nothing and halves", "twice", "late", "deep"],
)
def test_a_swollen_form_is_refused_in_words(client: TestClient, hostile: Desk, form: str) -> None:
    before = len(events(hostile))
    content = f"token={hostile.token}&seen=0&confirmed=yes{form}"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/bulk", content=content, headers=kind)
    assert answer.status_code in (400, 403) and "<h1>" in answer.text
    assert len(events(hostile)) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_change_nothing(client: TestClient, method: str) -> None:
    assert client.request(method, "/rate").status_code in (403, 405, 411)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "raw/../../secret.txt",
        "/etc/passwd",
        "raw/link.txt",
        "raw\0.txt",
        r"raw\x00.txt",
        r"raw/\x2e\x2e/\x2e\x2e/secret.txt",
        r"\u002e\u002e/secret.txt",
        r"raw/\ud800.txt",
        r"raw/\Uffffffff.txt",
        "#1",
        "",
        "x" * 5000,
        "raw",
    ],
)
def test_no_raw_path_leads_out_of_its_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    desk = make_desk(folder, {"a.example/1.txt": STORY})
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "raw" / "link.txt").symlink_to(tmp_path / "secret.txt")
    [row] = rows(folder, "documents")
    [part] = (desk.clean / "documents").glob("*.parquet")
    row["metadata"] |= {"raw_path": path}
    pq.write_table(pa.Table.from_pylist([row], DOCUMENTS), part)
    with client_of(desk) as client:
        answer = client.get("/raw", params={"doc": row["id"]})
    assert answer.status_code == 404 and "secret" not in answer.text.replace("secret.txt", "")


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"]
)
def test_no_static_path_leads_out_of_its_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\n/"]
)
def test_no_form_leads_to_another_site(client: TestClient, hostile: Desk, back: str) -> None:
    assert post(client, hostile, "/reviewer", name="ada", back=back).headers["location"] == "/"
    rating = {"label": "mixed", "source": HOSTILE[0]["name"]}
    rule = {"text": "A line", "source": HOSTILE[0]["name"]}
    for path, fields in (("/bulk", rating), ("/lines", rule)):
        assert_harmless(post(client, hostile, path, back=back, **fields))


def test_a_raw_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    attack = f"<html><head><meta http-equiv=refresh content='0;url=http://evil.example'>{SCRIPT}</head><body><p>{STORY}</p></body></html>"
    desk = make_desk(tmp_path, {"a.example/1.html": attack})
    with client_of(desk) as client:
        answer = client.get("/raw", params={"doc": document_id(tmp_path, "raw/a.example/1.html")})
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "sandbox;" in policy and "default-src 'none'" in policy and "script-src" not in policy


def test_a_document_of_ten_million_characters_comes_in_parts(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, {"a.example/1.txt": STORY})
    big = f"{STORY}\n" * (10_000_000 // len(STORY))
    [row] = rows(tmp_path, "documents")
    row |= {"text": big, "n_chars_in": len(big)}
    [part] = (desk.clean / "documents").glob("*.parquet")
    pq.write_table(pa.Table.from_pylist([row], DOCUMENTS), part)
    with client_of(desk) as client:
        for at in (0, 5_000_000, 9_999_999, 2**53):
            page = client.get("/document", params={"doc": row["id"], "at": at})
            assert page.status_code == 200 and len(page.text) < 200_000
        whole = {"doc": row["id"], "span": f"0-{len(big)}", "action": "remove", "kind": "promo"}
        assert post(client, desk, "/span", **whole).status_code == 303
    assert len(events(desk)) == -(-len(big) // 100_000)


@pytest.mark.parametrize(("length", "status"), [("", 411), ("99999999999", 413), ("-1", 411)])
def test_a_body_without_bounds_is_refused(client: TestClient, length: str, status: int) -> None:
    def endless() -> Iterator[bytes]:
        yield b"token="

    headers = {"content-length": length} if length else {}
    assert client.post("/rate", content=endless(), headers=headers).status_code == status


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)])
def test_a_body_longer_than_it_says_is_cut_off_at_the_limit(
    client: TestClient, more: int, status: int
) -> None:
    headers = {"content-length": "10", "content-type": "application/x-www-form-urlencoded"}
    before = b"token="
    body = before + b"a" * (MAX_BODY_BYTES - len(before) + more)
    assert client.post("/rate", content=body, headers=headers).status_code == status


@pytest.mark.parametrize("near", ["9" * 30, "9" * 5000, "-1", "true"])
def test_no_number_of_an_import_breaks_the_server(client: TestClient, hostile: Desk, near: str) -> None:
    who = '"who": "Ada", "when": "2026-01-31T12:00:00Z", "source": "a.example", "label": "mixed"'
    line = f'{{"action": "rate_source", {who}, "near": {near}}}'
    assert post(client, hostile, "/import", form="jsonl", text=line).status_code == 400


VALUES = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1-0",
            "0-4",
            "9" * 400,
            "²",
            "restore",
            "yes",
            "\0",
            "%00",
            "'\"<>&",
            "reliable x",
            "[]",
        ]
    ),
)
NAMES = st.sampled_from(
    "after at about action back basis batch before changed confirmed count did doc everything expires file folds form kind "
    "label language name queue rate raw reason status seen source span state text why within find score chance moved sort".split()
)
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(path=st.sampled_from(PATHS), query=st.dictionaries(NAMES, VALUES, max_size=5), real=st.booleans())
def test_no_query_breaks_a_page(
    client: TestClient, hostile: Desk, path: str, query: dict[str, str], real: bool
) -> None:
    real_values = (
        {"doc": rows(hostile.raw, "documents")[0]["id"], "name": HOSTILE[0]["name"]} if real else {}
    )
    assert client.get(path, params=query | real_values).status_code < 500


@FUZZ
@given(path=st.sampled_from(FORMS), form=st.dictionaries(NAMES, VALUES, max_size=8), real=st.booleans())
def test_no_form_breaks_a_page(
    client: TestClient, hostile: Desk, path: str, form: dict[str, str], real: bool
) -> None:
    real_values = (
        {"doc": rows(hostile.raw, "documents")[0]["id"], "seen": "0", "source": HOSTILE[0]["name"]}
        if real
        else {}
    )
    answer = client.post(path, data={"token": hostile.token} | form | real_values, follow_redirects=False)
    assert answer.status_code < 500


@FUZZ
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_path_breaks_the_server(client: TestClient, path: str) -> None:
    assert client.get("/" + quote(path)).status_code < 500
