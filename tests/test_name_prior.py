"""The prior over domain names: on by default, without effect on unscored sources, and without any stored name."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import STORY, rows, run
from winnow.cli.main import main
from winnow.corpus.errors import UsageError
from winnow.models.reliability.name_prior import PIECE_CHARS, NamePrior, load_name_prior, name_pieces
from winnow.models.reliability.source_model import ReliabilityModel, load_model
from winnow.models.reliability.source_score import NAME_SIGNAL
from winnow.models.reliability.sums import SourceSums, sums_of
from winnow.training.reliability.train_names import MIN_DOMAINS, fit_names, train

SHARED = Path(__file__).parents[1].parent / "shared"
MASTHEADS = Path(__file__).parents[1] / "bench" / "labels" / "mastheads.txt"
SITE = "truthpatriot.example"
PRIOR = NamePrior({"patri": -1.0, "kxxx": 2.0}, centre=0.5)
RATED = [(f"patriot{chr(97 + n)}.example", 0.2) for n in range(26)] + [
    (f"{chr(97 + n)}herald.example", 0.8) for n in range(26)
]


def documents(number: int, language: str = "en") -> SourceSums:
    parts = [sums_of(f"{n:032d}", "Basin to be dredged", STORY, language, []) for n in range(number)]
    return sum(parts[1:], parts[0])


def model(names: NamePrior | None = PRIOR) -> ReliabilityModel:
    return replace(load_model(), names=names)


def rated(folder: Path, rows: list[tuple[str, float]] = RATED) -> Path:
    pd.DataFrame(rows, columns=["domain", "pc1"]).to_parquet(folder / "domains.parquet")
    return folder / "domains.parquet"


def test_a_name_moves_the_whole_score_and_shows_what_it_adds() -> None:
    plain, with_name = model(None).score(documents(4), SITE), model().score(documents(4), SITE)
    [signal] = [c for c in with_name.contributions if c.name == NAME_SIGNAL]
    assert (signal.value, signal.contribution) == (-1.5, -0.1875)
    for name in ("score", "low", "high", "probability"):
        assert getattr(with_name, name) < getattr(plain, name)
    assert [c.contribution for c in with_name.contributions if c != signal] == [
        c.contribution for c in plain.contributions
    ]


def test_without_a_prior_a_name_says_nothing() -> None:
    assert model(None).score(documents(4), SITE) == model(None).score(documents(4))
    assert load_model().names is None


def test_a_name_scores_no_source_that_its_documents_do_not() -> None:
    assert model().score(documents(9, "de"), SITE) == model(None).score(documents(9, "de"))


@pytest.mark.parametrize("source", ["", "raw", f"news.{SITE}", "192.0.2.7.", "co.uk", f"www.{SITE}"])
def test_folders_and_subdomains_have_no_name_of_their_own(source: str) -> None:
    assert model().score(documents(4), source) == model(None).score(documents(4))


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_the_more_documents_the_less_a_name_says(documents: int, more: int) -> None:
    assert PRIOR.added(SITE, documents) < PRIOR.added(SITE, documents + more) < 0


def test_a_name_that_says_too_little_to_be_seen_is_not_shown() -> None:
    contributions = model(NamePrior({}, centre=0.0001)).score(documents(4), SITE).contributions
    assert contributions and NAME_SIGNAL not in {c.name for c in contributions}


@settings(max_examples=30)
@given(st.lists(st.sampled_from([domain for domain, _ in RATED]), min_size=2, unique=True))
def test_a_piece_of_few_names_is_never_learned(domains: list[str]) -> None:
    good = np.array([domain.endswith("herald.example") for domain in domains])
    if good.all() or not good.any():
        good[0] = not good[0]
    prior = fit_names(domains, good)
    for piece in prior.pieces:
        assert sum(piece in name_pieces(domain) for domain in domains) >= MIN_DOMAINS


def test_what_names_share_is_learned(tmp_path: Path) -> None:
    prior = load_name_prior(train(rated(tmp_path), tmp_path / "prior.npz"))
    assert prior.log_odds("patriot-zone.example") < -0.5 < 0.5 < prior.log_odds("new-herald.example")
    assert abs(np.mean([prior.log_odds(domain) for domain, _ in RATED])) < 1e-6


def test_equal_ratings_give_equal_bytes_in_any_order(tmp_path: Path) -> None:
    first = train(rated(tmp_path), tmp_path / "a.npz").read_bytes()
    assert train(rated(tmp_path, RATED[::-1]), tmp_path / "b.npz").read_bytes() == first


def test_the_packaged_prior_has_pieces_and_no_names() -> None:
    pieces = load_name_prior().pieces
    assert 1000 < len(pieces) < 10_000
    assert {PIECE_CHARS[0] <= len(piece) <= PIECE_CHARS[1] for piece in pieces} == {True}
    assert not [piece for piece in pieces if piece.startswith("^") and piece.endswith("$")]


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not part of the repository")
def test_the_packaged_prior_is_the_one_that_is_trained(tmp_path: Path) -> None:
    ratings = SHARED / "data" / "reliability" / "domain_labels.parquet"
    again = load_name_prior(train(ratings, tmp_path / "again.npz", others=[MASTHEADS]))
    assert [*again.pieces] == [*load_name_prior().pieces]
    assert [*again.pieces.values()] == pytest.approx([*load_name_prior().pieces.values()], abs=1e-3)
    assert again.guard == load_name_prior().guard


@pytest.mark.parametrize(
    ("given_rows", "words"),
    [
        ([(domain, 0.9) for domain, _ in RATED], "over and under"),
        (RATED[:3] + RATED[-3:], "no piece of a name"),
        ([("", 0.2)], "over and under"),
    ],
)
def test_ratings_that_teach_nothing_are_refused(
    tmp_path: Path, given_rows: list[tuple[str, float]], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        train(rated(tmp_path, given_rows), tmp_path / "prior.npz")
    assert not (tmp_path / "prior.npz").exists()


def test_a_table_without_ratings_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"domain": ["a.example"]}).to_parquet(tmp_path / "domains.parquet")
    with pytest.raises(UsageError, match="no column 'pc1'"):
        train(tmp_path / "domains.parquet", tmp_path / "prior.npz")


def site(folder: Path, **changes: Any) -> dict[str, Any]:
    records = ({"url": f"https://{SITE}/{n}", "text": f"{STORY} Part {n}."} for n in range(4))
    run(folder, {"a.jsonl": "".join(json.dumps(record) + "\n" for record in records)}, **changes)
    return rows(folder, "sources")[0]


def test_a_run_shows_the_name_as_a_signal_of_its_own(tmp_path: Path) -> None:
    plain, with_name = site(tmp_path / "a", name_prior=False), site(tmp_path / "b")
    assert NAME_SIGNAL not in {signal["name"] for signal in plain["signals"]}
    [signal] = [signal for signal in with_name["signals"] if signal["name"] == NAME_SIGNAL]
    moved = with_name["reliability_probability"] - plain["reliability_probability"]
    assert moved and moved * signal["contribution"] > 0
    assert (signal["evidence"], signal["document_id"]) == ("", "")
    assert signal["meaning"].startswith("the domain's name alone")


def test_a_name_cannot_be_left_out_where_the_sources_are_scored_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["score", "clean", "--no-name-prior"])
    message = capsys.readouterr().err
    assert stop.value.code == 2 and "--no-name-prior" in message and len(message.splitlines()) == 1


def test_the_option_that_was_needed_before_names_counted_still_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = site(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["score", str(tmp_path / "raw"), "--name-prior", "--json"])
    assert stop.value.code == 0
    assert json.loads(capsys.readouterr().out)["model_score"] == pytest.approx(row["model_score"], abs=1e-6)
