"""Hugging Face datasets loads a corpus by its card: all splits, all columns, streamed or not."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("datasets", reason="datasets is not installed here: run `make contracts`")

import datasets  # after the skip

datasets.logging.enable_propagation()
datasets.disable_progress_bars()
ROWS = 100_000
LOADED = ["parquet", "jsonl.gz", "jsonl.zst", "dolma"]


@pytest.fixture(autouse=True)
def no_word_of_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [r.message for r in caplog.get_records("call") if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("form", LOADED)
def test_a_corpus_loads_with_its_splits(corpora: Path, tmp_path: Path, form: str) -> None:
    corpus = datasets.load_dataset(str(corpora / form), cache_dir=str(tmp_path))
    assert set(corpus) == {"train", "validation", "test"}
    assert sum(map(len, corpus.values())) == ROWS
    for split in corpus.values():
        assert split.features == corpus["train"].features
        assert "in two lines" in split[0]["text"]
    sources = [{row["domain"] for row in _with_domain(split)} for split in corpus.values()]
    assert sum(map(len, sources)) == len(set.union(*sources))


@pytest.mark.parametrize("form", LOADED)
def test_a_corpus_streams_from_the_bare_rows_into_the_full_ones(corpora: Path, form: str) -> None:
    train = datasets.load_dataset(str(corpora / form), split="train", streaming=True)
    rows = list(train)
    first, last = rows[0], rows[-1]
    assert first["metadata"]["authors"] == [] and last["metadata"]["authors"] == ["Ada Byron"]
    fields = last["metadata"] if form == "dolma" else last
    bare = first["metadata"] if form == "dolma" else first
    assert bare["reliability_score"] is None and fields["reliability_score"] == 0.75
    assert last["metadata"]["signals"][0]["name"] == "dateline"


@pytest.mark.parametrize("streaming", [False, True])
def test_a_corpus_of_one_source_loads_as_the_split_that_it_fell_into(
    corpora: Path, tmp_path: Path, streaming: bool
) -> None:
    corpus = datasets.load_dataset(
        str(corpora / "one-source"), streaming=streaming, cache_dir=str(tmp_path)
    )
    assert [len(list(split)) for split in corpus.values()] == [ROWS // 200]


@pytest.mark.parametrize("table", ["default", "rejected", "quarantine", "sources"])
@pytest.mark.parametrize("streaming", [False, True])
def test_what_a_run_writes_loads_by_its_card(
    corpora: Path, tmp_path: Path, table: str, streaming: bool
) -> None:
    loaded = datasets.load_dataset(
        str(corpora / "clean"), table, split="train", streaming=streaming, cache_dir=str(tmp_path)
    )
    assert len(list(loaded)) > 0


def _with_domain(split: datasets.Dataset) -> datasets.Dataset:
    if "domain" not in split.features:
        split = split.select_columns(["metadata"]).flatten().rename_column("metadata.domain", "domain")
    return split.select_columns(["domain"])
