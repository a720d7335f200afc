"""The chain of a log: a changed, missing or moved event is told with its place, and nothing damaged is believed."""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.damage import COPY, SWAP, flip_bit, make_old, opened, tamper
from tests.deciding import NOON, at, line, logged, rating, span, write_log
from winnow.corpus.decisions.chain import (
    AFTER_MISSING,
    CHANGED,
    FIRST,
    MOVED,
    DamagedLogError,
    Link,
    event_hash,
    find_breaks,
    head_of,
    read_links,
    read_verified,
)
from winnow.corpus.decisions.events import FIELDS, Event
from winnow.corpus.decisions.exchange import export_events, import_events, parse_events
from winnow.corpus.decisions.log import NAME, append_events, hash_at, open_log
from winnow.corpus.decisions.rescue import TARGET_LOST, rescue_events
from winnow.corpus.decisions.snapshot import read_decisions, read_from, take_snapshot
from winnow.corpus.errors import UsageError

FLIPS = 300
TEXT = "Rain fell.\nShare this\nSun shone.\n"
EVENTS = (
    rating("a.example", "reliable", 0, why="a named editor, and corrections"),
    rating("b.example", "mixed", 1),
    span("remove_span", TEXT, "Share this", 2),
    line("remove_line", "Share this", minutes=3),
    rating("a.example", "unreliable", 4, expires="2027-01-01"),
    rating("ü.example", "unknown", 5, why="日本 \x07"),
)


def chained(events: Sequence[Event]) -> list[Link]:
    links: list[Link] = []
    for number, event in enumerate(events, 1):
        previous = head_of(links)
        links.append(Link(number, event.subject, event, previous, event_hash(previous, event)))
    return links


def filled(folder: Path) -> Path:
    write_log(folder, *EVENTS)
    with opened(folder / NAME):
        pass
    return folder / NAME


def links_of(log: Path) -> list[Link]:
    with open_log(log, read_only=True) as connection:
        return list(read_links(connection))


