"""Texts whose site nobody knows: what they share with their folder, and what of it is kept."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.runs import OTHER, STORY, distinct, rows, run
from tests.test_site_paragraphs import FORM
from winnow.corpus.output import SITE_LINES
from winnow.models.site_line_keys import MIN_PAGES, SITE_RULE


def letter(number: int) -> str:
    return f"{distinct(STORY, number)}\n\n{distinct(OTHER, number)}\n\n{FORM}\n"


def removed_paragraphs(folder: Path) -> list[tuple[str, str]]:
    """The place and the text of what a run removed because a site or a folder repeats it."""
    return [
        (row["metadata"]["raw_path"], span["text"].strip())
        for row in rows(folder, "documents")
        for span in row["metadata"]["removed"]
        if span["rule"] == SITE_RULE
    ]


@pytest.mark.parametrize(("texts", "removed"), [(2 * MIN_PAGES - 1, 0), (2 * MIN_PAGES, 2 * MIN_PAGES)])
def test_texts_of_no_known_site_share_lines_with_their_folder(
    tmp_path: Path, texts: int, removed: int
) -> None:
    elsewhere = {f"other/{number}.txt": letter(number) for number in range(10, 12)}
    run(tmp_path, {f"letters/{number}.txt": letter(number) for number in range(texts)} | elsewhere)
    assert removed_paragraphs(tmp_path) == [
        (f"raw/letters/{number}.txt", FORM) for number in range(removed)
    ]


def test_a_site_that_is_known_counts_instead_of_the_folder(tmp_path: Path) -> None:
    texts = [json.dumps(letter(number)) for number in range(2 * MIN_PAGES)]
    known = [f'{{"text": {text}, "url": "https://a.example/{at}"}}\n' for at, text in enumerate(texts[:3])]
    unknown = [f'{{"text": {text}}}\n' for text in texts[3:]]
    run(tmp_path, {"mixed/letters.jsonl": "".join(known + unknown)})
    assert removed_paragraphs(tmp_path) == [(f"raw/mixed/letters.jsonl#{at}", FORM) for at in (1, 2, 3)]


def test_what_a_folder_repeats_is_forgotten_with_its_texts(tmp_path: Path) -> None:
    files = {f"letters/{number}.txt": letter(number) for number in range(2 * MIN_PAGES)}
    run(tmp_path, files)
    (tmp_path / "raw" / "letters" / "0.txt").unlink()
    run(tmp_path, {"letters/1.txt": letter(1)})
    assert removed_paragraphs(tmp_path) == []
    assert pq.read_table(tmp_path / "clean" / SITE_LINES).num_rows == 0
