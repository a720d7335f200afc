"""Training the model of sources: decisions in force are examples and are evaluated, others are left out."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest

from tests.deciding import NOON, rating, write_log
from tests.runs import distinct, rows, run
from tests.training import article, rated_articles, write_rated_articles
from winnow.cli.main import main
from winnow.cli.train import reviewed_sources
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.exchange import FORMATS, export_events
from winnow.corpus.decisions.log import NAME
from winnow.corpus.errors import UsageError
from winnow.models.reliability.source_model import load_model
from winnow.training.reliability.reviewed_sources import MAX_DOCUMENTS, reviewed_articles, with_reviewed
from winnow.training.reliability.source_labels import Label, read_labels
from winnow.training.reliability.train_reliability import Examples, Reviewed, read_examples, train

GOOD, BAD, MIXED = Label("reliable", 1.0), Label("unreliable", 0.0), Label("mixed", 0.5)
AS_OF = ("--as-of", "2026-01-31")
SITES = 12  # of the user's own corpus, every second one reliable
DOCUMENTS = 3  # of each


def written(path: Path, events: tuple[Event, ...], form: str) -> Path:
    path.write_text("".join(export_events(events, form)), encoding="utf8")
    return path


def decisions(folder: Path) -> tuple[Event, ...]:
    """Decisions on six sources, of which only two are in force."""
    undone = rating("undone.example", "reliable", 1, id="1")
    return write_log(
        folder,
        undone,
        Event("undo", "bea", rating("x", "mixed", 2).when, undoes="1", id="2"),
        rating("expired.example", "reliable", 3, id="3", expires="2026-01-30"),
        rating("anew.example", "reliable", 4, id="4"),
        rating("anew.example", "unreliable", 5, id="5"),
        rating("no.example", "unknown", 6, id="6"),
        rating("fair.example", "mixed", 7, id="7"),
    )


@pytest.mark.parametrize("form", [*FORMATS, "log"])
def test_decisions_that_hold_are_labels_in_every_form_of_them(tmp_path: Path, form: str) -> None:
    events = decisions(tmp_path)
    path = tmp_path / NAME if form == "log" else written(tmp_path / f"export.{form}", events, form)
    assert read_labels(path, NOON) == {"anew.example": BAD, "fair.example": MIXED}


def test_labels_of_ones_own_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("domain,label,rating\nB.example,reliable,\na.example,,.3\nc.example,mixed,\n")
    labels = read_labels(path, NOON)
    assert labels == {"a.example": Label("unreliable", 0.0, 0.3), "b.example": GOOD, "c.example": MIXED}
    assert [round(label.target, 2) for label in labels.values()] == [0.3, 0.72, 0.52]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"site,label\nx.example,reliable\n", "no column domain"),
        (b"", "no column domain"),
        (b'{"action": "rate_source"}\n', "line 1: .* is missing"),
        (b'"action","who"\n"dance","ada"\n', "line 2: action='dance'"),
        (b"domain,label\nx.example,\xff\n", "not UTF-8 at byte 23"),
        (b"SQLite format 3\0 and no more", "no log of decisions"),
        (b"domain,label\nx.example,good\n", "x.example: give a rating"),
        (b"domain,rating\nx.example,87\n", "x.example: give a rating"),
    ],
)
def test_what_is_no_file_of_labels_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_labels(tmp_path / "labels", NOON)


def winnow(*arguments: str) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(arguments)


def corpus(folder: Path) -> Path:
    """A cleaned corpus of sober and shrill sites, whose titles say nothing."""
    random = Random(1)
    files = {
        f"own{site}.example/{n}.txt": distinct(article(site % 2 == 0, random), DOCUMENTS * site + n)
        for site in range(SITES)
        for n in range(DOCUMENTS)
    }
    run(folder, files)
    return folder / "clean"


def word(site: int) -> str:
    return "unreliable" if site % 2 else "reliable"


def decide_all(folder: Path) -> tuple[Event, ...]:
    return write_log(
        folder, *(rating(f"own{site}.example", word(site), site, id=f"{site}") for site in range(SITES))
    )


def test_documents_of_decided_sources_become_examples_without_copies(tmp_path: Path) -> None:
    story = article(True, Random(2))
    many = {f"many.example/{n}.txt": distinct(story, n) for n in range(MAX_DOCUMENTS + 2)}
    run(
        tmp_path,
        {
            **many,
            "one.example/1.txt": article(False, Random(3)),
            "copy.example/1.txt": distinct(story, 1),
        },
    )
    labels = {"many.example": GOOD, "copy.example": BAD, "gone.example": BAD}
    examples = reviewed_articles(tmp_path / "clean", labels)
    copied = [row["domain"] for row in rows(tmp_path, "documents") if "duplicate" in row["tags"]]
    assert copied in (["copy.example"], ["many.example"])
    assert examples.domain.value_counts()["many.example"] == MAX_DOCUMENTS
    assert set(examples.dataset) == {"reviewed"} and set(examples.pc1) <= {0.72, 0.28}


def test_a_decision_takes_the_place_of_the_experts_rating(tmp_path: Path) -> None:
    clean = corpus(tmp_path)
    table = rated_articles().assign(reviewed=False)
    table_with_decisions = with_reviewed(table, clean, {"site0.example": BAD, "own0.example": GOOD})
    rated = dict(zip(table_with_decisions.domain, table_with_decisions.pc1, strict=True))
    assert (rated["site0.example"], rated["own0.example"]) == (0.28, 0.72)
    assert rated["site2.example"] == table.pc1[2]
    assert set(table_with_decisions.domain[table_with_decisions.reviewed]) == {
        "site0.example",
        "own0.example",
    }


def test_a_folder_without_documents_of_decided_sources_is_refused(tmp_path: Path) -> None:
    clean = corpus(tmp_path)
    with pytest.raises(UsageError, match="no English document of the 1 sources"):
        with_reviewed(rated_articles(), clean, {"gone.example": GOOD})
    with pytest.raises(UsageError, match="no documents; name a folder"):
        with_reviewed(rated_articles(), tmp_path / "raw", {"gone.example": GOOD})


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A model trained by the command without decisions, and one with an export of them."""
    folder = tmp_path_factory.mktemp("trained")
    articles, clean = write_rated_articles(folder), corpus(folder)
    export = written(folder / "export.csv", decide_all(folder), "csv")
    arguments = ["train", "reliability", str(articles), *AS_OF, "-o"]
    by = {name: folder / f"{name}.npz" for name in ("plain", "decided")}
    winnow(*arguments, str(by["plain"]))
    winnow(*arguments, str(by["decided"]), "--reviewed", str(clean), "--decisions", str(export))
    return by


