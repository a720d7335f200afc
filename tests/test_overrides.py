"""People's decisions about sources: read from CSV and JSON Lines as events, and how long they hold."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import Event, instant
from winnow.corpus.errors import UsageError
from winnow.corpus.overrides import override_row, read_overrides
from winnow.corpus.writers import csv_line

DECISION = {
    "domain": "https://www.Ledger.example/",
    "label": "reliable",
    "score": "0.9",
    "by": "Ada",
    "at": "2025-03-14",
    "why": "corrects its errors",
    "expires": "2026-03-14",
}
READ = Event(
    "rate_source", "Ada", "2025-03-14", "corrects its errors", "ledger.example", "reliable", "2026-03-14",
    score=0.9,
)  # fmt: skip


def as_csv(decision: dict[str, str]) -> str:
    return ",".join(decision) + "\n" + ",".join(decision.values()) + "\n"


@pytest.mark.parametrize("form", [as_csv, lambda decision: json.dumps(decision) + "\n\n"])
def test_a_decision_reads_the_same_from_csv_and_json_lines(tmp_path: Path, form: object) -> None:
    assert callable(form)
    (tmp_path / "decisions").write_text(form(DECISION), encoding="utf8")
    assert read_overrides(tmp_path / "decisions") == (READ,)


def test_a_reason_that_was_armoured_for_spreadsheets_is_read_as_it_was_given(tmp_path: Path) -> None:
    decision = DECISION | {"why": "=1+1, they say"}
    lines = csv_line(decision) + csv_line(decision.values())
    assert "'=1+1" in lines
    (tmp_path / "decisions.csv").write_text(lines, encoding="utf8")
    assert [event.why for event in read_overrides(tmp_path / "decisions.csv")] == ["=1+1, they say"]


def test_score_and_expiry_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"domain": "a.example", "label": "unknown", "by": "Ada", "at": "2025-03-14", "score": null}'
    )
    assert read_overrides(tmp_path / "a.jsonl") == (
        Event("rate_source", "Ada", "2025-03-14", source="a.example", label="unknown"),
    )


def test_a_decision_that_was_read_is_written_as_it_stood_in_the_file() -> None:
    assert override_row(READ) == DECISION | {"domain": "ledger.example", "score": 0.9}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"domain": "The Ledger"}, "decisions.csv:2: 'The Ledger' is no domain"),
        ({"label": "fine"}, "no label is called 'fine'; use one of reliable, mixed"),
        ({"by": ""}, "who decided this, and when?"),
        ({"at": "yesterday"}, "who decided this, and when?"),
        ({"expires": "soon"}, "expires 'soon' is no date"),
        ({"score": "7"}, "'7' is no score; give a number from 0 to 1"),
        ({"score": "high"}, "'high' is no score"),
        ({"score": "nan"}, "'nan' is no score"),
    ],
)
def test_a_mistake_names_file_row_and_next_step(tmp_path: Path, changed: dict[str, str], says: str) -> None:
    (tmp_path / "decisions.csv").write_text(as_csv(DECISION | changed), encoding="utf8")
    with pytest.raises(UsageError) as raised:
        read_overrides(tmp_path / "decisions.csv")
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"domain,by\na.example,Ada\n", "decisions:1: no column label"),
        (b'{"domain": "a.example"', "decisions:1: invalid JSON"),
        (b"domain,label\n\xff\n", "not UTF-8"),
        (b'domain,label\n"a', "broken CSV"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "decisions").write_bytes(content)
    with pytest.raises(UsageError) as raised:
        read_overrides(tmp_path / "decisions")
    assert says in str(raised.value)


def decision(label: str, at: str, expires: str = "") -> Event:
    return Event("rate_source", "Ada", at, source="a.example", label=label, expires=expires)


@pytest.mark.parametrize(
    ("decisions", "day", "label"),
    [
        ([decision("mixed", "2025-01-01"), decision("reliable", "2025-02-01")], "2025-03-01", "reliable"),
        ([decision("reliable", "2025-02-01"), decision("mixed", "2025-01-01")], "2025-03-01", "reliable"),
        ([decision("mixed", "2025-01-01"), decision("reliable", "2025-01-01")], "2025-03-01", "reliable"),
        ([decision("mixed", "2025-01-01", "2025-03-01")], "2025-03-01", "mixed"),
        ([decision("mixed", "2025-01-01", "2025-03-01")], "2025-03-02", ""),
        (
            [decision("mixed", "2025-01-01"), decision("reliable", "2025-02-01", "2025-02-28")],
            "2025-03-01",
            "mixed",
        ),
        # The second was made first: half past eleven in New York is half past four in the morning in London.
        (
            [
                decision("mixed", "2025-01-01T23:30:00-05:00"),
                decision("reliable", "2025-01-02T04:00:00+00:00"),
            ],
            "2025-03-01",
            "mixed",
        ),
        ([decision("mixed", "2025-01-01T00:00:01Z"), decision("reliable", "2025-01-01")], "2025-03-01", "mixed"),
        ([decision("mixed", "2025-01-01T08:00:00"), decision("reliable", "2025-01-01T07:59:59Z")], "2025-03-01", "mixed"),
    ],
)  # fmt: skip
def test_the_last_decision_that_holds_counts(decisions: Sequence[Event], day: str, label: str) -> None:
    in_force = fold(decisions, instant(day)).overrides
    assert {source: event.label for source, event in in_force.items()} == (
        {"a.example": label} if label else {}
    )
