"""The weights of tokens: of words in a block, and of the names of the elements around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from winnow.corpus.layout.laid_out import Names
from winnow.models.blocks.block_tokens import (
    END_WORDS,
    PAIRS,
    START_WORDS,
    WHOLE_WORDS,
    element_names,
    joined_words,
    name_tokens,
)
from winnow.models.ordered_sum import ordered_sum

ROLES: Final = ("0 ", "1 ", "2 ")  # of an element to a block: the one around it, its parent, further out
UNKNOWN: Final = (0.0,) * len(ROLES)
KINDS: Final = ("w", "e", "p", "=")  # of tokens of words: before the space

RoleWeights = tuple[float, ...]  # one for each of `ROLES`


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weight of each token as evidence of content, in log-odds."""

    words: Mapping[str, Mapping[str, float]]  # by `KINDS`, then by what follows the space
    names: Mapping[str, RoleWeights]
    # What native functions made of both, so that they make it once
    tables: dict[str, object] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, flat: Mapping[str, float]) -> "Weights":
        """Weights by token, where the token of a name begins with its role."""
        words: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
        for token, weight in flat.items():
            if not token.startswith(ROLES):
                kind, _, rest = token.partition(" ")
                words[kind][rest] = weight
        names = {token[2:] for token in flat if token.startswith(ROLES)}
        return cls(words, {name: tuple(flat.get(role + name, 0.0) for role in ROLES) for name in names})

    def flat(self) -> dict[str, float]:
        """The weights in the form that `of` takes, by token in alphabetical order."""
        words = {f"{kind} {rest}": w for kind, of_kind in self.words.items() for rest, w in of_kind.items()}
        roles = {
            role + name: w
            for name, weights in self.names.items()
            for role, w in zip(ROLES, weights, strict=True)
        }
        return dict(sorted({**words, **{name: weight for name, weight in roles.items() if weight}}.items()))

    def text_score(self, words: Sequence[str]) -> float:
        """The sum of the weights of a block's words, those of `winnow.models.blocks.block_tokens.text_tokens`."""
        first, last, pairs, whole = self.words.values()
        start = words[:START_WORDS]
        weights = [*map(first.get, start)]
        if len(words) > START_WORDS:
            weights += map(last.get, words[-END_WORDS:])
        weights += map(pairs.get, map(" ".join, pairwise(start[: PAIRS + 1])))
        if len(words) <= WHOLE_WORDS:
            weights.append(whole.get(joined_words(words)))
        return ordered_sum(filter(None, weights))


@lru_cache(maxsize=20_000)  # pages of a site have the same elements
def element_scores(weights: Weights, tag: str, names: Names) -> RoleWeights:
    """The sums of the weights of an element's tokens, for each of `ROLES`."""
    role_weights = {}
    if tagged := weights.names.get("<" + tag):
        role_weights["<" + tag] = tagged
    for mark, name in element_names(names):
        if named := _name_weights(weights, mark, name):
            role_weights.update(named)
    return tuple(map(ordered_sum, zip(*role_weights.values(), strict=True))) if role_weights else UNKNOWN


@lru_cache(maxsize=50_000)
def _name_weights(weights: Weights, mark: str, name: str) -> Mapping[str, RoleWeights]:
    """The tokens of a name that have weights; each counts once for an element."""
    role_weights = weights.names
    return {token: role_weights[token] for token in name_tokens(mark, name) if token in role_weights}
