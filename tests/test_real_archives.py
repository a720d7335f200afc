"""The archives that other projects ship with their sources, counted beside warcio; none of them is in the repository."""

import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.reading import listed
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import ARCHIVES, Item, read_file
from winnow.corpus.settings import Settings

pytestmark = pytest.mark.slow

SOURCES: Final = {"warcio": "1.6.3", "pywb": "2.10.0"}  # the last that hold them
SECONDS: Final = 200  # to download one
SUFFIXES: Final = tuple(f"{suffix}{coding}" for suffix in ARCHIVES for coding in ("", ".gz"))
# Archives in which records are damaged on purpose, and how many rows of quarantine tell that
DAMAGED: Final = {
    ("warcio", "bad.arc"): 2,
    ("warcio", "example-trunc.warc"): 2,
    ("pywb", "bad.arc"): 2,
    ("pywb", "example.warc"): 1,
}
UNREAD_BY_WARCIO: Final = {
    ("warcio", "example-bad-non-chunked.warc.gz")
}  # one gzip member over all records
BY_TYPE: Final = ("request", "revisit", "metadata", "warcinfo")


def unpacked_source(name: str, folder: Path) -> Path:
    """The source of a package; the test is skipped where it cannot be had."""
    wanted = f"{name}=={SOURCES[name]}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, wanted]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)
    except (subprocess.SubprocessError, OSError):
        pytest.skip(f"the source of {wanted} cannot be downloaded here")
    [source] = folder.glob("*.tar.gz")
    with tarfile.open(source) as tar:
        tar.extractall(folder / "source", filter="data")
    return folder / "source"


def archives(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name.endswith(SUFFIXES))


def warcio_types(path: Path) -> Counter[str]:
    """How many records of each type warcio finds."""
    with path.open("rb") as stream:
        return Counter(
            record.rec_type for record in ArchiveIterator(stream, no_record_parse=True, arc2warc=True)
        )


def outcomes(items: list[Item]) -> Counter[str]:
    """How many records are documents, in quarantine, or passed over for each reason."""
    return Counter(
        item.reason
        if isinstance(item, PassedOver)
        else "quarantined"
        if isinstance(item, Quarantined)
        else "document"
        for item in items
    )


@pytest.mark.parametrize("name", SOURCES)
def test_each_record_of_real_archives_is_counted_as_warcio_counts_it(tmp_path: Path, name: str) -> None:
    paths = archives(unpacked_source(name, tmp_path))
    assert len(paths) >= 10
    for path in paths:
        items = [*read_file(listed(path), Settings())]
        counts, key = outcomes(items), (name, path.name)
        assert counts["quarantined"] == DAMAGED.get(key, 0), path.name
        if key not in DAMAGED and key not in UNREAD_BY_WARCIO:
            types = warcio_types(path)
            assert counts.total() == types.total(), path.name
            assert {kind: counts[kind] for kind in BY_TYPE} == {kind: types[kind] for kind in BY_TYPE}, (
                path.name
            )
        for item in items:
            assert not isinstance(item, RawDocument) or (item.content.strip() and item.metadata.url)
