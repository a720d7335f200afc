"""Runs over the first documents, or over a sample of them by their hashes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.runs import STORY, distinct, rows, run
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings

RECORDS: Final = "".join(json.dumps({"text": distinct(STORY, n)}) + "\n" for n in range(6))
FILES: Final = {"a.txt": distinct(STORY, 100), "b.jsonl": RECORDS, "c.txt": distinct(STORY, 101)}
NAMES: Final = ["raw/a.txt", *(f"raw/b.jsonl#{n}" for n in range(1, 7)), "raw/c.txt"]


def cleaned(folder: Path, files: Mapping[str, str] = FILES, **settings: Any) -> list[str]:
    """The documents of a run, by path."""
    run(folder, files, **settings)
    return sorted(row["metadata"]["raw_path"] for row in rows(folder, "documents"))


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 9])
def test_a_limit_takes_the_first_documents_of_files_and_archives(tmp_path: Path, limit: int) -> None:
    assert cleaned(tmp_path, limit=limit) == NAMES[:limit]


def test_a_larger_sample_holds_a_smaller_one_and_other_inputs_change_neither(tmp_path: Path) -> None:
    small, large = (set(cleaned(tmp_path, sample=number)) for number in (2, 5))
    assert small < large < set(NAMES)
    assert (len(small), len(large)) == (2, 5)
    assert set(cleaned(tmp_path, sample=2)) == small  # whatever was kept of other runs
    more = cleaned(tmp_path, {**FILES, "d.txt": distinct(STORY, 102)}, sample=5)
    assert set(more) - {"raw/d.txt"} <= large


def test_a_run_over_all_takes_up_where_a_part_was_cleaned(tmp_path: Path) -> None:
    assert cleaned(tmp_path, limit=4) == NAMES[:4]
    assert cleaned(tmp_path) == NAMES


def test_what_cannot_be_read_counts_as_a_document(tmp_path: Path) -> None:
    result = run(tmp_path, {"a.jsonl": '{"text": \n' + RECORDS}, limit=3)
    assert (result.documents, result.quarantined) == (2, 1)


@pytest.mark.parametrize("numbers", [{"limit": 1, "sample": 1}, {"limit": -1}, {"sample": -1}])
def test_a_limit_and_a_sample_are_one_number(numbers: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="give one of them"):
        Settings(**numbers)  # type: ignore[arg-type]  # numbers alone