def test_the_hash_can_be_computed_without_winnow() -> None:
    event = EVENTS[-1]
    fields = {name: getattr(event, name) for name in FIELDS if getattr(event, name) != ""}
    text = json.dumps(
        {**fields, "previous": "0" * 64}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert event_hash("0" * 64, event) == hashlib.sha256(text.encode()).hexdigest()


@given(number=st.integers(0, 9), data=st.data())
def test_every_change_of_one_field_is_told_at_its_event(number: int, data: st.DataObject) -> None:
    links = chained([rating(f"{n}.example", "mixed", n) for n in range(10)])
    name = data.draw(st.sampled_from(FIELDS))
    other = data.draw(st.one_of(st.text(max_size=3), st.integers(-1, 2), st.none(), st.binary(max_size=2)))
    event = links[number].event
    changed = replace(event, **{name: other})  # type: ignore[arg-type]  # damage knows no types
    links[number] = replace(links[number], event=changed)
    is_same = type(other) is type(getattr(event, name)) and other == getattr(event, name)
    assert [(b.link.number, b.reason) for b in find_breaks(links)] == (
        [] if is_same else [(number + 1, CHANGED)]
    )


@given(order=st.permutations(range(6)))
def test_every_other_order_is_told(order: list[int]) -> None:
    links = chained(EVENTS)
    renumbered = [replace(links[place], number=number) for number, place in enumerate(order, 1)]
    breaks = list(find_breaks(renumbered))
    assert bool(breaks) == (order != sorted(order))
    assert {each.reason for each in breaks} <= {MOVED}


def test_a_number_out_of_order_is_told() -> None:
    # A damaged page of the file can hold one: a reader that stops at a number would pass over the event.
    links = chained(EVENTS)
    links[2] = replace(links[2], number=2**20)
    assert [(each.link.number, each.reason) for each in find_breaks(links)] == [(4, MOVED)]


@given(gone=st.sets(st.integers(0, 5), min_size=1))
def test_missing_events_are_told_at_the_next_and_at_the_end_by_the_head(gone: set[int]) -> None:
    links = chained(EVENTS)
    rest = [link for place, link in enumerate(links) if place not in gone]
    after_gap = [place + 1 for place in range(1, 6) if place not in gone and place - 1 in gone]
    breaks = list(find_breaks(rest))
    assert [each.link.number for each in breaks] == after_gap
    assert {each.reason for each in breaks} <= {AFTER_MISSING}
    assert head_of(links) != head_of(rest) or 5 not in gone


@given(place=st.integers(0, 5), previous=st.sampled_from(["", "0" * 64, "before"]))
def test_an_event_that_was_put_in_between_is_told(place: int, previous: str) -> None:
    links = chained(EVENTS)
    before = links[place - 1].hash if place else FIRST
    new, previous = rating("new.example", "reliable"), before if previous == "before" else previous
    links.insert(place, Link(99, new.subject, new, previous, event_hash(previous, new)))
    assert {each.link.number for each in find_breaks(links)} & {99, place + 1}


@pytest.mark.parametrize(
    ("script", "places"),
    [
        ("update events set label = 'reliable' where number = 2", {2: CHANGED}),
        ("update events set subject = 'b.example' where number = 1", {1: CHANGED}),
        ("update events set near = '23' || '' where number = 3", {3: CHANGED}),
        ("update events set who = cast(x'ff' as text) where number = 4", {4: CHANGED}),
        ("update events set who = x'616461' where number = 4", {4: CHANGED}),
        ("update events set hash = '' where number = 4", {4: CHANGED, 5: AFTER_MISSING}),
        ("update events set hash = ''", dict.fromkeys(range(1, 7), CHANGED)),
        ("delete from events where number = 3", {4: AFTER_MISSING}),
        ("delete from events where number = 1", {2: AFTER_MISSING}),
        (SWAP.format(2, 3), {2: MOVED, 3: MOVED, 4: MOVED}),
        (COPY.format(2), {7: CHANGED}),
    ],
)
def test_what_somebody_does_with_sqlite_is_told_with_its_place(
    tmp_path: Path, script: str, places: dict[int, str]
) -> None:
    log = filled(tmp_path)
    before = take_snapshot(log, NOON)
    tamper(log, script)
    assert {each.link.number: each.reason for each in find_breaks(links_of(log))} == places
    number, reason = next(iter(places.items()))
    with pytest.raises(DamagedLogError, match=rf"decisions\.db: event {number} \(.*, 2026.*\) {reason}"):
        take_snapshot(log, NOON)
    read_from.cache_clear()  # as in another process
    with pytest.raises(DamagedLogError):
        read_decisions(before)


def test_a_log_that_was_replaced_while_a_run_reads_it_is_not_believed(tmp_path: Path) -> None:
    log = filled(tmp_path)
    before = take_snapshot(log, NOON)
    log.unlink()
    write_log(tmp_path, *(replace(event, why="something else") for event in EVENTS))
    take_snapshot(log, NOON)
    with pytest.raises(DamagedLogError, match="was replaced while a run read it"):
        read_decisions(before)


def test_no_flipped_bit_is_believed_and_none_gives_a_traceback(tmp_path: Path) -> None:
    log = filled(tmp_path)
    content, state = log.read_bytes(), links_of(log)
    decisions = read_decisions(take_snapshot(log, NOON))
    places = random.Random(14).sample(range(8 * len(content)), FLIPS)  # the same each time
    told = 0
    for place in places:
        flip_bit(log, content, place)
        try:
            assert read_decisions(take_snapshot(log, NOON)) == decisions, place
            with open_log(log) as connection:
                assert [link.event for link in read_verified(connection, log)] == [
                    link.event for link in state
                ]
        except UsageError as error:
            assert NAME in str(error), place
            told += 1
    assert FLIPS / 20 < told < FLIPS


def test_two_writers_at_the_same_time_keep_one_chain(tmp_path: Path) -> None:
    def write(name: str) -> None:
        with open_log(tmp_path / NAME) as log:
            for number in range(20):
                append_events(log, [rating(f"{name}{number}.example", "mixed")])

    writers = [Thread(target=write, args=[name]) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    links = links_of(tmp_path / NAME)
    assert len(links) == 60
    assert list(find_breaks(links)) == []


def test_an_import_of_another_log_keeps_the_chain(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    write_log(tmp_path / "other", rating("c.example", "mixed"))
    text = "".join(export_events((link.event for link in links_of(filled(tmp_path))), "jsonl"))
    with logged(tmp_path / "other") as other:
        import_events(other, parse_events(text, "jsonl"))
    links = links_of(tmp_path / "other" / NAME)
    assert len(links) == 7
    assert list(find_breaks(links)) == []


def test_a_log_of_an_older_winnow_is_read_and_gets_its_chain_with_the_first_write(tmp_path: Path) -> None:
    log = filled(tmp_path)
    before = take_snapshot(log, NOON)
    make_old(log)
    old = take_snapshot(log, NOON)
    assert (old.fingerprint, old.events, old.head) == (before.fingerprint, before.events, "")
    write_log(tmp_path)
    assert take_snapshot(log, NOON) == before


def test_an_old_log_with_a_value_that_nobody_wrote_is_neither_read_nor_chained(tmp_path: Path) -> None:
    log = filled(tmp_path)
    make_old(log)
    with opened(log) as connection:
        connection.execute("drop trigger events_stay")
        connection.execute("""update events set "when" = 'today' where number = 2""")
    with pytest.raises(DamagedLogError, match="event 2"):
        take_snapshot(log, NOON)
    with pytest.raises(DamagedLogError, match="event 2"):
        write_log(tmp_path)


@pytest.mark.parametrize("version", [0, 1])
def test_no_damage_to_its_header_makes_a_log_one_without_hashes(tmp_path: Path, version: int) -> None:
    log = filled(tmp_path)
    with opened(log) as connection:
        connection.execute(f"pragma user_version = {version}")
    for read_only in (True, False):
        with (
            pytest.raises(DamagedLogError, match="has not the tables of its version"),
            open_log(log, read_only=read_only),
        ):
            pass


def test_an_event_without_its_hash_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    with logged(tmp_path) as log:
        names = ", ".join(f'"{name}"' for name in FIELDS if name != "id")
        statement = (
            f"insert into events (subject, {names}, id) select subject, {names}, 'new' from events limit 1"
        )
        with pytest.raises(Exception, match="an event needs its hash; update Winnow"):
            log.execute(statement)


def test_the_hash_at_a_place_names_all_events_up_to_it(tmp_path: Path) -> None:
    log = filled(tmp_path)
    links = links_of(log)
    with open_log(log, read_only=True) as connection:
        assert [hash_at(connection, place) for place in (1, 6, 7)] == [links[0].hash, head_of(links), ""]


def test_a_rescue_takes_over_what_is_as_it_was_and_tells_the_rest(tmp_path: Path) -> None:
    log = filled(tmp_path)
    events = [link.event for link in links_of(log)]
    write_log(tmp_path, *(Event("undo", "bob", at(9), undoes=event.id) for event in (events[1], events[3])))
    tamper(
        log, "update events set label = 'reliable' where number = 2; delete from events where number = 5"
    )
    rescued, lost = rescue_events(log, tmp_path / "new.db")
    links = links_of(tmp_path / "new.db")
    assert [link.event for link in links[:-1]] == [events[place] for place in (0, 2, 3, 5)]
    assert links[-1].event.undoes == events[3].id
    assert (rescued, list(find_breaks(links))) == (5, [])
    assert [(each.link.number, each.reason) for each in lost] == [(2, CHANGED), (7, TARGET_LOST)]
    with pytest.raises(UsageError, match=r"new\.db: is there already"):
        rescue_events(log, tmp_path / "new.db")
