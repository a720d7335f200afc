"""How many sources each rating list matches is always said: in the terminal, the report and the log."""

import json
from pathlib import Path

import pytest

from tests.runs import STORY, run
from winnow.cli.main import main
from winnow.models.reliability.ratings import PASSED_OVER

ROWS = "Site,Trust\nledger.example,4\nblaze.example,1\nThe Ledger,4\nledger.example,5\n"
SAID = (
    "watchers: 1 of 2 sources matched; sites rated: 2; rows passed over: 1 without a site; "
    "rated twice, differently: 1 (the lowest counts)"
)


def corpus(folder: Path) -> list[str]:
    """The arguments of a run over two sources, one of which a list rates by columns of other names."""
    records = [
        {"url": f"https://www.{site}.example/{n}", "text": f"{STORY} {n}"}
        for n, site in enumerate(["ledger", "amber"])
    ]
    (folder / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    (folder / "watchers.csv").write_text(ROWS)
    option = f"{folder}/watchers.csv:domain=Site,rating=Trust,scale=0-5"
    return [str(folder / "records.jsonl"), "--ratings", option, "--workers", "1"]


def test_the_terminal_says_it_after_a_run_and_after_one_that_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "clean",
        *corpus(tmp_path),
        "-o",
        str(tmp_path / "out"),
        "--log",
        str(tmp_path / "log.jsonl"),
    ]
    for _ in range(2):
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        assert SAID in capsys.readouterr().out.splitlines()
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    [matched] = [event for event in events if event["event"] == "rating_list"]
    assert (matched["said"], matched["sources"], matched["of"], matched["sites"]) == (SAID, 1, 2, 2)
    [listed] = json.loads((tmp_path / "out" / "report.json").read_text())["rating_lists"]
    assert (listed["sources"], listed["of"], listed["contradictions"]) == (1, 2, 1)


def test_scoring_says_it_on_the_error_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["score", *corpus(tmp_path), "--json"])
    printed = capsys.readouterr()
    assert f"winnow: {SAID}" in printed.err.splitlines()
    assert {json.loads(line)["domain"] for line in printed.out.splitlines()} == {
        "ledger.example",
        "amber.example",
    }


def test_a_list_that_matches_nothing_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "watchers.csv").write_text("domain,rating\nblaze.example,mixed\n")
    caplog.set_level("INFO", logger="winnow.run")
    run(tmp_path, {"a.txt": STORY}, ratings=(str(tmp_path / "watchers.csv"),))
    assert "watchers: 0 of 1 sources matched; sites rated: 1" in caplog.text


def test_other_columns_of_the_same_file_are_another_run(tmp_path: Path) -> None:
    (tmp_path / "watchers.csv").write_text("domain,pc1,Trust\nledger.example,0.9,0.1\n")
    options = ("watchers.csv", "watchers.csv:rating=Trust,scale=0-1")
    ids = [run(tmp_path, {"a.txt": STORY}, ratings=(f"{tmp_path}/{option}",)).run_id for option in options]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("reason", PASSED_OVER)
def test_every_reason_to_pass_over_a_row_is_in_words(reason: str) -> None:
    assert PASSED_OVER[reason].partition(" ")[0] in ("without", "for", "not")
