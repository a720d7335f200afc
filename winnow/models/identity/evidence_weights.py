"""The kinds of evidence with their weights, as `winnow.training.identity.train_identity` measured them."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

ARTIFACT: Final = "artifacts/identity_weights.json"

Side = Literal["form", "shared", "odd", "specific"]
# from what everybody has to what nobody has
SIDES: Final[tuple[Side, ...]] = ("form", "shared", "odd", "specific")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of coincidence. ``weight`` is ln(share of generated blocks / share of real articles) that show it."""

    name: str
    family: str
    side: Side
    weight: float


@cache
def evidence_kinds() -> Mapping[str, Evidence]:
    """The kinds of ``evidence.toml`` by name, each with its measured weight."""
    measured = json.loads((files("winnow.models") / ARTIFACT).read_text(encoding="utf8"))["evidence"]
    sides: dict[str, Side] = {side: side for side in SIDES}
    return {
        name: Evidence(name, table["family"], sides[table["side"]], measured[name]["weight"])
        for name, table in kind_tables().items()
    }


@cache
def kind_tables() -> Mapping[str, Mapping[str, str]]:
    """Meaning, family and side of each kind of evidence, from ``evidence.toml``."""
    return tomllib.loads((files("winnow.models.identity") / "evidence.toml").read_text(encoding="utf8"))
