"""Bylines, dates, biographies of authors, and notes of the source."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Final

from winnow.cleaners._biographies import is_about_persons, profile_lines, tail_biographies
from winnow.cleaners._content import is_content
from winnow.cleaners._dates import DATE_AND_COUNT, date_shape, has_clock, is_date_line, names_year
from winnow.cleaners._members import member_fields
from winnow.cleaners._places import is_story, stands_in
from winnow.cleaners._rules import PhraseRule, phrase_hits, phrase_lines, whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line
from winnow.models.identity.generator_lexicon import load_lexicon

NAME: Final = r"[A-ZÀ-ÞŁŚŻА-Я][\w.'’-]{0,30}"
BYLINE: Final = re.compile(
    r"(?:(?:[Ss]tory|[Tt]ext|[Ww]ords|[Aa]rticle|[Ww]ritten|[Pp]osted|[Pp]ublished) )?"
    r"(?:[Bb]y:?|BY:?|[Vv]on:?|[Pp]ar:?|[Pp]or:?|POR|[Dd]i|[Dd]oor:?|Av:?|Yazan:?|[Aa]uthor:|[Aa]utor(?:ka|in|a)?:|"
    r"[Aa]ut(?:eur|ore|eure|rice) ?:|Автор:|Te[kx]st[eo]?:|Testo:|Foto e texto:)\s{1,3}"
    rf"(?:(?:{NAME}|de|von|van|der|la|and|und|y|et|&|/)[ ,|·]{{0,3}}){{1,7}}(?P<rest>.{{0,40}})"
)
ENGLISH: Final = re.compile(r"by|written|posted|published|story|words|article", re.IGNORECASE)
BYLINE_MAX_CHARS: Final = 85
MIN_BYLINE_WORDS: Final = 3  # below the head, where "By Function" is a sub-heading
SENTENCE_END: Final = re.compile(r"[.!?:;]['\"”’]?\Z")
PERSON: Final = re.compile(rf"(?:{NAME} ){{1,2}}{NAME}")
PERSON_MAX_CHARS: Final = 40
MIN_ENTRIES: Final = 3  # dates of a list where no paragraph tells head and text apart
MAX_LATE_DATES: Final = 3  # below the head; a thread or a chronicle has more
HEAD_LINES: Final = 14  # a lone name beside a date or a byline is looked for in these
SOURCE: Final = re.compile(
    r"(?:[Ss]ource|SOURCE|[Qq]uelle|[Źź]ródło|[Ff]uente|[Ff]onte|[Kk]aynak|[Ии]сточник|[Vv]ia)\s{0,2}:\s{0,3}"
    r"(?:https?://\S{1,300}|www\.\S{1,300}|[A-ZÀ-Þ][^.!?]{1,60})|from [A-Z]\w{1,15}"
)
# a hat tip names a person or an account; "h(t) = 3" of a formula does not
HAT_TIP: Final = re.compile(
    r"\W?[Hh](?:at)?[-/ ]?[Tt](?:ip)?[:)]?\s(?:[Tt]o:?\s)?(?:@?\w{2,30}|[A-ZÀ-Þ][^=(){}<>\\^_|+*]{1,80})\)?"
)
SOURCE_MAX_CHARS: Final = 320
ROLE: Final = (
    r"reporter|journalist|author|writer|editor|founder|co-founder|CEO|director|professor|columnist|correspondent|contributor|"
    r"researcher|fellow|analyst|blogger|host|lecturer|attorney|strategist|commentator|economist|historian"
)
HAS_ROLE: Final = re.compile(rf"\b(?:{ROLE}|staff)\b", re.IGNORECASE)
BIOGRAPHY: Final = re.compile(
    rf"(?P<name>(?:(?:Dr|Prof|Mr|Ms|Mrs)\. )?{NAME}(?: {NAME}){{1,3}})(?:,[^,]{{2,40}},)? "
    rf"(?:is|was|works as|has been|writes|covers|serves as) (?:[\w’'-]{{1,30}},? ){{0,8}}(?:{ROLE})s?\b"
)
PRESENTED: Final = re.compile(  # behind the name of the page's author
    r"(?:,[^,]{2,60},)? (?:is|was|has|covers|writes|reports|works|joined|lives|teaches|studies|leads|edits)\b"
)
CONTACT: Final = re.compile(
    r"\b(?:[Ff]ollow (?:him|her|them|me|[A-Z]\w{1,20}) (?:on|at)|(?:[Oo]n )?(?:Twitter|X):? @\w{2,20}|"
    r"(?:[Ee]-?mail|[Rr]each) (?:him|her|them|me) at|(?:can|may) be (?:reached|followed|contacted))\b"
)
BIOGRAPHY_MAX_CHARS: Final = 700
SCORE: Final = 0.9
BIOGRAPHY_SCORE: Final = 0.95


def bylines(document: Document) -> Iterator[Removal]:
    r"""Find bylines, lines of dates, agencies, source notes and biographies of authors.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain\nBy Ada Moss\nMarch 3, 2024\nRain fell on the hills all night.\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [bylines]).text
    'Rain\nRain fell on the hills all night.\n'
    """
    hits = phrase_hits(document, "bylines")
    for index, rule in hits.items():
        yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)
    credits_at = _credits(document, hits)
    for index in sorted(credits_at):
        yield whole_line(document.lines[index], "byline_date", "byline", SCORE)
    others = {
        index: removal
        for index in range(len(document.lines))
        if index not in credits_at and index not in hits
        for removal in _structural(document, index, credits_at)
    }
    noise = phrase_lines(document).union(credits_at, others)
    yield from (removal for index, removal in others.items() if not is_content(document, index, noise))
    yield from _biographies(document, hits)
    for index in profile_lines(document):
        yield whole_line(document.lines[index], "author_bio", "social_profile", SCORE)
    for index in member_fields(document):
        yield whole_line(document.lines[index], "author_bio", "member_field", SCORE)


def _credits(document: Document, hits: Collection[int]) -> set[int]:
    """Lines that name an author, and lines of dates that tell when the text appeared."""
    count = len(document.lines)
    names = {i for i in range(count) if i not in hits and _is_byline_line(document, i)}
    dates = {i for i in range(count) if i not in hits and is_date_line(document.lines[i])}
    credits_at = names | _text_dates(document, dates, names.union(hits))
    noise = credits_at | phrase_lines(document)
    return {i for i in credits_at if not is_content(document, i, noise)}


def _text_dates(document: Document, dates: Collection[int], names: Collection[int]) -> set[int]:
    """The lines of dates that tell when the text appeared: in the head of running text, or beside a name."""
    beside_names = {i for i in dates if not {i - 1, i + 1}.isdisjoint(names)}
    own_dates = set(dates) - (_entry_dates(document, dates) - beside_names)
    in_head = {i for i in own_dates if stands_in(document, i, "head")}
    if not any(line.is_long for line in document.lines):
        is_own = len(dates) == 1 and (document.paragraphs or 0 in dates)
        in_head = in_head if is_own else in_head & beside_names
    return in_head | _late_dates(document, own_dates)


def _entry_dates(document: Document, dates: Collection[int]) -> set[int]:
    """Lines of dates that date entries: one of several of the same form, with running text below them.

    What a page dates under its text are teasers and comments.
    """
    shapes = defaultdict[str, list[int]](list)
    for index in sorted(dates):
        shapes[date_shape(document.lines[index])].append(index)
    lists = (entries for entries in shapes.values() if _date_entries(document, entries))
    return set(chain.from_iterable(lists))


def _date_entries(document: Document, dates: Sequence[int]) -> bool:
    """Whether there are days of entries among lines of dates: one stands where a text's own day does not."""
    inside = range(document.first_paragraph + 1, document.last_paragraph)
    is_list = len(dates) >= MIN_ENTRIES and not is_story(document)
    return is_list or (len(dates) > 1 and any(i in inside for i in dates))


