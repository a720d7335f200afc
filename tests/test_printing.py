"""One file or standard input cleaned onto standard output, in each format; and what nobody can print."""

import io
import json
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.test_cli import PAGE
from winnow.cli.main import main

RECORDS: Final = '{"text": "Rain fell on Monday."}\n{"text": "Sun shone on Tuesday."}\n'
STORY_LINES: Final = [
    "Harbour to be dredged",
    "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."
    " The work takes eleven weeks, according to the contract.",
    "The last dredging was nine years ago. Fishermen have asked for it since, the board's minutes show.",
]


def printed(
    arguments: list[str], capsys: pytest.CaptureFixture[str], stdin: str = ""
) -> tuple[int, str, str]:
    """Exit code, output and errors of a command in this process."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as stop:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        main(arguments)
    output, errors = capsys.readouterr()
    return int(stop.value.code or 0), output, errors


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf8")
    return str(path)


def test_a_file_alone_is_printed_as_its_text(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(["clean", page], capsys) == (0, "\n".join(STORY_LINES) + "\n", "")


@pytest.mark.parametrize("source", ["file", "-"])
def test_every_format_prints_the_same_document(
    source: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = page if source == "file" else "-"
    outputs = {
        form: printed(["clean", name, "--format", form], capsys, PAGE)[1]
        for form in ("text", "markdown", "json", "jsonl")
    }
    assert outputs["text"].splitlines() == STORY_LINES
    assert (
        outputs["markdown"].splitlines()
        == "\n\n".join([f"# {STORY_LINES[0]}", *STORY_LINES[1:]]).splitlines()
    )
    assert outputs["jsonl"].count("\n") == 1 < outputs["json"].count("\n")
    assert json.loads(outputs["json"]) == json.loads(outputs["jsonl"])
    assert json.loads(outputs["json"])["text"].splitlines() == STORY_LINES


def test_records_are_lines_of_json_and_not_one_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "records.jsonl").write_text(RECORDS)
    name = str(tmp_path / "records.jsonl")
    code, output, _ = printed(["clean", name, "--format", "jsonl"], capsys)
    assert (code, len(output.splitlines())) == (0, 2)
    code, output, errors = printed(["clean", name], capsys)
    assert (code, output) == (2, "") and "more than one document; --format jsonl" in errors


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{page}", "--format", "html"], "there are: text, markdown, json, jsonl"),
        (["{page}", "-o", "out", "--format", "text"], "--format says how one document is printed"),
        (["{page}", "--overrides", "people.csv"], "name a folder with -o"),
        (["{folder}"], "no output folder"),
        (["https://ledger.example/a?b=1"], "nothing is fetched; save the page (curl -L -o page.html '"),
        (["http://ledger.example/[a]", "-o", "out"], "wget --recursive --warc-file=site"),
        (["www.ledger.example", "-o", "out"], "nothing is fetched"),
    ],
)
def test_what_cannot_be_printed_says_what_to_do(
    arguments: list[str], says: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(page=page, folder=Path(page).parent) for word in arguments]
    code, output, errors = printed(["clean", *words], capsys)
    assert (code, output) == (2, "") and says in errors
    assert not Path("out").exists()


def test_a_file_in_which_nothing_can_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    code, output, errors = printed(["clean", str(tmp_path / "picture.html")], capsys)
    assert (code, output) == (3, "") and "picture.html: binary" in errors


def test_a_text_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Rain fell on Monday\u202e over the old harbour town, the board said.")
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    assert "\\u202e" in printed(["clean", str(tmp_path / "a.txt")], capsys)[1]


@pytest.mark.parametrize(("options", "lines"), [([], 1), (["-q"], 0), (["--json"], 1)])
def test_the_summary_of_a_run_is_a_line_or_json_or_nothing(
    options: list[str], lines: int, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(Path(page).parent / "clean")
    code, output, errors = printed(["clean", page, "-o", folder, *options], capsys)
    assert (code, len(output.splitlines()), errors) == (0, lines, "")
    if "--json" in options:
        record = json.loads(output)
        assert (record["documents"], record["quarantined"], record["folder"]) == (1, 0, folder)


def test_a_verbose_run_names_its_stages_and_shards(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, errors = printed(["clean", page, "-o", str(Path(page).parent / "clean"), "-v"], capsys)
    assert [line.split()[1] for line in errors.splitlines()][:3] == ["planned", "stage", "shard"]
