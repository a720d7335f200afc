"""What commands print for other programs: lines with tabs, JSON, and orders of sources."""

import io
import json
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console
from rich.table import Table

from tests.runs import STORY, distinct, run
from tests.test_printing import printed
from winnow.cli.score import sorted_sources
from winnow.cli.terminal import print_table

LONG: Final = f"{'long-' * 11}name.example"
COLUMNS: Final = ("reliability_score", "reliability_low", "reliability_high")
SOURCES: Final = [
    {"domain": domain, "documents": documents, "reliability_score": score, "reliability_label": label}
    for domain, documents, score, label in (
        ("c.example", 2, None, "unknown"), ("b.example", 9, 0.2, "unreliable"), ("a.example", 2, 0.9, "reliable"),
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a source whose name is longer than a terminal is wide, and one with a tab in its path."""
    folder = tmp_path_factory.mktemp("pipes")
    run(folder, {**{f"{LONG}/{n}.txt": distinct(STORY, n) for n in range(2)}, "b.example/a\tb.txt": STORY})
    return folder / "clean"


def test_a_source_is_a_line_with_tabs_and_all_of_its_name(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, output, _ = printed(["score", str(clean)], capsys)
    lines = [line.split("\t") for line in output.splitlines()]
    assert [(line[0], line[1], len(line), line[-1]) for line in lines] == [
        ("b.example", "1", 7, "model"),
        (LONG, "2", 7, "model"),
    ]


def test_reasons_are_not_broken_into_lines_of_a_terminal(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, output, _ = printed(["score", str(clean), "--why", LONG], capsys)
    first = output.splitlines()[0]
    assert first.startswith(f"{LONG}: ") and "80 % interval" in first


def test_a_cell_is_one_field_whatever_stands_in_it() -> None:
    table = Table("name", "label")
    table.add_row("a\tb\nc", "x\x1b[2J")
    console = Console(file=io.StringIO())
    print_table(table, console)
    assert console.file.getvalue() == "a\\tb\\nc\tx\\x1b[2J\n"  # type: ignore[attr-defined]  # a StringIO


@pytest.mark.parametrize(
    ("order", "domains"),
    [
        ("source", "abc"),
        ("-source", "cba"),
        ("score", "bac"),
        ("-score", "abc"),
        ("documents", "acb"),
        ("-documents", "bac"),
        ("label", "acb"),
    ],
)
def test_sources_are_ordered_and_those_without_a_score_come_last(order: str, domains: str) -> None:
    assert "".join(str(row["domain"])[0] for row in sorted_sources(SOURCES, order)) == domains


def test_an_unknown_order_names_those_that_there_are(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, errors = printed(["score", str(clean), "--sort", "doubt"], capsys)
    assert code == 2 and "there are: source, documents, score, label, basis" in errors


@pytest.mark.parametrize("command", ["status", "verify", "score", "select"])
def test_what_a_command_says_is_there_as_json(
    command: str, clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = ["-o", str(tmp_path / "selected")] if command == "select" else []
    code, printed_lines, _ = printed([command, str(clean), "--json", *output], capsys)
    records = [json.loads(line) for line in printed_lines.splitlines()]
    facts: dict[str, object] = {
        "status": {"files": 3, "new": 0, "to_clean": 0, "reasons": []},
        "verify": {"problems": []},
        "score": {"documents": 1, "domain": "b.example"},
        "select": {"documents": 3, "sources": 2},
    }[command]  # type: ignore[assignment]  # values of several types
    assert code == 0 and facts.items() <= records[0].items()


def test_a_damaged_output_is_a_problem_in_json_too(
    clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("manifest.json", "README.md"):
        (copy / name).write_bytes((clean / name).read_bytes())
    code, output, _ = printed(["verify", str(copy), "--json"], capsys)
    assert code == 1 and any("sources.csv" in problem for problem in json.loads(output)["problems"])
