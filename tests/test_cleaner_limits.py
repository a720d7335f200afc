"""The limits of the rules of cleaners: each rule fires up to a length, a number or a distance, and not beyond it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.limit_texts import (
    NETWORKS,
    QUOTE,
    cited,
    contents,
    gallery,
    headlines,
    lifted,
    named,
    notes,
    padded,
    paragraph,
    paragraphs,
    person,
    printed_again,
    reworded,
    scene,
    section,
    short,
    signed,
    spread,
    teasers,
    titled,
    words,
)
from tests.test_cleaners import document_of
from winnow.cleaners.bylines import bylines
from winnow.cleaners.captions import captions
from winnow.cleaners.comments import comments
from winnow.cleaners.endnotes import endnotes
from winnow.cleaners.furniture import furniture
from winnow.cleaners.navigation import navigation
from winnow.cleaners.pull_quotes import pull_quotes
from winnow.cleaners.repeats import repeats
from winnow.corpus.document import Cleaner


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule that fires for the text of one number and not for that of another."""

    says: str
    cleaner: Cleaner
    rule: str
    text: Callable[[int], list[str]]
    fires: int
    rests: int


LIMITS = [
    Limit("a byline has 85 characters at most", bylines, "byline", lambda n: [named(n), paragraph(0)], 85, 86),
    Limit("a late byline has 3 words", bylines, "byline",
          lambda n: [*paragraphs(3), "By Ada Moss"[: 6 if n == 2 else 11]], 3, 2),
    Limit("a name beside a date has 40 characters at most", bylines, "name_beside",
          lambda n: ["Rain", person(n), "March 3, 2024", *paragraphs(2)], 40, 41),
    Limit("three late dates may go", bylines, "byline", lambda n: [*paragraphs(9), *["March 3, 2024"] * n], 3, 4),
    Limit("a name is looked for in 14 lines", bylines, "name_beside",
          lambda n: [*short(n - 2), "March 3, 2024", "Ada Moss Editor", *short(3), *paragraphs(3)], 14, 15),
    Limit("a biography has 700 characters at most", bylines, "biography",
          lambda n: [*paragraphs(3), padded("Ada Moss is a reporter who knows", n, ".")], 700, 701),
    Limit("an address of a source has 300 characters at most", bylines, "source", lambda n: [*paragraphs(3), f"Source: https://{'a' * (n - 16)}"], 316, 317),
    Limit("a caption has 320 characters at most", captions, "caption_label",
          lambda n: [paragraph(0), padded("Photo: Ada Moss", n), paragraph(1)], 320, 321),
    Limit("a copyright credit has 90 characters at most", captions, "copyright_credit",
          lambda n: [paragraph(0), padded("© Ada Moss", n), paragraph(1)], 90, 91),
    Limit("a dated scene stands in the first 20 lines", captions, "dated_scene",
          lambda n: [*short(n - 1), scene(9), *paragraphs(2)], 20, 21),
    Limit("a dated scene has 6 words", captions, "dated_scene", lambda n: ["Rain", scene(n), paragraph(0)], 6, 5),
    Limit("a dated scene has 30 words at most", captions, "dated_scene",
          lambda n: ["Rain", scene(n), paragraph(0)], 30, 31),
    Limit("a signature is shorter than 60 characters", comments, "signed_comments",
          lambda n: section(padded("Ada Moss", n, " says:")), 59, 60),
    Limit("two paragraphs stand above comments", comments, "signed_comments",
          lambda n: section("Ada Moss says:", above=n), 2, 1),
    Limit("comments have two signatures", comments, "signed_comments",
          lambda n: section("Ada Moss says:", signatures=n), 2, 1),
    Limit("lines of a comment form are 8 apart at most", comments, "between_comment_lines",
          lambda n: [*paragraphs(3), "Leave a Reply", *short(n - 1), "Your email address will not be published."], 8, 9),
    Limit("three posts are signed alike", comments, "reader_posts", lambda n: signed(posts=n), 3, 2),
    Limit("two posts under a heading", comments, "reader_posts",
          lambda n: signed("Ada Moss, 2 hours ago", posts=n, heading="3 Comments"), 2, 1),
    Limit("two paragraphs stand above posts", comments, "reader_posts", lambda n: signed(above=n), 2, 1),
    Limit("a post has 25 lines at most", comments, "reader_posts", lambda n: signed(between=n - 1), 24, 25),
    Limit("a name before a verb has 48 characters at most", comments, "reader_posts",
          lambda n: signed(f"Ada M{'o' * (n - 5)} says:"), 48, 49),
    Limit("two paragraphs stand above a titled heading", comments, "titled_section",
          lambda n: [*paragraphs(n), "3 Comments on “The dam”", "Nobody told us on the east bank."], 2, 1),
    Limit("a titled heading is shorter than 160 characters", comments, "titled_section",
          lambda n: [*paragraphs(2), padded("3 thoughts on “The", n, "”"), "Nobody told us on the east bank."], 159, 160),
    Limit("one heading names the text", comments, "titled_section",
          lambda n: [*paragraphs(2), *["3 Comments on “The dam”", "Nobody told us on the east bank."] * n], 1, 2),
    Limit("a signature is shorter than 110 characters", comments, "reader_posts",
          lambda n: signed(f"Ada M{'o' * (n - 18)}, 2 hours ago"), 109, 110),
    Limit("an invitation stands in the last three paragraphs", comments, "invitation",
          lambda n: [*paragraphs(4), paragraph(8) + " Leave a comment in the box below.", *paragraphs(n - 1)], 3, 4),
    Limit("a note is indented by 9 characters at most", endnotes, "note",
          lambda n: [line.replace("[", " " * n + "[", 1) if line[0] == "[" else line for line in notes(1, 2, 3)], 9, 10),
    Limit("a lead-in over an address has five words", endnotes, "address",
          lambda n: [*paragraphs(3), " ".join("See the plans of the harbour".split()[:n]) + ":", "https://a.example/plans"],
          4, 5),
    Limit("a list has three notes", endnotes, "note", lambda n: notes(*range(1, n + 1)), 3, 2),
    Limit("numbers of notes are 3 apart at most", endnotes, "note", lambda n: notes(1, 1 + n, 1 + 2 * n), 3, 4),
    Limit("v is more than 4", endnotes, "note", lambda n: notes("ii", "iii", "iv" if n else "ix"), 1, 0),
    Limit("v is less than 6", endnotes, "note", lambda n: notes("ii", "v", "vi" if n else "xi"), 1, 0),
    Limit("a text has three markers", endnotes, "note_marker", lambda n: cited(*range(1, n + 1)), 3, 2),
    Limit("four of five markers count upwards", endnotes, "note_marker", lambda n: cited(*range(1, n), 1), 6, 5),
    Limit("a copyright note has 260 characters at most", furniture, "copyright",
          lambda n: [paragraph(0), padded("© 2024 The Paper", n), paragraph(1)], 260, 261),
    Limit("a button is two lines from the next at most", furniture, "networks", spread, 2, 3),
    Limit("there are three buttons", furniture, "networks",
          lambda n: [paragraph(0), *NETWORKS[:n], paragraph(1)], 3, 2),
    Limit("a line of buttons has 120 characters at most", furniture, "networks",
          lambda n: [paragraph(0), f"Facebook Twitter{' ' * (n - 24)}WhatsApp", paragraph(1)], 120, 121),
    Limit("three stray marks may go", furniture, "punctuation",
          lambda n: [line for each in range(n) for line in (paragraph(each), ".")], 3, 4),
    Limit("a teaser has 220 characters at most", navigation, "inline_teaser",
          lambda n: [paragraph(0), padded("Read also: The river", n), paragraph(1)], 220, 221),
    Limit("a list of tags may be long", navigation, "tags",
          lambda n: [*paragraphs(2), padded("Tags: rain", n)], 265, 270),
    Limit("a list of headlines has four", navigation, "dated_headline",
          lambda n: [*paragraphs(2), *headlines(n)], 4, 3),
    Limit("a headline is three lines from the next at most", navigation, "dated_headline",
          lambda n: [*paragraphs(2), *headlines(4, between=n - 1)], 3, 4),
    Limit("two paragraphs stand beside headlines", navigation, "dated_headline",
          lambda n: [*paragraphs(n), *headlines(4)], 2, 1),
    Limit("a summary has 320 characters at most", navigation, "summarised_teaser",
          lambda n: [*paragraphs(12), *teasers(padded("Eighty workers dug", n, "."))], 320, 321),
    Limit("a teaser has 22 characters", navigation, "summarised_teaser",
          lambda n: [*paragraphs(2), *teasers("Eighty workers dug for three winters.", "Harbour dug by many hands"[:n])],
          22, 21),
    Limit("six teasers share a summary", navigation, "summarised_teaser",
          lambda n: [*paragraphs(2), *teasers("Eighty workers dug for three winters.", titles=n)], 6, 7),
    Limit("half of the text stands above teasers", navigation, "summarised_teaser",
          lambda n: [*paragraphs(4), "Related articles", *teasers(padded("Eighty workers dug", 200, "."))[1:] * n], 5, 6),
    Limit("a quote has 45 words at most", pull_quotes, "verbatim", lambda n: lifted(f"“{words(n, 4)}.”"), 45, 46),
    Limit("a quote has 330 characters at most", pull_quotes, "verbatim",
          lambda n: lifted(f"“{words(36, 9)[: n - 3]}.”"), 330, 331),
    Limit("a marked sentence has 6 words", pull_quotes, "verbatim",
          lambda n: lifted("“" + " ".join(QUOTE.split()[:n]) + ".”"), 6, 5),
    Limit("a marked piece has 8 words", pull_quotes, "verbatim",
          lambda n: lifted("“" + " ".join(QUOTE.split()[:n])), 8, 7),
    Limit("a bare sentence has 10 words", pull_quotes, "verbatim",
          lambda n: lifted(" ".join(QUOTE.split()[:n]) + "."), 10, 9),
    Limit("a bare piece has 14 words", pull_quotes, "verbatim",
          lambda n: lifted(" ".join(QUOTE.split()[:n])), 14, 13),
    Limit("a reworded quote keeps 95 of 100 words", pull_quotes, "nearly_verbatim", reworded, 20, 19),
    Limit("a reworded quote keeps four of five long words", pull_quotes, "nearly_verbatim",
          lambda n: reworded(26, n), 5, 4),
    Limit("a late date has 95 characters at most", bylines, "byline",
          lambda n: [*paragraphs(3), f"March 3, 2024{' ' * (n - 20)}updated"], 95, 96),
    Limit("a late date has 24 words at most", bylines, "byline",
          lambda n: [*paragraphs(3), "March 3, 2024" + " at" * (n - 3)], 24, 25),
    Limit("a document of 2,000 lines is read for quotes", pull_quotes, "verbatim",
          lambda n: [*lifted(QUOTE + "."), *paragraphs(n - 5)], 2000, 2001),
    Limit("a paragraph of 20,000 characters is read for quotes", pull_quotes, "verbatim",
          lambda n: [paragraph(0), padded(QUOTE, n, "."), QUOTE + ".", paragraph(3)], 20_000, 20_001),
    Limit("a title stands in the first four lines", repeats, "title", lambda n: titled(n - 1), 4, 5),
    Limit("a title comes again up to line 13", repeats, "title", lambda n: titled(2, again=n - 1), 13, 14),
    Limit("a title has 20 characters", repeats, "title", lambda n: titled(0, "Rain on the old harbour"[:n]), 20, 19),
    Limit("a paragraph of 60 characters is a repetition", repeats, "paragraph",
          lambda n: printed_again(0, text=padded("It rained in the town", n, ".")), 60, 59),
    Limit("a paragraph of 6 words is a repetition", repeats, "paragraph",
          lambda n: printed_again(0, text="Rain " + " ".join(f"harbour{'s' * 12}{each}" for each in range(n - 1)) + "."),
          6, 5),
    Limit("a paragraph comes again within two lines", repeats, "paragraph", lambda n: printed_again(n - 1), 2, 3),
    Limit("a paragraph comes again in the last four lines", repeats, "paragraph",
          lambda n: printed_again(6, behind=n - 1), 4, 5),
    Limit("a site's name adds 29 characters at most", repeats, "site_title",
          lambda n: ["Rain falls on the old harbour - " + ("The Gazette of the Harbour Town" * 2)[: n - 1],
                     "Rain falls on the old harbour", *paragraphs(2)], 29, 30),
    Limit("a gallery has four lines", repeats, "gallery", lambda n: gallery(n), 4, 3),
    Limit("a title of a picture has 10 characters", repeats, "gallery",
          lambda n: gallery(title="Boat " + "b" * (n - 5)), 10, 9),
    Limit("a title of a picture has 90 characters at most", repeats, "gallery",
          lambda n: gallery(title="Boat " + "b" * (n - 5)), 90, 91),
    Limit("a gallery stands under a paragraph of 300 characters", repeats, "gallery",
          lambda n: gallery(weight=n), 300, 299),
]  # fmt: skip


def fired(cleaner: Cleaner, lines: list[str]) -> set[str]:
    return {removal.rule for removal in cleaner(document_of("".join(f"{line}\n" for line in lines)))}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.says)
def test_a_rule_fires_up_to_its_limit_and_not_beyond(limit: Limit) -> None:
    assert limit.rule in fired(limit.cleaner, limit.text(limit.fires))
    assert limit.rule not in fired(limit.cleaner, limit.text(limit.rests))


COUNTS = [  # a cleaner, its rule, a text, and how many lines go by it at most
    (navigation, "contents_entry", contents(1, 70), 59),
    (navigation, "contents_entry", contents(4, 2), 6),
    (navigation, "teaser", [*paragraphs(3), "Related articles", *short(30)], 20),
    (pull_quotes, "verbatim", lifted(QUOTE + "."), 1),
]


@pytest.mark.parametrize(("cleaner", "rule", "lines", "count"), COUNTS)
def test_a_rule_takes_so_many_lines_and_no_more(
    cleaner: Cleaner, rule: str, lines: list[str], count: int
) -> None:
    document = document_of("".join(f"{line}\n" for line in lines))
    assert [removal.rule for removal in cleaner(document)].count(rule) == count
