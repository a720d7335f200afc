"""The unseen test set: its label file is valid, and its texts can be rebuilt."""

from collections.abc import Iterator
from typing import Any

import pytest

from bench.unseen import ARTICLES, Label, labels, rebuilt, sha256
from winnow.corpus.taxonomy import KINDS

RECORD = {
    "id",
    "from",
    "row",
    "domain_hash",
    "language",
    "site_kind",
    "sha256",
    "max_lines",
    "lines",
    "spans",
}
LINE = {"line", "sha", "category", "action"}
SPAN = {"line", "start", "end", "category", "action"}
LONGEST_STRING = 64  # a SHA-256 in hex digits: no sentence hides in the file


def strings(value: Any) -> Iterator[str]:
    """Every string inside a value read from JSON, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from (key, *strings(inside))
    elif isinstance(value, list):
        for inside in value:
            yield from strings(inside)


def marks(record: Label) -> list[Label]:
    return [*record["lines"], *record["spans"]]


def test_the_label_file_has_only_the_known_fields() -> None:
    for record in labels():
        assert record.keys() == RECORD
        assert all(line.keys() == LINE for line in record["lines"])
        assert all(span.keys() == SPAN for span in record["spans"])


def test_the_label_file_holds_no_text() -> None:
    assert max(map(len, strings(list(labels())))) <= LONGEST_STRING


def test_there_are_sixty_texts_of_as_many_sites() -> None:
    assert len({record["id"] for record in labels()}) == 60
    assert len({record["domain_hash"] for record in labels()}) == 60


def test_many_languages_and_kinds_of_site_are_there() -> None:
    assert len({record["language"] for record in labels()}) >= 6
    assert len({record["site_kind"] for record in labels()}) >= 10


def test_every_label_is_a_known_kind_with_its_action() -> None:
    actions = {kind: action for kind, (action, _) in KINDS.items()} | {"body": "keep"}
    assert all(actions[mark["category"]] == mark["action"] for record in labels() for mark in marks(record))


@pytest.mark.skipif(
    not ARTICLES.exists(), reason="needs the article collection in ../shared/data/reliability"
)
def test_the_articles_are_rebuilt_line_by_line_as_they_were_labelled() -> None:
    articles = [record for record in labels() if record["from"] == "articles"]
    texts = rebuilt(articles)
    assert texts.keys() == {record["id"] for record in articles}
    for record in articles:
        lines = texts[record["id"]].split("\n")
        written = {n: sha256(line.strip())[:8] for n, line in enumerate(lines, 1) if line.strip()}
        assert written == {line["line"]: line["sha"] for line in record["lines"]}
