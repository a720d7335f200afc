"""The line model: properties that hold for any training data; ``cases/lines.jsonl`` has what it removes."""

import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from winnow.cleaners._rule_removals import rule_removals
from winnow.cleaners.lines import CUT, judged_lines, lines
from winnow.corpus.document import Document
from winnow.corpus.layout import lay_out_text
from winnow.corpus.lines import read_lines
from winnow.corpus.taxonomy import KINDS
from winnow.models.lines.line_features import feature_names, stage_two_rows
from winnow.models.lines.line_model import ARTIFACT, MAX_LOG_ODDS, LineModel, load_model, save_model
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.removal_context import Groups, removed_groups

PARAGRAPH = (
    "Rain fell on the hills through the whole of Thursday night, and by the morning the lower bridge was under "
    "water; the council asked people to stay at home until the river had fallen again, which took three days."
)
FURNITURE = (
    "Read also: Ten bridges to see",
    "Sign up for our newsletter",
    "Leave a comment",
    "Share",
    "3 min read",
)
NOISY = "\n".join(["Home", "The bridge", *[PARAGRAPH] * 12, *FURNITURE * 5])
MAX_BYTES = 2_000_000
MAX_MILLISECONDS = 20.0  # of processor time, for forty lines; about a tenth of it is needed
LINES = st.sampled_from(
    (*FURNITURE, PARAGRAPH, "", "The bridge", "字体大小", "| a | b |", "• • •", "\xa0", "1", "©")
)


def document_of(text: str) -> Document:
    return Document(*lay_out_text(text))


def removed_by_rules(document: Document) -> Groups:
    return removed_groups(document, rule_removals(document))


def log_odds(model: LineModel, document: Document) -> NDArray[np.float64]:
    every = range(len(document.lines))
    odds = model.log_odds(document, model.word_scores(document), removed_by_rules(document), every)
    return np.asarray(odds.T)


def test_the_artifact_is_small() -> None:
    assert (Path(__file__).parents[1] / "winnow" / "models" / ARTIFACT).stat().st_size < MAX_BYTES


def test_a_saved_model_is_read_back_and_saved_again_byte_for_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    save_model(load_model(), first)
    save_model(load_model(first), second)
    assert first.read_bytes() == second.read_bytes()
    document = document_of(NOISY)
    assert np.array_equal(log_odds(load_model(first), document), log_odds(load_model(), document))


def test_an_artifact_of_other_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, feature_names=np.array(["weight"]))
    with pytest.raises(ValueError, match="train it again"):
        load_model(path)


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=30).map("\n".join).filter(str.strip))
def test_every_line_has_a_row_of_numbers_for_each_judge_and_log_odds(text: str) -> None:
    document, model = document_of(text), load_model()
    scores, removed = model.word_scores(document), removed_by_rules(document)
    judged = stage_two_rows(document, scores, removed, range(len(document.lines)))
    assert len(judged) == len(model.judges) == 2
    for rows in judged:
        assert rows.shape == (len(document.lines), len(feature_names()))
        assert np.isfinite(rows).all()
    assert (np.abs(log_odds(model, document)) <= MAX_LOG_ODDS).all()


@settings(max_examples=30)
@given(st.lists(LINES, min_size=1, max_size=30).map("\n".join).filter(str.strip), st.data())
def test_a_line_is_judged_alike_whichever_others_are_asked_about(text: str, data: st.DataObject) -> None:
    document, model = document_of(text), load_model()
    numbers = data.draw(st.lists(st.integers(0, len(document.lines) - 1), unique=True))
    judgements = model.log_odds(document, model.word_scores(document), removed_by_rules(document), numbers)
    assert np.allclose(judgements.T, log_odds(model, document)[numbers])


def test_a_document_without_lines_has_no_rows() -> None:
    assert log_odds(load_model(), Document("")).shape == (0, 2)


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=30).map("\n".join).filter(str.strip))
def test_a_higher_cut_removes_no_more(text: str) -> None:
    document = document_of(text)
    starts_by_cut = [
        {removal.start for removal in judged_lines(document, load_model(), cut)} for cut in (0.5, CUT, 4.0)
    ]
    assert all(more >= fewer for more, fewer in pairwise(starts_by_cut))


@pytest.mark.parametrize("text", ["\n".join(FURNITURE), "\n".join(["Rain on the hills", *FURNITURE] * 4)])
def test_a_text_without_a_paragraph_is_left_alone(text: str) -> None:
    assert not list(lines(document_of(text)))


def test_a_removal_has_a_kind_of_the_taxonomy_and_its_probability() -> None:
    removals = list(lines(document_of(f"{NOISY}\nSite credits\nDownload our app\nBack to all stories")))
    assert removals
    assert {removal.kind for removal in removals} <= set(KINDS)
    least = 1 / (1 + np.exp(-CUT))
    assert all(least <= removal.score <= 1 for removal in removals)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Leave a comment", "comment_prompt"),
        ("Sign up for our newsletter", "newsletter_signup"),
        ("Privacy Policy - Cookies", "cookie_consent"),
        ("The old bridge", "boilerplate"),
    ],
)
def test_the_words_of_a_line_name_its_kind(text: str, kind: str) -> None:
    [line] = read_lines(text, [(0, len(text))])
    assert load_model().kind(line) == kind


def test_a_word_and_a_number_are_read_without_their_case_and_value() -> None:
    [one, other] = read_lines("Share 12\nShare 3\n", [(0, 17)])
    assert line_tokens(one) == line_tokens(other)


def test_a_text_of_forty_lines_takes_no_time() -> None:
    list(lines(document_of(NOISY)))
    seconds = []
    for _ in range(5):
        document = document_of(NOISY)
        began = time.process_time()
        list(lines(document))
        seconds.append(time.process_time() - began)
    assert 1000 * median(seconds) < MAX_MILLISECONDS
