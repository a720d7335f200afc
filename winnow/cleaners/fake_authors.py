"""Author blocks of persons whom a program made up."""

from collections.abc import Iterator
from typing import Final

from winnow.corpus.document import Document, Removal
from winnow.models.identity.detector import find_identities

NAMED_EVIDENCE: Final = 3  # kinds of evidence that the rule names


def fake_authors(document: Document) -> Iterator[Removal]:
    """Find generated identities: name, birth date, address, company and biography of nobody.

    >>> from winnow.corpus.document import Block, clean
    >>> text = "Rain fell.\\nName : Ona Kuhn DVM\\nBirthdate : 1991-02-15\\nCompany : Bashirian and Sons\\n"
    >>> clean(Document(text, (Block(0, len(text)),)), [fake_authors]).text
    'Rain fell.\\n'
    """
    lines = document.lines
    for identity in find_identities([line.raw for line in lines]):
        rule = "identity:" + "+".join(kind.name for kind in identity.evidence[:NAMED_EVIDENCE])
        for line in lines[identity.first : identity.last + 1]:
            yield Removal(line.start, line.stop, "fake_author_block", rule, round(identity.probability, 4))
