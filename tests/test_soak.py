"""Several scheduled runs in a row; `python -m bench.soak` makes fifty."""

from pathlib import Path

import pytest

from bench.soak import soak


@pytest.mark.slow
def test_scheduled_runs_lose_nothing_and_leave_nothing(tmp_path: Path) -> None:
    figures = soak(tmp_path, runs=3)
    for what in ("serve_files", "serve_threads", "processes", "temporary_files", "leases"):
        assert figures["at the end"][what] <= figures["first"][what]
    # More inputs come with the second run, which make another shard
    assert figures["at the end"]["output_files"] <= figures["middle"]["output_files"]
