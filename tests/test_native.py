"""The native core gives what its Python twins give, to the last bit, and is passed over where it does not fit."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.results import SHARED
from tests.fuzz.layout import MARKUP
from tests.fuzz.target import load
from tests.test_layout import CASES, PIECES
from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import lay_out_page, parse_page
from winnow.corpus.layout.html import UNSEEN, PageTree, long_tags
from winnow.corpus.layout.layout_walk import laid_out
from winnow.corpus.layout.page import WITH_NOSCRIPT
from winnow.corpus.lines import bare_words, read_lines, word_runs
from winnow.corpus.mojibake import may_be_spoilt
from winnow.corpus.normal_form import visible_text, without_controls
from winnow.corpus.page_metadata.element_scan import elements_that_name, elements_with, texts_with
from winnow.corpus.page_metadata.shown import BYLINE_TAGS, MARKING, MARKS
from winnow.corpus.quality_counts import quality_counts
from winnow.corpus.signature import sketch_and_keys
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.block_facts import facts_of_texts
from winnow.models.blocks.block_model import load_model
from winnow.models.blocks.block_tokens import page_title
from winnow.models.blocks.page_measures import name_scores
from winnow.models.language_features import feature_counts, load_identifier
from winnow.models.lines.line_model import load_model as load_line_model
from winnow.models.lines.token_columns import line_sums
from winnow.models.trees import Trees, leaf_sums
from winnow.native import PYTHON_BECAUSE, SWITCH, TWINS, lxml_differs, python_because, running

ROOT = Path(__file__).parents[1]
PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
native = pytest.mark.skipif(
    bool(PYTHON_BECAUSE), reason=f"there is nothing to compare, because {PYTHON_BECAUSE}"
)
STATE = (
    "itemprop=text", "<span class=DATE>May 2024", "<p rel=Author itemprop='x\rname'>", "<time pubdate>1999<!-- -->2024", "<q lang=fr>", "<ruby>字<rt>zi</rt>", "<del>9</del><ins>8</ins>", "<time>May 2024</time><span>Rome",
    "<a href='#n1' class=footnote>1</a>", "<a href=#>¶</a>", "10<sup>6</sup>", "<img alt='x^2' class=tex>", "<img alt=😀>",
    "<pre>a\n\n b</pre>", "<br>", "<x-card>", "</x-card>", "<ol reversed type=a><li>", "<li value=7>", "<tr><td>a|b<td>",
    "<th colspan=3>", "<caption>", "<div hidden id=tab1>", "<div style='DISPLAY : none' class=accordion>", "\u00a0", "\u2028",
    "<code>", "</code>", "<script type='math/tex'>x_1</script>", "<span class=katex-html>", "<math><mi>x</mi></math>",
)  # fmt: skip
FRAGMENTS = st.lists(st.sampled_from([*PIECES, *MARKUP, *STATE]) | st.text(max_size=8), max_size=60)


def assert_twins_agree(function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """A function and its Python twin give equal values of equal types."""
    assert repr(function(*arguments, **options)) == repr(function.__wrapped__(*arguments, **options))  # type: ignore[attr-defined]  # of twins


def assert_arrays_agree(function: Callable[..., Any], *arguments: Any) -> None:
    """A function and its Python twin give the same numbers, bit for bit."""
    given, expected = function(*arguments), function.__wrapped__(*arguments)  # type: ignore[attr-defined]  # of twins
    assert given.shape == expected.shape
    assert (
        np.ascontiguousarray(given).tobytes() == np.ascontiguousarray(expected, dtype=given.dtype).tobytes()
    )


def real_pages() -> Iterator[bytes]:
    """All pages of WCXB dev; skips the test without them."""
    if not PAGES.exists():
        pytest.skip("the pages are not beside the repository")
    for batch in pq.ParquetFile(PAGES).iter_batches(100, columns=["html"]):
        yield from batch["html"].to_pylist()


def assert_scans_agree(tree: PageTree) -> None:
    """The elements that the scans of a page find are those of Python."""
    scans: list[tuple[Any, ...]] = [
        (elements_with, {"itemprop", "property", "pubdate", "class", "hidden"}),
        (elements_that_name, BYLINE_TAGS, MARKING, MARKS, 40),
        (elements_that_name, ("a", "x-card", "li"), ("href", "class"), ("#", "tex", "z"), 1_000),
        (texts_with, ("20", "199"), 100),
        (texts_with, ("a", "<"), 3),
    ]
    for scan, *arguments in scans:
        found = scan(tree, *arguments)
        assert found == scan.__wrapped__(tree, *arguments)


def assert_layouts_agree(html: str | bytes) -> None:
    """The layouts of a page, with and without what is hidden, and the scans of it are those of Python."""
    try:
        content = html.encode("utf-8", "replace") if isinstance(html, str) else html
        tree = parse_page(decode(content, html=True))
    except UnreadableError:
        return
    for unseen, with_hidden in ((UNSEEN, False), (WITH_NOSCRIPT, True)):
        assert_twins_agree(laid_out, tree, unseen, with_hidden=with_hidden)
    assert_scans_agree(tree)


@pytest.mark.parametrize("name", TWINS)
def test_every_twin_has_a_python_function_and_a_source(name: str) -> None:
    module, _, function = name.rpartition(".")
    chosen = getattr(importlib.import_module(module), function)
    assert getattr(chosen, "__wrapped__", chosen).__module__ == module
    source = (ROOT / "winnow" / "native" / f"{TWINS[name]}.pyx").read_text(encoding="utf8")
    assert f"def {function}(" in source


@native
@pytest.mark.parametrize("html", CASES)
def test_layouts_of_cases_are_those_of_python(html: str) -> None:
    assert_layouts_agree(html)


@native
@settings(max_examples=200)
@given(FRAGMENTS.map("".join))
def test_layouts_of_any_markup_are_those_of_python(html: str) -> None:
    assert_layouts_agree(html)


@native
def test_layouts_of_the_fuzzers_seeds_are_those_of_python() -> None:
    for seed in load("layout").seeds():
        assert_layouts_agree(seed[1:])


@native
@pytest.mark.parametrize("depth", [3_000, 30_000])
def test_a_page_of_any_depth_is_laid_out(depth: int) -> None:
    assert_layouts_agree("<div><b>a" * depth)
    assert_layouts_agree("<x-a>a " * depth + "<table><tr><td>" * 300)


@native
@pytest.mark.slow
def test_layouts_of_real_pages_are_those_of_python() -> None:
    for html in real_pages():
        assert_layouts_agree(html)


WORDS = st.sampled_from(
    "Read more a the 2024 12 share on By Ada Moss Menu straße İstanbul 今天 हिन्दी _x don't".split()
) | st.text(max_size=6)
SIGNS = st.sampled_from([" ", " ", " ", ". ", ", ", "。", "، ", "…", '"', "\u00a0", "\x1c", "."])
TEXTS = st.lists(st.tuples(WORDS, SIGNS), max_size=50).map(
    lambda pairs: "".join("".join(pair) for pair in pairs)
)
ANY_SCRIPT = st.lists(
    st.sampled_from(
        "Straßenbahn ǅungla 港口今天下雨了 カタカナABC 12ab ٣٤ ǆ AB- O'Neil O’Neil _ 2024年3月 ﬁnanzen İİİİİİ".split()
    )
    | st.text(min_size=1, max_size=40),
    max_size=20,
).map(" ".join)
NAMES = st.lists(
    st.sampled_from("article-body sideBar2 post__meta-3x HEADER col-md-12 footer navLinks a1b2c3 ünder x-y-z-a-b-c-d-e-f".split())
    | st.text(st.sampled_from("abXY09-_. \x1f\u00a0é"), max_size=90),
    max_size=30,
).map(" ".join)  # fmt: skip


@native
@given(st.lists(TEXTS, min_size=1, max_size=12), TEXTS)
def test_facts_of_texts_are_those_of_python(texts: list[str], title: str) -> None:
    assert_arrays_agree(
        facts_of_texts, [*texts, texts[0]], frozenset(words_of(title)), load_model().weights
    )


@native
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["div", "p", "x-é", "section"]),
            st.lists(st.none() | NAMES, min_size=7, max_size=7).map(tuple),
        ),
        max_size=9,
    )
)
def test_scores_of_names_are_those_of_python(elements: list[tuple[str, tuple[str | None, ...]]]) -> None:
    tags, names = [tag for tag, _ in elements], [names for _, names in elements]
    assert_arrays_agree(name_scores, tags, names, load_model().weights)


@native
@pytest.mark.slow
def test_measures_of_real_pages_are_those_of_python() -> None:
    for html in real_pages():
        tree = parse_page(decode(html, html=True))
        page, weights = lay_out_page(tree), load_model().weights
        texts = [page.text[block.start : block.end - 1] for block in page.blocks]
        assert_arrays_agree(facts_of_texts, texts, frozenset(words_of(page_title(tree))), weights)
        assert_arrays_agree(name_scores, page.elements.tags, page.elements.names, weights)


@native
@given(TEXTS | ANY_SCRIPT)
def test_words_of_lines_are_those_of_python(text: str) -> None:
    assert_twins_agree(word_runs, text)
    assert_twins_agree(bare_words, text.casefold())


@native
@given(st.binary(max_size=60) | ANY_SCRIPT.map(str.encode))
def test_features_of_a_language_are_those_of_python(text: bytes) -> None:
    moves, rows, features = load_identifier().tables
    assert_twins_agree(feature_counts, text, moves, rows, features)


@native
def test_a_model_of_a_language_that_leads_out_of_it_is_refused() -> None:
    moves, rows, features = load_identifier().tables
    with pytest.raises(IndexError):
        feature_counts(b"a", moves[:10], rows, features)
    with pytest.raises(IndexError):
        feature_counts(b"the the", moves, rows[:1], features)


LINE_ENDS = st.sampled_from(["", ":", "…", "!", "»", "”"])
LINES = st.tuples(TEXTS | ANY_SCRIPT, LINE_ENDS).map("".join)


@native
@given(st.lists(LINES, max_size=8))
def test_sums_of_lines_are_those_of_python(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert_arrays_agree(line_sums, read_lines(text, [(0, len(text))]), load_line_model().columns)


ODD = "\r\n\t\x1b[0m\x85\x9f\u2028\u200b\u200d\ufeff\uffff\xad\u0301\u0345\u1100\u1161\u11a8\u3099\u212b\u2126\ue000ŒÃéあ字👍🏽️한ا،ﬁ"
LETTERS = st.sampled_from(
    [*ODD, "Ã©", "â€™", "e\u0301", " ", "a", "'", "’", "-", "_", "é", "²"]
) | st.characters(codec="utf-8")
ANY_TEXT = st.lists(LETTERS, max_size=30).map("".join)
TAG_PIECES = st.sampled_from(
    ["<a", "<B", " x=1", ' y="a > b"', " z='", "'", '"', ">", "/", "=", "\u2003", "<", "text", " <3 ", "é"]
)


@native
@given(ANY_TEXT)
def test_looks_through_texts_are_those_of_python(text: str) -> None:
    for function in (without_controls, may_be_spoilt, bare_words, word_runs):
        assert_twins_agree(function, text)
    assert_twins_agree(visible_text, without_controls(text))


@native
@given(st.lists(TAG_PIECES, max_size=40).map("".join), st.integers(0, 12))
def test_long_tags_are_those_of_python(html: str, chars: int) -> None:
    assert_twins_agree(long_tags, html, chars)


@native
def test_every_character_is_visible_as_python_sees_it_whatever_stands_before_it() -> None:
    """A character that the native core leaves alone joins no other, and is no other's form."""
    for code in (code for code in range(0x20000) if not 0xD800 <= code <= 0xDFFF):
        text = without_controls(
            "".join(f"{base}{chr(code)}" for base in "a\u0627가か\u1100" if code > 0x7F)
        )
        expected = visible_text.__wrapped__(text)  # type: ignore[attr-defined]  # of twins
        assert visible_text(text) == expected, hex(code)


