"""Domains and dates: the registered domain and the host of a URL or folder, and dates in one form."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.dates import iso_date
from winnow.corpus.domains import folder_host, registered_domain, site_host

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[object]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf8").splitlines()
    return [pytest.param(c["input"], c["expected"], id=c["label"]) for c in map(json.loads, lines)]


@pytest.mark.parametrize(("url", "domain"), cases("domains"))
def test_a_url_gives_the_domain_that_its_owner_registered(url: str, domain: str) -> None:
    assert registered_domain(url) == domain


@pytest.mark.parametrize(("value", "expected"), cases("dates"))
def test_a_date_is_normalised_or_left_out(value: object, expected: str) -> None:
    assert iso_date(value) == expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Daily.example/a", "daily.example"),
        ("http://staging.daily.example:8080/", "staging.daily.example"),
        ("www.MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("https://alice.blogspot.com/2024/", "alice.blogspot.com"),
        ("https://www.wordpress.com/", "wordpress.com"),
        ("192.168.0.1", "192.168.0.1"),
        ("co.uk", ""),
        ("The Daily Planet", ""),
    ],
)
def test_a_url_gives_the_host_that_it_is_from(url: str, host: str) -> None:
    assert site_host(url) == host


def test_python_dates_are_dates() -> None:
    assert iso_date(date(2025, 3, 14)) == "2025-03-14"
    assert iso_date(datetime(2025, 3, 14, 9, 30, tzinfo=UTC)) == "2025-03-14T09:30:00Z"


@pytest.mark.parametrize("name", ["daily.example", "www.daily.example", "daily.co.uk", "münchen.de"])
def test_a_folder_named_like_a_host_gives_its_domain(name: str) -> None:
    assert folder_host(name) == registered_domain(name) != ""


@pytest.mark.parametrize(
    "name", ["raw", "v1.2", "my.notes", "2025.03.14", "a b.com", "x@y.com", "co.uk", "..", ""]
)
def test_a_folder_with_another_name_gives_none(name: str) -> None:
    assert folder_host(name) == ""


@given(st.text() | st.from_regex(r"(https?://)?[a-zA-Z0-9ü。\-_.@:\[\]%]{0,40}[/?#]?.{0,5}"))
def test_a_domain_is_a_domain_of_itself(text: str) -> None:
    domain = registered_domain(text)
    assert domain == domain.lower()
    assert domain.isascii()
    host = site_host(text)
    if ":" not in domain:
        assert registered_domain(domain) == registered_domain(host) == domain
    assert host == domain or host.endswith(f".{domain}")
    assert registered_domain(folder_host(text)) in ("", domain)


@given(st.text() | st.integers() | st.floats() | st.datetimes().map(str))
def test_a_normalised_date_stays_as_it_is(value: object) -> None:
    assert iso_date(iso_date(value)) == iso_date(value)


@pytest.mark.parametrize(
    "text", ["a" * 10**6, " " * 10**6, "a." * 500_000, "[" * 10**6, "http://" + "ü" * 10**6]
)
def test_hostile_text_is_no_domain_and_costs_nothing(text: str) -> None:
    start = process_time()
    assert (registered_domain(text), folder_host(text), iso_date(text)) == ("", "", "")
    assert process_time() - start < 1
