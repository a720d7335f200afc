"""Runs inside other people's programs: scripts without a guard, standard input, pools, forked processes, threads."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console
from rich.table import Column, Table

import winnow
from tests.runs import STORY
from winnow.cli.main import main
from winnow.cli.terminal import escape_what_streams_cannot_hold, json_line, print_table

RUN: Final = "import sys, winnow\ndef clean(name): return winnow.run('raw', name).documents\n"
# How a program calls `clean` for the folder "one", and prints what it gives.
PROGRAMS: Final = {
    "a script without a guard": "print(clean('one'))",
    "a daemonic worker of a pool": (
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.Pool(1) as pool: print(*pool.map(clean, ['one']))"
    ),
    "a process forked from one that has run already": (
        "import multiprocessing\n"
        "clean('zero')\n"
        "with multiprocessing.get_context('fork').Pool(1) as pool: print(*pool.map(clean, ['one']))\n"
        "assert clean('two') == 1"
    ),
    "threads side by side": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool: print(*set(pool.map(clean, ['one', 'two'])))"
    ),
    "a worker of joblib": (
        "from joblib import Parallel, delayed\n"
        "if __name__ == '__main__': print(*Parallel(n_jobs=2)([delayed(clean)('one')]))"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an input."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "1.txt").write_text(STORY, encoding="utf8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_run_works_in(program: str, folder: Path) -> None:
    (folder / "program.py").write_text(RUN + program, encoding="utf8")
    assert _output(folder, "-X", "dev", "-W", "error::ResourceWarning", "program.py") == "1\n"
    assert len([*winnow.read(folder / "one").documents()]) == 1


@pytest.mark.parametrize("way", ["-", pytest.param("-c", marks=pytest.mark.slow)])
def test_a_run_works_in_a_program_without_a_file(way: str, folder: Path) -> None:
    (folder / "struct.py").write_text("raise SystemExit('a decoy was imported')\n")
    program = f"{RUN}print(clean('one'))"
    arguments = ["-"] if way == "-" else ["-c", program]
    assert _output(folder, "-P", *arguments, stdin=program) == "1\n"


@pytest.mark.parametrize(
    ("encoding", "printed"), [("utf-8", '"“🎉"'), ("latin-1", '"\\u201c\\ud83c\\udf89"')]
)
def test_json_can_be_printed_in_any_encoding(
    encoding: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert json_line("“🎉") == printed
    assert json.loads(printed) == "“🎉"


def test_a_message_is_escaped_where_the_terminal_lacks_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="latin-1"))
    escape_what_streams_cannot_hold()
    sys.stdout.write("“é”\n")
    sys.stdout.flush()
    assert octets.getvalue() == b"\\u201c\xe9\\u201d\n"


@pytest.mark.parametrize(("columns", "is_drawn"), [(20, False), (44, True)])
def test_rows_of_a_table_are_plain_lines_in_a_narrow_terminal(columns: int, is_drawn: bool) -> None:
    table = Table(Column("source", min_width=12), "documents", "label")
    table.add_row("ledger.example", "12", "reliable")
    console = Console(file=io.StringIO(), width=columns, force_terminal=True, color_system=None)
    print_table(table, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert ("ledger.example  12  reliable\n" in shown) is not is_drawn
    assert ("│ ledger.example │" in shown) is is_drawn


def test_an_output_called_minus_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["clean", "README.md", "-o", "-"])
    assert stop.value.code == 2
    assert "`winnow clean -` reads standard input and prints" in capsys.readouterr().err


def test_a_call_says_what_it_takes() -> None:
    with pytest.raises(winnow.UsageError, match="NoneType: give the page as str or bytes"):
        winnow.clean(None)  # type: ignore[arg-type]  # wrong on purpose


def test_a_call_refuses_markdown_and_masks_contacts() -> None:
    text = f"{STORY} Write to ada.byron@ledger.example or call her on +44 20 7946 0958."
    with pytest.raises(winnow.UsageError, match=r"winnow\.extract"):
        winnow.clean(text, settings=winnow.Settings(text_format="markdown"))
    assert "ada.byron@" in winnow.clean(text).text
    masked = winnow.clean(text, settings=winnow.Settings(contacts="mask-all"))
    assert "ada.byron@" not in masked.text
    assert len(masked.document.text) == len(winnow.clean(text).document.text)


def _output(folder: Path, *arguments: str, stdin: str = "") -> str:
    """What a program prints. Raises AssertionError where it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], input=stdin, capture_output=True, text=True, cwd=folder, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "ResourceWarning" not in done.stderr
    return done.stdout