@native
@given(
    st.lists(st.tuples(WORDS, SIGNS), min_size=40, max_size=90),
    st.sampled_from(["", "Ωραία мост ½ ", "x_y 9th İ… ", "कखग "]),
)
def test_signatures_are_those_of_python(pairs: list[tuple[str, str]], beginning: str) -> None:
    assert_twins_agree(sketch_and_keys, beginning + "".join("".join(pair) for pair in pairs))


# What the counts of quality look for, pieces of it, and what reads like it
QUALITY_PIECES = (
    *"the be have with don't don’t can't n't 'tis U.S. A. Mr. Mrs Dr.. St. 1,200 COVID-19 3.5: https://a.example/b http:// https://".split(),
    *"@ada @ # ... …. .. -- --- — ’ ’s [1] [edit] [citation needed] { java[2]script JavaScript uses cooKies use\u212a ² ١ ٣ _ __ é".split(),
    "Lorem Ipsum", "Terms of use.", "cookie policy", "Rain fell on Monday.", 'He said "no."', "Wait ...", "x" * 1001, " ", "  ",
    "\n", "\n", "\n\n", "\n \n", "• ", "- ", "•", "\u2028", "\u3000", "。", "।", "！)", ".')", "．", "😀", "\x00", "\x1c", "\x85",
)  # fmt: skip
QUALITY_TEXTS = st.lists(st.sampled_from(QUALITY_PIECES) | st.text(max_size=3), max_size=40).map("".join)


