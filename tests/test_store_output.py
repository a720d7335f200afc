"""An output in a store: the bytes of a local folder, one run at a time, readers that follow it, nothing lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import winnow
from tests.runs import STORY, output_bytes, run, write_inputs
from tests.stores import BUCKET, running_store
from winnow.cli.retry import retry
from winnow.cli.status import status_command
from winnow.cli.verify import verify
from winnow.corpus.errors import UsageError
from winnow.corpus.locations import located
from winnow.corpus.objects import StorageError, find_objects, open_object, store_client
from winnow.corpus.output import HASHES, MARK, OUR_NAME, VERSIONS, current_version
from winnow.corpus.settings import Settings
from winnow.corpus.store_output import open_run, publish_version
from winnow.corpus.versions import run_of
from winnow.corpus.writers import write_text
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

URL = "s3://crawl/clean"
FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(4)}


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with running_store() as client:
        yield client


@pytest.fixture
def store(server: Any) -> Iterator[Any]:
    """A client of a store that is emptied afterwards."""
    yield server
    for stored in [*find_objects("s3://crawl")]:
        server.delete_object(Bucket="crawl", Key=stored.url.removeprefix("s3://crawl/"))


def run_into_store(inputs: str, **settings: Any) -> RunResult:
    with located(URL) as output:
        return clean_corpus([inputs], output, Settings(**settings), clean=clean_here, tick=lambda _: None)


def stored_bytes() -> dict[str, bytes]:
    """What the current version of the output has that must repeat, by name."""
    with located(URL) as output:
        version = current_version(output)
        assert version
        prefix = f"{URL}/.winnow/versions/{version.name}/"
    objects = {each.url.removeprefix(prefix): each for each in find_objects(prefix)}
    return {
        name: open_object(each.url, each.etag, each.size).read()
        for name, each in objects.items()
        if OUR_NAME.fullmatch(name) and not name.startswith("report.")
    }


def keys(below: str) -> list[str]:
    prefix = f"{URL}/.winnow/{below}"
    return [each.url.removeprefix(prefix) for each in find_objects(prefix)]


def test_an_output_in_a_store_has_the_bytes_of_one_in_a_folder(store: Any, tmp_path: Path) -> None:
    run(tmp_path, FILES, shard_documents=2)
    inputs = str(tmp_path / "raw")
    result = run_into_store(inputs, shard_documents=2)
    assert (result.documents, result.unchanged) == (4, False)
    assert stored_bytes() == output_bytes(tmp_path / "clean")
    assert (result.folder.exists(), keys("work/")) == (
        False,
        [],
    )  # nothing stays on this machine, or half done
    assert run_into_store(inputs, shard_documents=2).unchanged
    (tmp_path / "raw" / "site0.example" / "0.txt").unlink()
    run(tmp_path, {}, shard_documents=2)
    assert run_into_store(inputs, shard_documents=2).documents == 3
    assert stored_bytes() == output_bytes(tmp_path / "clean")


def test_readers_follow_the_current_version_and_keep_theirs_while_it_stays(
    store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = write_inputs(tmp_path, {"a.txt": STORY})
    winnow.run(inputs, URL)
    before = winnow.read(URL)
    (tmp_path / "raw" / "a.txt").write_text(
        "A ferry will run from June, the operator said on Monday morning."
    )
    run_into_store(inputs)
    assert [row.text for row in before.documents()] == [STORY]
    after = winnow.read(URL)
    assert [row.text.split()[1] for row in after.documents()] == ["ferry"]
    assert [row.domain for row in after.sources()] == [row.domain for row in before.sources()]
    assert verify(Path(URL)) == 0
    status_command(Path(URL))
    assert retry(Path(URL)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-2:]) == (
        f"{URL}: 7 files, 0 problems",
        ["a run would do nothing", "nothing is in quarantine"],
    )


def new_version(output: Path, name: str) -> Path:
    """A version of an output with a list of hashes and nothing else."""
    version = output / MARK / VERSIONS / name
    write_text(version / HASHES, f'{{"run_id": "{name}"}}')
    return version


def versions() -> set[str]:
    return {key.partition("/")[0] for key in keys("versions/")}


@pytest.mark.parametrize(
    ("key", "what"), [("clean/thesis.doc", "did not write"), ("clean/.winnow", "--publish")]
)
def test_a_prefix_with_things_of_others_is_refused_and_left_alone(store: Any, key: str, what: str) -> None:
    store.put_object(Bucket=BUCKET, Key=key, Body=b"mine")
    with located(URL) as output, pytest.raises(UsageError, match=what), open_run(output):
        pass
    assert [each.url for each in find_objects(f"s3://{BUCKET}")] == [f"s3://{BUCKET}/{key}"]


def test_of_two_runs_that_began_at_the_same_version_one_publishes(store: Any, tmp_path: Path) -> None:
    with located(URL) as one, located(URL) as other:
        publish_version(new_version(one, "00000000000a"), one, tmp_path)
        with pytest.raises(StorageError, match="another run published there"):
            publish_version(new_version(other, "00000000000b"), other, tmp_path)
    with located(URL) as output:
        assert run_of(current_version(output) or output) == "00000000000a"


@pytest.mark.parametrize(
    ("kept_seconds", "stay"), [(100.0, {"00000000000a", "00000000000b"}), (0.0, {"00000000000b"})]
)
def test_what_a_run_replaced_stays_for_a_while_and_what_was_cut_off_does_not(
    store: Any, tmp_path: Path, kept_seconds: float, stay: set[str]
) -> None:
    with located(URL, kept_seconds=kept_seconds) as output:
        publish_version(new_version(output, "00000000000a"), output, tmp_path)
        new_version(output, "00000000000c")  # of a run that never published
        publish_version(new_version(output, "00000000000b"), output, tmp_path)
    assert versions() == stay


def test_a_pointer_that_winnow_did_not_write_is_not_followed(store: Any) -> None:
    store.put_object(
        Bucket=BUCKET, Key="clean/.winnow/current.json", Body=b'{"version": "../..", "earlier": {}}'
    )
    with pytest.raises(UsageError, match="is not what Winnow writes"), located(URL):
        pass


def test_a_key_that_would_be_a_path_elsewhere_deletes_nothing_there(store: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for key in (f"/{tmp_path / 'mine'}", f"../../../../../../..{tmp_path / 'mine'}"):
        store.put_object(Bucket=BUCKET, Key=f"clean/.winnow/work/{key}", Body=b"")
    assert len(keys("work/")) == 2
    with located(URL) as output, open_run(output):
        pass
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.fixture
def unconditional(store: Any) -> Iterator[None]:
    """A store that does not know the conditions of a write."""

    def forget(params: dict[str, Any], **_: Any) -> None:
        for name in ("If-None-Match", "If-Match"):
            params["headers"].pop(name, None)

    store_client().meta.events.register("before-call.s3.PutObject", forget)
    yield
    store_client().meta.events.unregister("before-call.s3.PutObject", forget)


def test_a_store_without_conditional_writes_needs_a_folder_for_locks(
    unconditional: None, tmp_path: Path
) -> None:
    with located(URL) as output, pytest.raises(UsageError, match="--lock"), open_run(output):
        pass
    with located(URL, tmp_path) as one, located(URL, tmp_path) as other, open_run(one):
        with pytest.raises(UsageError, match="another run is writing"), open_run(other):
            pass
        publish_version(new_version(one, "00000000000a"), one, tmp_path)
    assert versions() == {"00000000000a"}
