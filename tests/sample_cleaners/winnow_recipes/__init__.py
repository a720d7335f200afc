"""A cleaner for recipe sites, as a package that other people install."""

from collections.abc import Iterator
from importlib.resources import files

from winnow import Document, Removal

BUTTONS = frozenset(files(__name__).joinpath("buttons.txt").read_text(encoding="utf8").splitlines())


def recipe_cards(document: Document) -> Iterator[Removal]:
    """Find the buttons of recipe cards."""
    for line in document.lines:
        if line.key in BUTTONS:
            yield Removal(line.start, line.stop, kind="widget_residue", rule="recipe_button", score=0.9)
