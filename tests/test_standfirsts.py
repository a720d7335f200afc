"""The summary above an article's body is part of it; what merely stands in the same place is not."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.layout import lay_out_page, parse_page
from winnow.models.blocks.headlines import letters_of
from winnow.models.blocks.standfirsts import (
    BODY_WORDS,
    BYLINE_CHARS,
    DAY_CHARS,
    DESCRIBED_LETTERS,
    LETTERS,
    MEANT_LETTERS,
    MOST_BETWEEN,
    MOST_PARAGRAPHS,
    REPEATED_CHARS,
    WORDS,
    standfirsts,
)
from winnow.models.blocks.story_parts import page_descriptions, with_story_parts

HEADLINE = "The ferry stays in harbour"
LEAD = "Two engines failed within a week. Islanders ask who will bring the post, and when"
PARAGRAPH = "On Monday morning the mayor stood on the quay and told the few who had come that no boat would leave before Friday."
BODY_SHARE, OTHER_SHARE = 0.9, 0.1


def taken(
    between: str, description: str = "", body: str = PARAGRAPH, headline: str = HEADLINE
) -> list[str]:
    """The texts that are taken for the standfirst of a page."""
    html = f"<html><body><nav>Home</nav><main><header><h1>{headline}</h1>{between}</header><p>{body}</p></main></body></html>"
    page = lay_out_page(parse_page(html))
    texts = [page.text[block.start : block.end - 1] for block in page.blocks]
    shares = [BODY_SHARE if text == body else OTHER_SHARE for text in texts]
    return [texts[number] for number in standfirsts(page, letters_of(headline), [description], shares)]


STANDFIRSTS = [
    ("a paragraph right behind the headline", f"<p>{LEAD}</p>", ""),
    ("loose text right behind the headline", f"{LEAD}.<div>Sea</div>", ""),
    ("a smaller heading", f"<h2>{LEAD}</h2>", ""),
    ("a deck behind the byline", f"<div class='byline'>By Ada Holm</div><p class='article-dek'>{LEAD}</p>", ""),
    ("a name of the element around it", f"<div>3 min</div><div class='story__intro'><p>{LEAD}</p></div>", ""),
    ("a French name", f"<div>Mer</div><div class='chapo'>{LEAD}</div>", ""),
    ("a Spanish name", f"<div>Mar</div><h3 class='bajada'>{LEAD}</h3>", ""),
    ("a German name in camel case", f"<div>Meer</div><div class='contentVorspann'>{LEAD}</div>", ""),
    ("a Czech name", f"<div>Moře</div><div class='perex'>{LEAD}</div>", ""),
    ("a name of its own inside a player's", f"<div>Sea</div><div class='media'><p class='dek'>{LEAD}</p></div>", ""),
    ("loose text that is the page's description", f"<div>12 May</div><div>{LEAD}<div>Share</div></div>", LEAD),
    ("the start of a longer text than is described", f"<div>Sea</div><div>{LEAD}</div>", LEAD[:50]),
    ("a part of the description", f"<div>Sea</div><div>{LEAD}</div>", f"Our reporter on the island writes: {LEAD}."),
    ("a deck that has a picture", f"<div>Sea</div><p class='dek has-image'>{LEAD}</p>", ""),
    ("a short sentence", "<p>Nobody was asked, they say.</p>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("label", "between", "description"), STANDFIRSTS, ids=[c[0] for c in STANDFIRSTS])
def test_the_summary_between_headline_and_body_is_taken(label: str, between: str, description: str) -> None:
    assert taken(between, description) in ([LEAD], [f"{LEAD}."], ["Nobody was asked, they say."])


OTHERS = [
    ("a block that nothing names, not behind the headline", f"<div>Sea</div><div>{LEAD}</div>", ""),
    ("loose text that is no sentence", f"{LEAD}<div>Sea</div>", ""),
    ("a few words that are no sentence", "<p>Recommended by the harbour office</p>", ""),
    ("the headline once more", f"<h2 class='subtitle'>{HEADLINE}</h2>", ""),
    ("a caption, though it is named a lead", f"<figure><figcaption class='lead'>{LEAD}</figcaption></figure>", ""),
    ("a caption by its name", f"<div class='lead-caption'>{LEAD}</div>", ""),
    ("the author's life", f"<div class='author-intro'><p>{LEAD}</p></div>", ""),
    ("an appeal for a newsletter", f"<div class='newsletter-teaser'>{LEAD}</div>", ""),
    ("a teaser in an aside", f"<aside><p class='teaser'>{LEAD}</p></aside>", ""),
    ("a form's introduction", f"<form><p class='intro'>{LEAD}</p></form>", ""),
    ("links", f"<p class='teaser'><a href='/b'>{LEAD}</a></p>", ""),
    ("a byline", "<p>By Ada Holm and Jon Berg, who live on the island all year</p>", ""),
    ("a day", "<p>Monday, 12 May 2025, 9:30 in the morning on the island</p>", ""),
    ("hidden by its name", f"<div class='excerpt display-none'>{LEAD}</div>", ""),
    ("the site's own line", f"<div class='site-branding'><p>{LEAD}</p></div>", ""),
    ("words before something else", f"<p class='summary'>{LEAD}:</p>", ""),
    ("a box of tags", f"<div class='tags'><p>{LEAD}</p></div>", ""),
    ("an author's life below a name that only says what is in it", f"<div>Ada</div><div class='with-excerpt'>{LEAD}</div>", ""),
    ("a request for consent", f"<p class='cookie-intro'>{LEAD}</p>", ""),
    ("a short description", "<div>Sea</div><div>Island news</div>", "Island news"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "between", "description"), OTHERS, ids=[case[0] for case in OTHERS])
def test_other_things_between_headline_and_body_are_left(
    label: str, between: str, description: str
) -> None:
    assert taken(between, description) == []


# What a text of so many letters or words is by its size: the place, the text, whether it is taken.
SIZES = [
    ("<p class='dek'>{}</p>", "n" * MEANT_LETTERS, True),
    ("<p class='dek'>{}</p>", "n" * (MEANT_LETTERS - 1), False),
    ("<p>{}.</p>", "n" * LETTERS, True),
    ("<p>{}.</p>", "n" * (LETTERS - 1), False),
    ("<p>{}</p>", " ".join(["boat"] * WORDS), True),
    ("<p>{}</p>", " ".join(["boat"] * (WORDS - 1)), False),
    ("<p>{}</p>", "a boat of 1998 that leaks and sinks in".ljust(DAY_CHARS + 1, "x"), True),
    ("<p>{}</p>", "a boat of 1998 that leaks and sinks in".ljust(DAY_CHARS, "x"), False),
    ("<p>{}.</p>", "a boat of 1998 that leaks and sinks in".ljust(DAY_CHARS - 1, "x"), True),
    ("<p>{}</p>", "by all who saw it this is no".ljust(BYLINE_CHARS + 1, "x"), True),
    ("<p>{}</p>", "by all who saw it this is no".ljust(BYLINE_CHARS, "x"), False),
    ("<p>{}.</p>", "by all who saw it this is no".ljust(BYLINE_CHARS - 1, "x"), True),
]


@pytest.mark.parametrize(("place", "text", "is_taken"), SIZES)
def test_a_summary_is_as_long_as_its_place_asks(place: str, text: str, is_taken: bool) -> None:
    assert bool(taken(place.format(text))) == is_taken


def test_a_text_that_shares_too_little_with_the_description_is_left() -> None:
    start = LEAD.replace(" ", "").replace(".", "")[:DESCRIBED_LETTERS].lower()
    other_end = "<div>Sea</div><div>{} something else altogether follows</div>"
    assert taken(other_end.format(start), f"{start} and more of the same")
    assert not taken(other_end.format(start[:-1]), f"{start[:-1]} and more of the same")


def test_a_summary_that_the_body_repeats_is_not_taken_twice() -> None:
    start = LEAD[:REPEATED_CHARS]
    assert taken(f"<p class='dek'>{LEAD}</p>", body=f"{PARAGRAPH} {start[:-1]}.")
    assert not taken(f"<p class='dek'>{LEAD}</p>", body=f"{PARAGRAPH} {start}.")


def test_a_body_begins_with_a_paragraph() -> None:
    lead = f"<p class='dek'>{LEAD}</p>"
    assert taken(lead, body=" ".join(["boat"] * BODY_WORDS))
    assert not taken(lead, body=" ".join(["boat"] * (BODY_WORDS - 1)))


def test_a_headline_far_above_the_body_has_no_standfirst() -> None:
    lead = f"<p class='dek'>{LEAD}</p>"
    assert taken(lead + "<div>x</div>" * (MOST_BETWEEN - 2))
    assert not taken(lead + "<div>x</div>" * (MOST_BETWEEN - 1))


def test_a_summary_of_several_paragraphs_stays_together() -> None:
    items = "".join(f"<li>Point {number}: {LEAD}</li>" for number in "ABCD")
    assert len(taken(f"<ul class='summary'>{items}</ul>")) == MOST_PARAGRAPHS


def test_of_two_summaries_in_different_places_the_first_is_taken() -> None:
    second = f"<div><p class='teaser'>Elsewhere: {LEAD}</p></div>"
    assert taken(f"<p class='dek'>{LEAD}</p>{second}") == [LEAD]


def test_a_name_of_what_holds_the_body_too_says_nothing_of_the_summary() -> None:
    html = f"<h1>{HEADLINE}</h1><form class='share-zone'><div class='intro'>{LEAD}</div><p>{PARAGRAPH}</p></form>"
    page = lay_out_page(parse_page(html))
    assert standfirsts(page, letters_of(HEADLINE), [], [OTHER_SHARE, OTHER_SHARE, BODY_SHARE]) == [1]


def test_a_page_without_a_headline_has_no_standfirst() -> None:
    page = lay_out_page(parse_page(f"<p class='dek'>{LEAD}</p><p>{PARAGRAPH}</p>"))
    assert standfirsts(page, "", [], [OTHER_SHARE, BODY_SHARE]) == []


def test_a_summary_between_two_headlines_is_taken() -> None:
    assert taken(f"<p class='lede'>{LEAD}</p><h1>{HEADLINE}</h1>") == [LEAD]


def test_a_chinese_summary_is_taken() -> None:
    lead = "两台发动机一周内先后损坏，岛上的居民想知道邮件什么时候才能送到"
    body = "星期一早上，镇长站在码头上，告诉少数到场的人，星期五以前没有船会离开这个港口，请大家耐心等待。"
    assert taken(f"<p>{lead}</p>", body=body, headline="渡轮停在港口里不再出海了") == [lead]


def test_descriptions_are_those_of_the_page_and_for_sharing() -> None:
    metas = (
        "<meta name='Description' content='a'><meta property='og:description' content='b'>"
        "<meta name='twitter:description' content='c'><meta name='keywords' content='d'><meta name='description'>"
    )
    expected = ["a", "b", "c", ""]
    assert page_descriptions(parse_page(f"<html><head>{metas}</head><body>x</body></html>")) == expected
    assert (
        page_descriptions(parse_page(f"<html><head></head><body><p>x</p>{metas}</body></html>")) == expected
    )


MARKUP = st.lists(
    st.sampled_from(
        ["<h1>", "</h1>", "<p>", "</p>", "<div class='intro'>", "</div>", HEADLINE, LEAD, PARAGRAPH, "<h2>", "</h2>"]
    ),
    min_size=1,
    max_size=30,
)  # fmt: skip


@given(MARKUP, st.randoms(use_true_random=False))
def test_a_standfirst_only_ever_adds_content(pieces: list[str], random: Random) -> None:
    tree = parse_page(f"<html><body><p>x</p>{''.join(pieces)}</body></html>")  # fmt: skip
    page = lay_out_page(tree)
    shares = [random.choice([BODY_SHARE, OTHER_SHARE]) for _ in page.blocks]
    completed = with_story_parts(tree, page, HEADLINE, shares, is_article=True)
    assert len(completed) == len(shares)
    assert all(after >= before for after, before in zip(completed, shares, strict=True))
