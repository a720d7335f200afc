"""Days of publication: the forms in which texts and pages write them, and what is no such day."""

import ast
import json
import re
from pathlib import Path
from time import process_time

import pytest

from winnow.corpus.bylines import byline_date, credited_names
from winnow.corpus.dates import next_day
from winnow.corpus.document import Metadata
from winnow.corpus.layout import parse_page
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.opening_dates import opening_date
from winnow.corpus.page_metadata.url_days import url_day
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.written_dates import DateStyle, Order, written_date
from winnow.models.extraction import read_document
from winnow.pipeline.documents.clean import clean_document

CASES = Path(__file__).parent / "cases"
STORY = "The boats stayed in the harbour for a week, since nobody in the town could say when the wind would turn.\n"


def cases(name: str, *fields: str) -> list[object]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf8").splitlines()
    return [pytest.param(*(c[field] for field in fields), id=c["label"]) for c in map(json.loads, lines)]


def raw_page(html: str, recorded: str = "") -> RawDocument:
    return RawDocument(
        "raw/a.html", html.encode(), HTML, "raw", "2024-05-03T00:00:00Z", "utf-8", recorded=recorded
    )


@pytest.mark.parametrize(
    ("text", "order", "language", "expected"),
    cases("written_dates", "text", "order", "language", "expected"),
)
def test_a_text_names_a_day(text: str, order: Order, language: str, expected: str) -> None:
    assert written_date(text, DateStyle(order, language)) == expected


@pytest.mark.parametrize(("html", "expected"), cases("page_dates", "html", "expected"))
def test_a_page_gives_its_day(html: str, expected: str) -> None:
    assert page_metadata(parse_page(html)).published == expected


@pytest.mark.parametrize(("text", "expected"), cases("credits", "text", "expected"))
def test_a_credit_names_persons_and_no_labels(text: str, expected: list[str]) -> None:
    assert [*credited_names(text)] == expected


@pytest.mark.parametrize(
    ("recorded", "published"),
    [("2024-05-02T23:00:00Z", "2024-05-03"), ("2024-05-01", ""), ("", "2024-05-03")],
)
def test_no_page_is_published_later_than_a_day_after_its_record(recorded: str, published: str) -> None:
    html = f'<meta property="article:published_time" content="2024-05-03"><h1>Boats</h1><p>{STORY}'
    assert read_document(raw_page(html, recorded), Settings()).metadata.published == published


def test_a_page_without_a_record_is_not_published_after_tomorrow() -> None:
    latest = raw_page("").latest_day
    for day, published in ((latest, latest), (next_day(latest), "")):
        html = f'<meta property="article:published_time" content="{day}"><h1>Boats</h1><p>{STORY}'
        assert read_document(raw_page(html), Settings()).metadata.published == published


@pytest.mark.parametrize(
    ("given", "published"), [("2024-05-04", "2024-05-04"), ("2024-05-05", ""), ("", "")]
)
def test_a_record_s_own_day_is_bound_by_when_it_was_obtained(given: str, published: str) -> None:
    raw = RawDocument(
        "raw/a.jsonl#1",
        STORY.encode(),
        TEXT,
        "raw",
        "2024-05-03",
        "utf-8",
        Metadata(published=given),
        recorded="2024-05-03",
    )
    assert read_document(raw, Settings()).metadata.published == published


def test_a_later_day_makes_way_for_the_next_source() -> None:
    html = f'<meta property="article:published_time" content="2094-05-03"><h1>Boats</h1><p>3 May 2024<p>{STORY}'
    assert read_document(raw_page(html), Settings()).metadata.published == "2024-05-03"


@pytest.mark.parametrize(
    "piece",
    [
        "<p>3 May 2024</p>",
        "<td>Published</td>",
        '<b itemprop="datePublished">x</b>',
        '<time datetime="x">5 May</time>',
        '<div class="date">',
        "<p>20 20 20",
    ],
)
def test_a_page_of_many_dates_is_read_in_no_time(piece: str) -> None:
    tree = parse_page(f"<title>Boats in harbour</title>{piece * 40_000}")
    start = process_time()
    page_metadata(tree)
    assert process_time() - start < 1


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2024/5/3/rain", "2024-05-03"),
        ("https://a.example/202405/03/rain", "2024-05-03"),
        ("https://a.example/content_20240503081500.htm", "2024-05-03"),
        ("https://a.example/rain-03-05-2024", "2024-05-03"),
        ("https://a.example/blog/2024/may/03/rain", "2024-05-03"),
        ("https://web.archive.org/web/20240601000000/https://a.example/2024/05/03/rain", "2024-05-03"),
        ("https://web.archive.org/web/20240601000000/https://a.example/rain", ""),
        ("https://a.example/2024/05/rain", ""),
        ("https://a.example/1200240503", ""),
        ("https://a.example/call/020-2024-0503", ""),
    ],
)
def test_an_address_names_a_day(url: str, day: str) -> None:
    assert url_day(url) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Boats\n3 May 2024\n" + STORY, "2024-05-03"),
        ("Nordvik, 3. Mai 2024 (dpa) - " + STORY, "2024-05-03"),
        ("Boats\n" + STORY + "Printed in Nordvik.\nAll of it.\nAnd more.\n3 May 2024\n", ""),
        ("3 May 2024\nRain.\n4 May 2024\nSun.\n", ""),
        (
            "On 3 May 2024 the boats stayed in the harbour, since nobody could say when the wind would turn.\n",
            "",
        ),
        ("3 May 1912\n" + STORY, ""),
        ("3/4/2024\n" + STORY, ""),
        ("2024-05-05\n" + STORY, ""),
    ],
)
def test_the_first_lines_of_a_text_say_when_it_was_written(text: str, day: str) -> None:
    assert opening_date(text, "en", "2024-05-04") == day


def test_a_plain_text_gets_the_day_of_its_first_lines() -> None:
    text = f"Boats\n3 May 2024\n{STORY * 3}"
    raw = RawDocument("raw/a.txt", text.encode(), TEXT, "raw", "2024-05-04T00:00:00Z", "utf-8")
    row = clean_document(raw, Settings())
    assert isinstance(row, dict)
    assert row["created"] == "2024-05-03"


def test_a_byline_s_day_is_read_in_its_language_and_up_to_the_latest() -> None:
    assert byline_date(["Objavljeno 3. listopada 2024."], "hr") == "2024-10-03"
    assert byline_date(["Opublikowano 3 listopada 2024"], "pl") == "2024-11-03"
    assert byline_date(["Published 3 May 2024"], "en", "2024-05-02") == ""


def test_no_pattern_looks_for_a_backslash_where_a_class_is_meant() -> None:
    sources = [*(Path(__file__).parents[1] / "winnow").rglob("*.py")]
    doubled = re.compile(r"(?<!\\)\\\\[wdsb](?:[+*?{)]|\Z)")
    texts = (
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [text for text in texts if doubled.search(text)] == []
