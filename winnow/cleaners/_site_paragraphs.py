"""Paragraphs of a text that its site prints under many stories: appeals, forms, what a site says of itself."""

import math
from collections.abc import Iterator
from typing import Final

from winnow.cleaners._content import is_content
from winnow.corpus.document import Document, Removal
from winnow.models.lines.line_model import load_model
from winnow.models.site_line_keys import SITE_RULE, line_odds

# Log-odds by words and pages together. Of the paragraphs that three articles and more of one of 547 sources share, all
# above were read and are noise; quotations, speeches and portraits of firms lie below. By words alone 95 % of the
# paragraphs of articles lie below -.03.
MIN_ODDS: Final = 1.0  # above and below the text's own paragraphs
MIDDLE_ODDS: Final = 2.5  # between them, where laws and recipes repeat what they are about


def site_paragraphs(document: Document) -> Iterator[Removal]:
    """Find the paragraphs of a text that stand on several pages of its site and read like noise.

    A text most of whose paragraphs stand elsewhere, too, is another version of a story, and stays as it is.
    """
    repeated = {index: odds for index, odds in line_odds(document).items() if document.lines[index].is_long}
    own = [index for index in document.paragraphs if index not in repeated]
    if not repeated or len(own) < len(repeated):
        return
    model = load_model()
    evidence = model.evidence(document)
    for index, odds in repeated.items():
        total = odds + float(evidence[index])
        needed = MIDDLE_ODDS if own[0] < index < own[-1] else MIN_ODDS
        if total >= needed and not is_content(document, index, repeated):
            line, score = document.lines[index], round(1 / (1 + math.exp(-total)), 4)
            yield Removal(line.start, line.stop, model.kind(line), SITE_RULE, score)
