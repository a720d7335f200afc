"""Prompts that ask the reader to subscribe, follow, allow, send, give, pay or consent."""

import re
from collections.abc import Iterator
from typing import Final

from winnow.cleaners._rules import phrase_hits, whole_line
from winnow.corpus.document import Document, Removal

CONTACT_LINE: Final = re.compile(r"(?:e-?mail|mail|tel|phone|whatsapp)\W{1,4}\S{3,60}", re.IGNORECASE)


def prompts(document: Document) -> Iterator[Removal]:
    r"""Find calls to subscribe, follow, allow notifications, send stories, give, pay or consent.

    The contact line under a call for stories belongs to it.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell on the hills.\nGot a tip?\nEmail: desk@paper.example\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [prompts]).text
    'Rain fell on the hills.\n'
    """
    hits = phrase_hits(document, "prompts")
    for index, rule in hits.items():
        yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)
        after = document.lines[index + 1 : index + 2]
        if rule.kind == "reader_submission" and after and CONTACT_LINE.fullmatch(after[0].text):
            yield whole_line(after[0], rule.kind, "contact_line", rule.score)
