"""Fixtures of the contract tests. These run in environments of their own, where Winnow is not installed."""

from pathlib import Path

import pytest

CORPORA = Path(__file__).parents[2] / ".contracts" / "corpora"


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of corpora in every format that `make contracts` made."""
    if not CORPORA.exists():
        pytest.skip("no corpora to load: run `make contracts`")
    return CORPORA
