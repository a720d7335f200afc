"""The block model: its training data, its features, and its judgement of pages."""

import logging
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import trafilatura
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import lay_out_page, parse_page
from winnow.models.blocks.block_choice import best_cut
from winnow.models.blocks.block_features import FEATURES, page_features
from winnow.models.blocks.block_model import load_model, save_model
from winnow.models.blocks.block_tokens import OLD, element_tokens, page_tokens, text_tokens
from winnow.models.blocks.dumps import load_dump_model, save_dump_model
from winnow.models.blocks.page_types import PAGE_TYPES, forced_type
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.blocks.token_weights import ROLES, Weights, element_scores
from winnow.models.second_opinion import MAX_BLOCKS, MAX_TAGS, trafilatura_shares
from winnow.training.blocks.block_labels import matched_words
from winnow.training.blocks.fit_blocks import LabelledPage, domain_folds, fit
from winnow.training.blocks.train_dumps import as_dump, page_lines

STORY = tuple(
    f"The harbour board of {town} voted on Tuesday, after a long debate, to dredge the inner basin before the storms."
    for town in ("Pigeon", "Netloft", "Sandwick")
)


def html(number: int = 0) -> str:
    paragraphs = "".join(f"<p>{line} Mole number {number} stays open.</p>" for line in STORY)
    menu = "".join(
        f"<li class='menu-item'><a href='/'>{name}</a></li>" for name in ("Home", "Sport", "Tides")
    )
    return (
        f"<html><head><title>Basin {number}</title></head><body><nav class='menu'><ul>{menu}</ul></nav>"
        f"<article class='story'>{paragraphs}</article><footer class='footer'><p>Imprint</p></footer></body></html>"
    )


def labelled(number: int) -> LabelledPage:
    tree = parse_page(html(number))
    page, _ = read_page(tree)
    texts = [page.text[block.start : block.end] for block in page.blocks]
    words, hits = matched_words(texts, " ".join(text for text in texts if "harbour board" in text))
    kind = PAGE_TYPES[number % 2]
    tokens = page_tokens(tree) | {f"body {kind}"}
    return LabelledPage(
        page, f"Basin {number}", tokens, kind, f"site{number % 7}.example", np.array(words), np.array(hits)
    )


@pytest.mark.parametrize(
    ("texts", "reference", "hits"),
    [
        (["Menu", "Rain fell on Monday.", "Rain"], "Rain fell on Monday.", [0, 4, 0]),
        (
            ["By Ada Moss of Pigeon", "Rain fell on Monday."],
            "Rain fell on Monday. By Ada Moss of Pigeon",
            [5, 4],
        ),
        (["One two three four", "Ads", "five six seven"], "one two three four five six seven", [4, 0, 3]),
        (["Home", "Sport"], "", [0, 0]),
        (["Rain fell on the hills", "Rain fell on the hills"], "Rain fell on the hills", [5, 0]),
    ],
)
def test_a_block_is_content_as_far_as_the_reference_has_its_words_in_order(
    texts: list[str], reference: str, hits: list[int]
) -> None:
    assert matched_words(texts, reference)[1] == hits


def test_generated_names_of_classes_give_no_words_and_digits_do_not_count() -> None:
    assert element_tokens("div", ("postBody-17", "main")) == (
        "<div",
        "post-body-0",
        ".post",
        ".body",
        "#main",
        ".main",
    )
    assert not [token for token in element_tokens("p", ("a-b-c-d-e-f-g-h-i",)) if token.startswith(".")]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 500)), min_size=1, max_size=12))
def test_no_cut_expects_a_higher_f1_than_the_best_cut(blocks: list[tuple[float, int]]) -> None:
    probabilities, words = (np.array(column, dtype=np.float64) for column in zip(*blocks, strict=True))

    def expected(cut: float) -> float:
        is_content = probabilities >= cut
        return float(
            2
            * (probabilities * words)[is_content].sum()
            / (words[is_content].sum() + (probabilities * words).sum() + 1e-9)
        )

    best = expected(best_cut(probabilities, words))
    within = [p for p in probabilities if 0.1 <= p <= 0.9]
    assert all(best >= expected(cut) - 1e-6 for cut in within)


