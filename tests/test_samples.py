"""The samples in raw/: the results of `make run` in a fresh clone."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packaging.version import Version

from bench.make_samples import RAW, archives, write_archives
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Cleaned, clean
from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import read_file
from winnow.corpus.settings import Settings
from winnow.corpus.taxonomy import KINDS
from winnow.models.extraction import read_document
from winnow.pipeline.in_memory import score_inputs
from winnow.pipeline.sources.scores import source_row
from winnow.pipeline.workers.isolation import clean_here

FORMATS = (".html", ".htm", ".xhtml", ".txt", ".md", ".jsonl", ".zst", ".parquet", ".warc.gz", ".wet.gz")
MAX_BYTES = 300_000
GUIDE = RAW.parent / "docs" / "samples.md"
# The pyarrow that wrote the sample: "parquet-cpp-arrow version 26.0.1".
WRITER = Version(pq.read_metadata(RAW / "catalog.parquet").created_by.rpartition(" ")[2])
Read = RawDocument | Quarantined


@pytest.fixture(scope="module")
def items() -> list[Read]:
    files = [file for file in find_files([str(RAW)]) if isinstance(file, InputFile)]
    found = chain.from_iterable(read_file(file, Settings()) for file in files)
    return [item for item in found if not isinstance(item, PassedOver)]


@pytest.fixture(scope="module")
def cleaned(items: list[Read]) -> dict[str, Cleaned]:
    return dict(_cleaned(items))


def _cleaned(items: list[Read]) -> Iterator[tuple[str, Cleaned]]:
    for item in items:
        if isinstance(item, RawDocument):
            try:
                document = read_document(item, Settings())
            except UnreadableError:
                continue
            yield item.path, clean(document, CLEANERS)


def test_there_are_as_many_documents_and_sites_as_the_guide_says(cleaned: dict[str, Cleaned]) -> None:
    sites = {each.document.metadata.domain for each in cleaned.values()} - {""}
    assert len(cleaned) >= 26
    assert len(sites) >= 7
    assert f"{len(cleaned)} documents of {len(sites)} invented sites" in GUIDE.read_text(encoding="utf8")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_a_document(cleaned: dict[str, Cleaned], suffix: str) -> None:
    assert any(path.partition("#")[0].endswith(suffix) for path in cleaned)


def test_the_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in RAW.rglob("*") if path.is_file()) < MAX_BYTES


@pytest.mark.skipif(Version(pa.__version__) < WRITER, reason="an older pyarrow writes other bytes")
def test_the_archives_are_made_again_to_the_byte(tmp_path: Path) -> None:
    write_archives(tmp_path)
    for name in archives():
        assert (tmp_path / name).read_bytes() == (RAW / name).read_bytes(), name


def test_what_cannot_be_read_says_why(items: list[Read]) -> None:
    reasons = {item.path: item.reason for item in items if isinstance(item, Quarantined)}
    assert reasons == {
        "raw/quarantined/empty.txt": "empty",
        "raw/wire.jsonl#3": "missing_field",
        "raw/wire.jsonl#5": "malformed",
    }


def test_a_picture_named_like_a_page_is_no_document(items: list[Read], cleaned: dict[str, Cleaned]) -> None:
    picture = "raw/quarantined/photo.html"
    assert picture in {item.path for item in items}
    assert picture not in cleaned


def test_two_sites_carry_the_same_article(cleaned: dict[str, Cleaned]) -> None:
    original = _paragraphs(cleaned["raw/harbourledger.example/early-ferry.html"])
    copy = _paragraphs(cleaned["raw/thelanternpost.example/early-ferry-stays.htm"])
    assert len(original & copy) >= 8


def _paragraphs(document: Cleaned) -> set[str]:
    return {line for line in document.text.splitlines() if len(line) > 100}


def test_odd_encodings_come_out_as_written(cleaned: dict[str, Cleaned]) -> None:
    assert "The owner’s grandmother" in cleaned["raw/encodings/windows1252.html"].text
    mended = cleaned["raw/encodings/mojibake.txt"].text
    assert "café" in mended
    assert "Ã" not in mended


def test_generated_author_blocks_go_whole(cleaned: dict[str, Cleaned]) -> None:
    for name in ("best-travel-mug", "choosing-a-garden-bench"):
        document = cleaned[f"raw/globetopics.example/{name}.txt"]
        block = document.document.text.partition("Detail Author:\n")[2]
        assert block
        assert not [line for line in block.splitlines() if line in document.text.splitlines()]


def test_sources_score_high_low_and_unknown() -> None:
    scored, _ = score_inputs([str(RAW)], Settings(), clean=clean_here, tick=lambda documents: None)
    verdicts = {row["domain"]: row["reliability_verdict"] for row in map(source_row, scored)}
    assert verdicts["harbourledger.example"] == "reliable"
    assert verdicts["truthblaze.example"] == "unreliable"
    assert verdicts["thelanternpost.example"] == "leans reliable"
    assert verdicts["lavozdelvalle.example"] == "unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_noise_is_found_somewhere(cleaned: dict[str, Cleaned], kind: str) -> None:
    assert any(removal.kind == kind for each in cleaned.values() for removal in each.removals)