@native
@settings(max_examples=300)
@given(QUALITY_TEXTS, st.sampled_from(["", " ", "\n"]))
def test_counts_of_quality_are_those_of_python(text: str, separator: str) -> None:
    for repeated_text in (text, separator.join([text] * 3)):
        assert_twins_agree(quality_counts, repeated_text)


@native
def test_counts_of_quality_of_the_samples_are_those_of_python() -> None:
    for path in sorted((ROOT / "raw").rglob("*.html")):
        assert_twins_agree(quality_counts, path.read_text(encoding="utf-8", errors="replace"))


ROWS = np.random.default_rng(5).normal(size=(400, 5))
TREES = [
    Trees.of(HistGradientBoostingClassifier(max_iter=20, max_depth=depth, early_stopping=False).fit(ROWS, ROWS[:, 0] * ROWS[:, 1] > 0.1))
    for depth in (1, 4, None)
]  # fmt: skip
FLOATS = st.floats(width=32) | st.sampled_from([float(each) for each in TREES[1].thresholds])


@native
@given(st.sampled_from(TREES), st.lists(st.lists(FLOATS, min_size=5, max_size=5), max_size=13))
def test_sums_of_leaves_are_those_of_python(trees: Trees, rows: list[list[float]]) -> None:
    assert_arrays_agree(leaf_sums, trees, np.array(rows, dtype=np.float64).reshape(-1, 5))