def test_a_model_learns_from_decisions(trained: Mapping[str, Path]) -> None:
    assert trained["decided"].read_bytes() != trained["plain"].read_bytes()
    assert load_model(trained["plain"]).left_out_brier < 0.25


def test_the_log_beside_a_cleaned_folder_is_read_where_no_decisions_are_named(tmp_path: Path) -> None:
    decide_all(tmp_path)
    reviewed = reviewed_sources(tmp_path / "clean", None, NOON)
    assert len(reviewed.labels) == SITES
    assert reviewed_sources(None, None, NOON) is None


def test_decisions_without_a_folder_or_that_say_nothing_are_refused(tmp_path: Path) -> None:
    write_log(tmp_path, rating("no.example", "unknown"))
    with pytest.raises(UsageError, match="no decision on how reliable"):
        reviewed_sources(tmp_path / "clean", None, NOON)
    with pytest.raises(UsageError, match="--decisions needs --reviewed"):
        reviewed_sources(None, tmp_path / NAME, NOON)


def test_the_report_says_what_the_decisions_changed(trained: Mapping[str, Path]) -> None:
    report = trained["decided"].with_suffix(".md").read_text(encoding="utf8")
    plain = trained["plain"].with_suffix(".md").read_text(encoding="utf8")
    assert "| measure | without decisions | with them | change |" in report
    assert f"{SITES} sources with {SITES * DOCUMENTS} documents have their rating from people" in report
    assert all(report.count(f"| own{site}.example | ") == 1 for site in range(SITES))
    assert "decisions" not in plain and "Brier score there" in plain


def test_evaluation_without_decisions_is_the_same_with_and_without_them_beside(
    trained: Mapping[str, Path],
) -> None:
    def brier(name: str) -> str:
        report = trained[name].with_suffix(".md").read_text(encoding="utf8")
        return next(
            line.split(" | ")[1] for line in report.splitlines() if line.startswith("| Brier score there |")
        )

    assert brier("plain").strip(" |") == brier("decided").strip(" |")


