"""An output in a store: the bytes of a local folder, one run at a time, readers that follow it, nothing lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import winnow
from tests.runs import STORY, output_bytes, run, write_inputs
from tests.stores import running_store
from winnow.cli.verify import verify
from winnow.corpus.locations import located
from winnow.corpus.objects import find_objects, open_object
from winnow.corpus.output import OUR_NAME, current_version
from winnow.corpus.settings import Settings
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

URL = "s3://crawl/clean"
FILES = {f"site{i % 2}.example/{i}.txt": f"{STORY} Part {i}.\n\nADVERTISEMENT\n" for i in range(6)}


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
    assert (result.documents, result.unchanged) == (6, False)
    assert stored_bytes() == output_bytes(tmp_path / "clean")
    assert (result.folder.exists(), keys("work/")) == (
        False,
        [],
    )  # nothing stays on this machine, or half done
    assert run_into_store(inputs, shard_documents=2).unchanged
    (tmp_path / "raw" / "site0.example" / "0.txt").unlink()
    run(tmp_path, {}, shard_documents=2)
    assert run_into_store(inputs, shard_documents=2).documents == 5
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
    winnow.run(inputs, URL)
    assert [row.text for row in before.documents()] == [STORY]
    after = winnow.read(URL)
    assert [row.text.split()[1] for row in after.documents()] == ["ferry"]
    assert [row.domain for row in after.sources()] == [row.domain for row in before.sources()]
    assert verify(Path(URL)) == 0
    assert capsys.readouterr().out == f"{URL}: 7 files, 0 problems\n"
