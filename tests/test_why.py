"""Why a source has its score: what it rests on, and a sentence of a named document for every signal."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UsageError
from models.reliability.features import feature_names
from models.reliability.passages import QUOTED_CHARS, Article, best_passages
from tests.runs import STORY, rows, run
from winnow.cli import main
from winnow.why import explained_source, why_lines

PLAIN = "The board met on Monday in the old town hall by the quay."
QUOTING = (
    "Two ferries will run from June. “It was the best of the offers we had,” said Ada Moss of the board."
)


def articles(*texts: str) -> list[Article]:
    return [Article(f"{n:032d}", f"Title {n}", text) for n, text in enumerate(texts)]


def test_a_feature_is_quoted_where_there_is_most_of_it() -> None:
    found = best_passages(["quoted_statements"], articles(PLAIN, f"{PLAIN} {QUOTING}", PLAIN))
    passage = found["quoted_statements"]
    assert passage.document_id == f"{1:032d}"
    assert passage.quote == "“It was the best of the offers we had,” said Ada Moss of the board."


def test_a_feature_of_titles_is_quoted_from_a_title() -> None:
    dull, loud = Article("1", "Board meets", PLAIN), Article("2", "They LIED about EVERYTHING", PLAIN)
    assert best_passages(["title_shouted"], [dull, loud])["title_shouted"].quote == loud.title


def test_a_feature_that_no_document_has_is_not_quoted() -> None:
    assert best_passages(["mark_money", "no_such_feature"], articles(PLAIN)) == {}
    assert best_passages(["mark_comma"], []) == {}


@given(st.lists(st.text(max_size=300), max_size=3))
def test_a_quotation_is_short_and_from_the_document(texts: list[str]) -> None:
    known = {article.id: article for article in articles(*texts)}
    for passage in best_passages(feature_names(), [*known.values()]).values():
        article = known[passage.document_id]
        assert len(passage.quote) <= QUOTED_CHARS
        assert passage.quote in " ".join(f"{article.title} {article.text}".split())


@pytest.mark.parametrize("text", ["a" * 10**6, "a. " * 300_000, "\n" * 10**6, "." * 10**6, " " * 10**6])
def test_hostile_text_takes_linear_time(text: str) -> None:
    began = time.process_time()
    best_passages(["mark_comma", "form_acronym", "word_letters"], articles(text))
    assert time.process_time() - began < 10


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A clean corpus of one source, which a list and a person know."""
    (tmp_path / "watchers.csv").write_text("domain,rating,scale,date\nledger.example,20,0-100,2024-05-01\n")
    (tmp_path / "decisions.csv").write_text(
        "domain,label,by,at,why\nledger.example,mixed,Ada,2025-03-14,two \x1b[31mred lines\n"
    )
    records = (
        {
            "url": f"https://ledger.example/{n}",
            "title": f"Basin {n}",
            "text": f"{STORY} {QUOTING} Part {n}.",
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
    shown = "\n".join(why_lines(explained_source(clean, "www.ledger.example")))
    for words in (
        "ledger.example: no score, mixed (human)",
        "decided by Ada, 2025-03-14",
        "list watchers: 20 of 0-100 = 0.20, unreliable (2024-05-01)",
        "model: 0.",
        "for:\n  +",
        "against:\n  -",
    ):
        assert words in shown


def test_every_quotation_stands_in_the_document_that_it_names(clean: Path) -> None:
    documents = {row["id"]: row for row in rows(clean.parent, "documents")}
    quoted = [s for s in explained_source(clean, "ledger.example")["signals"] if s["evidence"]]
    assert len([signal for signal in quoted if signal["contribution"]]) >= 4
    for signal in quoted:
        document = documents[signal["document_id"]]
        assert signal["document"] == document["url"]
        shown = document["metadata"]["title"] + " " + document["text"]
        assert signal["evidence"] in " ".join(shown.split())


def test_a_source_that_is_not_there_is_answered_with_those_near(clean: Path) -> None:
    with pytest.raises(UsageError, match=r"no source is called 'ledger'; near: ledger\.example"):
        explained_source(clean, "ledger")


def test_the_command_shows_why_and_nothing_in_it_steers_the_terminal(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["score", str(clean), "--why", "ledger.example"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert "ledger.example: no score, mixed (human)" in shown
    assert "two \\x1b[31mred lines" in shown


def test_why_as_json_is_the_row_with_quotations(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", str(clean), "--why", "ledger.example", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["domain"] == "ledger.example"
    assert {"evidence", "document_id", "document"} <= set(row["signals"][0])


def test_ratings_for_a_corpus_that_is_scored_already_are_refused(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["score", str(clean), "--ratings", "watchers.csv"])
    assert left.value.code == 2
    assert "give --ratings and --overrides to winnow clean" in capsys.readouterr().err


def test_raw_inputs_are_cleaned_to_show_why(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = clean.parent
    with pytest.raises(SystemExit) as left:
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
    assert left.value.code == 0
    assert "ledger.example: 0.20, 80 % interval 0.00 – 0.42, unreliable (list)" in capsys.readouterr().out
