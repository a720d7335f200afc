"""Metadata of pages: title, authors, date, address and site name, from what pages declare and show."""

import json
from dataclasses import asdict
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.odd_authors import oddity
from bench.old_news import day_outcome
from winnow.corpus.bylines import credited_names
from winnow.corpus.dates import iso_date
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import parse_page
from winnow.corpus.layout.metadata import declared_language, json_ld_url, page_metadata
from winnow.corpus.person_names import MAX_CHARS
from winnow.corpus.written_dates import written_date

CASES = Path(__file__).parent / "cases" / "metadata.jsonl"
SCRIPT = '<script type="application/ld+json">{}</script><p>Rain.'
LONG_LINES = [
    "a" * 10**6,
    " " * 10**6,
    "a " * 500_000,
    "[" * 10**6,
    "." * 10**6,
    ", " * 500_000,
    "1 may " * 170_000,
]
NAMES = [
    "author",
    "@type",
    "@graph",
    "headline",
    "name",
    "@id",
    "datePublished",
    "publisher",
    "mainEntity",
    "url",
]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["Article", "WebPage", "#a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


def cases() -> list[object]:
    lines = CASES.read_text(encoding="utf8").splitlines()
    return [pytest.param(c["html"], c["expected"], id=c["label"]) for c in map(json.loads, lines)]


@pytest.mark.parametrize(("html", "expected"), cases())
def test_a_page_gives_its_metadata(html: str, expected: dict[str, object]) -> None:
    metadata = asdict(page_metadata(parse_page(html)))
    assert {name: metadata[name] for name in expected} == {
        name: tuple(value) if isinstance(value, list) else value for name, value in expected.items()
    }


def test_where_a_page_was_found_comes_before_its_own_word() -> None:
    tree = parse_page('<link rel="canonical" href="https://a.example/"><p>Rain.')
    assert page_metadata(tree, "https://b.example/").url == "https://b.example/"
    assert page_metadata(tree).url == "https://a.example/"


def test_the_day_in_an_address_dates_a_page_that_says_nothing() -> None:
    assert (
        page_metadata(parse_page("<p>Rain."), "https://a.example/2024/05/03/rain").published == "2024-05-03"
    )
    assert page_metadata(parse_page("<p>Rain."), "https://a.example/id/20249903").published == ""


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<html lang=EN_us><p>Rain.", "en-US"),
        ("<html lang=zh-Hans-CN><p>雨", "zh-CN"),
        ('<meta property="og:locale" content="de_DE"><p>Regen.', "de-DE"),
        ("<html lang=english><p>Rain.", ""),
        ("<p>Rain.", ""),
    ],
)
def test_a_page_declares_its_language(html: str, language: str) -> None:
    assert declared_language(parse_page(html)) == language


@given(st.text(max_size=300))
def test_no_markup_breaks_the_reading_of_metadata(html: str) -> None:
    try:
        tree = parse_page("<h1>Rain</h1>" + html)
    except UnreadableError:
        return
    metadata = page_metadata(tree)
    for value in (metadata.title, metadata.site_name, *metadata.authors):
        assert len(value) <= 300
        assert value == " ".join(value.split())
    assert declared_language(tree).isascii()


@settings(max_examples=200)
@given(json_values)
def test_no_json_ld_breaks_the_reading_of_metadata(value: object) -> None:
    tree = parse_page(SCRIPT.format(json.dumps(value)))
    metadata = page_metadata(tree)
    assert all(0 < len(name) <= MAX_CHARS for name in metadata.authors)
    assert isinstance(json_ld_url(tree), str)


@given(
    st.from_regex(
        r'<(meta (name|property)="(author|og:title|date|og:url)" content|a class="author" title)="[^"]{0,30}">'
    )
)
def test_declared_values_are_clean(html: str) -> None:
    metadata = page_metadata(parse_page(f"<h1>Rain</h1>{html}<p>Rain."))
    for value in (metadata.title, metadata.url, metadata.site_name, *metadata.authors):
        assert value == value.strip()
        assert value.isprintable() or not any(ord(c) < 32 for c in value)
    assert metadata.published == iso_date(metadata.published)


def test_json_ld_nested_without_end_is_passed_over() -> None:
    assert page_metadata(parse_page(SCRIPT.format("[" * 100_000))).title == ""
    assert page_metadata(parse_page(SCRIPT.format('{"@graph":' * 100_000))).title == ""
    deep = '{"@type": "Article", "name": "Rain", "@id": ' + "[" * 900 + "]" * 900 + "}"
    assert page_metadata(parse_page(SCRIPT.format(deep))).title == "Rain"


@pytest.mark.parametrize("line", LONG_LINES, ids=lambda line: line[:6])
def test_a_line_without_end_is_read_in_no_time(line: str) -> None:
    tree = parse_page(f'<meta name="author" content="{line}"><h1>Rain</h1><p class=author>{line}</p>{line}')
    start = process_time()
    credited_names(line)
    written_date(line)
    page_metadata(tree)
    page_metadata(parse_page(SCRIPT.format('{"headline": "' + line)))
    assert process_time() - start < 2


def test_a_page_of_many_elements_is_read_in_no_time() -> None:
    tree = parse_page("<h1>Rain</h1>" + "<div class=author><span class=date>x</span>" * 50_000)
    start = process_time()
    page_metadata(tree)
    assert process_time() - start < 1


@given(st.text(max_size=200))
@example(":\xa0A")
def test_a_credited_name_names_itself(text: str) -> None:
    for name in credited_names(text):
        assert name == name.strip()
        assert 1 < len(name) <= MAX_CHARS


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("label", ["Redaktion", "作者：王小明", "By Ada Moss", "Войти", "..."]),
        ("day", ["28. Juni", "Wednesday January", "3 мая 2024", "火曜日"]),
        ("house", ["Pigeon News", "Golub GmbH", "Editorial Team"]),
        ("sentence", ["Rain is what we waited for", "今天获悉北山所有村庄已经有了电灯"]),
        ("address", ["pigeon.com", "ada@pigeon.example"]),
        ("", ["Ada Moss", "Mai Li", "Ana de la Mar", "王小明", "June Marsh", "Juan Carlos de la Torre"]),
    ],
)
def test_the_measurement_tells_what_authors_are_no_persons(kind: str, names: list[str]) -> None:
    assert {name: oddity(name) for name in names} == dict.fromkeys(names, kind)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        ("2012-01-18", "near"), ("2012-01-19", "far"), ("2012-01-12", "near"), ("2012-01-11", "far"), ("", "missing"),
    ],
)  # fmt: skip
def test_news_were_published_shortly_before_they_were_fetched(day: str, outcome: str) -> None:
    assert day_outcome(day, "20120117") == outcome
