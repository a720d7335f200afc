"""The log of decisions: it only grows, it survives, and it refuses decisions made without seeing a newer one."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deciding import NOON, at, line, logged, rating, span, write_log
from winnow.corpus.decisions.current import Decisions, fold
from winnow.corpus.decisions.events import ACTIONS, FIELDS, Event, checked
from winnow.corpus.decisions.exchange import export_events, import_events, parse_events
from winnow.corpus.decisions.log import ConflictError, append_events, last_number, open_log, read_events
from winnow.corpus.decisions.snapshot import read_decisions, take_snapshot
from winnow.corpus.errors import UsageError
from winnow.corpus.taxonomy import KINDS

ROOT = Path(__file__).parents[1]
TEXT = "Rain fell.\nShare this\nSun shone.\n"
ONE_OF_EACH = (
    rating("ledger.example", "reliable", why="a named editor, and corrections"),
    span("remove_span", TEXT, "Share this", 1),
    span("restore_span", TEXT, "Sun shone.", 2),
    line("remove_line", "Share this", minutes=3),
    line("restore_line", "Rain fell.", minutes=4),
)
WRITER = """
import sys
from pathlib import Path
from winnow.corpus.decisions.log import append_events, open_log
from tests.deciding import rating
with open_log(Path(sys.argv[1])) as log:
    for number in range(1_000_000):
        [event] = append_events(log, [rating(f"site{number}.example", "mixed")])
        print(event.id, flush=True)