def _is_byline_line(document: Document, index: int) -> bool:
    """Whether a line names an author and nothing else."""
    line = document.lines[index]
    if len(line.text) > BYLINE_MAX_CHARS:
        return False
    byline = BYLINE.fullmatch(line.text)
    if byline is None or not _is_byline(byline):
        return False
    is_named_in_full = line.word_count >= MIN_BYLINE_WORDS
    return stands_in(document, index, "edge" if is_named_in_full else "head")


def _is_byline(byline: re.Match[str]) -> bool:
    """Whether nothing but a role, a medium or a date follows the names."""
    rest = byline["rest"]
    goes_on = rest[:1].islower() and not any(map(str.isdigit, rest))  # "von der Planung bis zum Fest"
    is_english = ENGLISH.match(byline.group()) is not None  # "By Ada Moss, staff writer"
    return SENTENCE_END.search(rest) is None and (is_english or not goes_on)


def _late_dates(document: Document, dates: Collection[int]) -> set[int]:
    """Lines of dates below the head: few at the end of a story; where there are many, they date entries."""
    late = {i for i in dates if i > document.first_paragraph and _is_late(document, i)}
    return late if len(late) <= MAX_LATE_DATES and is_story(document) else set()


def _is_late(document: Document, index: int) -> bool:
    line = document.lines[index]
    return has_clock(line) or (names_year(line) and stands_in(document, index, "after"))