def test_examples_of_decided_sources_are_learned_from_and_not_judged_by(tmp_path: Path) -> None:
    clean = corpus(tmp_path)
    labels = {f"own{site}.example": (BAD if site % 2 else GOOD) for site in range(SITES)}
    articles = read_examples(Examples(write_rated_articles(tmp_path)), Reviewed(clean, labels))
    assert articles.reviewed.sum() == SITES * DOCUMENTS
    assert set(articles.groups[articles.reviewed]) == {"reviewed"}
    assert len(articles.take(~articles.reviewed)) == len(rated_articles())


def test_a_model_that_is_better_stays_unless_forced(tmp_path: Path) -> None:
    articles, artifact = write_rated_articles(tmp_path), tmp_path / "model.npz"
    train(Examples(articles), artifact)
    before = artifact.read_bytes()
    flipped = rated_articles()
    noise = Random(4)
    flipped.assign(pc1=[noise.random() for _ in flipped.pc1]).to_parquet(articles)
    with pytest.raises(UsageError, match="--force"):
        train(Examples(articles), artifact)
    assert artifact.read_bytes() == before
    train(Examples(articles), artifact, force=True)
    assert artifact.read_bytes() != before


def test_names_that_no_fit_has_seen_shape_a_calibration_of_their_own(tmp_path: Path) -> None:
    articles, domains = write_rated_articles(tmp_path), tmp_path / "domains.parquet"
    table = rated_articles()
    names = table.domain.where(table.pc1 < 0.5, table.domain.str.replace(".", "-herald."))
    table.assign(domain=names)[["domain", "pc1"]].to_parquet(domains)
    table.assign(domain=names).to_parquet(articles)
    plain = load_model(train(Examples(articles), tmp_path / "plain.npz"))
    named = load_model(train(Examples(articles, (), domains), tmp_path / "named.npz"))
    for case, calibration in plain.calibrations.items():
        assert np.array_equal(
            calibration.rating_weights, plain.calibrations[case.partition("_")[0]].rating_weights
        )
    without, with_names = (named.calibrations[case].rating_weights for case in ("titled", "titled_named"))
    assert not np.array_equal(without, with_names)


def test_more_articles_are_learned_from_beside_the_first(tmp_path: Path) -> None:
    table, paths = rated_articles(), (tmp_path / "first.parquet", tmp_path / "more.parquet")
    table[:200].to_parquet(paths[0])
    table[200:].to_parquet(paths[1])
    parts = read_examples(Examples(paths[0], paths[1:]))
    table.to_parquet(paths[0])
    assert parts.domains.tolist() == read_examples(Examples(paths[0])).domains.tolist()


def test_one_collection_is_not_enough_to_judge_a_model(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    rated_articles().assign(dataset="only").to_parquet(path)
    with pytest.raises(UsageError, match="two collections"):
        train(Examples(path), tmp_path / "model.npz")


def test_a_calibration_moves_the_scores_of_a_whole_run(tmp_path: Path) -> None:
    clean = corpus(tmp_path)
    before = {row["domain"]: row for row in rows(tmp_path, "sources")}
    events = tuple(
        rating(f"own{site}.example", "unreliable" if site > 4 else "reliable", site)
        for site in range(SITES)
    )
    labels = written(tmp_path / "export.jsonl", events, "jsonl")
    calibration = tmp_path / "calibration.json"
    winnow("train", "reliability", str(clean), "--calibrate", str(labels), "-o", str(calibration), *AS_OF)
    assert json.loads(calibration.read_text())["sources"] == SITES
    winnow("clean", str(tmp_path / "raw"), "-o", str(clean), "--calibration", str(calibration))
    after = {row["domain"]: row for row in rows(tmp_path, "sources")}
    moved = [after[d]["reliability_probability"] - before[d]["reliability_probability"] for d in before]
    assert len(moved) == SITES and all(moved) and set(after) == set(before)
    documents = {row["domain"]: row["reliability_probability"] for row in rows(tmp_path, "documents")}
    assert documents == {d: after[d]["reliability_probability"] for d in after}
