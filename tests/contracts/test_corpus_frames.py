"""A corpus that a run wrote, as frames of polars and pandas."""

from pathlib import Path

import pytest

pytest.importorskip("polars", reason="polars is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

import winnow  # after the skips

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."


def test_both_frames_hold_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{STORY}\n\nADVERTISEMENT\n", encoding="utf8")
    corpus = winnow.read(winnow.run(tmp_path / "a.txt", tmp_path / "clean").folder)
    polars, pandas = corpus.to_polars(), corpus.to_pandas()
    assert polars["text"].to_list() == pandas["text"].tolist() == [f"{STORY}\n"]
    assert polars.columns == [*pandas.columns]
    removed = polars["metadata"].struct.field("removed").explode().struct.field("kind").to_list()
    assert "ad_marker" in removed
