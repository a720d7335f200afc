"""Copies over a whole run: exact and near ones, which document is the original, and what happens to the copies."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import rows, run
from tests.test_signature import STORY, WEATHER
from winnow.corpus.signature import signature_of
from winnow.corpus.writers import write_parquet
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.copies import READ_COLUMNS, Copy, find_copies, read_copies
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.tables.intermediate import INTERMEDIATE
from winnow.pipeline.tables.joins import DOCUMENTS_A_GROUP
from winnow.pipeline.tables.keys import text_key

EDITED = STORY.replace("voted on Tuesday", "decided").replace("costs", "will cost")
EDITED_AGAIN = EDITED.replace("Fishermen", "The men of the fleet").replace(
    "at low water", "at each low tide"
)
SCHEMA = pa.schema([INTERMEDIATE.field(name) for name in READ_COLUMNS])


@dataclass(frozen=True)
class CopyCase:
    """A document with the values by which copies are recognized."""

    id: str
    text: str
    source: str = "one.example"
    created: str = ""
    added: str = "2025-01-01"


def copies_of(shards: Sequence[Sequence[CopyCase]], buckets: int = 1) -> dict[str, Copy]:
    """The copies among the documents of some shards, by id, each shard cut into buckets by itself."""
    with TemporaryDirectory() as folder:
        work, parts = Path(folder), []
        for number, shard in enumerate(shards):
            path = work / f"{number}.parquet"
            write_parquet(path, SCHEMA, (row(document) for document in shard))
            parts.append(ShardParts(number, path, path, DOCUMENTS_A_GROUP))
        find_copies(parts, SeparateHosts(), work, buckets=buckets)
        return {
            shards[at][index].id: copy
            for number in range(len(shards))
            for (at, index), copy in read_copies(number, work).items()
        }


def row(document: CopyCase) -> dict[str, object]:
    signature = signature_of(document.text)
    return {
        "id": document.id,
        "created": document.created,
        "added": document.added,
        "source_key": document.source,
        "host": document.source,
        "text_key": text_key(document.text),
        "sketch": signature.sketch,
        "keys": signature.keys,
    }


DRAWN = st.lists(
    st.builds(
        CopyCase,
        id=st.integers(0, 999).map("{:03d}".format),
        text=st.sampled_from([STORY, STORY.upper(), EDITED, EDITED_AGAIN, "Rain fell.", "", WEATHER]),
        source=st.sampled_from(["one.example", "two.example"]),
        created=st.sampled_from(["", "2024-05-01", "2024-05-02"]),
    ),
    max_size=9,
    unique_by=lambda document: document.id,
)


@settings(max_examples=15)
@given(DRAWN, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_documents_and_shards_changes_no_copy(documents, draw, cut) -> None:  # type: ignore[no-untyped-def]  # hypothesis types no randoms
    shuffled = draw.sample(documents, len(documents))
    assert copies_of([documents]) == copies_of([shuffled[:cut], shuffled[cut:]])


@settings(max_examples=15)
@given(DRAWN)
def test_an_original_is_an_older_document_that_is_no_near_copy(documents: list[CopyCase]) -> None:
    copies, documents_by_id = copies_of([documents]), {document.id: document for document in documents}
    for name, copy in copies.items():
        mine, original = documents_by_id[name], documents_by_id[copy.original]
        assert (original.created or "9999", original.id) < (mine.created or "9999", mine.id)
        assert copy.same_source == (mine.source == original.source)
        assert copy.near == (text_key(mine.text) != text_key(original.text))
        assert not copy.near or copy.original not in copies


@settings(max_examples=15)
@given(DRAWN)
def test_of_equal_texts_all_but_the_oldest_are_copies(documents: list[CopyCase]) -> None:
    copies = copies_of([documents])
    by_text: dict[str, list[CopyCase]] = {}
    for document in sorted(documents, key=lambda d: (d.created or "9999", d.id)):
        by_text.setdefault(text_key(document.text), []).append(document)
    by_text.pop("", None)
    exact = {document.id for same in by_text.values() for document in same[1:]}
    assert exact == {name for name, copy in copies.items() if not copy.near}


@pytest.mark.parametrize("seed", [0, 1])
def test_the_number_of_buckets_changes_no_copy(seed: int) -> None:
    draw, words = random.Random(seed), STORY.split()
    texts = [" ".join([f"new{n}"] * n * 4 + words[n * 4 :]) for n in range(12)]
    texts += [text.upper() for text in texts] + [WEATHER, "Rain fell.", ""]
    sources, days = ("one.example", "two.example"), ("", "2024-05-01", "2024-05-02")
    documents = [
        CopyCase(f"{n:03d}", draw.choice(texts), draw.choice(sources), draw.choice(days)) for n in range(60)
    ]
    shards = [documents[:7], documents[7:8], [], documents[8:]]
    copies = copies_of(shards)
    assert (
        {copy.near for copy in copies.values()}
        == {copy.same_source for copy in copies.values()}
        == {True, False}
    )
    assert copies_of(shards, buckets=7) == copies


def test_texts_that_change_little_by_little_are_not_all_copies_of_the_first() -> None:
    words = STORY.split()
    versions = [" ".join([f"new{n}"] * n * 4 + words[n * 4 :]) for n in range(12)]
    copies = copies_of([[CopyCase(f"{n:02d}", text) for n, text in enumerate(versions)]])
    originals = {copy.original for copy in copies.values()}
    assert "01" in copies and len(originals) > 1
    assert not originals & copies.keys()


def test_a_near_copy_is_kept_and_tagged_and_does_not_count_for_its_source(tmp_path: Path) -> None:
    texts = [("first", STORY), ("second", EDITED), ("first", EDITED_AGAIN)]
    dated = [
        {"text": text, "url": f"https://{site}.example/{n}", "date": f"2024-05-0{n}"}
        for n, (site, text) in enumerate(texts, 1)
    ]
    run(tmp_path, {"records.jsonl": "\n".join(map(json.dumps, dated))})
    documents = {r["url"][8:]: r for r in rows(tmp_path, "documents")}
    original = documents["first.example/1"]
    assert {r["metadata"]["dup_of"] for r in documents.values()} == {"", original["id"]}
    tags = {
        url: {t for t in r["tags"] if t in ("near_duplicate", "syndicated")} for url, r in documents.items()
    }
    assert tags == {
        "first.example/1": set(),
        "second.example/2": {"near_duplicate", "syndicated"},
        "first.example/3": {"near_duplicate"},
    }
    originals = {r["domain"]: (r["documents"], r["originals"]) for r in rows(tmp_path, "sources")}
    assert originals == {"first.example": (2, 1), "second.example": (1, 0)}


def test_pages_of_one_template_are_no_copies() -> None:
    facts = [
        (9 + n, f"Town{n}", 2 + n, "north", 30 + n, f"7:{10 + n}", f"18:{40 - n}", f"Day{n}")
        for n in range(9)
    ]
    assert copies_of([[CopyCase(str(n), WEATHER.format(*page)) for n, page in enumerate(facts)]]) == {}


READ_ALIKE = {
    "accents as characters of their own": "Le cafe\u0301 du port «\xa0Chez Rene\u0301\xa0» l'a dit.",
    "other quotation marks": "Le café du port “ Chez René ” l’a dit.",
    "soft hyphens": "Le ca\xadfé du port « Chez Re\xadné » l’a dit.",
    "zero-width spaces": "Le café du\u200b port « Chez René » l’a dit.",
    "marks of direction": "\u200eLe café du port « Chez René » l’a dit.\u200f",
    "case and white space": "LE CAFÉ DU PORT\n« CHEZ RENÉ » L’A DIT.",
}


@pytest.mark.parametrize("name", READ_ALIKE)
def test_texts_that_read_the_same_are_copies(name: str) -> None:
    text = "Le café du port « Chez René » l’a dit."
    assert copies_of([[CopyCase("a", text), CopyCase("b", READ_ALIKE[name])]]).keys() == {"b"}


@pytest.mark.parametrize(
    "text",
    [
        "Le cafe du port « Chez René » l’a dit.",
        "Le café du port « Chez René » l’a dit ?",
        "Le café du sport.",
    ],
)
def test_texts_that_read_differently_are_none(text: str) -> None:
    assert not copies_of([[CopyCase("a", "Le café du port « Chez René » l’a dit."), CopyCase("b", text)]])


@pytest.mark.parametrize("date", ["", "1970-01-01", "1970-01-01T00:00:00Z", "0001-01-01", "1989-12-31"])
def test_a_document_without_a_date_is_never_the_original_of_one_that_has_one(date: str) -> None:
    undated, dated = CopyCase("a", STORY, created=date), CopyCase("b", STORY, created="2024-05-01")
    assert copies_of([[undated, dated]])["a"].original == "b"
    unknown, known = CopyCase("a", STORY, added=date), CopyCase("b", STORY)
    assert copies_of([[unknown, known]])["a"].original == "b"


def test_the_first_day_of_the_web_is_a_date() -> None:
    early, late = CopyCase("b", STORY, created="1990-01-01"), CopyCase("a", STORY, created="1990-01-02")
    assert copies_of([[early, late]])["a"].original == "b"