@native
def test_rows_that_are_too_short_are_refused() -> None:
    with pytest.raises(IndexError):
        leaf_sums(TREES[1], np.zeros((1, 1)))


def test_trees_whose_nodes_lead_out_of_them_are_refused() -> None:
    arrays = {name: value.copy() for name, value in TREES[1].arrays().items()}
    arrays["children"] = arrays["children"].astype(np.int64)
    arrays["children"][0] = len(arrays["children"]) - 1
    with pytest.raises(ValueError, match="hold together"):
        Trees.from_arrays(arrays)


def test_the_variable_turns_the_core_off() -> None:
    assert python_because({SWITCH: "0"}) == "WINNOW_NATIVE=0 turns it off"
    code = "from winnow.native import running; print(running())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {SWITCH: "0"}, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout == "Python, because WINNOW_NATIVE=0 turns it off\n"


@native
def test_a_core_that_was_built_from_other_sources_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (python_because({}), running()) == ("", "native")
    monkeypatch.setattr("winnow.native.build_facts.SOURCE_HASH", "0123456789abcdef")
    assert python_because({}).startswith("it was built from other sources")


@native
@pytest.mark.parametrize(("name", "value"), [("LXML_VERSION", "6.0.0"), ("LIBXML_VERSION", (2, 9, 1))])
def test_what_reads_trees_is_passed_over_beside_another_lxml(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lxml_differs() == ""
    monkeypatch.setattr(f"winnow.native.build_facts.{name}", value)
    assert running().startswith(
        "native without page_elements, page_layout, because it was built against lxml 6."
    )
