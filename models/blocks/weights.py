"""The weights of tokens: of words in a block, and of the names of the elements around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROLES: Final = ("0 ", "1 ", "2 ")  # of an element to a block: the one around it, its parent, further out


@dataclass(frozen=True, slots=True)
class Weights:
    """What each token says for a block being content, in log-odds."""

    words: Mapping[str, float]
    names: Mapping[str, tuple[float, ...]]  # one for each of `ROLES`

    @classmethod
    def of(cls, flat: Mapping[str, float]) -> "Weights":
        """Weights by token, where the token of a name begins with its role."""
        words = {token: weight for token, weight in flat.items() if not token.startswith(ROLES)}
        names = {token[2:] for token in flat if token.startswith(ROLES)}
        return cls(words, {name: tuple(flat.get(role + name, 0.0) for role in ROLES) for name in names})

    def flat(self) -> dict[str, float]:
        """What `of` takes, by token in alphabetical order."""
        roles = {
            role + name: w
            for name, weights in self.names.items()
            for role, w in zip(ROLES, weights, strict=True)
        }
        return dict(
            sorted({**self.words, **{name: weight for name, weight in roles.items() if weight}}.items())
        )
