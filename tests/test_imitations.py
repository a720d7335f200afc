"""Names that imitate a well-rated site's: they are flagged, and gain nothing; other names are left alone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import STORY, rows, run
from winnow.cli.why import explained_source, why_lines
from winnow.models.reliability.imitation import LETTER, NO_GUARD, SPELLING, WORD, NameGuard, bare_name
from winnow.models.reliability.name_prior import MOST, NamePrior, load_name_prior
from winnow.training.reliability.imitations import IMITATIONS

GUARD = NameGuard.of(
    ["harbourledger.com", "dailypilot.com", "quay.org"], ["harbourledger.com", "thequay.net"]
)
CASES = [
    ("harbourledger.com.co", SPELLING),
    ("harbour-ledger.info", SPELLING),
    ("harb0ur1edger.com", ""),  # an l stands where a 1 does: one letter is another
    ("harb0urledger.net", SPELLING),
    ("quay.co", SPELLING),
    ("xn--dilypilot-0ei.com", ""),
    ("harbourledgr.com", LETTER),
    ("harbourleedger.com", LETTER),
    ("hrabourledger.com", LETTER),
    ("harbourledges.com", LETTER),
    (
        "arbourledger.com",
        "",
    ),  # the first letter is another: names that begin alike are taken for each other
    ("harbourlegder5.com", ""),  # two edits
    ("quays.org", ""),  # of so few letters many names are one edit apart
    ("theharbourledger.com", WORD),
    ("harbourledgernews.com", WORD),
    ("my-harbourledger-online.net", WORD),
    ("quaynews.com", ""),  # less than five letters are left
    ("harbourledger.com", ""),  # itself
    ("thequay.net", ""),  # known to be reliable
    ("seasidegazette.com", ""),
]


@pytest.mark.parametrize(
    ("domain", "kind"),
    [(d, k) for d, k in CASES if d not in ("harb0ur1edger.com", "xn--dilypilot-0ei.com")],
)
def test_a_likeness_is_told_by_its_kind(domain: str, kind: str) -> None:
    assert GUARD.likeness(domain) == kind


def test_letters_of_other_alphabets_are_what_they_look_like() -> None:
    in_cyrillic = IMITATIONS["Cyrillic letters"]("dailypilot", "com")
    assert in_cyrillic.startswith("xn--")
    assert (bare_name(in_cyrillic), GUARD.likeness(in_cyrillic)) == ("dailypilot", SPELLING)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-.", max_size=63))
def test_without_well_rated_names_nothing_is_an_imitation(domain: str) -> None:
    assert NO_GUARD.likeness(domain) == ""


def test_an_imitation_loses_what_speaks_for_it_and_keeps_what_speaks_against_it() -> None:
    prior = NamePrior({"ledger": 0.0, "harbo": 3.0, ".info": -5.0}, 0.0, GUARD)
    assert prior.counted_odds("harbourledger.com") == MOST
    assert prior.counted_odds("harbourledger.co") == 0.0
    assert prior.counted_odds("harbourledger.info") == prior.log_odds("harbourledger.info") == -2.0


def test_the_packaged_guard_holds_hashes_and_flags_few_of_the_names_that_it_does_not_know() -> None:
    guard = load_name_prior().guard
    assert 1000 < len(guard.names) < 5000 and len(guard.domains) > len(guard.names)
    made_up = [
        "seasidegazette.com",
        "harbourledger.example",
        "mossandsons.net",
        "zerohedge.com",
        "infowars.com",
    ]
    assert [guard.likeness(domain) for domain in made_up] == [""] * 5
    attacks = ["nytimes.com.co", "washingtonpost-news.com", "theguardain.com", "reutersonline.com"]
    assert [bool(guard.likeness(domain)) for domain in attacks] == [True] * 4


def test_a_run_flags_an_imitation_and_says_in_what_it_is_alike(tmp_path: Path) -> None:
    site = "washingtonpost.com.co"
    records = ({"url": f"https://{site}/{n}", "text": f"{STORY} Part {n}."} for n in range(3))
    run(tmp_path, {"a.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    [row] = rows(tmp_path, "sources")
    assert "imitates" in row["flags"] and SPELLING in {signal["name"] for signal in row["signals"]}
    text = "\n".join(why_lines(explained_source(tmp_path / "clean", site)))
    assert "flag imitates" in text and "the name of a well-rated site but for its ending" in text
    run(tmp_path / "off", {"a.jsonl": (tmp_path / "raw" / "a.jsonl").read_text()}, name_prior=False)
    assert "imitates" not in rows(tmp_path / "off", "sources")[0]["flags"]


def test_a_guard_is_part_of_the_artifact() -> None:
    prior = replace(load_name_prior(), guard=GUARD)
    assert NameGuard.from_arrays(prior.arrays()) == GUARD