"""


def undo(event: Event, minutes: float = 60) -> Event:
    return Event("undo", "ada", at(minutes), undoes=event.id)


def state(folder: Path) -> Decisions:
    with logged(folder) as log:
        return fold(read_events(log), NOON + timedelta(days=1))


def test_what_was_written_is_read_in_the_same_order(tmp_path: Path) -> None:
    written = write_log(tmp_path, *ONE_OF_EACH)
    with logged(tmp_path) as log:
        assert tuple(read_events(log)) == written
    assert [e.action for e in written] == [e.action for e in ONE_OF_EACH]
    assert len({e.batch for e in written}) == 1


@pytest.mark.parametrize("statement", ["update events set who = 'eve'", "delete from events"])
def test_an_event_can_neither_be_changed_nor_deleted(tmp_path: Path, statement: str) -> None:
    write_log(tmp_path, *ONE_OF_EACH)
    with pytest.raises(UsageError, match=r"events (stay|last)"), logged(tmp_path) as log:
        log.execute(statement)


def test_every_acknowledged_decision_survives_the_kill_of_its_process(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        acknowledged = [child.stdout.readline().strip() for _ in range(40)]
        child.send_signal(signal.SIGKILL)
        acknowledged += child.stdout.read().split("\n")[:-1]
    with open_log(path) as log:
        ids_in_log = [event.id for event in read_events(log)]
        append_events(log, [rating("after.example", "mixed")])
    assert len(acknowledged) >= 40
    assert ids_in_log[: len(acknowledged)] == acknowledged


def test_an_undone_rating_gives_way_to_the_one_before(tmp_path: Path) -> None:
    first, second = write_log(tmp_path, rating("a.example", "mixed"), rating("a.example", "reliable", 1))
    assert state(tmp_path).overrides["a.example"] == second
    write_log(tmp_path, undo(second))
    assert state(tmp_path).overrides["a.example"] == first
    write_log(tmp_path, undo(first))
    assert not state(tmp_path).overrides


def test_undoing_all_of_them_leaves_nothing_decided(tmp_path: Path) -> None:
    before = fold([], NOON).fingerprint()
    written = write_log(tmp_path, *ONE_OF_EACH)
    assert state(tmp_path).fingerprint() != before
    write_log(tmp_path, *(undo(event) for event in reversed(written)))
    assert state(tmp_path).fingerprint() == before


def test_no_step_of_an_undo_reads_the_whole_log(tmp_path: Path) -> None:
    first, _ = write_log(tmp_path, rating("a.example", "mixed"), rating("b.example", "mixed"))
    with logged(tmp_path) as log:
        read: list[str] = []
        log.set_trace_callback(read.append)
        append_events(log, [undo(first)])
        log.set_trace_callback(None)
        plans = [
            row[3] for statement in read if "events" in statement and not statement.startswith("--")
            for row in log.execute(f"explain query plan {statement}")
        ]  # fmt: skip
    assert plans and not [plan for plan in plans if plan.startswith("SCAN")]


def test_an_undo_belongs_to_what_it_undoes(tmp_path: Path) -> None:
    [first] = write_log(tmp_path, rating("a.example", "mixed"))
    write_log(tmp_path, undo(first))
    with logged(tmp_path) as log:
        assert last_number(log, "a.example") == 2


@pytest.mark.parametrize("steps", [["undo", "undo"], ["undo", "undo the undo"]])
def test_what_was_undone_cannot_be_undone_again(tmp_path: Path, steps: list[str]) -> None:
    [first] = write_log(tmp_path, rating("a.example", "mixed"))
    [undone] = write_log(tmp_path, undo(first))
    again = {"undo": undo(first), "undo the undo": undo(undone)}[steps[1]]
    with pytest.raises((ConflictError, UsageError)):
        write_log(tmp_path, again)


def test_a_clock_that_went_back_does_not_undo_the_later_decision(tmp_path: Path) -> None:
    write_log(tmp_path, rating("a.example", "mixed", minutes=9))
    [second] = write_log(tmp_path, rating("a.example", "reliable", minutes=0))
    assert second.when == at(9)
    assert state(tmp_path).overrides["a.example"].label == "reliable"


def test_the_log_takes_no_number_because_it_would_not_keep_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"score=0\.7: the log keeps labels only"):
        write_log(tmp_path, rating("a.example", "mixed", score=0.7))
    assert not state(tmp_path).overrides


def test_a_rating_counts_until_the_end_of_its_last_day() -> None:
    event = replace(rating("a.example", "mixed", expires="2026-01-31"), id="1")
    assert fold([event], NOON).overrides
    assert not fold([event], NOON + timedelta(hours=12)).overrides


def test_the_second_of_two_reviewers_is_told_what_the_first_decided(tmp_path: Path) -> None:
    with logged(tmp_path) as first, logged(tmp_path) as second:
        seen = {"a.example": last_number(second, "a.example")}
        append_events(first, [rating("a.example", "reliable")], seen)
        with pytest.raises(ConflictError) as refused:
            append_events(second, [rating("a.example", "unreliable")], seen)
        assert [e.label for e in refused.value.since] == ["reliable"]
        assert len(read_events(second)) == 1
        append_events(second, [rating("b.example", "mixed")], {"b.example": 0})


def test_of_several_decisions_at_once_all_are_written_or_none(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        with pytest.raises(UsageError):
            append_events(
                log, [rating("a.example", "mixed"), Event("undo", "ada", at(0), undoes="nothing")]
            )
        assert read_events(log) == []


def test_a_log_is_made_with_its_first_reader_and_opened_again(tmp_path: Path) -> None:
    write_log(tmp_path)
    with open_log(tmp_path / "decisions.db", read_only=True) as log:
        assert read_events(log) == []
        assert log.execute("pragma user_version").fetchone() == (2,)


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("create table birds (name)")
    other.close()


def _later_version(path: Path) -> None:
    write_log(path.parent)
    other = sqlite3.connect(path)
    other.execute("pragma user_version = 99")
    other.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_other_database, "another program's"),
        (_later_version, "later version"),
        (lambda path: path.write_bytes(b"no database" * 500), "no log of decisions"),
        (lambda path: None, "no log of decisions"),
    ],
)
def test_a_file_that_is_no_log_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "decisions.db"
    spoil(path)
    with pytest.raises(UsageError, match=says), open_log(path, read_only=True):
        pass


def test_a_snapshot_reads_what_was_there_when_it_was_taken(tmp_path: Path) -> None:
    write_log(tmp_path, rating("a.example", "mixed"))
    before = take_snapshot(tmp_path / "decisions.db", NOON)
    write_log(tmp_path, rating("a.example", "reliable", 1))
    after = take_snapshot(tmp_path / "decisions.db", NOON)
    assert read_decisions(before).overrides["a.example"].label == "mixed"
    assert read_decisions(after).overrides["a.example"].label == "reliable"
    assert before.fingerprint != after.fingerprint


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
EVENTS = st.builds(
    Event,
    action=st.sampled_from(sorted(set(ACTIONS) - {"undo", "remove_line", "restore_line"})),
    who=WORDS,
    when=st.datetimes().map(lambda t: t.replace(tzinfo=NOON.tzinfo).isoformat()),
    why=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    source=WORDS,
    label=st.sampled_from(["reliable", "unknown"]),
    place=WORDS,
    kind=st.sampled_from(sorted(KINDS)),
    text=WORDS,
    near=st.integers(0, 10**6),
    id=st.uuids().map(lambda u: u.hex),
)


@given(events=st.lists(EVENTS, max_size=5), form=st.sampled_from(["csv", "jsonl"]))
def test_an_export_reads_back_as_the_same_events(events: list[Event], form: str) -> None:
    assert parse_events("".join(export_events(events, form)), form) == events


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_import_adds_what_is_new_and_only_once(tmp_path: Path, form: str) -> None:
    written = write_log(tmp_path, *ONE_OF_EACH)
    written += write_log(tmp_path, undo(written[1]))
    text = "".join(export_events(written, form))
    (tmp_path / "other").mkdir()
    with logged(tmp_path / "other") as other:
        assert len(import_events(other, parse_events(text, form))) == len(written)
        assert import_events(other, parse_events(text, form)) == ()
    assert state(tmp_path / "other") == state(tmp_path)


def test_no_cell_of_an_export_is_a_formula() -> None:
    text = "".join(
        export_events([rating("a.example", "mixed", why='=HYPERLINK("http://evil.example")')], "csv")
    )
    assert '"=HYPERLINK' not in text
    assert parse_events(text, "csv")[0].why.startswith("=HYPERLINK")


FULL_ROW = {name: getattr(rating("a.example", "mixed"), name) for name in FIELDS}


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        ("jsonl", '{"action": "rate_source"}', "line 1: rate_source: who is missing"),
        ("jsonl", '\n{"action": "burn"}', "line 2: action='burn'"),
        ("jsonl", "[1]", "not a JSON object"),
        ("jsonl", "[" * 100_000, "not JSON"),
        ("jsonl", '{"colour": "red"}', "no field is called 'colour'"),
        ("jsonl", '{"who": 3}', "who is 3"),
        ("jsonl", json.dumps({**FULL_ROW, "near": 10**30}), "line 1: near=a number too long"),
        ("jsonl", json.dumps({**FULL_ROW, "near": True}), "line 1: near=True"),
        ("jsonl", '{"near": ' + "9" * 5000 + "}", "not JSON"),
        ("csv", f"action,near\nundo,{10**30}\n", f"near is '{10**30}'"),
        ("csv", "action,near\nundo," + "9" * 5000 + "\n", "near is '999"),
        ("csv", "action,who\nundo\n", "line 2: 2 cells"),
        ("csv", "action,near\nundo,x\n", "near is 'x'"),
        ("csv", 'action\n"undo\n', "not CSV"),
    ],
)
def test_a_wrong_row_is_named(form: str, text: str, says: str) -> None:
    with pytest.raises(UsageError, match="line") as refused:
        parse_events(text, form)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "splendid"},
        {"label": ""},
        {"who": " "},
        {"when": "yesterday"},
        {"when": "2026-01-31T12:00:00"},
        {"expires": "soon"},
        {"expires": "20261231"},
        {"source": ""},
        {"why": "x" * 20_000},
        {"why": "\ud800"},
        {"undoes": "e1"},
        {"near": -1},
        {"near": 2**53 + 1},
        {"near": 10**5000},
        {"near": True},
    ],
)
def test_an_event_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        checked(replace(rating("a.example", "mixed"), **wrong))  # type: ignore[arg-type]  # wrong on purpose


def test_what_was_written_once_is_read_whatever_may_be_written_today(tmp_path: Path) -> None:
    write_log(tmp_path, rating("a.example", "mixed"))
    old = sqlite3.connect(tmp_path / "decisions.db")
    old.execute("drop trigger events_stay")
    old.execute("update events set label = 'splendid', kind = 'a kind of old'")
    old.commit()
    old.close()
    assert state(tmp_path).overrides["a.example"].label == "splendid"


def test_every_field_and_action_is_documented() -> None:
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf8")
    assert [name for name in (*FIELDS, *ACTIONS) if f"`{name}`" not in page] == []
