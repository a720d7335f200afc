"""People's decisions in a run: they win, they change the run's identity, and those without a place are listed."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.deciding import NOON, at, span, write_log
from tests.runs import OTHER, STORY, output_bytes, rows, run
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.snapshot import take_snapshot
from winnow.pipeline.ending import RunResult
from winnow.pipeline.workers.isolation import clean_in_child

ROOT = Path(__file__).parents[1]
MUG = "Bring your own mug to the quay."
TEXT = f"{STORY}\n\nADVERTISEMENT\n\n{MUG}\n\n{OTHER}\n"
FILES: dict[str, str | bytes] = {
    "ledger.example/1.txt": TEXT,
    "ledger.example/2.txt": TEXT.replace("Tuesday", "Friday"),
}
ONE = "raw/ledger.example/1.txt"


def decided_run(folder: Path, *events: Event, **settings: Any) -> RunResult:
    write_log(folder, *events)
    return run(folder, FILES, decisions=take_snapshot(folder / "decisions.db", NOON), **settings)


def document(folder: Path, path: str = ONE) -> dict[str, Any]:
    return next(row for row in rows(folder, "documents") if row["metadata"]["raw_path"] == path)


def restored(minutes: float = 0, **more: Any) -> Event:
    return span(
        "restore_span",
        TEXT,
        "ADVERTISEMENT",
        minutes,
        place=ONE,
        why="the story is about this sign",
        **more,
    )


def test_a_restored_span_stays_in_the_next_run(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    assert "ADVERTISEMENT" not in document(tmp_path)["text"]
    decided_run(tmp_path, restored())
    row = document(tmp_path)
    assert row["text"] == TEXT
    meta = row["metadata"]
    assert (meta["review_by"], meta["review_at"], meta["review_note"]) == (
        "ada",
        at(0),
        "the story is about this sign",
    )
    assert "ADVERTISEMENT" not in document(tmp_path, "raw/ledger.example/2.txt")["text"]


def test_a_line_rule_reaches_all_documents_of_the_site(tmp_path: Path) -> None:
    rule = Event(
        "remove_line",
        "ada",
        at(0),
        source="ledger.example",
        text="bring your own MUG to the quay.",
        kind="promo",
    )
    decided_run(tmp_path, rule)
    for row in rows(tmp_path, "documents"):
        assert "mug" not in row["text"]
        [removed] = [r for r in row["metadata"]["removed"] if r["rule"] == "person"]
        assert (removed["kind"], removed["cleaner"]) == ("promo", "decisions")


def test_a_line_rule_for_a_host_reaches_its_documents(tmp_path: Path) -> None:
    pages = {f"{name}.ledger.example/1.txt": TEXT for name in ("sport", "news")}
    rule = Event("remove_line", "ada", at(0), source="sport.ledger.example", text=MUG, kind="promo")
    write_log(tmp_path, rule)
    run(tmp_path, pages, decisions=take_snapshot(tmp_path / "decisions.db", NOON))
    texts = {row["metadata"]["raw_path"]: row["text"] for row in rows(tmp_path, "documents")}
    texts |= {row["metadata"]["raw_path"]: row["text"] for row in rows(tmp_path, "rejected")}
    assert {path: MUG in text for path, text in texts.items()} == {
        "raw/sport.ledger.example/1.txt": False,
        "raw/news.ledger.example/1.txt": True,
    }


def test_what_the_log_says_of_a_source_is_the_basis_of_its_score(tmp_path: Path) -> None:
    decided_run(tmp_path, Event("rate_source", "ada", at(0), source="ledger.example", label="unreliable"))
    [row] = [row for row in rows(tmp_path, "sources") if row["domain"] == "ledger.example"]
    assert (row["reliability_label"], row["reliability_basis"], row["reviewed_by"]) == (
        "unreliable",
        "human",
        "ada",
    )


def test_a_decision_changes_the_identity_of_the_run_and_its_undo_changes_it_back(tmp_path: Path) -> None:
    before = decided_run(tmp_path)
    output = output_bytes(tmp_path / "clean")
    decided = decided_run(tmp_path, restored())
    undone = decided_run(tmp_path, Event("undo", "ada", at(1), undoes="0"))
    assert before.run_id == undone.run_id != decided.run_id
    assert output_bytes(tmp_path / "clean") == output


def test_children_apply_the_same_decisions(tmp_path: Path) -> None:
    decided_run(tmp_path, restored())
    here = output_bytes(tmp_path / "clean")
    decided_run(tmp_path, clean=clean_in_child, workers=2)
    assert output_bytes(tmp_path / "clean") == here


def test_what_finds_no_place_is_counted_and_listed(tmp_path: Path) -> None:
    orphan = span(
        "remove_span", "A sentence that was there once, long ago.", "that was there once", 1, place=ONE
    )
    result = decided_run(tmp_path, restored(), orphan)
    report = json.loads((tmp_path / "clean" / "report.json").read_text(encoding="utf8"))
    assert result.orphaned == 1
    assert (report["text_decisions"]["placed"], report["text_decisions"]["orphans"]) == (1, 1)
    assert [o["text"] for o in report["text_decisions"]["orphaned"]] == ["that was there once"]
    assert "that was there once" in (tmp_path / "clean" / "report.html").read_text(encoding="utf8")


def test_a_decision_finds_a_file_that_moved_by_its_content(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    content = document(tmp_path)["metadata"]["raw_sha256"]
    decided_run(tmp_path, replace(restored(), place="raw/elsewhere.txt", content=content))
    assert "ADVERTISEMENT" in document(tmp_path)["text"]


def winnow(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "winnow", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, timeout=300, check=True
    )


def test_the_commands_read_the_log_beside_the_output(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    content = document(tmp_path)["metadata"]["raw_sha256"]
    orphan = span("remove_span", "A lost line of text.", "lost line", 1, place="raw/none.txt")
    write_log(tmp_path, restored(content=content), orphan)
    done = winnow(tmp_path, "clean", "raw", "-o", "clean")
    assert "1 decisions of people found no place" in done.stderr
    [file] = (tmp_path / "clean" / "documents").glob("*.parquet")
    assert any("ADVERTISEMENT" in text for text in pq.read_table(file)["text"].to_pylist())
    explanation = winnow(tmp_path, "explain", ONE)
    assert (
        "ada, 2026-01-31, restore this span: “ADVERTISEMENT”: the story is about this sign"
        in explanation.stdout
    )
    assert "[-ADVERTISEMENT-]" not in explanation.stdout
    record = json.loads(winnow(tmp_path, "explain", "--json", ONE).stdout)
    assert [d["who"] for d in record["decisions"]] == ["ada"]


def test_a_log_that_was_named_and_is_none_is_a_mistake(tmp_path: Path) -> None:
    run(tmp_path, FILES)
    command = [
        sys.executable,
        "-m",
        "winnow",
        "explain",
        str(tmp_path / ONE),
        "--decisions",
        str(tmp_path / "no.db"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert done.returncode == 2 and "no.db" in done.stderr and "Traceback" not in done.stderr
