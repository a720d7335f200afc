"""Measure how many lines stay of texts that are no news and hold no noise: tables, diaries, dialogue, code, laws.

    python -m bench.harm_kinds [--lines] [--held-out]

The texts are written from templates, in eight languages, and read from what Python and its packages install. Half of
the kinds are held out: nobody reads which of their lines go before the rules are done, and ``--lines``, which prints
each line that goes with what removes it, shows them only with ``--held-out``.
"""

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bench.harm_texts import FOLDER, HarmText, installed_texts, written_texts
from bench.noise import plain_document
from bench.results import write_results
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Removal, clean

DATA: Final = (FOLDER / "harm_kinds.toml", FOLDER / "harm_words.toml")
SETS: Final = ("tuned", "held_out")
SHARE_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class LostLine:
    """A line that lost characters, and the removal that took the first of them."""

    text: str
    removal: Removal

    @property
    def rule(self) -> str:
        """Cleaner and rule, without the rule's details."""
        return f"{self.removal.cleaner} {self.removal.rule.partition(':')[0]}"


@dataclass(frozen=True, slots=True)
class Harm:
    """What cleaning takes from one text."""

    source: HarmText
    lines: int
    lost: tuple[LostLine, ...]


def set_of(kind: str) -> str:
    """The set that a kind of texts belongs to, by a hash of its name."""
    return SETS[hashlib.sha256(kind.encode()).digest()[0] % 2]


def harm(source: HarmText) -> Harm:
    """What cleaning takes from a text; blank lines do not count."""
    cleaned = clean(plain_document(source.text), CLEANERS)
    text, removals = cleaned.document.text, [r for r in cleaned.removals if r.cleaner != "layout"]
    lines, lost, end = 0, list[LostLine](), 0
    for line in text.split("\n"):
        start, end = end, end + len(line) + 1
        lines += bool(line.strip())
        taken = next((r for r in removals if _takes(r, text, start, end)), None)
        if taken is not None:
            lost.append(LostLine(line.strip(), taken))
    return Harm(source, lines, tuple(lost))


def _takes(removal: Removal, text: str, start: int, end: int) -> bool:
    """Whether a removal takes more than white space of a stretch of a text."""
    return text[max(start, removal.start) : min(end, removal.end)].strip() != ""


def figures(harms: Iterable[Harm]) -> dict[str, Any]:
    """Shares of lines that stay, and how many lines each rule takes."""
    harms = tuple(harms)
    rules = Counter(lost.rule for one in harms for lost in one.lost)
    return {
        "texts": len(harms),
        "kinds": len({one.source.kind for one in harms}),
        "lines": sum(one.lines for one in harms),
        "stay": _share(harms),
        "by_language": _shares(harms, "language"),
        "by_kind": _shares(harms, "kind"),
        "removed_by": dict(sorted(rules.items(), key=lambda item: (-item[1], item[0]))),
    }


def _shares(harms: Iterable[Harm], field: str) -> dict[str, float]:
    groups: defaultdict[str, list[Harm]] = defaultdict(list)
    for one in harms:
        groups[getattr(one.source, field)].append(one)
    return {name: _share(members) for name, members in sorted(groups.items())}


def _share(harms: Iterable[Harm]) -> float:
    """The share of lines that stay whole."""
    harms = tuple(harms)
    lines, lost = sum(one.lines for one in harms), sum(len(one.lost) for one in harms)
    return round(1 - lost / max(1, lines), SHARE_DIGITS)


def lost_lines(harms: Iterable[Harm]) -> Iterator[str]:
    """One line for each line that goes: kind, language, what removes it, and the line."""
    for one in harms:
        for lost in one.lost:
            yield f"{one.source.kind} {one.source.language} | {lost.rule} | {lost.text}"


def main() -> None:
    """Write ``bench/results/harm_kinds.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", action="store_true", help="print each line that goes")
    parser.add_argument("--held-out", action="store_true", help="also those of the kinds that are held out")
    options = parser.parse_args()
    by_set: defaultdict[str, list[Harm]] = defaultdict(list)
    for source in (*written_texts(), *installed_texts()):
        by_set[set_of(source.kind)].append(harm(source))
    shown_sets = SETS if options.held_out else SETS[:1]
    for name in shown_sets if options.lines else ():
        print(*lost_lines(by_set[name]), sep="\n")
    write_results("harm_kinds", DATA, {name: figures(by_set[name]) for name in SETS})


if __name__ == "__main__":
    main()
