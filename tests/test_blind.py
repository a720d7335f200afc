"""The texts labelled blind: the labels name real lines and hold no text, and the texts are found again."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bench.blind import body_text, gold, half, labels
from bench.blind_texts import DATA, EXTRACTORS, SOURCES, UNCHANGED, rebuilt, text_of
from bench.results import ROOT
from bench.unseen import sha256
from winnow.corpus.taxonomy import KINDS

RECORD = {
    "id",
    "source",
    "row",
    "extractor",
    "max_lines",
    "domain_hash",
    "language",
    "site_kind",
    "sha256",
    "noise",
    "spans",
}
LONGEST_STRING = 64  # a SHA-256 in hex digits; rows that are names of files may be longer
PAGE = b"<html><body><nav>Home</nav><p>Rain <b>fell</b>.</p><script>x = 1</script></body></html>"
TEXT = "Home\n\nRain fell. Photo: A. Moss\nShare"
LABELS = {"noise": {"navigation": [1], "share_bar": [4]}, "spans": [[3, 11, 25, "image_caption"]]}


def strings(value: Any) -> Iterator[str]:
    """Every string inside a value read from JSON, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from (key, *strings(inside))
    elif isinstance(value, list):
        for inside in value:
            yield from strings(inside)


def test_a_record_holds_numbers_and_hashes_and_no_text() -> None:
    for record in labels():
        assert record.keys() == RECORD
        assert all(len(text) <= LONGEST_STRING for text in strings({**record, "row": ""}))


def test_each_text_has_a_site_of_its_own() -> None:
    sites = {record["domain_hash"] for record in labels()}
    assert len(sites) == len({record["id"] for record in labels()}) == len(labels()) == 151


@pytest.mark.parametrize("other", ["lines", "unseen"])
def test_no_other_set_of_labels_has_one_of_the_sites(other: str) -> None:
    others = (ROOT / "bench" / "labels" / f"{other}.jsonl").read_text(encoding="utf8").splitlines()
    sites = {json.loads(line)["domain_hash"] for line in others}
    assert sites.isdisjoint(record["domain_hash"] for record in labels())


def test_many_languages_and_kinds_of_site_are_there_in_both_halves() -> None:
    for name in ("open", "blind"):
        records = [record for record in labels() if half(record) == name]
        assert len(records) >= 60
        assert len({record["language"] for record in records}) >= 8
        assert len({record["site_kind"] for record in records}) >= 10


def test_every_line_has_one_known_kind() -> None:
    for record in labels():
        lines = Counter(number for numbers in record["noise"].values() for number in numbers)
        assert set(record["noise"]) | {kind for *_, kind in record["spans"]} <= set(KINDS)
        assert all(number > 0 and times == 1 for number, times in lines.items())
        assert lines.keys().isdisjoint(line for line, *_ in record["spans"])


def test_the_scorer_gets_every_line_that_is_not_blank() -> None:
    lines = gold(LABELS, TEXT)["lines"]
    assert [(line["line"], line["category"], line["action"]) for line in lines] == [
        (1, "navigation", "drop"),
        (3, "body", "keep"),
        (4, "share_bar", "drop"),
    ]
    assert gold(LABELS, TEXT)["spans"][0]["action"] == KINDS["image_caption"][0]


def test_what_should_be_left_has_neither_lines_nor_pieces_of_noise() -> None:
    assert body_text(gold(LABELS, TEXT), TEXT).split() == ["Rain", "fell."]


def test_an_article_is_taken_as_it_is_and_a_page_piece_by_piece() -> None:
    assert text_of("one\ntwo\nthree", UNCHANGED, 2) == "one\ntwo"
    assert text_of(PAGE, "get_text", None) == "Home\nRain\nfell\n."


@pytest.mark.skipif(not DATA.exists(), reason="needs the research collections in ../shared/data")
def test_the_articles_are_rebuilt_as_they_were_labelled() -> None:
    articles = [record for record in labels() if record["extractor"] == UNCHANGED]
    texts = rebuilt(articles)
    assert texts.keys() == {record["id"] for record in articles}
    for record in articles:
        lines = texts[record["id"]].split("\n")
        assert sha256(texts[record["id"]]) == record["sha256"]
        assert all(lines[number - 1].strip() for numbers in record["noise"].values() for number in numbers)
        assert all(lines[line - 1][start:end].strip() for line, start, end, _ in record["spans"])


def test_each_text_names_a_source_and_an_extractor_that_is_known() -> None:
    for record in labels():
        assert record["source"] in SOURCES
        assert record["extractor"] in {UNCHANGED, *EXTRACTORS}
