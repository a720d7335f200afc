"""What stands in an article and is not its text goes; what only looks so stays."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.layout import lay_out_page, parse_page
from winnow.models.blocks.content_chars import ContentChars
from winnow.models.blocks.embedded_posts import BOX_CHARS, MOST_POSTS
from winnow.models.blocks.later_stories import LEAST
from winnow.models.blocks.promotion_boxes import MOST
from winnow.models.blocks.story_parts import with_story_parts

TITLE = "Beavers return to the upper valley"
FIRST = "A pair of beavers has moved into the old mill pond, and three farmers already complain about felled willows."
LAST = "The county will pay for fences, the ranger said, and will count the animals again when the snow has gone."
BODY = " ".join([FIRST, LAST] * 3)
POST = "They are back and I saw them with my own eyes this morning"


def kept(inside: str, below: str = "", title: str = TITLE) -> list[str]:
    """The texts that stay of those that the model took, all of a page, without the headline and the body."""
    page_html = f"<article><h1>{TITLE}</h1><p>{BODY}</p>{inside}<p>{LAST}</p></article>{below}"
    tree = parse_page(f"<html><body>{page_html}</body></html>")
    page = lay_out_page(tree)
    shares = with_story_parts(tree, page, title, [0.9] * len(page.blocks), is_article=True)
    texts = (
        page.text[block.start : block.end - 1]
        for block, share in zip(page.blocks, shares, strict=True)
        if share >= 0.5
    )
    return [text for text in texts if text not in (TITLE, BODY, LAST)]


POSTS = [
    ("a tweet", f"<blockquote class='twitter-tweet' lang='en'><p>{POST}</p>Mill Pond (@pond)</blockquote>"),
    ("a picture of a network", f"<blockquote class='instagram-media'><div><p>{POST}</p></div></blockquote>"),
    ("a post in capitals", f"<div class='FB-Post big'><p>{POST}</p></div>"),
    ("a short film", f"<blockquote class='tiktok-embed'><section>{POST}</section></blockquote>"),
    ("a post of Mastodon", f"<blockquote class='mastodon-embed'>{POST}</blockquote>"),
    ("a post of Bluesky", f"<blockquote class='bluesky-embed'><p>{POST}</p></blockquote>"),
    ("a thread of Reddit", f"<blockquote class='reddit-embed-bq'>{POST}</blockquote>"),
    ("a block of a publishing system", f"<figure class='wp-block-embed-twitter'><div>{POST}</div></figure>"),
    ("a box that loads on a click", f"<div><p>{POST}</p><p>This content is loaded from a network.</p><p>Load it</p></div>"),
    ("a box that asks for consent", "<div><div>Load external content</div><div>Always</div></div>"),
    ("a German box", "<div class='x'><p>An dieser Stelle steht ein externer Inhalt, der den Text ergänzt.</p><p>Ja, zeigen</p></div>"),
    ("a French box", "<div><p>Ce contenu externe ne peut pas être montré</p><p>Autoriser</p></div>"),
    ("a Spanish box", "<div>Para ver el mapa acepte las cookies de terceros</div>"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "inside"), POSTS, ids=[case[0] for case in POSTS])
def test_embedded_posts_and_their_boxes_are_left_out(label: str, inside: str) -> None:
    assert kept(inside) == []


QUOTATIONS = [
    ("a quotation", f"<blockquote><p>{POST}</p></blockquote>"),
    ("a quotation of a class of its own", f"<blockquote class='twitter-tweets-analysed'><p>{POST}</p></blockquote>"),
    ("a paragraph that names the network", f"<p class='lead-twitter'>{POST}</p>"),
    ("a paragraph about external content", "<p>Sites that load external content tell others who reads them.</p>"),
    ("an item about cookies", "<ul><li>Nobody has to accept third-party cookies to read on.</li></ul>"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "inside"), QUOTATIONS, ids=[case[0] for case in QUOTATIONS])
def test_what_an_article_quotes_or_says_itself_stays(label: str, inside: str) -> None:
    assert len(kept(inside)) == 1


@pytest.mark.parametrize(("chars", "stays"), [(BOX_CHARS - 100, False), (BOX_CHARS + 100, True)])
def test_a_box_that_asks_for_consent_is_small(chars: int, stays: bool) -> None:
    box = f"<div><div>Load external content</div><div>{'beaver ' * (chars // 7)}</div></div>"
    assert bool(kept(box)) is stays


def test_posts_that_make_up_most_of_an_article_stay() -> None:
    chars = len(TITLE) + len(BODY) + len(LAST)
    post = "<blockquote class='twitter-tweet'>{}</blockquote>"
    assert not kept(post.format("b" * int(chars * (MOST_POSTS - 0.05))))
    assert kept(post.format("b" * int(chars / MOST_POSTS)))


BOXES = [
    ("a promotion with title, teaser and day", "<div class='promo'><h3>Otters, too</h3><p>They came by night.</p><p>3 May</p></div>"),
    ("a teaser", "<div class='o-teaser-mini'><h3>Otters</h3></div>"),
    ("an appeal for a newsletter", "<section class='newsletterSignup'><p>Get the valley by mail</p></section>"),
    ("a list of related stories", "<ul class='related-stories'><li>Otters, too</li></ul>"),
    ("a sponsor's text", "<p class='sponsored_text'>Willows by Holm, cut to size</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "inside"), BOXES, ids=[case[0] for case in BOXES])
def test_boxes_named_for_promotion_are_left_out(label: str, inside: str) -> None:
    assert kept(inside) == []


CONTENT = [
    ("a box of facts", "<div class='infobox'><p>Beavers weigh up to thirty kilos.</p></div>"),
    ("a heading whose anchor has such a word", "<h3 id='newsletter-promo'>Letters to the mill</h3>"),
    ("a name that only contains such a word", "<p class='promontory'>From the rock one sees the pond.</p>"),
    ("a lone link", "<p><a href='/dam'>The whole text of the county's beaver plan</a></p>"),
    ("a list of sources", "<ul><li><a href='/a'>County records</a></li></ul>"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "inside"), CONTENT, ids=[case[0] for case in CONTENT])
def test_what_has_no_such_name_stays(label: str, inside: str) -> None:
    assert len(kept(inside)) == 1


def test_a_page_made_of_teasers_keeps_them() -> None:
    chars = len(TITLE) + len(BODY) + len(LAST)
    teaser = "<div class='teaser'>{}</div>"
    assert not kept(teaser.format("b" * int(chars * (MOST - 0.05))))
    assert kept(teaser.format("b" * int(chars * MOST / (1 - MOST) + 20)))
    assert len(kept(teaser.format("beavers " * 20) * 4)) == 4


SECOND = "<article><h2>Otters seen near the weir</h2><p>An angler saw two of them at dusk.</p></article>"
STORIES = [
    ("another story", SECOND, TITLE, 0),
    ("another story in the same list", f"<div>{SECOND}{SECOND}</div>", TITLE, 0),
    ("a story inside another one", f"<article><h2>All about the valley's animals</h2>{SECOND}</article>", TITLE, 0),
    ("another story, where the page has another title", SECOND, "News of the valley", 2),
    ("another story, where the page has no title", SECOND, "", 2),
    ("a reader's comment", "<article><h4>ada_holm</h4><p>I saw them as well.</p></article>", TITLE, 2),
    ("a part without a headline", "<article><p>Anna Berg writes about animals.</p></article>", TITLE, 1),
    ("a section", "<section><h2>Otters seen near the weir</h2><p>Two of them.</p></section>", TITLE, 2),
]  # fmt: skip


@pytest.mark.parametrize(("label", "below", "title", "texts"), STORIES, ids=[case[0] for case in STORIES])
def test_only_the_story_that_a_page_is_about_stays(label: str, below: str, title: str, texts: int) -> None:
    assert len(kept("", below, title)) == texts


def test_the_entries_of_a_live_blog_stay() -> None:
    entries = "".join(
        f"<article><h3>{hour} o'clock at the old mill</h3><p>{LAST} Now.</p></article>" for hour in "345"
    )
    assert len(kept(entries)) == 6


@pytest.mark.parametrize(("share", "texts"), [(LEAST + 0.05, 0), (LEAST - 0.05, 2)])
def test_the_story_that_a_page_is_about_is_no_small_part_of_it(share: float, texts: int) -> None:
    chars = len(TITLE) + len(BODY) + len(LAST)
    below = f"<article><h2>Otters near the weir</h2><p>{'b' * int(chars * (1 - share) / share - 24)}</p></article>"
    assert len(kept("", below)) == texts


def test_an_article_of_posts_alone_keeps_them() -> None:
    tree = parse_page(f"<html><body><div class='teaser'>x</div><blockquote class='twitter-tweet'>{POST}</blockquote></body></html>")  # fmt: skip
    page = lay_out_page(tree)
    assert with_story_parts(tree, page, "", [0.1, 0.9], is_article=True) == [0.1, 0.9]


def test_a_page_that_is_no_article_keeps_its_boxes_and_has_a_summary() -> None:
    lead, promo = "Two ponds, one dam and a path around them.", "Otters, too"
    tree = parse_page(f"<html><body><h1>{TITLE}</h1><p>{lead}</p><p>{BODY}</p><div class='promo'>{promo}</div></body></html>")  # fmt: skip
    page = lay_out_page(tree)
    shares = [0.1, 0.1, 0.9, 0.9]
    assert with_story_parts(tree, page, TITLE, shares, is_article=False) == [0.1, 0.5, 0.9, 0.9]
    assert with_story_parts(tree, page, TITLE, shares, is_article=True) == [0.1, 0.5, 0.9, 0.0]


def test_content_is_counted_by_element() -> None:
    page = lay_out_page(
        parse_page("<html><body><div><p>one</p><p>three</p></div><p>four</p></body></html>")
    )
    content = ContentChars.of(page, [0.9, 0.1, 0.5])
    div = page.elements.tags.index("div")
    assert (content.total, content.inside(div)) == (len("one\nfour\n"), len("one\n"))
    assert content.blocks_within([div, div + 1], 0.5) == {0, 1}
    assert content.blocks_within([div], 0.4) == set()


PIECES = st.sampled_from(
    [
        "<article>", "</article>", f"<h1>{TITLE}</h1>", "<div class='promo'>", "</div>", f"<p>{FIRST}</p>", f"<p>{POST}</p>",
        "<blockquote class='twitter-tweet'>", "</blockquote>", "<h2>Otters near the weir</h2>", "Load external content",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_an_article_always_keeps_some_content_and_its_blocks(pieces: list[str], random: Random) -> None:
    tree = parse_page(f"<html><body>x{''.join(pieces)}</body></html>")
    page = lay_out_page(tree)
    shares = [random.choice([0.0, 0.4, 0.9]) for _ in page.blocks]
    changed = with_story_parts(tree, page, TITLE, shares, is_article=True)
    assert len(changed) == len(shares)
    assert max(changed) >= 0.5 or max(shares) < 0.5
