"""Fixtures of several test files: a review desk over a small corpus, and a client of its page."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from winnow.review.desk import Desk

# It imports atheris, which `make fuzz` alone installs, beside the packages of the environment.
collect_ignore = ["fuzz/guided.py"]
if find_spec("hypothesis"):  # most environments of `make contracts` lack it
    from hypothesis import HealthCheck, settings

    # A busy machine is slow, not wrong.
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


@pytest.fixture
def desk(tmp_path: Path) -> "Desk":
    from tests.reviewing import make_desk  # here, because the page takes long to import

    return make_desk(tmp_path)


@pytest.fixture
def client(desk: "Desk") -> "Iterator[TestClient]":
    from tests.reviewing import client_of

    with client_of(desk) as client:
        yield client
