"""Imitations of the names of well-rated sites, as an attacker would register them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from winnow.corpus.domains import registered_domain
from winnow.models.reliability.calibration import Calibration
from winnow.models.reliability.imitation import bare_name
from winnow.models.reliability.name_prior import FADING, WEIGHT, NamePrior
from winnow.training.reliability.train_names import WELL_RATED

ATTACKED: Final = 300  # well-rated names that are imitated
DOCUMENTS: Final = 3  # of the source that imitates
NAME_LETTERS: Final = (5, 16)  # of the names that are imitated

Imitation = Callable[
    [str, str], str
]  # the name of a registered domain, its ending -> another registered domain

CYRILLIC: Final = str.maketrans("aeopcx", "\u0430\u0435\u043e\u0440\u0441\u0445")


def _split(name: str) -> str:
    half = len(name) // 2
    return f"{name[:half]}-{name[half:]}.com"


def _swapped(name: str, ending: str) -> str:
    half = len(name) // 2
    return f"{name[:half]}{name[half + 1]}{name[half]}{name[half + 2 :]}.{ending}"


def _in_cyrillic(name: str, ending: str) -> str:
    look = name.translate(CYRILLIC)
    return f"{look.encode('idna').decode()}.{ending}" if look != name else f"{name}.co"


IMITATIONS: Final[Mapping[str, Imitation]] = MappingProxyType(
    {
        ".co": lambda name, _: f"{name}.co",
        ".com.co": lambda name, _: f"{name}.com.co",
        ".info": lambda name, _: f"{name}.info",
        ".news": lambda name, _: f"{name}.news",
        ".net": lambda name, _: f"{name}.net",
        "-news": lambda name, _: f"{name}-news.com",
        "news behind": lambda name, _: f"{name}news.com",
        "today behind": lambda name, _: f"{name}today.com",
        "online behind": lambda name, _: f"{name}online.com",
        "the before": lambda name, _: f"the{name}.com" if not name.startswith("the") else f"{name[3:]}.com",
        "hyphen": lambda name, _: _split(name),
        "two letters swapped": _swapped,
        "last letter doubled": lambda name, ending: f"{name}{name[-1]}.{ending}",
        "o as 0, l as 1": lambda name, ending: f"{name.replace('o', '0').replace('l', '1')}.{ending}",
        "Cyrillic letters": _in_cyrillic,
        "-com": lambda name, _: f"{name}-com.com",
        "as a subdomain": lambda name, _: f"{name}.com-breaking.info",
    }
)


def imitation_figures(
    ratings: pd.Series, prior: NamePrior, calibration: Calibration
) -> dict[str, list[float]]:
    """For each kind of imitation the share that the guard finds, and what it gains without and with guard and cap.

    The gain is what a name adds to the log-odds of a source of `DOCUMENTS` documents, where that is more than nothing:
    on average, and at most.
    """
    least, most = NAME_LETTERS
    is_attacked = ratings.index.map(lambda domain: least <= len(bare_name(domain)) <= most)
    chosen = sorted(ratings[(ratings >= WELL_RATED) & is_attacked].sample(ATTACKED, random_state=0).index)
    scale = 4 * WEIGHT * FADING / (FADING + DOCUMENTS)
    scale *= float(calibration.probability_weights[1:] @ [1, np.log(DOCUMENTS)])
    figures = {}
    for kind, imitate in IMITATIONS.items():
        names = [registered_domain(imitate(*domain.split(".", 1))) for domain in chosen]
        values = [np.mean([bool(prior.guard.likeness(name)) for name in names])]
        for odds in (prior.log_odds, prior.counted_odds):
            gains = np.maximum(0, scale * np.array([*map(odds, names)]))
            values += [gains.mean(), gains.max()]
        figures[kind] = [round(float(value), 3) for value in values]
    return figures | {"all": [round(float(value), 3) for value in np.mean([*figures.values()], axis=0)]}
