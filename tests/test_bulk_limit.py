"""How many sources one decision may cover: ten thousand, and one more is refused, not left out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.reviewing import client_of, events, make_desk, post, text_of
from winnow.review.desk import Desk
from winnow.review.index import index_path

EVERYTHING = {"everything": "yes", "within": "state=all", "label": "mixed", "why": "read them"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def add_sources(desk: Desk, total: int) -> None:
    """Fill the index up to some number of sources."""
    with closing(sqlite3.connect(index_path(desk.clean))) as index, index:
        [number] = index.execute("select count(*) from sources").fetchone()
        names = [(f"s{n}.example",) for n in range(total - number)]
        index.executemany(
            "insert into sources (source, documents, label, rank) values (?, 1, 'unknown', 0)", names
        )


def test_ten_thousand_sources_are_decided_on_together(desk: Desk) -> None:
    add_sources(desk, 10_000)
    preview = post(client_of(desk), desk, "/bulk", **EVERYTHING)
    assert preview.status_code == 200
    assert "10,000 sources become mixed" in text_of(preview.text)


def test_one_source_more_is_refused_and_nothing_is_decided(desk: Desk) -> None:
    add_sources(desk, 10_001)
    for confirmed in ({}, {"confirmed": "yes", "count": "10000"}):
        refused = post(client_of(desk), desk, "/bulk", **EVERYTHING, **confirmed)
        assert refused.status_code == 400
        assert "10001 sources are chosen; choose 1 to 10,000" in text_of(refused.text)
    assert not events(desk)
