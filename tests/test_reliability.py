"""Features, sums, signals and scores of sources: bounded, mergeable, deterministic, and silent when unsure."""

import io
import math
import time
import zipfile
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import winnow.models
from winnow.corpus.document import Block, Cleaned, Document, Metadata, Removal
from winnow.corpus.errors import UsageError
from winnow.corpus.record import Signal
from winnow.models.reliability.calibration import read_recalibration
from winnow.models.reliability.document_tokens import read_tokens
from winnow.models.reliability.imitation import LETTER, SPELLING, WORD
from winnow.models.reliability.meanings import feature_meanings, signal_meanings
from winnow.models.reliability.reasons import GROUPS
from winnow.models.reliability.signals import KINDS, document_signals
from winnow.models.reliability.source_model import load_model, save_model
from winnow.models.reliability.source_score import NAME_SIGNAL, NOT_SCORED, label_of
from winnow.models.reliability.style_features import PATTERNS, document_features, feature_names
from winnow.models.reliability.sums import SourceSums, measured_names, sums_of
from winnow.models.reliability.title_features import title_features
from winnow.models.reliability.wording import load_wording, runs, symbols
from winnow.training.reliability.attacks import ATTACKS
from winnow.training.reliability.fit_calibration import fit_recalibration
from winnow.training.reliability.recalibrate import calibrate
from winnow.training.reliability.source_labels import Label
from winnow.training.reliability.train_reliability import ARTIFACT, Examples, train

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
    features = dict(zip(feature_names(), document_features(title, read_tokens(text)), strict=True))
    assert all(math.isfinite(v) for name, v in features.items() if not name.startswith("title_"))
    missing = {math.isnan(v) for name, v in features.items() if name.startswith("title_")}
    assert len(missing) == 1


@given(st.text(alphabet=',.!?…"” @#acomwnetrghps:ASi', max_size=30), st.sampled_from([*PATTERNS]))
def test_a_pattern_matches_only_where_one_of_its_parts_is(text: str, name: str) -> None:
    parts, pattern = PATTERNS[name]
    assert not pattern.search(text) or any(part in text for part in parts)


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
        [sums(i, language="de") for i in range(9)],
        [sums(0), sums(1), sums(2), *(sums(i, language="de") for i in range(3, 9))],
        [],
    ],
    ids=["German", "mostly German", "none"],
)
def test_without_enough_english_documents_there_is_no_number(documents: list[SourceSums]) -> None:
    score = load_model().score(reduce(add, documents, SourceSums()))
    assert "originals in English, and a score takes" in score.reason
    assert replace(score, reason="") == NOT_SCORED


# Whose probability rounds to the limit of a label.
@example(["", "1,200 %", "A! B? ... Rain.", "1,200 % 1,200 % Rain.", "1,200 %", "1,200 %"], False)
@given(st.lists(SCRAPS.map(" ".join), min_size=3, max_size=6), st.booleans())
def test_a_score_lies_in_its_interval_and_the_interval_in_bounds(texts: list[str], titled: bool) -> None:
    total = reduce(add, (sums(i, text, "Rain" if titled else "") for i, text in enumerate(texts)))
    score = load_model().score(total)
    assert score.score is not None and score.low is not None and score.high is not None
    assert 0.02 <= score.low <= score.score <= score.high <= 0.98
    assert score.probability is not None and 0.02 <= score.probability <= 0.98
    assert score.label == label_of(score.probability)


def test_every_feature_has_a_meaning_and_a_direction_and_nothing_else_has() -> None:
    meanings = feature_meanings()
    assert set(meanings) == set(measured_names())
    assert set(signal_meanings()) == {
        *KINDS.values(),
        "named_author",
        "dateline",
        "corrections_note",
        "stuffed_phrase",
        NAME_SIGNAL,
        *(SPELLING, LETTER, WORD),
    }
    assert {m.direction for m in meanings.values()} == {"higher", "lower", "style"}
    assert {m.group for m in meanings.values()} == {*GROUPS} - {"name"}
    assert all(m.unit for m in meanings.values())


def test_contributions_and_a_constant_are_the_raw_score() -> None:
    model = load_model()
    sources = [sums(0), sums(1, SHRILL * 3, "THEY LIED!"), sums(2, SOBER * 2), sums(3, SHRILL, "")]
    means = np.array([source.means() for source in sources])
    rest = model.raw(means) - [model.contributions(row).sum() for row in means]
    assert np.ptp(rest) < 1e-9


def test_the_strongest_features_of_a_shrill_source_say_so() -> None:
    shrill = reduce(add, (sums(i, SHRILL * 2, "You WON'T Believe What They Hide!!!") for i in range(5)))
    features = [c for c in load_model().score(shrill).contributions if c.contribution]
    assert min(features, key=lambda c: c.contribution).contribution < 0
    assert 2 <= len(features) <= 16


