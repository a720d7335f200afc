"""`winnow score --why`: the reasons for the score of a source."""

import json
from pathlib import Path

import pytest

from tests.runs import STORY, distinct, rows, run
from winnow.cli.main import main
from winnow.cli.why import explained_source, why_lines
from winnow.corpus.errors import UsageError

QUOTING = (
    "Two ferries will run from June. “It was the best of the offers we had,” said Ada Moss of the board."
)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A clean corpus of one source, which a list and a person judge."""
    (tmp_path / "watchers.csv").write_text("domain,rating,scale,date\nledger.example,20,0-100,2024-05-01\n")
    (tmp_path / "decisions.csv").write_text(
        "domain,label,by,at,why\nledger.example,mixed,Ada,2025-03-14,two \x1b[31mred lines\n"
    )
    records = (
        {
            "url": f"https://ledger.example/{n}",
            "title": f"Basin {n}",
            "text": distinct(f"{STORY} {QUOTING}", n),
        }
        for n in range(4)
    )
    run(
        tmp_path,
        {"records.jsonl": "".join(json.dumps(record) + "\n" for record in records)},
        ratings=(str(tmp_path / "watchers.csv"),),
        overrides=(str(tmp_path / "decisions.csv"),),
    )
    return tmp_path / "clean"


def test_why_says_what_people_lists_and_the_model_say(clean: Path) -> None:
    text = "\n".join(why_lines(explained_source(clean, "www.ledger.example")))
    for words in (
        "ledger.example: mixed, decided by a person\n",
        "decided by Ada, 2025-03-14",
        "list watchers: 20 of 0-100 = 0.20, unreliable (2024-05-01)",
        "the model alone: leans reliable: 0.",
        "The model says 0.",
        "polished propaganda passes",
        "hardly narrows with more documents",
        "from the average source to this one (the model, which does not decide here):\n         average source 0.",
        "  wording, 0.",
        " in 1,000 words, usually ",
    ):
        assert words in text


def test_the_table_holds_what_why_shows(clean: Path) -> None:
    assert explained_source(clean, "ledger.example") == rows(clean.parent, "sources")[0]


def test_a_source_that_is_not_there_is_answered_with_those_near(clean: Path) -> None:
    with pytest.raises(UsageError, match=r"no source is called 'ledger'; near: ledger\.example"):
        explained_source(clean, "ledger")


def test_the_command_shows_why_and_nothing_in_it_steers_the_terminal(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(clean), "--why", "ledger.example"])
    output = capsys.readouterr().out
    assert stop.value.code == 0
    assert "ledger.example: mixed, decided by a person" in output
    assert "two \\x1b[31mred lines" in output


def test_why_as_json_is_the_row_with_quotations(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", str(clean), "--why", "ledger.example", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["domain"] == "ledger.example"
    assert {"evidence", "document_id", "document"} <= set(row["signals"][0])


def test_ratings_for_a_corpus_that_is_scored_already_are_refused(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(clean), "--ratings", "watchers.csv"])
    assert stop.value.code == 2
    assert "--overrides, --no-name-prior and --cleaner to winnow clean" in capsys.readouterr().err


def test_raw_inputs_are_cleaned_to_show_why(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = clean.parent
    with pytest.raises(SystemExit) as stop:
        main(
            [
                "score",
                str(folder / "raw"),
                "--why",
                "ledger.example",
                "--ratings",
                str(folder / "watchers.csv"),
            ]
        )
    assert stop.value.code == 0
    headline = "ledger.example: unreliable, by rating lists: 0.20, 80 % interval 0.00 – 0.42"
    assert headline in capsys.readouterr().out


SPANISH = (
    "La feria de las semillas se celebra el domingo en la plaza mayor del pueblo, según el ayuntamiento. "
)
REASONS = {
    "foreign": (
        [f"{SPANISH} Parte {n}." for n in range(4)],
        "0 of 4 originals in English, and a score takes 1",
    ),
    "mostly_foreign": (
        [f"{SPANISH} Parte {n}." for n in range(4)] + [f"{STORY} Part {n}." for n in range(3)],
        "only 3 of 7 originals in English, and a score takes half of them",
    ),
}


@pytest.mark.parametrize(("texts", "reason"), REASONS.values(), ids=REASONS)
def test_a_source_without_a_score_says_why(tmp_path: Path, texts: list[str], reason: str) -> None:
    records = [{"url": f"https://daily.example/{n}", "text": text} for n, text in enumerate(texts)]
    run(tmp_path, {"records.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    lines_text = "\n".join(why_lines(explained_source(tmp_path / "clean", "daily.example")))
    assert lines_text.startswith("daily.example: unknown, not scored\n")
    assert f"the model gives no score: {reason}\n" in lines_text
    assert reason in (tmp_path / "clean" / "report.html").read_text(encoding="utf8")


def test_a_score_of_two_documents_says_that_it_rests_on_little(tmp_path: Path) -> None:
    records = [{"url": f"https://daily.example/{n}", "text": f"{STORY} Part {n}."} for n in range(2)]
    run(tmp_path, {"records.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    row = explained_source(tmp_path / "clean", "daily.example")
    assert row["flags"] == ["little_evidence"] and row["model_score"] is not None
    assert "flag little_evidence: its model score rests on one or two" in "\n".join(why_lines(row))


def test_the_steps_lead_to_the_score_on_every_page(tmp_path: Path) -> None:
    records = [{"url": f"https://daily.example/{n}", "text": f"{STORY} Part {n}."} for n in range(4)]
    run(tmp_path, {"records.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    row = explained_source(tmp_path / "clean", "daily.example")
    steps = row["model_steps"]
    assert steps[0]["group"] == "average source" and steps[-1]["level"] == row["model_score"]
    assert sum(step["change"] for step in steps) == pytest.approx(row["model_score"], abs=1e-5)
    assert row["model_summary"] in "\n".join(why_lines(row))
    report = (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    for step in steps[1:]:
        assert f"</b> {step['group']} <span" in report
    assert row["model_summary"] in report and "polished propaganda passes" in report


def test_texts_of_unknown_sites_are_no_source(tmp_path: Path) -> None:
    run(tmp_path, {f"{n}.txt": f"{STORY} Part {n}." for n in range(4)})
    text = "\n".join(why_lines(explained_source(tmp_path / "clean", "raw")))
    assert "the model gives no score: the site of its documents is unknown" in text
