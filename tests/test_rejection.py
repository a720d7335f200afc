"""Texts for machines and pages that are only a message are rejected with their reason; what looks like them stays."""

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from typer.testing import CliRunner

import winnow
from tests.runs import STORY, rows, run
from winnow.cli.commands import app
from winnow.corpus.error_pages import MAX_MESSAGE_CHARS, MAX_TITLED_CHARS, is_error_page
from winnow.corpus.machine_text import HEAD_BYTES, machine_format
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import decide_raw

CASES = Path(__file__).parent / "cases"
MACHINE_TEXTS, ERROR_PAGES = (
    [json.loads(line) for line in (CASES / name).read_text(encoding="utf8").splitlines()]
    for name in ("machine_texts.jsonl", "error_pages.jsonl")
)
SENTENCE = "The harbour board agreed on Tuesday to dredge the inner basin. "


@pytest.mark.parametrize("case", MACHINE_TEXTS, ids=lambda case: case["label"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_format_of_a_text_for_machines_is_told_by_its_content(
    case: dict[str, str], encoding: str
) -> None:
    assert machine_format(case["text"].encode(encoding)) == case["format"]


@pytest.mark.parametrize("cases", [MACHINE_TEXTS, ERROR_PAGES])
def test_a_third_of_the_cases_are_for_people(cases: list[dict[str, Any]]) -> None:
    people = sum(not case.get("format", case.get("is_error")) for case in cases)
    assert people >= len(cases) * 0.3


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", b"\0", b"\xff\xfe", b"<", b"<>", b"<!--", b"<?xml", b"{", b"[", b"(", b"}" * 99],
)
def test_fragments_are_no_texts_for_machines(content: bytes) -> None:
    assert machine_format(content) == ""


def test_a_style_sheet_that_is_longer_than_what_is_looked_at_is_one() -> None:
    assert machine_format(b"a { color: red; }\n" * HEAD_BYTES) == "style sheet"


def is_error(content: str, kind: str = HTML) -> bool:
    raw = RawDocument("", content.encode(), kind, "", "")
    return is_error_page(decide_raw(raw, Settings()).cleaned, raw.content)


@pytest.mark.parametrize("case", ERROR_PAGES, ids=lambda case: case["label"])
def test_a_page_that_is_only_a_message_is_told_from_one_that_says_something(case: dict[str, Any]) -> None:
    assert is_error(case["content"], HTML if case["kind"] == "html" else TEXT) is case["is_error"]


@pytest.mark.parametrize(
    ("title", "limit"), [("Page not found", MAX_TITLED_CHARS), ("Harbour news", MAX_MESSAGE_CHARS)]
)
def test_a_long_text_is_no_message(title: str, limit: int) -> None:
    message = "The page you are looking for is gone. " * 5
    for text, expected in ((message, True), (message + SENTENCE * (limit // len(SENTENCE) + 1), False)):
        assert (
            is_error(
                f"<html><head><title>{title}</title></head><body><article><p>{text}</p></article></body></html>"
            )
            is expected
        )


def test_rejected_documents_have_their_reason_and_say_nothing_about_their_source(tmp_path: Path) -> None:
    pages = {case["label"]: case["content"] for case in ERROR_PAGES}
    files = {
        "a.example/1.html": f"<html><body><article><p>{STORY}</p></article></body></html>",
        "a.example/2.html": pages["not found, en"],
        "a.example/3.html": pages["not found, en"],
        "a.example/4.html": "User-agent: *\nDisallow: /\n",
        "a.example/5.txt": '{"tides": []}',
    }
    result = run(tmp_path, files)
    assert (result.documents, result.rejected, result.quarantined) == (1, 4, 0)
    reasons = {row["metadata"]["raw_path"][-6:]: row["reason"] for row in rows(tmp_path, "rejected")}
    assert reasons == {
        "2.html": "error_page",
        "3.html": "error_page",
        "4.html": "machine_text",
        "/5.txt": "machine_text",
    }
    assert all(
        row["metadata"]["dup_of"] == "" and row["status"] == "dropped" for row in rows(tmp_path, "rejected")
    )
    report = json.loads((tmp_path / "clean" / "report.json").read_text(encoding="utf8"))
    assert report["rejected"] == {"error_page": 2, "machine_text": 2}
    [source] = rows(tmp_path, "sources")
    assert source["signals"] == []


@pytest.mark.parametrize(("min_chars", "kept"), [(len(STORY), 1), (len(STORY) + 1, 0)])
def test_a_document_with_less_left_than_is_asked_for_is_rejected_as_empty(
    tmp_path: Path, min_chars: int, kept: int
) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf8")
    command = [
        "clean",
        str(tmp_path / "a.txt"),
        "-o",
        str(tmp_path / "clean"),
        "--min-chars",
        str(min_chars),
    ]
    result = CliRunner().invoke(app, command)
    assert f"{kept} documents, {1 - kept} rejected" in result.output


@pytest.mark.parametrize("min_chars", [0, 1, len(STORY)])
def test_clean_gives_a_text_that_is_long_enough(min_chars: int) -> None:
    assert winnow.clean(STORY, settings=winnow.Settings(min_chars=min_chars)).text.strip() == STORY


def test_clean_raises_where_less_is_left_than_is_asked_for() -> None:
    with pytest.raises(
        winnow.UnreadableError, match=f"{len(STORY)} characters left, fewer than min_chars=9999"
    ):
        winnow.clean(STORY, settings=winnow.Settings(min_chars=9999))


def test_by_default_a_text_of_which_nothing_is_left_is_no_error() -> None:
    noise = f"{STORY}\n\nADVERTISEMENT\n"
    everything = winnow.clean(noise, cleaners=[all_of_it])
    assert everything.text.strip() == ""


def all_of_it(document: winnow.Document) -> list[winnow.Removal]:
    return [winnow.Removal(0, len(document.text), "promo", "all")]


# Texts that a pattern could go through again from each of their places
COSTLY = [
    "/* ",
    "function ",
    "@import ",
    "<!-- ",
    "import a from ",
    '"',
    "a.b",
    "{",
    "}",
    "a{b:",
    "return ",
    "=",
    "User-agent: a\n",
]


@pytest.mark.parametrize(
    "piece", [*COSTLY, *(first + " " * 30_000 for first in ("function", "}", "import", "<!doctype", "a,"))]
)
def test_a_hostile_text_costs_no_more_than_another(piece: str) -> None:
    content = (piece * (HEAD_BYTES // len(piece) + 1)).encode()
    start = process_time()
    machine_format(content)
    machine_format(b"x " + content)
    assert process_time() - start < 1


def test_a_long_page_of_which_nothing_is_left_costs_little() -> None:
    text = "Rain fell.\n" * 200_000
    document = winnow.Document(text)
    start = process_time()
    assert not is_error_page(winnow.Cleaned(document, (winnow.Removal(0, len(text), "promo", "all"),)), b"")
    assert process_time() - start < 1
