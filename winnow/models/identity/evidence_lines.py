"""Clues of the lines where an identity may stand; other lines are skipped at little cost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from winnow.models.identity.dummy import telling_latin
from winnow.models.identity.evidence import line_evidence, line_labels
from winnow.models.identity.evidence_weights import kind_tables
from winnow.models.identity.fields import bare_label, fields, label_of
from winnow.models.identity.placeholder import placeholder_lines

REACH: Final = 10  # lines read before and after one with telling evidence
READ_CHARS: Final = 2500  # of a line
LABEL_CHARS: Final = 400  # of a line that belongs to a block by its label
PARAGRAPH_CHARS: Final = 160
BULLETS: Final = " \t•*·>|#–—-<\"'["
LABELLED: Final = re.compile(r"[:：|>=;\t\"'\]]| - ")
LABEL_READ: Final = 60  # characters of a line, to see whether it begins with a label
LATIN_WORDS: Final = 2  # from which a line may be dummy Latin
NUMBERS: Final = re.compile(  # telephones, dates, postcodes, extensions
    r"\d(?:\d{4}|\d\d-\d\d-\d|\d\d[-.) ]{1,2}\d{3}|[ ().-]{0,2}\d(?:[ ().-]{0,2}\d){5}|\s?x\d\d)"
)
MACHINE_NUMBER: Final = re.compile(r"-(?<=[0-9a-f]{8}-)[0-9a-f]{4}-")  # begins with what few lines have
MENTION: Final = re.compile(r"(?<![\w.])@[\w.-]{4,30}")
# may belong to nobody beside them
NAMED: Final = frozenset({"mail_free_name", "handle", "social_name", "mail_free", "mail"})
PLACEHOLDER: Final = frozenset({"placeholder_person", "placeholder_record"})
LOOSE: Final = frozenset({"salad", "company_in", "company_three_in"})
FRAME: Final = re.compile(
    r"\s*(?:[{}()\[\];,]{1,4}|\|?[-:| ]{3,}\|?|<[/!?]?[\w -]{1,30}>|array\s?\(|return \[|"
    r"BEGIN:VCARD|END:VCARD|VERSION:[\d.]{1,5}|REV:[\dTZ:-]{1,24}|(?:PRODID|UID|CATEGORIES):.{1,60}|"
    r"INSERT INTO [\w`.\"]{1,40}(?: \([^)]{0,300}\))? VALUES|"
    r"(?:authors?|users?|persons?|people|profiles?|data|records?):\s?[{\[]?)\s*"
)


@dataclass(frozen=True, slots=True)
class Clues:
    """The evidence and the labels that one line shows."""

    evidence: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    is_heading: bool = False  # nothing but a label
    is_frame: bool = False  # brackets, rules and heads that hold fields together
    is_long: bool = False  # running text, unless it shows something

    @property
    def is_empty(self) -> bool:
        """Shows nothing."""
        return not (self.evidence or self.labels)


SHORT: Final = Clues()
LONG: Final = Clues(is_long=True)


def read_clues(lines: Sequence[str]) -> list[Clues]:
    """The clues of each line; empty for lines far from any with telling evidence, which are not read."""
    clues = [LONG if len(line.strip()) > PARAGRAPH_CHARS else SHORT for line in lines]
    clues_of = {index: _line_clues(lines, index) for index in range(len(lines)) if _may_tell(lines[index])}
    for index in placeholder_lines(lines):
        clue = clues_of.get(index) or _line_clues(lines, index)
        clues_of[index] = replace(clue, evidence=clue.evidence | PLACEHOLDER)
    for anchor in [index for index, clue in clues_of.items() if _is_anchor(clue, lines[index])]:
        for index in range(max(0, anchor - REACH), min(len(lines), anchor + REACH + 1)):
            clues[index] = clues_of[index] = clues_of.get(index) or _line_clues(lines, index)
    return clues


def _may_tell(line: str) -> bool:
    """Whether a line may show evidence that is specific to generators; cheap, and seldom wrong the other way."""
    if "@" in line or "://" in line or "and Sons" in line:
        return True
    if NUMBERS.search(line, 0, READ_CHARS) or MACHINE_NUMBER.search(line, 0, READ_CHARS):
        return True
    latin = telling_latin().intersection(line[:READ_CHARS].lower().split())
    return len(latin) >= LATIN_WORDS or bool(
        label_of(LABELLED.split(line[:LABEL_READ].lstrip(BULLETS), maxsplit=1)[0])
    )


def _is_anchor(clue: Clues, line: str) -> bool:
    """Whether the lines around a line are worth reading."""
    kinds, evidence = kind_tables(), clue.evidence - LOOSE
    return (
        bool(clue.labels)
        or any(kinds[name]["side"] != "form" for name in evidence)
        or bool(evidence & NAMED)
        or bool(MENTION.search(line))
    )


def _line_clues(lines: Sequence[str], index: int) -> Clues:
    line, label = lines[index], bare_label(lines[index - 1]) if index else ""
    heading, line_fields = bare_label(line), fields(line)
    labels = (line_labels(line_fields) | ({heading} - {""})) if len(line) <= LABEL_CHARS else set()
    return Clues(
        frozenset(line_evidence(line, line_fields, label)),
        frozenset(labels),
        bool(heading),
        len(line) <= LABEL_CHARS and bool(FRAME.fullmatch(line)),
        len(line.strip()) > PARAGRAPH_CHARS,
    )
