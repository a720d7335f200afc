"""Comment sections: headings, forms, invitations, and what readers wrote."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from winnow.cleaners._dates import is_date_line
from winnow.cleaners._places import is_story, stands_in
from winnow.cleaners._reader_posts import reader_posts, titled_section
from winnow.cleaners._rules import PhraseRule, phrase_hits, whole_line
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line
from winnow.corpus.raw import TEXT

INVITATION: Final = re.compile(
    r"\b(?:share|leave|drop|post|write|tell|let)\b[^.!?]{0,90}\b(?:in|a|your|us)\b[^.!?]{0,30}\bcomments?\b|"
    r"\b(?:comment below|in the comments(?: section)? below|sound off in the comments)\b|"
    r"\bschreib[^.!?]{0,60}\bkommentare\b|\b(?:déjanos|deja) [^.!?]{0,50}\bcomentarios?\b|"
    r"\bdeixe [^.!?]{0,50}\bcomentários?\b|\bdites-nous [^.!?]{0,60}\bcommentaires?\b",
    re.IGNORECASE,
)
SENTENCE_START: Final = re.compile(r"(?<=[.!?])['\"”’)]{0,3}\s{1,5}(?=['\"“‘(]{0,3}[A-ZÀ-ÞА-Я¿¡])")
QUESTION_TO_YOU: Final = re.compile(
    r"\b(?:you|your|du|ihr|sie|tu|vous|você)\b[^?]{0,300}\?['\"”’]{0,2}\s{0,5}\Z", re.IGNORECASE
)
REPLY: Final = re.compile(
    r"\b(?:says|said|sagt|schreibt|dit|dice|disse|pisze|wrote|reply|replies|antworten|répondre|responder|odpowiedz|"
    r"ответить|liken?|report|ago)\s{0,3}:?\Z",
    re.IGNORECASE,
)
HEADINGS: Final = frozenset({"comments_label", "comment_heading"})
SIGNATURE_MAX_CHARS: Final = 60  # a line that closes or opens a comment: name and date, "Reply"
MIN_PARAGRAPHS: Final = 2  # above a comment section; a forum opens with one
MIN_SIGNATURES: Final = 2
MAX_BETWEEN: Final = 8  # lines from one line of a comment section to the next
LAST_PARAGRAPHS: Final = 3  # an invitation to comment is glued to one of these
SECTION_SCORE: Final = 0.85
POSTS_SCORE: Final = 0.95
INVITATION_SCORE: Final = 0.97


def comments(document: Document) -> Iterator[Removal]:
    r"""Find headings, forms and rules of comment sections, comments, and invitations to comment.

    Comments are taken for what they are only where they are signed: under a heading, or several in the same way.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell.\n3 Comments\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [comments]).text
    'Rain fell.\n'
    """
    hits = phrase_hits(document, "comments")
    for index, rule in hits.items():
        yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)
    yield from _section(document, hits)
    if document.content_type == TEXT:  # of pages, elements tell it, and what stays are threads
        headings = [i for i, rule in hits.items() if rule.name in HEADINGS]
        for index in reader_posts(document, headings):
            yield whole_line(document.lines[index], "reader_comment", "reader_posts", POSTS_SCORE)
        for index in titled_section(document):
            yield whole_line(document.lines[index], "reader_comment", "titled_section", POSTS_SCORE)
    yield from _between(document, hits)
    for index in document.paragraphs[-LAST_PARAGRAPHS:]:
        if index not in hits:
            yield from _invitations(document.lines[index])


def _section(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """All lines under the first heading of comments, if at least as many are signatures as long."""
    story = document.paragraphs[:MIN_PARAGRAPHS]
    heads = (i for i, rule in hits.items() if rule.name in HEADINGS)
    first = next((i for i in heads if len(story) == MIN_PARAGRAPHS and i > story[-1]), None)
    if first is None or not is_story(document):
        return
    rest = [i for i in range(first + 1, len(document.lines)) if i not in hits]
    signatures = sum(_is_signature(document.lines[i]) for i in rest)
    longs = sum(document.lines[i].is_long for i in rest)
    if signatures >= max(MIN_SIGNATURES, longs) and longs <= len(document.paragraphs) / 2:
        for i in rest:
            yield whole_line(document.lines[i], "reader_comment", "signed_comments", SECTION_SCORE)


def _between(document: Document, hits: dict[int, PhraseRule]) -> Iterator[Removal]:
    """Short lines under the text between two lines of a comment section, such as points of its rules."""
    late = [i for i in hits if stands_in(document, i, "after")]
    for first, last in pairwise(late):
        is_form = "comment_form" in (hits[first].name, hits[last].name)
        if is_form and last - first <= MAX_BETWEEN:
            for line in document.lines[first + 1 : last]:
                yield whole_line(line, "comment_prompt", "between_comment_lines", SECTION_SCORE)


def _is_signature(line: Line) -> bool:
    is_signed = REPLY.search(line.text) is not None or is_date_line(line)
    return is_signed and line.weight < SIGNATURE_MAX_CHARS


def _invitations(line: Line) -> Iterator[Removal]:
    """Sentences of a paragraph that ask for a comment, with the question to the reader before them."""
    raw = line.raw
    if not INVITATION.search(raw):
        return
    edges = [0, *(m.end() for m in SENTENCE_START.finditer(raw)), len(raw)]
    for at in range(len(edges) - 1):
        if INVITATION.search(raw, edges[at], edges[at + 1]):
            asks = at > 0 and QUESTION_TO_YOU.search(raw[edges[at - 1] : edges[at]])
            start = line.start + (edges[at - 1] if asks else edges[at])
            end = line.start + edges[at + 1]
            yield Removal(start, end, "comment_prompt", "invitation", INVITATION_SCORE)
