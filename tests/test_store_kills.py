"""Runs into a store that fails, on machines that are switched off; `bench.store_kills` does this fifty times."""

from collections import Counter
from pathlib import Path

import pytest

from bench.store_kills import LEASE_SECONDS, store_kill_rounds
from tests.stores import running_store

ROUNDS = 2


@pytest.mark.slow
def test_after_a_machine_was_lost_another_leaves_the_bytes_of_a_first_run_in_a_store_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("winnow.corpus.lease.LEASE_SECONDS", LEASE_SECONDS)
    faults = Counter[str]()
    with running_store():
        ended = [*store_kill_rounds(tmp_path, ROUNDS, 1, faults)]
    assert len(ended) == ROUNDS
    assert "killed" in ended
    assert faults.total() > 5
