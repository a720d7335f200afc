"""What a notebook shows of results, and a corpus as a table in memory; documents are hostile there, too."""

from importlib.util import find_spec
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

import winnow
from tests.runs import OTHER, STORY, run
from winnow.corpus.document import Cleaned, Document, Metadata, Removal, disjoint, settle
from winnow.corpus.notebook import SHOWN_CHARS, SHOWN_REMOVALS
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.visible import visible

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e"
SHOWN_TAGS = {"div", "p", "b", "i", "del", "table", "thead", "tbody", "tr", "th", "td"}
SHOWN_ATTRIBUTES = {"style", "title", "dir"}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> winnow.RunResult:
    """A run over two sources whose name is markup, with a copy and something that is no document."""
    files = {f"ledger.example/{n}.txt": f"{STORY} It is text {n}.\n\nADVERTISEMENT\n" for n in range(4)}
    return run(
        tmp_path_factory.mktemp("notebook"),
        {
            **files,
            "ledger.example/copy.txt": files["ledger.example/0.txt"],
            "<b>/a.txt": OTHER,
            "b.html": b"\0" * 40,
        },
    )


def check_is_safe(page: str) -> str:
    """The text of HTML of ours. Raises AssertionError where anything of a document is markup in it."""
    tree = html.fragment_fromstring(page, create_parent="div")
    assert {element.tag for element in tree.iter()} <= SHOWN_TAGS
    assert {name for element in tree.iter() for name in element.attrib} <= SHOWN_ATTRIBUTES
    assert "\u202e" not in page
    return str(tree.text_content())


def test_a_cleaned_text_is_shown_with_what_goes_struck_through() -> None:
    cleaned = winnow.clean(
        f"{STORY}\n\nADVERTISEMENT\n\n{OTHER}\n", title="Basin", url="https://ledger.example/a"
    )
    page = cleaned._repr_html_()
    assert check_is_safe(page).count(STORY) == 1
    [struck] = html.fragment_fromstring(page).xpath("//del")
    assert struck.text == "ADVERTISEMENT\n" and struck.get("title").startswith("ad_marker: ")
    assert html.fragment_fromstring(page).xpath("//td/text()") == ["ad_marker", "1", "14"]
    assert "Basin ledger.example" in check_is_safe(page)


def test_nothing_of_a_document_is_markup() -> None:
    metadata = Metadata(title=HOSTILE, authors=(HOSTILE,), published=HOSTILE, domain=HOSTILE)
    removal = Removal(0, len(HOSTILE), f'"{HOSTILE}', f'"{HOSTILE}')
    cleaned = Cleaned(Document(f"{HOSTILE}{HOSTILE}", metadata=metadata), (removal,))
    assert check_is_safe(cleaned._repr_html_()).count("<script>") >= 6
    assert "alert" in check_is_safe(winnow.explain(cleaned)._repr_html_())
    told = winnow.RunResult(
        Path(HOSTILE), HOSTILE, 1, 2, 3, orphaned=1, passed_over={HOSTILE: 1}, unchanged=True
    )
    assert "alert" in check_is_safe(told._repr_html_())


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_all_of_a_short_text_is_shown(text: str, spans: list[tuple[int, int]]) -> None:
    removals = [Removal(a, min(b, len(text)), "promo", "rule") for a, b in spans if a < min(b, len(text))]
    page = settle(Document(text), disjoint(removals))._repr_html_()
    assert visible(text).replace("\r", "\n") in check_is_safe(page).replace("\r", "\n")


@pytest.mark.parametrize(("chars", "more"), [(SHOWN_CHARS, ""), (SHOWN_CHARS + 1, "… 1 more characters")])
def test_a_notebook_keeps_the_beginning_of_a_long_text(chars: int, more: str) -> None:
    shown = check_is_safe(Cleaned(Document("x" * chars), ())._repr_html_())
    assert shown.count("x") == SHOWN_CHARS and more in shown
    removals = tuple(Removal(2 * n, 2 * n + 1, "promo", "rule") for n in range(SHOWN_REMOVALS + 1))
    struck = Cleaned(Document("ab" * (SHOWN_REMOVALS + 1)), removals)._repr_html_()
    assert struck.count("<del") == SHOWN_REMOVALS and "… 2 more characters" in struck


def test_an_explanation_says_what_each_piece_is() -> None:
    explanation = winnow.explain(winnow.clean(f"{STORY}\n\nADVERTISEMENT\n"))
    [piece] = explanation.removed
    assert (piece.kind, piece.action, piece.text) == ("ad_marker", "drop", "ADVERTISEMENT\n")
    assert piece.meaning.startswith("Label of an ad slot") and piece.excerpt == "ADVERTISEMENT"
    assert str(explanation) == f"ad_marker ({piece.rule} {piece.score:.2f}): ADVERTISEMENT"
    assert "Label of an ad slot" in check_is_safe(explanation._repr_html_())
    kept = winnow.Settings(actions={"ad_marker": "meta"})
    assert winnow.explain(explanation.cleaned, settings=kept).removed[0].action == "meta"


def test_a_run_and_a_corpus_are_shown_as_tables(result: winnow.RunResult) -> None:
    assert "documents5" in check_is_safe(result._repr_html_())
    corpus = winnow.read(result.folder)
    assert corpus.counts() == {"documents": 5, "rejected": 1, "quarantine": 1, "sources": 2}
    shown = check_is_safe(corpus._repr_html_())
    assert "documents5" in shown and "ledger.example5" in shown and "raw1" in shown


def test_a_corpus_is_a_table_in_memory(result: winnow.RunResult) -> None:
    corpus = winnow.read(result.folder)
    rows = corpus.to_arrow(where=pc.field("domain") == "ledger.example")
    assert rows.schema.names == DOCUMENTS.names
    assert rows.num_rows == 4 and {*rows["run_id"].to_pylist()} == {result.run_id}
    none = corpus.to_arrow("sources", ["domain", "documents"], pc.field("documents") > 99)
    assert (none.num_rows, none.schema.names) == (0, ["domain", "documents"])
    with pytest.raises(winnow.UsageError, match="no column 'x'"):
        corpus.to_arrow(columns=["x"])


def test_a_corpus_is_a_frame_of_pandas(result: winnow.RunResult) -> None:
    pytest.importorskip("pandas")
    frame = winnow.read(result.folder).to_pandas("sources", ["domain", "documents"])
    assert dict(zip(frame["domain"], frame["documents"], strict=True)) == {"ledger.example": 5, "raw": 1}


@pytest.mark.skipif(find_spec("polars") is not None, reason="polars is installed")
def test_it_is_said_what_to_install_for_a_frame_of_polars(result: winnow.RunResult) -> None:
    with pytest.raises(winnow.UsageError, match=r"Corpus.to_polars needs polars.*winnow-corpus\[polars\]"):
        winnow.read(result.folder).to_polars()
