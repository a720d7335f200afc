"""Which sources the queue shows as decided: those with a rating in force, as `fold` says for a run."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deciding import NOON, rating
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import RATING_LABELS, Event
from winnow.corpus.decisions.log import append_events, empty_log, read_events
from winnow.review.index_schema import SOURCE_INDICES, TABLES
from winnow.review.queue import queue_page
from winnow.review.queue_filters import Filters

SOURCES = ("a.example", "b.example")
DAYS = ("", "2026-01-30", "2026-01-31", "2026-02-01")  # the last on which a rating counts
MIDNIGHT = datetime(2026, 2, 1, tzinfo=UTC)
INSTANTS = (
    NOON,
    MIDNIGHT - timedelta(microseconds=1),
    MIDNIGHT,
    NOON.astimezone(timezone(timedelta(hours=14))),  # where it is the first of February
    MIDNIGHT.astimezone(timezone(timedelta(hours=-12))),  # where it is still January
)
RATINGS = st.tuples(
    st.builds(
        rating,
        st.sampled_from(SOURCES),
        st.sampled_from(RATING_LABELS),
        st.integers(-2000, 0),
        expires=st.sampled_from(DAYS),
    ),
    st.booleans(),
)


@contextmanager
def index_of(events: Sequence[Event]) -> Iterator[sqlite3.Connection]:
    """An index with all of `SOURCES`, and a log with the events beside it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as log:
        log.deserialize(empty_log())
        append_events(log, events)
        content = log.serialize()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as index:
        index.row_factory = sqlite3.Row
        for statement in (*TABLES, *SOURCE_INDICES):
            index.execute(statement)
        index.executemany("insert into sources (source, rank) values (?, 0)", [(name,) for name in SOURCES])
        index.execute("attach ':memory:' as log")
        index.deserialize(content, name="log")
        yield index


def shown(index: sqlite3.Connection, state: str, at: datetime) -> set[str]:
    return {row["source"] for row in queue_page(index, Filters(state), "", at).sources}


@given(st.lists(RATINGS, max_size=5), st.sampled_from(INSTANTS))
def test_the_queue_calls_decided_what_counts_for_a_run(
    ratings: Sequence[tuple[Event, bool]], at: datetime
) -> None:
    decided = [
        (replace(event, id=f"rating {n}"), is_undone) for n, (event, is_undone) in enumerate(ratings)
    ]
    undos = [
        Event("undo", "ada", NOON.isoformat(), undoes=e.id, id=f"undo {e.id}")
        for e, is_undone in decided
        if is_undone
    ]
    with index_of([*(event for event, _ in decided), *undos]) as index:
        in_force = fold(read_events(index), at).overrides
        assert shown(index, "decided", at) == in_force.keys()
        assert shown(index, "open", at) == {*SOURCES} - in_force.keys()
        assert queue_page(index, Filters("all"), "", at).overrides == in_force


@pytest.mark.parametrize(
    ("expires", "is_undone", "at", "is_decided"),
    [
        ("", False, NOON, True),
        ("", True, NOON, False),
        ("2026-01-31", False, MIDNIGHT - timedelta(microseconds=1), True),
        ("2026-01-31", False, MIDNIGHT, False),
        ("2026-01-31", False, INSTANTS[3], True),
        ("2026-01-31", False, INSTANTS[4], False),
        ("2026-01-31", True, NOON, False),
        ("2026-01-30", False, NOON, False),
    ],
)
def test_a_source_is_decided_until_its_rating_expires_or_is_undone(
    expires: str, is_undone: bool, at: datetime, is_decided: bool
) -> None:
    event = rating("a.example", "unknown", expires=expires, id="rating")
    undo = Event("undo", "ada", NOON.isoformat(), undoes=event.id, id="undo")
    with index_of([event, undo] if is_undone else [event]) as index:
        assert shown(index, "decided", at) == ({"a.example"} if is_decided else set())
