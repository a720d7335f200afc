"""Labels of lines whose texts are not kept: they name real lines, and the texts are found again."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.corpus.errors import UsageError
from winnow.corpus.taxonomy import KINDS
from winnow.training.lines.judged_texts import is_blind, read_judged
from winnow.training.lines.line_examples import Phrase, noise_phrases
from winnow.training.lines.train_lines import LineSources, main, read_training

LABELS = Path(__file__).parents[1] / "bench" / "labels" / "lines.jsonl"
UNSEEN, BLIND = LABELS.with_name("unseen.jsonl"), LABELS.with_name("blind.jsonl")
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


def test_half_of_the_blindly_labelled_sites_measure_and_are_not_trained_on() -> None:
    sites = {json.loads(line)["domain_hash"] for line in BLIND.read_text(encoding="utf8").splitlines()}
    measuring = set(filter(is_blind, sites))
    assert 0.4 < len(measuring) / len(sites) < 0.6
    assert measuring.isdisjoint(record["domain_hash"] for record in RECORDS)


def test_the_texts_are_found_again_with_their_labels() -> None:
    articles = DATA / "reliability" / "articles.parquet"
    if not articles.exists():
        pytest.skip("the research collections are not beside the repository")
    texts = {
        example.name: example for example in read_judged(LABELS, DATA / "wcxb" / "dev.parquet", articles)
    }
    of_articles = [record for record in RECORDS if record["source"] == "articles"]
    assert all(record["id"] in texts for record in of_articles)
    for record in of_articles:
        noise = sum(map(len, record["noise"].values()))
        assert int(texts[record["id"]].labels.sum()) == noise


def test_training_stops_where_a_labelled_text_cannot_be_remade(tmp_path: Path) -> None:
    labels, articles = tmp_path / "lines.jsonl", tmp_path / "articles.parquet"
    labels.write_text(json.dumps(next(r for r in RECORDS if r["source"] == "articles")) + "\n")
    pq.write_table(pa.table({"doc_id": ["another"], "text": ["Rain fell."]}), articles)
    sources = LineSources(
        tmp_path, tmp_path / "pages.parquet", articles, labels, tmp_path / "natural.npz", labels, labels
    )
    with pytest.raises(UsageError, match=r"lines.jsonl: 0 of 1 texts found in .*articles.parquet"):
        read_training(sources)


def test_the_trainer_names_the_files_that_it_needs() -> None:
    with pytest.raises(SystemExit, match="give DOCUMENTS PAGES ARTICLES LABELS NATURAL ARTIFACT"):
        main(["documents", "pages.parquet"])


def test_the_phrases_of_the_rules_are_lines_of_noise() -> None:
    phrases = list(noise_phrases())
    assert Phrase("advertisement", "ad_marker", "whole") in phrases
    assert {phrase.part for phrase in phrases} == {"whole", "opens", "mentions"}
    assert {phrase.kind for phrase in phrases} <= set(KINDS)
    assert not any(
        sign in phrase.text for phrase in phrases for sign in "#*"
    )  # those of the rules' language
