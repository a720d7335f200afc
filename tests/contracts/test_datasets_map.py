"""Winnow's function runs in `map` of Hugging Face datasets, at once and streaming."""

from pathlib import Path

import pytest

pytest.importorskip("datasets", reason="datasets is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

import json  # after the skips

import datasets

from winnow.integrations.datasets import clean_batch

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."
PAGE = f"<html><body><nav><a href='/'>Home</a></nav><article><p>{STORY}</p><p>Advertisement</p></article></body></html>"
ROWS = {"html": [PAGE, "", None], "url": ["https://ledger.example/a", "", None]}
datasets.disable_progress_bars()


def test_rows_get_their_text_and_none_is_lost() -> None:
    cleaned = datasets.Dataset.from_dict(ROWS).map(clean_batch, batched=True)
    assert [(row["text"].strip(), row["reason"]) for row in cleaned] == [
        (STORY, ""),
        ("", "empty"),
        ("", "empty"),
    ]
    assert cleaned["url"][0] == ROWS["url"][0]


def test_rows_say_what_is_known_of_their_pages_and_keep_what_they_say_themselves() -> None:
    head = "<head><title>Basin to be dredged</title><meta name='author' content='Ada Byron'></head>"
    page = PAGE.replace("<html>", f"<html lang='en'>{head}")
    given = {**ROWS, "html": [page, "", None], "domain": ["", "", "given.example"]}
    first, _, last = datasets.Dataset.from_dict(given).map(clean_batch, batched=True)
    assert (first["title"], first["authors"]) == ("Basin to be dredged", "Ada Byron")
    assert (first["language"], first["domain"], last["domain"]) == ("en", "ledger.example", "given.example")
    assert [
        span["kind"] for span in json.loads(first["removed"]) if span["text"].strip() == "Advertisement"
    ]
    assert (last["authors"], last["removed"]) == ("", "[]")


def test_a_batch_in_which_nothing_is_known_does_not_settle_the_types_of_the_next() -> None:
    given = {"html": ["", PAGE], "url": ["", "https://ledger.example/a"]}
    cleaned = datasets.Dataset.from_dict(given).map(
        clean_batch, batched=True, batch_size=1, writer_batch_size=1
    )
    assert [row["reason"] for row in cleaned] == ["empty", ""]


def test_it_runs_while_streaming_over_columns_of_other_names() -> None:
    stream = datasets.Dataset.from_dict({"body": [f"{STORY}\n\nADVERTISEMENT\n", ""]}).to_iterable_dataset()
    cleaned = stream.map(clean_batch, batched=True, fn_kwargs={"text": "body"})
    assert [row["body"].strip() for row in cleaned.filter(lambda row: not row["reason"])] == [STORY]


def test_the_same_call_is_found_in_the_cache(tmp_path: Path) -> None:
    datasets.Dataset.from_dict(ROWS).to_parquet(tmp_path / "rows.parquet")
    rows = datasets.load_dataset(
        "parquet", data_files=str(tmp_path / "rows.parquet"), split="train", cache_dir=str(tmp_path)
    )
    first, second = (rows.map(clean_batch, batched=True) for _ in range(2))
    assert first._fingerprint == second._fingerprint
