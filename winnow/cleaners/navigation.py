"""Links to other pages: teasers, menus, tables of contents, tags."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, takewhile
from typing import Final

from winnow.cleaners._content import is_code
from winnow.cleaners._entries import block_at
from winnow.cleaners._places import is_story, stands_in
from winnow.cleaners._rules import (
    PhraseRule,
    is_table_row,
    load_patterns,
    load_words,
    phrase_hits,
    phrase_lines,
    whole_line,
)
from winnow.cleaners._teaser_lists import dated_headlines, summarised_teasers
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line, bare_words

LEAD: Final = re.compile(
    r"(?P<words>[^:|>»–：]{2,60})(?<![.!?])(?<![.!?] )[:|>»–：]\s{0,3}\S"
)  # "Read also: The river rose"
LEAD_MAX_CHARS: Final = 220
ARROW: Final = re.compile(r"[^«<>»→❯›=|]{8,150}\s(?:>{1,3}|»|→|❯|›)")  # "Tears and cheers at the polls >>>"
ARROWS: Final = ("→", "»", ">", "…", "]", ")", "❯", "›")  # in which a line of `_arrowed` or `ARROW` ends
BAR: Final = re.compile(r"(?:[^\W\d]{3,14}(?: [^\W\d]{2,14})? \| ){2,12}[^\W\d]{3,14}(?: [^\W\d]{2,14})?")
NUMBERING: Final = re.compile(r"^\s*\d{1,3}(?:\.\d{1,2})*[.)]?\s+")
TAGS_MAX_CHARS: Final = 300
MAX_CONTENTS: Final = 3  # tables of contents in a document
MAX_ENTRIES: Final = 60
MAX_TEASERS: Final = 20  # lines under a heading of teasers
SPECIFICATION: Final = re.compile(r"[\w ]{1,30}:(?: \S|\Z)|\W{0,3}https?://")  # "Memory: 1 GB", not a title
LINK_SHARE: Final = 0.9  # of an item's characters, from which it is nothing but a link
SORTED_BY: Final = "messages sorted by"  # in every page of such an archive
MESSAGE_LINK: Final = re.compile(
    r"(?:previous|next) (?:message|thread|in thread)\b.{0,20}:|(?:maybe )?(?:in )?reply(?: to)?:|messages sorted by:|"
    r"contemporary messages sorted:|more information about the .{1,60} mailing list",
    re.IGNORECASE,
)
SCORE: Final = 0.95


def navigation(document: Document) -> Iterator[Removal]:
    r"""Find teasers for other texts, menus, tables of contents and tags.

    Teasers under a heading go too where no running text follows, and headlines with a time or a day each, the newest
    first; entries of a table of contents go as far as they come back as headings.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell.\nRead also: The river rose\nTags: rain, rivers\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [navigation]).text
    'Rain fell.\n'
    """
    if is_code(document):
        return
    hits = phrase_hits(document, "navigation")
    entries = list(_contents(document, hits))
    for index, rule in hits.items():
        if entries or not _heads_content(document, index, rule):
            yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)
    for index in range(len(document.lines)):
        if index not in hits:
            yield from _structural(document, index)
    yield from entries
    yield from _teasers(document, hits)
    headings = [index for index, rule in hits.items() if rule.name == "related_heading"]
    for index in summarised_teasers(document, headings, phrase_lines(document)):
        yield whole_line(document.lines[index], "related_links", "summarised_teaser", SCORE)
    for index in dated_headlines(document):
        yield whole_line(document.lines[index], "related_links", "dated_headline", SCORE)
    yield from _linked_list(document, hits)
    yield from _mail_archive(document)


def _heads_content(document: Document, index: int, rule: PhraseRule) -> bool:
    """Whether a line heads a list that stays, in a text that is mostly lists: "Contents", "See also"."""
    if index + 1 == len(document.lines) or is_story(document):
        return False
    has_page = document.lines[index + 1].text[-1:].isdigit()
    return (
        has_page
        if rule.kind == "toc"
        else document.lines[index].key in load_words("navigation", "references")
    )


def _structural(document: Document, index: int) -> Iterator[Removal]:
    line = document.lines[index]
    if line.weight > TAGS_MAX_CHARS:
        return
    if _leads_away(line):
        yield whole_line(line, "related_links", "inline_teaser", SCORE)
    elif line.text.endswith(ARROWS) and (_arrowed().fullmatch(line.text) or ARROW.fullmatch(line.text)):
        yield whole_line(line, "related_links", "arrow", SCORE)
    elif ":" in line.text and _tag_list().fullmatch(line.text):
        yield whole_line(line, "tag_list", "tags", SCORE)
    elif _is_site_name(document, line) and stands_in(document, index, "border"):
        yield whole_line(line, "section_label", "site_name", SCORE)
    elif _crumbs().fullmatch(line.text) and stands_in(document, index, "head"):
        yield whole_line(line, "navigation", "breadcrumbs", SCORE)
    elif (
        " | " in line.text
        and BAR.fullmatch(line.text)
        and stands_in(document, index, "border")
        and not _is_in_table(document, index)
    ):
        yield whole_line(line, "navigation", "bar", SCORE)


def _leads_away(line: Line) -> bool:
    """Whether a line opens with words that lead to another text, and names it."""
    if line.weight > LEAD_MAX_CHARS or is_table_row(line):
        return False
    lead = LEAD.match(line.text)
    return lead is not None and bare_words(lead["words"].casefold()) in load_words("navigation", "leads")


def _is_in_table(document: Document, index: int) -> bool:
    lines = document.lines
    beside = lines[max(0, index - 1) : index] + lines[index + 1 : index + 2]
    return is_table_row(lines[index]) or any("|" in line.raw for line in beside)


def _is_site_name(document: Document, line: Line) -> bool:
    name = document.metadata.site_name
    return name != "" and line.key != "" and line.key == bare_words(name.casefold())


def _contents(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """Entries under a heading of contents that come back later as headings of their own."""
    headings = [i for i, rule in hits.items() if rule.kind == "toc"]
    titles = [NUMBERING.sub("", line.key) for line in document.lines] if headings else []
    last = {title: index for index, title in enumerate(titles)}
    for heading in headings[:MAX_CONTENTS]:
        for index in range(heading + 1, min(heading + MAX_ENTRIES, len(titles))):
            if document.lines[index].is_long or last[titles[index]] == index:
                break
            yield whole_line(document.lines[index], "toc", "contents_entry", SCORE)


def _teasers(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """Lines under a heading of teasers after the last paragraph."""
    late = [i for i, r in hits.items() if r.name == "related_heading" and stands_in(document, i, "after")]
    if not late or not is_story(document):
        return
    first = min(late) + 1
    for index in range(first, min(first + MAX_TEASERS, len(document.lines))):
        line = document.lines[index]
        if SPECIFICATION.match(line.text) or line.is_long or line.is_sentence or line.text[:1].islower():
            break
        if index not in hits:
            yield whole_line(line, "related_links", "teaser", SCORE)


def _linked_list(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """Links that the page of a story lists under "See also", which would stand there without it."""
    references = load_words("navigation", "references") if is_story(document) else frozenset[str]()
    for heading in (i for i in hits if document.lines[i].key in references):
        items = takewhile(lambda i: _is_link(document, i), range(heading + 1, len(document.lines)))
        for index in islice((i for i in items if i not in hits), MAX_TEASERS):
            yield whole_line(document.lines[index], "related_links", "linked_list", SCORE)


def _is_link(document: Document, index: int) -> bool:
    """Whether a line is an item of a list, and all of it a link."""
    block = block_at(document, document.lines[index].start)
    return block is not None and block.tag == "li" and block.link_share >= LINK_SHARE


def _mail_archive(document: Document) -> Iterator[Removal]:
    """The links with which archives of mailing lists lead to other messages."""
    if not any(line.key.startswith(SORTED_BY) for line in document.lines):
        return
    for line in document.lines:
        if MESSAGE_LINK.match(line.text) and not line.is_long:
            yield whole_line(line, "navigation", "mail_archive", SCORE)


@cache
def _arrowed() -> re.Pattern[str]:
    """A line with a call to read on and an arrow: "Continue reading →"."""
    calls = load_patterns("navigation", "read_on")
    return re.compile(rf".{{0,60}}\b(?:{calls})\s{{0,3}}[→»>…\])]{{1,3}}", re.IGNORECASE)


@cache
def _crumbs() -> re.Pattern[str]:
    """The way from the front page: "Home / News / The river"."""
    home = load_patterns("navigation", "home")
    return re.compile(rf"(?:{home})\s{{0,3}}[/>»|›].{{3,160}}", re.IGNORECASE)


@cache
def _tag_list() -> re.Pattern[str]:
    """A label and tags: "Filed under: weather, rivers"."""
    labels = load_patterns("navigation", "tags")
    return re.compile(rf"(?:{labels})\s{{0,3}}:[^\[{{!=]{{0,260}}", re.IGNORECASE)
