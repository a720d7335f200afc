"""The lease of a run: one at a time, given back, lost by the dead, and refused by stores without conditions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stores import running_store
from winnow.corpus.errors import UsageError
from winnow.corpus.lease import LostLeaseError, holding_lease, locking_folder
from winnow.corpus.objects import find_objects, put_object, store_client
from winnow.corpus.stored_objects import check_conditional_writes, read_object, replace_object

URL = "s3://crawl/clean/.winnow/lock.json"


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    with running_store() as client:
        yield client


def test_a_lease_that_is_held_is_refused_with_its_holder_and_free_again_afterwards(store: Any) -> None:
    with (
        holding_lease(URL, seconds=1.5),
        pytest.raises(UsageError, match=r"another run is writing there \(process \d+ on"),
        holding_lease(URL, seconds=30),
    ):
        pass
    with holding_lease(URL) as again:
        again.check()


def test_a_lease_of_a_dead_run_goes_to_the_next_one_after_a_while(store: Any) -> None:
    put_object(URL, json.dumps({"token": "1", "holder": "process 1 on gone"}).encode())
    with holding_lease(URL, seconds=1) as lease:
        found = read_object(URL)
        assert found and json.loads(found.content)["token"] == lease.token


def test_a_run_whose_lease_was_taken_is_told_before_it_publishes(store: Any) -> None:
    with holding_lease(URL, seconds=0.3) as lease:
        found = read_object(URL)
        assert found and replace_object(URL, b'{"token": "2", "holder": "another"}', found.etag)
        lease._thread.join()
        with pytest.raises(LostLeaseError, match="nothing was published"):
            lease.check()
    found = read_object(URL)
    assert found and json.loads(found.content)["holder"] == "another"
    store.delete_object(Bucket="crawl", Key="clean/.winnow/lock.json")


def test_a_lock_that_winnow_did_not_write_is_no_lease(store: Any) -> None:
    put_object("s3://crawl/other/lock.json", b"mine")
    with (
        pytest.raises(UsageError, match="did not write: b'mine'"),
        holding_lease("s3://crawl/other/lock.json"),
    ):
        pass


def test_a_store_with_conditional_writes_is_told_from_one_without(store: Any) -> None:
    check_conditional_writes("s3://crawl/clean/.winnow")

    def forget(params: dict[str, Any], **_: Any) -> None:
        for name in ("If-None-Match", "If-Match"):
            params["headers"].pop(name, None)

    store_client().meta.events.register("before-call.s3.PutObject", forget)
    try:
        with pytest.raises(UsageError, match="--lock"):
            check_conditional_writes("s3://crawl/clean/.winnow")
    finally:
        store_client().meta.events.unregister("before-call.s3.PutObject", forget)
    assert not [each for each in find_objects("s3://crawl/clean") if each.url.endswith(".probe")]


def test_a_folder_locks_a_prefix_for_one_run(tmp_path: Path) -> None:
    with (
        locking_folder(tmp_path, "s3://crawl/a"),
        locking_folder(tmp_path, "s3://crawl/b"),
        pytest.raises(UsageError, match="another run is writing"),
        locking_folder(tmp_path, "s3://crawl/a"),
    ):
        pass
    with pytest.raises(UsageError, match="--lock"), locking_folder(tmp_path / "nowhere", "s3://crawl/a"):
        pass
