"""Content that is only in a page's scripts."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.corpus.layout.html import parse_page
from winnow.corpus.layout.scripts import ScriptContent, script_content

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "scripts.jsonl").read_text(encoding="utf8").splitlines()
]
NEGATIVE_SHARE = 0.33
SECONDS = 5.0  # for a page of some megabytes
WRAPPINGS = {
    "JSON-LD": '<script type="application/ld+json">{}</script>',
    "JSON": '<script type="application/json">{}</script>',
    "state": "<script>window.__INITIAL_STATE__ = {}</script>",
    "pushed": "<script>self.__next_f.push({})</script>",
    "rows": '<script>self.__next_f.push([1,"{}"])</script>',
    "attribute": "<div data-page='{}'></div>",
    "noscript": "<noscript>{}</noscript>",
    "description": "<meta name='description' content='{}'>",
}
HOSTILE = {
    "one word": '"' + "a" * 10**6 + '"',
    "spaces": '"' + " " * 10**6 + '"',
    "words": '"' + "a " * 500_000 + '"',
    "open brackets": "[" * 100_000,
    "open objects": '{"a":' * 100_000,
    "nested lists": "[" * 100_000 + "]" * 100_000,
    "open quotes": '"' * 10**6,
    "escaped quotes": '"' + '\\"' * 500_000,
    "invalid escapes": '["' + "\\x \\u12 \\ud800 " * 60_000 + '"]',
    "many values": "[" + "1," * 500_000 + "1]",
    "many lists": "[" + "[]," * 300_000 + "[]]",
    "many states": "__A__ = [" * 100_000,
    "many states in strings": '["__A__=[1,",' * 80_000,
    "open tags": '"' + "<p " * 300_000 + '"',
    "paragraphs": '"' + "<p>Rain fell on the hills." * 40_000 + '"',
    "braces": '"' + "{;" * 500_000 + '"',
    "rows of a length": "1:Tffffffff,a" * 80_000,
    "functions": '"' + "function " * 120_000 + '"',
}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
TOKENS = [
    '"articleBody"', '"cooked"', ":", "{", "}", "[", "]", ",", '"', "\\", "\\u00", "undefined", "1:T5,", "\n",
    '"@type":"Article"', "self.__next_f.push([1,", ")", "__NUXT__=", "<p>", "</p>", "Rain fell. ", "字", "\ud800", "\0",
]  # fmt: skip


def content_of(html: str) -> ScriptContent:
    return script_content(parse_page(html))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_content_is_found_where_scripts_would_take_it_from(case: dict[str, Any]) -> None:
    assert content_of(case["html"]) == ScriptContent(tuple(case["expected"]), case["origin"])


def test_a_third_of_the_cases_have_no_content() -> None:
    assert sum(not case["origin"] for case in CASES) >= NEGATIVE_SHARE * len(CASES)


@pytest.mark.parametrize("wrapping", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_script_takes_seconds_at_most(wrapping: str, payload: str) -> None:
    tree = parse_page("<html><body>" + wrapping.replace("{}", payload) + "</body></html>")
    began = time.process_time()
    content = script_content(tree)
    assert time.process_time() - began < SECONDS
    assert sum(map(len, content.paragraphs)) <= 2_000_000


def test_a_script_beyond_the_limit_is_left_alone() -> None:
    text = "Rain fell on the hills. " * 300_000
    assert content_of(WRAPPINGS["JSON"].replace("{}", json.dumps([text]))) == ScriptContent()


@given(JSON_VALUES, st.sampled_from(sorted(WRAPPINGS)))
def test_any_json_is_read_without_an_error(value: object, wrapping: str) -> None:
    content = content_of("<p>x</p>" + WRAPPINGS[wrapping].replace("{}", json.dumps(value)))
    assert bool(content.paragraphs) == bool(content.origin)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join), st.sampled_from(sorted(WRAPPINGS)))
def test_paragraphs_are_distinct_lines_of_plain_text(payload: str, wrapping: str) -> None:
    paragraphs = content_of("<p>x</p>" + WRAPPINGS[wrapping].replace("{}", payload)).paragraphs
    assert len(set(paragraphs)) == len(paragraphs)
    for paragraph in paragraphs:
        assert paragraph == " ".join(paragraph.split())
        assert not any("\ud800" <= char <= "\udfff" or char == "\0" for char in paragraph)