TAGS = "p /p div /div td tr table /table pre /pre br li ul /ul h1 /h1 a|href=x /a p|class='x-1|y' p|hidden img".split()
PIECES = [
    *(f"<{tag}>".replace("|", " ") for tag in TAGS),
    "text ",
    "Rain fell on the hills, and on. ",
    "\n",
    "字",
    "&lt;",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join))
def test_every_block_of_every_page_has_finite_features(markup: str) -> None:
    try:
        page = lay_out_page(parse_page(markup))
    except UnreadableError:
        return
    if page.blocks:
        features = page_features(page, "Rain", forced_type("forum"), load_model().weights)
        assert features.shape == (len(page.blocks), len(FEATURES))
        assert np.isfinite(features).all()


def test_pages_of_a_domain_are_in_one_fold() -> None:
    pages = [labelled(number) for number in range(20)]
    folds = domain_folds(pages, 3)
    of_domain: dict[str, set[int]] = {}
    for page, fold in zip(pages, folds, strict=True):
        of_domain.setdefault(page.domain, set()).add(int(fold))
    assert all(len(numbers) == 1 for numbers in of_domain.values()) and len(set(folds)) == 3


def test_equal_pages_give_equal_bytes_and_a_model_that_tells_their_content(tmp_path: Path) -> None:
    pages = [labelled(number) for number in range(40)]
    for name in ("a.npz", "b.npz"):
        save_model(fit(pages), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    model, page = load_model(tmp_path / "a.npz"), labelled(77)
    verdict = model.judge(page.page, page.title, model.types.probabilities(page.tokens))
    assert list(verdict.probabilities >= verdict.cut) == list(page.hits > 0)
    assert model.types.probabilities(page.tokens)[PAGE_TYPES.index(page.kind)] > 0.5


def test_pages_of_another_convention_teach_old_pages_and_leave_the_weights_alone() -> None:
    pages = [labelled(number) for number in range(40)]
    captions = [
        replace(labelled(number), is_main=False, domain=f"old{number}.example") for number in range(40)
    ]
    inverted = [replace(page, hits=page.words - page.hits) for page in captions]
    alone, both = fit(pages), fit([*pages, *inverted])
    assert alone.weights.flat() == both.weights.flat()
    page = labelled(77)
    kind = both.types.probabilities(page.tokens)
    is_content = list(page.hits > 0)
    new, old = (both.judge(page.page, page.title, kind, is_old=is_old) for is_old in (False, True))
    assert list(new.probabilities >= 0.5) == is_content
    margins = [abs(verdict.probabilities - 0.5).min() for verdict in (new, old)]
    assert margins[1] < margins[0]


KEYWORDS = "<meta name=Keywords content=rain>"


@pytest.mark.parametrize(
    ("head", "body", "is_old"),
    [
        (KEYWORDS, "<table><tr><td>Rain.</table>", True),
        ("<meta http-equiv=content-type content=text/html>", "<div id=main>Rain.</div>", True),
        (KEYWORDS + "<meta name=VIEWPORT content=width=600>", "<p>Rain.", False),
        (KEYWORDS, "<div><main><p>Rain.</main></div>", False),
        ("", "<p>Rain.", False),
    ],
)
def test_old_pages_declare_things_but_no_viewport_and_have_no_sections(
    head: str, body: str, *, is_old: bool
) -> None:
    tree = parse_page(f"<html><head>{head}<title>Rain</title></head><body>{body}</body></html>")
    assert (OLD in page_tokens(tree)) is is_old


def test_weights_are_the_same_after_a_way_through_the_artifact() -> None:
    flat = {"0 <p": 0.5, "2 .menu": -1.0, "w rain": 0.25}
    weights = Weights.of(flat)
    assert weights.flat() == flat
    assert weights.names[".menu"] == (0.0, 0.0, -1.0)


VOCABULARY = ("rain", "menu", "read", "more", "7", "1999", "sideBar", "post-body-2", "p")


@given(
    st.lists(st.sampled_from(VOCABULARY), max_size=12),
    st.tuples(*[st.none() | st.sampled_from(VOCABULARY) | st.just("rain menu rain")] * 7),
    st.randoms(use_true_random=False),
)
def test_texts_and_elements_weigh_what_their_tokens_weigh(
    words: list[str], names: tuple[str | None, ...], random: Random
) -> None:
    of_text, of_element = text_tokens(words), element_tokens("div", names)
    tokens = [*of_text, *(role + token for role in ROLES for token in of_element)]
    flat = {
        token: round(random.uniform(-1, 1), 3) for token in dict.fromkeys(tokens) if random.random() < 0.7
    }
    weights = Weights.of(flat)
    assert weights.text_score(words) == sum(flat.get(token, 0.0) for token in of_text)
    summed = [sum(flat.get(role + token, 0.0) for token in of_element) for role in ROLES]
    assert list(element_scores(weights, "div", names)) == summed


def test_an_artifact_with_other_features_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.npz").open("wb") as stream:
        np.savez(stream, names=np.array(["other"]))
    with pytest.raises(ValueError, match="train it again"):
        load_model(tmp_path / "a.npz")


def test_a_page_whose_prose_is_hidden_is_laid_out_with_it_and_others_are_not() -> None:
    hidden, visible = "".join(f"<p>{line}</p>" for line in STORY), f"<p>{STORY[0]}</p>"
    page, is_uncovered = read_page(parse_page(f"<p>Loading</p><div style='display:none'>{hidden}</div>"))
    assert is_uncovered and STORY[2] in page.text
    page, is_uncovered = read_page(parse_page(f"{hidden}<div hidden>{visible} Secret.</div>"))
    assert not is_uncovered and "Secret" not in page.text


def test_a_second_opinion_names_the_blocks_that_trafilatura_extracts() -> None:
    tree = parse_page(html())
    page, _ = read_page(tree)
    shares = trafilatura_shares(html(), page)
    extracted_texts = [
        page.text[block.start : block.end]
        for block, share in zip(page.blocks, shares, strict=True)
        if share > 0.5
    ]
    assert len(extracted_texts) == 3 and all("harbour board" in text for text in extracted_texts)
    assert trafilatura_shares("<p>Rain.</p>", page) == []


def test_a_second_opinion_logs_nothing_and_others_hear_of_their_pages(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "trafilatura")
    assert trafilatura_shares("<html><body></body></html>", lay_out_page(parse_page("<p>Rain.</p>"))) == []
    assert not [record for record in caplog.records if record.name.startswith("trafilatura")]
    assert trafilatura.extract("<html><body></body></html>") is None
    assert [record for record in caplog.records if record.name.startswith("trafilatura")]


def test_a_model_of_dumps_is_the_same_after_a_way_through_its_artifact(tmp_path: Path) -> None:
    model = load_dump_model()
    save_dump_model(model, tmp_path / "dumps.npz")
    again = load_dump_model(tmp_path / "dumps.npz")
    lines = [
        *(["Home", "News", "Sign in", "Most read"] * 12),
        *STORY * 3,
        *(["Terms", "Help", "Imprint"] * 6),
    ]
    shares = model.line_shares(lines)
    assert shares is not None and (shares == again.line_shares(lines)).all()
    assert list(shares[48:54] >= 0.5) == [True] * 6 and shares[:48].max() < 0.5
    assert model.line_shares(lines[:30]) is None


def test_a_page_without_its_markup_is_labelled_as_with_it() -> None:
    page = labelled(3)
    dump = as_dump(page)
    assert page_lines(dump) == page_lines(page)
    assert (dump.hits == page.hits).all() and not dump.page.elements.tags


@pytest.mark.parametrize(("paragraphs", "is_asked"), [(MAX_BLOCKS, True), (MAX_BLOCKS + 1, False)])
def test_a_second_opinion_is_asked_about_pages_of_1_000_blocks(paragraphs: int, is_asked: bool) -> None:
    page = f"<article>{'<p>The harbour board voted on Tuesday.</p>' * paragraphs}</article>"
    assert any(trafilatura_shares(page, lay_out_page(parse_page(page)))) is is_asked


@pytest.mark.parametrize(("tags", "is_asked"), [(MAX_TAGS, True), (MAX_TAGS + 1, False)])
def test_a_second_opinion_is_asked_about_pages_of_20_000_tags(tags: int, is_asked: bool) -> None:
    page = html() + "<!---->" * (tags - html().count("<"))
    assert any(trafilatura_shares(page, lay_out_page(parse_page(page)))) is is_asked
