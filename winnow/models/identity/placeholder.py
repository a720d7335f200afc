"""The ten users of JSONPlaceholder, whom programs print before they have users of their own."""

from collections.abc import Sequence
from typing import Final

# https://jsonplaceholder.typicode.com/users: facts about made-up persons, the same in every copy
PERSONS: Final[tuple[tuple[str, ...], ...]] = (  # name, address and firm of each, in that order
    ("Leanne Graham", "Sincere@april.biz", "Romaguera-Crona"),
    ("Ervin Howell", "Shanna@melissa.tv", "Deckow-Crist"),
    ("Clementine Bauch", "Nathan@yesenia.net", "Romaguera-Jacobson"),
    ("Patricia Lebsack", "Julianne.OConner@kory.org", "Robel-Corkery"),
    ("Chelsey Dietrich", "Lucio_Hettinger@annie.ca"),
    ("Dennis Schulist", "Karley_Dach@jasper.info", "Considine-Lockman"),
    ("Kurtis Weissnat", "Telly.Hoeger@billy.biz"),
    ("Nicholas Runolfsdottir", "Sherwood@rosamond.me"),
    ("Glenna Reichert", "Chaim_McDermott@dana.io"),
    ("Clementina DuBuque", "Rey.Padberg@karina.biz"),
)
NAMES: Final = tuple(person[0] for person in PERSONS)
MARKS: Final = tuple(mark for person in PERSONS for mark in person)
MIN_MARKS: Final = 2  # of a text: people may have one of these names
SERVICE: Final = ("jsonplaceholder", "typicode")  # a text that names it shows how its users come about


def placeholder_lines(lines: Sequence[str]) -> frozenset[int]:
    """Indices of the lines that show one of these users, in a text that shows a name and another mark.

    >>> placeholder_lines(["Leanne Graham asked first.", "Rain fell.", "Ervin Howell asked again."])
    frozenset({0, 2})
    >>> placeholder_lines(["Leanne Graham asked first."])
    frozenset()
    """
    text = "\n".join(lines)
    if not any(map(text.__contains__, NAMES)):
        return frozenset()
    marks = [mark for mark in MARKS if mark in text]
    if len(marks) < MIN_MARKS or any(name in text.casefold() for name in SERVICE):
        return frozenset()
    return frozenset(i for i, line in enumerate(lines) if any(mark in line for mark in marks))
