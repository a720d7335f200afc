"""Extraction of pages: blocks judged one by one, and the page's own metadata."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.cleaners import CLEANERS
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.document import Block, Document, Metadata, clean
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.models.alignment import GRAM_WORDS, aligned_places
from winnow.models.blocks.comment_blocks import is_comment
from winnow.models.extraction import read_document

STORY = (
    "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said.",
    "The work costs 1.2 million pounds and takes eleven weeks, according to the contract that the council published.",
    "The last dredging was nine years ago. Fishermen have asked for another since, the minutes of the board show.",
)
PAGE = """<html lang="en"><head><title>Basin to be dredged | Harbour Ledger</title>
<link rel="canonical" href="https://www.ledger.example/news/basin">
<meta property="og:title" content="Basin to be dredged"><meta property="og:site_name" content="Harbour Ledger">
<meta name="author" content="Ada Moss"><meta property="article:published_time" content="2024-05-03T09:00:00Z"></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Basin to be dredged</h1>%s</article></main>
<footer><p><a href="/imprint">Imprint</a> <a href="/terms">Terms</a></p></footer></body></html>"""


def page(html: str, **metadata: str) -> RawDocument:
    return RawDocument("raw/a.html", html.encode(), HTML, "raw", "", metadata=Metadata(**metadata))  # type: ignore[arg-type]  # only texts are passed


def story_page() -> str:
    return PAGE % "".join(f"<p>{p}</p>" for p in STORY)


def test_the_story_is_content_and_the_menu_is_not() -> None:
    document = read_document(page(story_page()), Settings())
    text = clean(document, [boilerplate]).text
    assert all(paragraph in text for paragraph in STORY)
    assert "Sport" not in text and "Imprint" not in text
    assert "Sport" in document.text and "Imprint" in document.text


def test_a_page_says_who_wrote_it_when_and_where() -> None:
    assert read_document(page(story_page()), Settings()).metadata == Metadata(
        url="https://www.ledger.example/news/basin",
        domain="ledger.example",
        host="ledger.example",
        title="Basin to be dredged",
        authors=("Ada Moss",),
        published="2024-05-03T09:00:00Z",
        site_name="Harbour Ledger",
    )


def test_what_the_record_says_comes_before_what_the_page_says() -> None:
    record = {"url": "https://mirror.example/1", "title": "Mirrored", "published": "2024-05-04"}
    metadata = read_document(page(story_page(), **record), Settings()).metadata
    assert (metadata.url, metadata.title, metadata.published) == tuple(record.values())
    assert (metadata.domain, metadata.site_name) == ("mirror.example", "Harbour Ledger")


JSON_LD = [
    '{"@type": "NewsArticle", "url": "https://www.ledger.example/a"}',
    '[{"@type": ["WebPage"], "url": "https://www.ledger.example/a"}]',
    '{"@graph": [{"@type": "Organization", "url": "https://no.example"}, {"@type": "BlogPosting", "mainEntityOfPage": {"@id": "https://www.ledger.example/a"}}]}',
]
NO_JSON_LD = ["", "{", "[" * 100_000, '"https://no.example"', '{"@type": "Organization", "url": "https://no.example"}', '{"@type": "Article", "url": 3}']  # fmt: skip


@pytest.mark.parametrize(
    ("script", "url"),
    [*((s, "https://www.ledger.example/a") for s in JSON_LD), *((s, "") for s in NO_JSON_LD)],
)
def test_the_address_is_that_of_the_article_in_json_ld_where_nothing_else_names_one(
    script: str, url: str
) -> None:
    html = (
        f'<html><head><script type="application/ld+json">{script}</script></head><p>Rain fell.</p></html>'
    )
    assert read_document(page(html), Settings()).metadata.url == url


def test_the_folder_names_the_source_of_a_page_that_does_not() -> None:
    raw = replace(page("<p>Rain fell on Monday.</p>"), folder_host="ledger.example")
    assert read_document(raw, Settings()).metadata.domain == "ledger.example"


def test_a_caption_that_the_page_marks_up_is_one_whether_extraction_kept_it_or_not() -> None:
    figure = "<figure><img src='a.jpg'><figcaption><p>The <b>basin</b> at dawn</p></figcaption></figure>"
    document = read_document(
        page(PAGE % (f"<p>{STORY[0]}</p>{figure}<p>{STORY[1]}</p><p>{STORY[2]}</p>")), Settings()
    )
    kinds = {document.text[r.start : r.end]: r.kind for r in clean(document, CLEANERS).removals}
    assert kinds["The basin at dawn\n"] == "image_caption"


def test_a_page_without_any_content_to_tell_is_kept_whole() -> None:
    links = "".join(
        f"<li class='menu-item'><a href='/'>{name}</a></li>" for name in ("Privacy Policy", "Sign in")
    )
    document = read_document(
        page(
            f"<footer class='footer'><nav class='footer menu'><ul class='menu'>{links}</ul></nav></footer>"
        ),
        Settings(),
    )
    assert document.extractor == "layout"
    assert clean(document, [boilerplate]).text == "Privacy Policy\nSign in\n"


def test_a_page_of_one_line_is_that_line() -> None:
    assert clean(read_document(page("<p>Rain.</p>"), Settings()), CLEANERS).text == "Rain.\n"


def test_content_that_scripts_would_uncover_is_found() -> None:
    hidden = f"<body><div>Loading</div><div hidden>{''.join(f'<p>{p}</p>' for p in STORY)}</div></body>"
    document = read_document(page(hidden), Settings())
    assert all(paragraph in clean(document, [boilerplate]).text for paragraph in STORY)
    assert document.extractor == "blocks+hidden"


def test_a_page_that_shows_nothing_is_empty() -> None:
    with pytest.raises(UnreadableError, match="scripts"):
        read_document(page("<html><body><script>render()</script></body></html>"), Settings())


def test_plain_text_is_all_content() -> None:
    raw = RawDocument("raw/a.txt", b"Home\n\nRain fell.\n", TEXT, "raw", "")
    assert clean(read_document(raw, Settings()), [boilerplate]).text == "Home\n\nRain fell.\n"


def test_a_page_that_says_the_same_many_times_is_content_all_the_same() -> None:
    document = read_document(page("<body>" + "<p>Rain fell on the hills again.</p>" * 40), Settings())
    assert document.extractor == "blocks"
    assert clean(document, [boilerplate]).text == document.text


WORDS = st.lists(st.sampled_from("abcde"), max_size=60)


@given(WORDS, WORDS)
def test_aligned_places_are_places_of_words_of_the_other_text(left: list[str], right: list[str]) -> None:
    places = aligned_places(left, right)
    assert set(places) <= set(range(len(left)))
    assert {left[place] for place in places} <= set(right)


@given(st.permutations(range(30)), st.data())
def test_a_piece_of_a_text_without_repeats_is_found_where_it_is(
    words: list[int], data: st.DataObject
) -> None:
    page_words = [str(word) for word in words]
    start = data.draw(st.integers(0, 30 - GRAM_WORDS))
    end = data.draw(st.integers(start + GRAM_WORDS, 30))
    assert set(aligned_places(page_words, page_words[start:end])) == set(range(start, end))


COMMENTS = (
    "<section class='comments'><ol class='comment-list'><li class='comment'><p>%s</p></li></ol></section>"
)


def test_comments_under_an_article_are_left_out_and_kept_on_demand() -> None:
    comment = "I have moored there for thirty years, and nobody asked me about any of this, to be honest with you all."
    html = story_page().replace("</main>", COMMENTS % comment + "</main>")
    document = read_document(page(html), Settings())
    assert comment not in clean(document, CLEANERS).text
    [removal] = [r for r in clean(document, CLEANERS).removals if comment in document.text[r.start : r.end]]
    assert removal.kind == "reader_comment"
    assert comment in clean(document, CLEANERS, frozenset({"reader_comment"})).text


# The path of a block, and whether that is one of readers' comments.
COMMENT_PATHS = {
    "html/body.home/div.comments/p": True,
    "body/ol.comment-list/li.comment.even/p": True,
    "body/div.post-comments/p": True,
    "body/section.user_comments_list/div": True,
    "body/div.Comments-area/p": True,
    "body.has-comments/article/p": False,
    "body.comments/article/p": False,
    "body/article.post.comments-open/p": False,
    "body/div.no-comments/p": False,
    "body/div.comments-enabled/p": False,
    "body/div.live-match-comment-body/p": False,
    "body/div.writer-comment/p": False,
    "body/div.product-testimonial-comment/p": False,
    "body/div.commentary/p": False,
    "body/form.comments/p": False,
    "body/div.comments/form/p": False,
    "body.has-comments/div.comments/p": True,
}


@pytest.mark.parametrize("path", COMMENT_PATHS)
def test_comments_are_known_by_names_that_are_theirs(path: str) -> None:
    assert is_comment(Block(0, 9, path)) is COMMENT_PATHS[path]
    assert not is_comment(Block(0, 9, path, link_share=0.5))


@pytest.mark.parametrize("name", ["comments", "comment-wrapper"])
def test_a_page_whose_whole_story_is_named_for_comments_keeps_it(name: str) -> None:
    html = story_page().replace("<main>", f"<main class={name}>")
    text = clean(read_document(page(html), Settings()), CLEANERS).text
    assert all(paragraph in text for paragraph in STORY)


BOAT = {"Length": "4.20 m", "Wood": "Larch", "Price": "41,000 crowns", "Rating": "C", "Shipping": "Free"}


def test_rows_of_a_table_stay_whatever_one_of_them_reads_like() -> None:
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in BOAT.items())
    html = PAGE % f"<p>{STORY[0]}</p><table>{rows}</table><p>{STORY[1]}</p>"
    text = clean(read_document(page(html), Settings()), CLEANERS).text
    assert all(f"{name} | {value}" in text for name, value in BOAT.items())


def test_the_policy_for_articles_is_a_setting() -> None:
    document = read_document(page(story_page()), Settings(policy="article"))
    assert all(paragraph in clean(document, [boilerplate]).text for paragraph in STORY)
    with pytest.raises(UsageError, match="there are: main, article"):
        Settings(policy="all")


MENU = tuple(
    "Home,News,Sport,Weather,Jobs,Sign in,Subscribe,Search,About us,Contact,Local,World,Business,Culture,Travel".split(
        ","
    )
)
FOOTER = tuple(
    "Related stories,Most read,Privacy policy,Terms of use,Cookie policy,Follow us on Facebook,Instagram,YouTube,"
    "Newsletter,Advertise with us,Careers,Help,Site map,Accessibility,© 2024 All rights reserved,Back to top".split(
        ","
    )
)


def text_document(*lines: str) -> Document:
    raw = RawDocument("raw/a.txt", "".join(f"{line}\n" for line in lines).encode(), TEXT, "raw", "")
    return read_document(raw, Settings())


def test_of_a_page_that_was_dumped_as_text_the_story_stays() -> None:
    document = text_document(*MENU, "", "Basin to be dredged", "", *STORY * 3, "", *FOOTER)
    text = clean(document, [boilerplate]).text
    assert document.extractor == "dump"
    assert all(paragraph in text for paragraph in STORY)
    assert "Sign in" not in text and "Cookie policy" not in text


@pytest.mark.parametrize(
    "lines",
    [
        [f"{name} of the harbour in the rain" for name in MENU * 4],  # verses
        [f"{number} g flour" for number in range(60)],
        ["def tide(hour):", "    if hour > 12:", "        return hour", "    return 0"] * 12,
        [*STORY * 8],
        [
            *(f"{number} g mąki" for number in range(30)),
            *STORY,
            *(f"krok {number}" for number in range(30)),
        ],
        [*MENU[:2], *STORY * 2, *(f"Goal by number {number}" for number in range(60)), *STORY],
    ],
)
def test_texts_that_are_no_dumps_are_all_content(lines: list[str]) -> None:
    document = text_document(*lines)
    assert document.extractor == "layout"
    assert clean(document, [boilerplate]).text == document.text
