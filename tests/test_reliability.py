"""Features, sums, signals and scores of sources: bounded, mergeable, deterministic, and silent when unsure."""

import io
import math
import time
import zipfile
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from corpus.document import Block, Cleaned, Document, Metadata, Removal
from corpus.record import Signal
from models.reliability.features import document_features, feature_names, title_features
from models.reliability.model import NOT_SCORED, label_of, load_model
from models.reliability.signals import document_signals
from models.reliability.sums import SourceSums, sums_of
from models.reliability.train import ARTIFACT

SHARED = Path(__file__).parents[2] / "shared"
SOBER = (
    "The council approved the repair of the sea wall on Tuesday, according to its minutes. “The work begins in "
    "March,” said Ada Moss, a spokeswoman for the harbour board, which owns the wall. It will cost 3.4 million pounds."
)
SHRILL = (
    "They LIED to you again!!! The corrupt media will never admit the shocking truth, and everyone knows it. Wake up! "
    "These evil globalists hate you, and they are destroying everything we love. Share this before they delete it!"
)
SCRAPS = st.lists(
    st.sampled_from([SOBER, SHRILL, "Rain.", "字 字", "A! B? ...", "  \n", "1,200 %"]), max_size=5
)


def sums(
    number: int, text: str = SOBER, title: str = "Council approves repair", language: str = "en"
) -> SourceSums:
    return sums_of(f"{number:032d}", title, text, language, [])


@given(st.text(max_size=40), SCRAPS.map("\n".join))
def test_features_are_finite_but_those_of_a_missing_title(title: str, text: str) -> None:
    features = dict(zip(feature_names(), document_features(title, text), strict=True))
    assert all(math.isfinite(v) for name, v in features.items() if not name.startswith("title_"))
    missing = {math.isnan(v) for name, v in features.items() if name.startswith("title_")}
    assert len(missing) == 1


def test_every_title_feature_is_named_so() -> None:
    assert {n for n in feature_names() if n.startswith("title_")} == set(title_features("Rain falls"))


@given(
    st.lists(
        st.tuples(SCRAPS.map(" ".join), st.sampled_from(["", "Rain falls!"]), st.sampled_from(["en", "de"]))
    )
)
def test_sums_are_the_same_in_any_order_and_grouping(documents: list[tuple[str, str, str]]) -> None:
    parts = [sums_of(f"{i:032d}", title, text, lang, []) for i, (text, title, lang) in enumerate(documents)]
    forward, backward = reduce(add, parts, SourceSums()), reduce(add, parts[::-1], SourceSums())
    half = len(parts) // 2
    grouped = reduce(add, parts[:half], SourceSums()) + reduce(add, parts[half:], SourceSums())
    assert forward.to_json() == backward.to_json() == grouped.to_json()
    assert SourceSums.from_json(forward.to_json()) == forward


def test_a_signal_keeps_the_count_and_the_document_with_the_smallest_id() -> None:
    parts = [sums_of(f"{i}", "", SOBER, "en", [Signal("dateline", 1.0, f"passage {i}")]) for i in (2, 1, 3)]
    count = reduce(add, parts).signals["dateline"]
    assert (count.documents, count.witness.document_id, count.witness.evidence) == (3, "1", "passage 1")


def test_a_sober_source_scores_above_a_shrill_one() -> None:
    sober = reduce(add, (sums(i) for i in range(5)))
    shrill = reduce(add, (sums(i, SHRILL * 2, "You WON'T Believe What They Hide!!!") for i in range(5)))
    model = load_model()
    high, low = model.score(sober).score, model.score(shrill).score
    assert high is not None and low is not None
    assert high > low + 0.3


@pytest.mark.parametrize(
    "documents",
    [
        [sums(0), sums(1)],
        [sums(i, language="de") for i in range(9)],
        [sums(0), sums(1), sums(2), *(sums(i, language="de") for i in range(3, 9))],
        [],
    ],
    ids=["two documents", "German", "mostly German", "none"],
)
def test_without_enough_english_documents_there_is_no_number(documents: list[SourceSums]) -> None:
    assert load_model().score(reduce(add, documents, SourceSums())) == NOT_SCORED


@given(st.lists(SCRAPS.map(" ".join), min_size=3, max_size=6), st.booleans())
def test_a_score_lies_in_its_interval_and_the_interval_in_bounds(texts: list[str], titled: bool) -> None:
    total = reduce(add, (sums(i, text, "Rain" if titled else "") for i, text in enumerate(texts)))
    score = load_model().score(total)
    assert score.score is not None and score.low is not None and score.high is not None
    assert 0 <= score.low <= score.score <= score.high <= 1
    assert score.probability is not None and 0 <= score.probability <= 1
    verdict = label_of(score.probability)
    assert score.label == ("mixed" if verdict == "reliable" and not titled else verdict)


def test_the_artifact_holds_arrays_and_nothing_that_could_run() -> None:
    content = ARTIFACT.read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiU" for name in arrays.files)
    assert all(name.endswith(".npy") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_no_artifact_is_a_pickle_or_large() -> None:
    for path in (Path(models.__file__).parent / "artifacts").iterdir():
        assert path.suffix in {".npz", ".gz", ".json"}
        assert path.stat().st_size < 2_000_000


def cleaned(text: str, removals: tuple[Removal, ...] = (), **metadata: tuple[str, ...]) -> Cleaned:
    document = Document(text, (Block(0, len(text)),), Metadata(**metadata))  # type: ignore[arg-type]  # only tuples
    return Cleaned(document, removals)


PARAGRAPH = (
    "The pumps on Mole Street failed twice during the night of the storm, the harbour board said. " * 2
)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (cleaned("AD\nRain.\n", (Removal(0, 3, "ad_marker", "label"),)), "labelled_ads"),
        (cleaned("Name: X\nRain.\n", (Removal(0, 8, "fake_author_block", "identity"),)), "fake_author"),
        (cleaned("Rain.\n", authors=("Ada Moss",)), "named_author"),
        (cleaned(f"PORT ELLEN, May 3 (Reuters) — {PARAGRAPH}\n"), ""),
        (cleaned(f"PORT ELLEN (Reuters) — {PARAGRAPH}\n"), "dateline"),
        (cleaned("Correction: the wall is 40 metres long, not 400.\n"), "corrections_note"),
        (cleaned("the best travel mug ever is here. " * 9), "stuffed_phrase"),
        (cleaned(PARAGRAPH), ""),
    ],
)
def test_a_page_shows_its_signal_with_a_passage(page: Cleaned, name: str) -> None:
    signals = document_signals(page)
    assert [s.name for s in signals] == ([name] if name else [])
    assert all(s.evidence and len(s.evidence) <= 200 for s in signals)


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "a " * 500_000, "A. " * 300_000, '"' * 10**6, "(" * 10**6, "\n" * 10**6]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    began = time.process_time()
    document_features(text[:1000], text)
    document_signals(cleaned(text))
    assert time.process_time() - began < 10


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not part of the repository")
def test_training_again_gives_the_same_artifact(tmp_path: Path) -> None:
    from models.reliability.train import train

    articles = SHARED / "data" / "reliability" / "articles.parquet"
    assert (
        train(articles, tmp_path / "a.npz").read_bytes() == train(articles, tmp_path / "b.npz").read_bytes()
    )
