"""Lines that a site repeats: how they are learned over a run, kept for the next, and what they change."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import OTHER, STORY, distinct, output_bytes, rows, run
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.document import Block, Cleaned, Document, Metadata, clean
from winnow.corpus.output import SITE_LINES
from winnow.corpus.packed import pack, unpack
from winnow.corpus.raw import RawDocument
from winnow.corpus.settings import Settings
from winnow.models.site_line_keys import (
    MAX_PAGES,
    MIN_PAGES,
    SITE_RULE,
    content_with_site,
    site_line_key,
    site_lines_of,
    with_site_pages,
)
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.isolation import clean_here

NOTICE = "All our products come with a promise."
LATEST = "Latest from the newsroom"
SHARES = st.floats(0.0, 1.0)


def page(content: float, site_pages: int = 0) -> Document:
    """A page of a notice and a story, of which a model is surer."""
    end = len(NOTICE) + 1
    blocks = (Block(0, end, content=content, site_pages=site_pages), Block(end, end + len(STORY) + 1))
    return Document(f"{NOTICE}\n{STORY}\n", blocks, extractor="blocks")


def pages_of(folder: Path, site: str, line: str) -> int:
    """On how many pages of a site a run has seen a line."""
    rows = pq.read_table(folder / "clean" / SITE_LINES, partitioning=None).to_pylist()
    [pages] = [
        len(row["pages"]) for row in rows if (row["site"], row["line"]) == (site, site_line_key(line))
    ]
    return pages


def story(number: int) -> str:
    return f"{STORY} Part {number}.\n\n{NOTICE}\n"


def html_page(number: int) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in (distinct(STORY, number), OTHER))
    return f"<h1>The harbour</h1><article>{paragraphs}<p class=note>{NOTICE}</p></article>"


def test_a_doubtful_block_that_stands_all_over_its_site_goes_with_the_reason() -> None:
    cleaned = clean(page(0.55, MAX_PAGES), [boilerplate])
    assert [(r.rule, r.kind) for r in cleaned.removals] == [("site_lines", "boilerplate")]


@pytest.mark.parametrize(("content", "pages"), [(0.55, 2), (0.95, MAX_PAGES), (0.55, 0)])
def test_a_block_on_too_few_pages_or_surely_content_stays(content: float, pages: int) -> None:
    assert clean(page(content, pages), [boilerplate]).removals == ()


@given(st.floats(0.5, 1.0), st.integers(0, 40))
def test_a_document_says_from_how_many_pages_on_a_block_would_go(content: float, pages: int) -> None:
    alone = page(content)
    needed = site_lines_of(Cleaned(alone, ()))[site_line_key(NOTICE)]
    with_pages = with_site_pages(alone, {site_line_key(NOTICE): pages})
    assert bool(clean(with_pages, [boilerplate]).removals) == (0 < needed <= pages)


@given(st.floats(0.0, 1.0), st.integers(0, 40))
def test_repetition_never_speaks_for_a_block(content: float, pages: int) -> None:
    with_site = content_with_site(Block(0, 1, content=content, site_pages=pages), "blocks")
    assert with_site <= content


def test_a_line_of_a_text_goes_for_standing_on_many_pages_of_its_site(tmp_path: Path) -> None:
    run(
        tmp_path,
        {f"site.example/{i}.txt": f"{STORY} Part {i}.\n\n{OTHER} {i}.\n\n{LATEST}\n" for i in range(13)},
    )
    removed = [span for row in rows(tmp_path, "documents") for span in row["metadata"]["removed"]]
    assert {span["text"].strip() for span in removed if span["rule"] == "site_lines"} == {LATEST}


def test_a_page_that_its_site_changes_is_read_once(tmp_path: Path) -> None:
    files = {f"site.example/{number}.html": html_page(number) for number in range(MAX_PAGES + 1)}
    read_before: list[bool] = []

    def clean_and_count(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        for raw in documents:
            read_before.append(bool(raw.packed))
            yield from clean_here([raw], settings)

    def read_anew(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        return clean_here((replace(raw, packed=b"") for raw in documents), settings)

    run(tmp_path, files, clean=clean_and_count)
    assert Counter(read_before) == {False: len(files), True: len(files)}
    removed = [span for row in rows(tmp_path, "documents") for span in row["metadata"]["removed"]]
    assert [span["text"].strip() for span in removed if span["rule"] == SITE_RULE] == [NOTICE] * len(files)
    run(tmp_path / "anew", files, clean=read_anew)
    assert output_bytes(tmp_path / "anew" / "clean") == output_bytes(tmp_path / "clean")


@given(
    st.builds(
        Document,
        st.just("Rain fell.\nRain fell again.\n"),
        st.tuples(
            st.builds(Block, st.just(0), st.just(11), st.text(), st.text(), SHARES, SHARES),
            st.builds(Block, st.just(11), st.just(28), st.text(), st.text(), SHARES, SHARES),
        ),
        st.builds(Metadata, st.text(), title=st.text(), authors=st.lists(st.text()).map(tuple)),
        extractor=st.text(),
    )
)
def test_a_document_is_unpacked_as_it_was_packed(document: Document) -> None:
    assert unpack(pack(document)) == document


def test_a_line_counts_once_for_each_page_and_copies_count_once(tmp_path: Path) -> None:
    files = {f"site.example/{i}.txt": story(i) for i in range(4)}
    run(
        tmp_path,
        {**files, "site.example/copy.txt": story(0), "other.example/1.txt": f"{OTHER}\n\n{NOTICE}\n"},
    )
    assert pages_of(tmp_path, "site.example", NOTICE) == 4
    assert pages_of(tmp_path, "other.example", NOTICE) == 1


def test_the_next_run_adds_what_it_sees_to_what_is_known(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": story(1), "site.example/2.txt": story(2)})
    (tmp_path / "raw" / "site.example" / "1.txt").unlink()
    run(tmp_path, {"site.example/3.txt": story(3)})
    assert pages_of(tmp_path, "site.example", NOTICE) == 3


def test_a_run_over_the_same_pages_changes_nothing(tmp_path: Path) -> None:
    files = {f"site.example/{i}.txt": story(i) for i in range(MIN_PAGES + 1)}
    run(tmp_path, files, shard_documents=2)
    first = output_bytes(tmp_path / "clean")
    run(tmp_path, files, shard_documents=2)
    assert output_bytes(tmp_path / "clean") == first


def test_a_page_that_changes_counts_once(tmp_path: Path) -> None:
    for day in range(3):
        run(tmp_path, {"site.example/home.txt": story(day)})
    assert pages_of(tmp_path, "site.example", NOTICE) == 1


def test_of_pages_of_unknown_sites_nothing_is_kept(tmp_path: Path) -> None:
    run(tmp_path, {f"{i}.txt": story(i) for i in range(4)})
    assert pq.read_table(tmp_path / "clean" / SITE_LINES).num_rows == 0


def test_a_broken_table_of_an_earlier_run_is_named_and_learned_anew(tmp_path: Path) -> None:
    run(tmp_path, {"site.example/1.txt": story(1)})
    (tmp_path / "clean" / SITE_LINES).write_bytes(b"no table")
    result = run(tmp_path, {"site.example/2.txt": story(2)})
    assert any(problem.startswith("site_lines.parquet has 8 bytes") for problem in result.damaged)
    assert pages_of(tmp_path, "site.example", NOTICE) == 2


def test_a_folder_may_be_named_as_patterns_and_partitions_are(tmp_path: Path) -> None:
    folder = tmp_path / "site=a" / "[1]*?"
    folder.mkdir(parents=True)
    for day in range(2):
        run(folder, {f"site.example/{day}.txt": story(day)})
    assert pages_of(folder, "site.example", NOTICE) == 2
