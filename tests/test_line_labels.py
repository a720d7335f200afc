"""Labels of lines whose texts are not kept: they name real lines, and the texts are found again."""

import json
from collections import Counter
from pathlib import Path

import pytest

from winnow.corpus.taxonomy import KINDS
from winnow.training.lines.judged_texts import read_judged

LABELS = Path(__file__).parents[1] / "bench" / "labels" / "lines.jsonl"
UNSEEN = LABELS.with_name("unseen.jsonl")
DATA = Path(__file__).parents[1].parent / "shared" / "data"
RECORDS = [json.loads(line) for line in LABELS.read_text(encoding="utf8").splitlines()]
KEYS = {"id", "source", "row", "domain_hash", "language", "sha256", "noise"}


def test_a_record_holds_numbers_and_hashes_and_no_text() -> None:
    for record in RECORDS:
        assert set(record) == KEYS
        assert all(len(value) <= 64 for value in record.values() if isinstance(value, str))
        assert set(record["noise"]) <= {*KINDS, "boilerplate"}
        numbers = Counter(number for numbers in record["noise"].values() for number in numbers)
        assert all(number > 0 and times == 1 for number, times in numbers.items())


def test_no_site_of_the_test_set_is_trained_on() -> None:
    unseen = {json.loads(line)["domain_hash"] for line in UNSEEN.read_text(encoding="utf8").splitlines()}
    assert unseen.isdisjoint(record["domain_hash"] for record in RECORDS)


def test_the_texts_are_found_again_with_their_labels() -> None:
    articles = DATA / "reliability" / "articles.parquet"
    if not articles.exists():
        pytest.skip("the research collections are not beside the repository")
    found = {
        example.name: example for example in read_judged(LABELS, DATA / "wcxb" / "dev.parquet", articles)
    }
    of_articles = [record for record in RECORDS if record["source"] == "articles"]
    assert all(record["id"] in found for record in of_articles)
    for record in of_articles:
        noise = sum(map(len, record["noise"].values()))
        assert int(found[record["id"]].labels.sum()) == noise
