"""Worst cases: documents of any size in which one thing is repeated (``tests/cases/growth.jsonl``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.results import ROOT
from winnow.corpus.raw import HTML, TEXT

CASES_FILE: Final = ROOT / "tests" / "cases" / "growth.jsonl"
TYPES: Final = {"text": TEXT, "page": HTML}


@dataclass(frozen=True, slots=True)
class WorstCase:
    """A document in which a unit is repeated; ``{}`` in the unit is the number of the repetition."""

    label: str
    kind: str  # of `TYPES`
    unit: str
    before: str = ""
    after: str = ""

    @property
    def content_type(self) -> str:
        """The type of the document."""
        return TYPES[self.kind]

    def text(self, size: int) -> str:
        """The document with at least one unit, of about so many bytes."""
        return f"{self.before}{self._units(size)}{self.after}"

    def _units(self, size: int) -> str:
        if "{}" not in self.unit:
            return self.unit * max(1, size // len(self.unit.encode()))
        number = max(1, size // (len(self.unit) + 3))
        return "".join(self.unit.replace("{}", str(each)) for each in range(number))


def read_cases() -> Iterator[WorstCase]:
    """The cases of the file, in their order."""
    for line in CASES_FILE.read_text(encoding="utf8").splitlines():
        yield WorstCase(**json.loads(line))
