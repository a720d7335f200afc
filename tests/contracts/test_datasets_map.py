"""Winnow's function runs in `map` of Hugging Face datasets, at once and streaming."""

from pathlib import Path

import pytest

pytest.importorskip("datasets", reason="datasets is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

import datasets  # after the skips

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