def test_a_source_without_titles_is_judged_as_one() -> None:
    untitled = reduce(add, (sums(i, title="") for i in range(5)))
    few = reduce(add, (sums(i, title="YOU WON'T BELIEVE IT!!!" if i == 0 else "") for i in range(5)))
    assert load_model().score(untitled).probability == load_model().score(few).probability


def test_sums_have_the_same_size_for_one_document_and_for_many() -> None:
    one, many = sums(0), reduce(add, (sums(i) for i in range(200)))
    assert len(many.to_json()) < len(one.to_json()) + 4 * len(measured_names())


def test_runs_name_common_words_and_hide_all_others() -> None:
    harbour, council = (
        read_tokens("The Harbour was flooded, 12% of it"),
        read_tokens("The Council was closed, 90% of it"),
    )
    assert runs(harbour).tolist() == runs(council).tolist()
    assert runs(harbour).tolist() != runs(read_tokens("A Council was closed, 90% of it")).tolist()
    assert max(symbols().values()) < 1 << 10


def test_wording_of_a_text_without_known_words_is_nothing() -> None:
    assert load_wording().values(read_tokens("")).tolist() == [0.0, 0.0]


@given(st.floats(0.02, 0.98), st.integers(1, 50))
def test_labels_that_agree_with_the_model_move_it_little(probability: float, number: int) -> None:
    probabilities = np.full(number, probability)
    recalibration = fit_recalibration(probabilities, probabilities, probabilities, probabilities)
    assert (
        abs(recalibration.shift) < 0.01
        and abs(recalibration.slope - 1) < 0.01
        and abs(recalibration.rating_shift) < 1e-9
    )


def test_labels_of_a_bad_collection_lower_its_probabilities() -> None:
    probabilities = np.linspace(0.4, 0.9, 30)
    recalibration = fit_recalibration(
        probabilities, probabilities, (probabilities > 0.8).astype(float), np.full(30, np.nan)
    )
    source = reduce(add, (sums(i) for i in range(5)))
    before, after = (
        m.score(source).probability for m in (load_model(), load_model().recalibrated(recalibration))
    )
    assert before is not None and after is not None and after < before
    assert recalibration.rating_shift == 0


def scored_sources(path: Path, number: int) -> Path:
    names = [f"site{i}.example" for i in range(number)]
    scores = [0.3 + 0.6 * i / number for i in range(number)]
    pd.DataFrame({"domain": names, "model_probability": scores, "model_score": scores}).to_parquet(path)
    return path


def test_a_calibration_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    sources = scored_sources(tmp_path / "sources.parquet", 20)
    labels = {
        f"site{i}.example": Label("unreliable" if i < 14 else "reliable", float(i >= 14)) for i in range(20)
    }
    written = calibrate(sources, labels, tmp_path / "calibration.json")
    assert read_recalibration(tmp_path / "calibration.json") == written
    assert written.sources == 20 and written.shift < 0


def test_too_few_labels_are_refused(tmp_path: Path) -> None:
    sources = scored_sources(tmp_path / "sources.parquet", 20)
    labels = {"site1.example": Label("reliable", 1.0, 0.8), "other.example": Label("unreliable", 0.0)}
    with pytest.raises(UsageError, match="1 of 2 labelled sources are scored"):
        calibrate(sources, labels, tmp_path / "calibration.json")
    assert not (tmp_path / "calibration.json").exists()


def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text("[]")
    with pytest.raises(UsageError, match="no calibration"):
        read_recalibration(tmp_path / "calibration.json")


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_leaves_a_text_that_can_be_scored(name: str) -> None:
    title, text = ATTACKS[name]("Rain Falls On NATO", SOBER * 3, SOBER)
    assert text and title in {"Rain Falls On NATO", "Rain falls on nato", "rain falls on nato", ""}


def test_the_artifact_holds_arrays_and_nothing_that_could_run() -> None:
    content = ARTIFACT.read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiuU" for name in arrays.files)
    assert all(name.endswith(".npy") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_no_artifact_is_a_pickle_or_large() -> None:
    for path in (Path(winnow.models.__file__).parent / "artifacts").iterdir():
        assert path.suffix in {".npz", ".gz", ".json", ".md"} or path.name == "SHA256SUMS"
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
    sums_of("0", text[:1000], text, "en", [])
    document_signals(cleaned(text))
    assert time.process_time() - began < 10


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not part of the repository")
def test_training_again_gives_the_same_artifact_and_a_worse_one_is_refused(tmp_path: Path) -> None:
    articles = pd.read_parquet(SHARED / "data" / "reliability" / "articles.parquet")
    some = articles[articles.dataset.isin(["abp", "fakenewsnet_politifact", "hyperpartisan_byarticle"])]
    some.groupby("domain").head(2).to_parquet(tmp_path / "some.parquet")
    first, again = (
        train(Examples(tmp_path / "some.parquet"), tmp_path / name) for name in ("a.npz", "b.npz")
    )
    assert first.read_bytes() == again.read_bytes()
    save_model(replace(load_model(first), left_out_brier=0.01), first)
    with pytest.raises(UsageError, match="--force"):
        train(Examples(tmp_path / "some.parquet"), first)
