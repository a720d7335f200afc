"""The command ``winnow ratings``: what lists say of a corpus, and where they and the model contradict each other."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runs import STORY, run
from winnow.cli.main import main
from winnow.corpus.schema import SOURCES
from winnow.models.reliability.ratings import Rating, combined
from winnow.pipeline.sources.list_comparison import ComparedSource

MODEL = {
    "ledger.example": 0.8,
    "blaze.example": 0.3,
    "amber.example": 0.75,
    "unscored.example": None,
    "other.example": 0.5,
}
LISTS = {
    "a.csv": "domain,rating\nledger.example,reliable\nblaze.example,reliable\namber.example,unreliable\n",
    "b.json": json.dumps(
        {"www.Blaze.example/": "unreliable", "unscored.example": "satire", "nowhere.example": "mixed"}
    ),
}
HEAD = "source documents a b lists_score lists_label model_score differs".split()
LINES = [
    ["ledger.example", "3", "0.80", "", "0.8000", "reliable", "0.8000", ""],
    ["blaze.example", "3", "0.80", "0.20", "0.5000", "mixed", "0.3000", "lists"],
    ["amber.example", "3", "0.20", "", "0.2000", "unreliable", "0.7500", "model"],
    ["unscored.example", "3", "", "satire", "", "", "", ""],
]


def lists(folder: Path) -> list[str]:
    for name, content in LISTS.items():
        (folder / name).write_text(content, encoding="utf8")
    return [str(folder / name) for name in LISTS]


def corpus(folder: Path) -> list[str]:
    """The option that names a corpus of five sources."""
    rows = [{"domain": domain, "documents": 3, "model_score": score} for domain, score in MODEL.items()]
    (folder / "clean").mkdir()
    pq.write_table(pa.Table.from_pylist(rows, SOURCES), folder / "clean" / "sources.parquet")
    return ["-o", str(folder / "clean")]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[str], list[str]]:
    with pytest.raises(SystemExit, match="0"):
        main(["ratings", *arguments])
    out = capsys.readouterr()
    return out.out.splitlines(), out.err.splitlines()


def test_in_a_pipe_every_rated_source_is_a_line_of_tabs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = printed(capsys, *lists(tmp_path), *corpus(tmp_path))
    assert [line.split("\t") for line in out] == [HEAD, *LINES]
    assert err == [
        "winnow: a: 3 of 5 sources matched; sites rated: 3; read as columns of your own",
        "winnow: b: 2 of 5 sources matched; sites rated: 3; read as columns of your own",
        "winnow: 4 rated; lists contradict each other on 1 of 1 that several rate; "
        "the model contradicts them on 1 of 3 that it scores",
    ]


def test_only_the_sources_that_differ_are_shown_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = printed(capsys, *lists(tmp_path), *corpus(tmp_path), "--differing")
    assert [line.split("\t")[0] for line in out[1:]] == ["blaze.example", "amber.example"]


def test_as_json_every_source_has_what_each_list_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = printed(capsys, *lists(tmp_path), *corpus(tmp_path), "--json")
    records = {record["domain"]: record for record in map(json.loads, out)}
    blaze = records["blaze.example"]
    assert [(each["list"], each["label"]) for each in blaze["ratings"]] == [
        ("a", "reliable"),
        ("b", "unreliable"),
    ]
    assert (blaze["lists_label"], blaze["lists_low"], blaze["lists_high"]) == ("mixed", 0.2, 0.8)
    assert (blaze["model_score"], blaze["differs"]) == (0.3, ["lists"])
    assert records["unscored.example"]["ratings"][0]["is_satire"] is True


def test_in_a_terminal_it_is_a_plain_table_with_what_differs_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    out, _ = printed(capsys, *lists(tmp_path), *corpus(tmp_path))
    assert out[0].split() == ["source", "documents", "a", "b", "lists", "model", "differs"]
    assert [line.split()[0] for line in out[1:]] == [
        "amber.example", "blaze.example", "ledger.example", "unscored.example",
    ]  # fmt: skip
    assert not set("".join(out)) & set("│┃┏━─|")


def test_a_long_table_is_cut_in_a_terminal_unless_asked_for_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("domain,rating\n" + "".join(f"n{n}.example,mixed\n" for n in range(53)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    out, _ = printed(capsys, str(path))
    assert (len(out), out[-1]) == (52, "3 more; --all shows them")
    assert len(printed(capsys, str(path), "--all")[0]) == 54


def test_without_a_corpus_all_sites_of_the_lists_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = printed(capsys, *lists(tmp_path))
    assert [line.split("\t")[0] for line in out[1:]] == sorted(
        [*MODEL.keys() - {"other.example"}, "nowhere.example"]
    )
    assert err[0] == "winnow: a: sites rated: 3; read as columns of your own"


def test_rows_that_are_passed_over_are_said_and_hostile_ones_are_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "[red]x\t.csv"
    path.write_text("domain,rating\nledger.example,mixed\n\x1b[2J=cmd,mixed\n", encoding="utf8")
    out, err = printed(capsys, str(path))
    assert out == [
        "source\tdocuments\t[red]x\tlists_score\tlists_label\tmodel_score\tdiffers",
        "ledger.example\t0\t0.50\t0.5000\tmixed\t\t",
    ]
    assert "rows passed over: 1 without a site" in err[0]
    assert "\\x1b[2J=cmd" in err[1] and "\x1b" not in "".join(err)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["a.csv", "-o", "nowhere"],
            "nowhere: holds no sources.parquet; name a folder that `winnow clean` wrote",
        ),
        (["a.csv", "a.csv"], "two rating lists are called a"),
        (["nothing.csv"], "nothing.csv: No such file"),
        (["a.csv:domain=Site"], "no column is called 'Site'; there are: domain, rating"),
        (["a.csv", "-o", "other"], "has no column"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    says: str,
) -> None:
    lists(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("other").mkdir()
    pq.write_table(pa.table({"domain": ["a.example"]}), "other/sources.parquet")
    with pytest.raises(SystemExit, match="2"):
        main(["ratings", *arguments])
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("by_lists", "by_model", "differs"),
    [
        ([0.6], 0.39, ("model",)),
        ([0.6], 0.4, ()),
        ([0.59], 0.1, ()),
        ([0.39], 0.6, ("model",)),
        ([0.39], 0.59, ()),
        ([0.6, 0.39], 0.1, ("lists",)),
        ([0.95, 0.9, 0.1], 0.2, ("lists", "model")),
        ([0.1], None, ()),
        ([None], 0.9, ()),
    ],
)
def test_who_contradicts_whom(
    by_lists: list[float | None], by_model: float | None, differs: tuple[str, ...]
) -> None:
    ratings = tuple(Rating(str(n), "", score=score) for n, score in enumerate(by_lists))
    assert ComparedSource("a.example", 1, ratings, combined(ratings), by_model).differs == differs


def test_it_says_of_a_run_what_the_run_with_the_lists_would_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"url": "https://www.ledger.example/1", "text": STORY}
    option = lists(tmp_path)[0]
    run(tmp_path, {"r.jsonl": json.dumps(record)})
    out, _ = printed(capsys, option, "-o", str(tmp_path / "clean"), "--json")
    [compared] = map(json.loads, out)
    run(tmp_path, {"r.jsonl": json.dumps(record)}, ratings=(option,))
    [row] = pq.read_table(tmp_path / "clean" / "sources.parquet").to_pylist()
    assert compared["lists_score"] == pytest.approx(row["reliability_score"])
    assert (compared["domain"], compared["lists_label"]) == (row["domain"], row["reliability_label"])
