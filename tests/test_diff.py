"""Differences between two runs: real runs over inputs that were added, deleted and changed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.runs import OTHER, STORY, run
from winnow.cli.diff import diff
from winnow.corpus.errors import UsageError

FILES: dict[str, str | bytes] = {
    "site.example/same.txt": f"{STORY}\n",
    "site.example/gone.txt": f"{OTHER}\n",
    "site.example/edited.txt": f"{STORY} Part 2.\n\nADVERTISEMENT\n",
    "site.example/broken.txt": f"{OTHER} Part 3.\n",
    "records.jsonl": "\n".join(
        json.dumps({"text": f"{STORY} No {n}.", "url": f"https://b.example/{n}"}) for n in range(3)
    ),
}


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Two runs; between them files were deleted, added, edited and emptied, and records changed places."""
    run(tmp_path, FILES)
    shutil.copytree(tmp_path / "clean", tmp_path / "before")
    shutil.rmtree(tmp_path / "raw")
    lines = str(FILES["records.jsonl"]).split("\n")
    lines[0] = lines[0].replace("No 0", "Number 0")
    run(
        tmp_path,
        {
            "site.example/same.txt": FILES["site.example/same.txt"],
            "site.example/edited.txt": f"{STORY} Part 2, edited.\n\nShare this article\n",
            "site.example/broken.txt": "",
            "site.example/new.txt": f"{OTHER} New.\n",
            "records.jsonl": "\n".join(reversed(lines)),
        },
    )
    return tmp_path / "before", tmp_path / "clean"


def told(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str], *, as_json: bool = True) -> list[str]:
    diff(*runs, as_json=as_json, everything=False)
    return capsys.readouterr().out.splitlines()


def by_path(lines: list[str]) -> dict[str, Any]:
    records = [json.loads(line) for line in lines]
    documents = [each["document"] for each in records if "document" in each]
    return {
        d["path"]: d for d in documents if d["change"] != "changed" or {*d["aspects"]} - {"score", "label"}
    }


def test_each_document_that_differs_is_told_with_what_differs(
    runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(runs, capsys)
    records = by_path(lines)
    assert {path: each["change"] for path, each in records.items()} == {
        "raw/site.example/new.txt": "new",
        "raw/site.example/gone.txt": "gone",
        "raw/site.example/edited.txt": "changed",
        "raw/site.example/broken.txt": "changed",
        "raw/records.jsonl#3": "changed",
    }
    edited = records["raw/site.example/edited.txt"]
    assert {"text", "removals", "tags"} <= set(edited["aspects"]) and edited["content_changed"]
    assert edited["removals"]["ad_marker ad_label"] == {"came": 0, "went": 1}
    assert sum(count["came"] for count in edited["removals"].values()) == 1
    assert records["raw/site.example/broken.txt"]["now"]["reason"] == "empty"
    summary = json.loads(lines[0])["summary"]
    changed = summary["documents"].pop("changed") - summary["source_only"]
    assert (summary["documents"], changed) == ({"new": 1, "gone": 1}, 3)


def test_a_record_that_changed_is_found_by_its_address_wherever_it_stands(
    runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    changed = by_path(told(runs, capsys))["raw/records.jsonl#3"]
    assert changed["url"] == "https://b.example/0"
    assert changed["before"]["id"] != changed["now"]["id"]


def test_the_summary_for_people_says_the_same(
    runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(told(runs, capsys, as_json=False))
    assert "documents: 1 new, 1 gone, " in text
    assert "status kept → quarantined empty" in text
    assert "ad_marker ad_label -1" in text
    assert "sources: 0 new, 0 gone, 0 moved" in text


def test_a_run_differs_in_nothing_from_itself(
    runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    [summary] = told((runs[1], runs[1]), capsys)
    assert json.loads(summary)["summary"]["documents"] == {"new": 0, "gone": 0, "changed": 0}


def test_a_setting_that_changed_is_named_and_scores_alone_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, FILES)
    shutil.copytree(tmp_path / "clean", tmp_path / "before")
    run(tmp_path, FILES, actions={"ad_marker": "keep"})
    text = "\n".join(told((tmp_path / "before", tmp_path / "clean"), capsys, as_json=False))
    assert "settings that differ: actions" in text
    assert "documents: 0 new, 0 gone, " in text and "\nchanged raw/site.example/edited.txt: text" in text
    assert text.endswith("changed in nothing but what is said of their source")


@pytest.mark.parametrize("damage", ["empty", "report.json", "documents", "sources"])
def test_a_folder_that_holds_no_run_is_named(runs: tuple[Path, Path], damage: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(runs[1], other)
    if damage == "empty":
        shutil.rmtree(other)
    elif damage == "report.json":
        (other / damage).write_text("[]")
    elif damage == "documents":
        for file in (other / damage).glob("*.parquet"):
            file.write_bytes(b"no table")
    else:
        for file in (other / "documents").glob("*.parquet"):
            shutil.copy(other / "sources.parquet", file)
    with pytest.raises(UsageError, match="other"):
        diff(runs[0], other, as_json=False, everything=False)