def _structural(document: Document, index: int, credits_at: set[int]) -> Iterator[Removal]:
    line = document.lines[index]
    if date := DATE_AND_COUNT.fullmatch(line.raw):
        start, end = date.span("date")
        yield Removal(line.start + start, line.start + end, "byline_date", "glued_date", SCORE)
    elif _is_name_beside(document, index, credits_at):
        yield whole_line(line, "byline_date", "name_beside", SCORE)
    elif _names_source(line) and stands_in(document, index, "edge"):
        yield whole_line(line, "source_note", "source", SCORE)


def _names_source(line: Line) -> bool:
    return len(line.text) <= SOURCE_MAX_CHARS and any(
        pattern.fullmatch(line.text) for pattern in (SOURCE, HAT_TIP)
    )


def _is_name_beside(document: Document, index: int, credits_at: set[int]) -> bool:
    """Whether a line of the head is a name alone, next to a byline or a date."""
    if not 0 < index < min(document.first_paragraph, HEAD_LINES):
        return False
    line = document.lines[index]
    is_short = len(line.text) <= PERSON_MAX_CHARS and PERSON.fullmatch(line.text) is not None
    is_beside = index - 1 in credits_at or index + 1 in credits_at
    return is_short and is_beside and (HAS_ROLE.search(line.text) is not None or _is_name(line))


def _is_name(line: Line) -> bool:
    """Whether the first and the last word of a line are names that people have."""
    first, *_, last = line.folded.split()
    lexicon = load_lexicon()
    return lexicon.is_name(first) and lexicon.is_name(last)


def _biographies(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """Lines at the end that tell who the author is."""
    headed = {i + 1 for i, rule in hits.items() if rule.name == "author_heading"}
    at_tail = set(tail_biographies(document))
    for index, line in enumerate(document.lines):
        rule = "" if index in hits else _biography_rule(document, index, headed)
        if rule:
            yield whole_line(line, "author_bio", rule, BIOGRAPHY_SCORE if rule == "biography" else SCORE)
        elif index in at_tail and index not in hits:
            yield whole_line(line, "author_bio", "tail_biography", BIOGRAPHY_SCORE)


def _biography_rule(document: Document, index: int, headed: Collection[int]) -> str:
    """The rule by which a line under a heading or at the end tells who the author is, "" if none."""
    line = document.lines[index]
    if len(line.text) > BIOGRAPHY_MAX_CHARS:
        return ""
    if index in headed:
        return "headed_biography"
    if not stands_in(document, index, "end"):
        return ""
    if _presents_author(document, line):
        return "author_presented"
    is_biography = _tells_of_author(document, line) and not is_about_persons(document)
    return "biography" if is_biography else ""


def _presents_author(document: Document, line: Line) -> bool:
    """Whether a line begins with the full name of the page's author and what that person does.

    9 of 9 firings at the end of 791 benchmark articles are biographies.
    """
    names = (name for name in document.metadata.authors if " " in name and line.text.startswith(name))
    return any(PRESENTED.match(line.text, len(name)) for name in names)


def _tells_of_author(document: Document, line: Line) -> bool:
    """Whether a line presents a person whom the text does not speak of otherwise."""
    presentation = BIOGRAPHY.match(line.text)
    if presentation is None:
        return False
    surname = presentation["name"].split()[-1]
    is_mentioned = surname in document.text[: line.start] or surname in document.text[line.stop :]
    is_author = presentation["name"] in document.metadata.authors or CONTACT.search(line.text) is not None
    return is_author or not is_mentioned
