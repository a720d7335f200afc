"""The command as a user types it: output, exit codes, and one clear line for a mistake."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.main import get_group
from typer.testing import CliRunner

from winnow.cli.commands import app

ROOT = Path(__file__).parents[1]
PAGE = """<html><head><title>Harbour to be dredged</title></head><body><nav><a href="/">Home</a></nav><article>
<h1>Harbour to be dredged</h1><p>The harbour board voted on Tuesday to dredge the inner basin before the autumn
storms, a spokeswoman said. The work takes eleven weeks, according to the contract.</p>
<p>The last dredging was nine years ago. Fishermen have asked for it since, the board's minutes show.</p>
</article><footer>Copyright Harbour Ledger</footer></body></html>"""


def winnow(
    *arguments: str | bytes | Path, stdin: str = "", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "winnow", *(a if isinstance(a, bytes) else str(a) for a in arguments)]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=cwd, env=environment, timeout=300
    )


def test_version() -> None:
    assert winnow("--version").stdout.startswith("winnow 0.")


def test_a_page_from_standard_input_gives_one_json_row() -> None:
    done = winnow("clean", "-", stdin=PAGE)
    row = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "dredge the inner basin" in row["text"]
    assert "Home" not in row["text"]
    assert row["metadata"]["title"] == "Harbour to be dredged"
    assert row["reliability_label"] == "unknown"
    scores = [span["score"] for span in row["metadata"]["removed"]]
    assert (
        scores == [round(score, 4) for score in scores] != []
    )  # as they were given, not as 32 bits hold them


def test_markdown_keeps_the_structure_of_a_page_and_what_was_removed_from_it() -> None:
    page = PAGE.replace("<p>The last", "<ul><li>It costs 5 &lt; 6 million.</li></ul><p>The last")
    plain = json.loads(winnow("clean", "-", stdin=page).stdout)
    marked = json.loads(winnow("clean", "-", "--markdown", stdin=page).stdout)
    assert "contract.\nIt costs 5 < 6 million.\nThe last" in plain["text"]
    assert "contract.\n\n- It costs 5 &lt; 6 million.\n\nThe last" in marked["text"]
    assert marked["n_chars_out"] == len(marked["text"])
    assert marked["n_chars_in"] == plain["n_chars_in"]
    assert marked["metadata"]["removed"] == plain["metadata"]["removed"]


def test_records_from_standard_input_give_a_row_each_and_3_for_a_bad_one() -> None:
    done = winnow(
        "clean", "-", stdin='{"text": "Rain fell on Monday."}\n{"text": \n{"text": "Sun shone."}\n'
    )
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == [
        "Rain fell on Monday.",
        "Sun shone.",
    ]
    assert done.returncode == 3
    assert "stdin#2: malformed" in done.stderr


def test_a_run_with_something_in_quarantine_says_so_and_gives_3(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text(PAGE, encoding="utf8")
    (tmp_path / "raw" / "b.html").write_bytes(b"")
    done = winnow("clean", tmp_path / "raw", "-o", tmp_path / "clean")
    assert done.returncode == 3, done.stderr
    assert "1 documents, 0 rejected, 1 in quarantine" in done.stdout
    assert str(tmp_path / "clean" / "quarantine") in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["clean", "nowhere", "-o", "out"], "nowhere: no such file"),
        (["clean", "README.md", "corpus"], "no output folder"),
        (["clean", "README.md", "-o", "corpus"], "did not write"),
        (
            ["clean", "README.md", "-o", "out", "--kind", "advert=drop"],
            "no kind of noise is called 'advert'",
        ),
        (
            ["clean", "README.md", "-o", "out", "--kind", "promo=burn"],
            "the action is one of drop, keep, meta",
        ),
        (["clean", "README.md", "-o", "out", "--kind", "promo"], "KIND=ACTION"),
        (["clean", "README.md", "-o", "out", "--encoding", "utf-9"], "no such encoding"),
        (["explain", "nowhere.html"], "nowhere.html: no such file"),
        (["clean", "README.md", "-o", "out", "--ratings", "nowhere.csv"], "nowhere.csv: No such file"),
        (
            ["clean", "README.md", "-o", "out", "--ratings", "README.md"],
            "needs the columns domain and rating",
        ),
        (["clean", "README.md", "-o", "out", "--overrides", "nowhere.csv"], "names a CSV or JSONL file"),
        (["clean", "README.md", "-o", "out", "--as-of", "today"], "a day is written like"),
        (
            ["clean", "README.md", "-o", "out", "--engine", "spark"],
            "'spark': the engine is threads, dask, ray,",
        ),
        (["clean", "-", "--ratings", "x.csv"], "name a folder with -o"),
        (["score", "README.md", "--why", "nowhere.example"], "no source is called 'nowhere.example'"),
        (["clean", "README.md", "-o", b"out\xff"], "not valid UTF-8"),
        (["train", "horoscope", "x.parquet"], "no model is called 'horoscope'"),
        (["train", "identity", "x.parquet", "--other", "y.parquet"], "--other is for blocks"),
        (["train", "blocks", "out", "--calibrate", "labels.csv"], "give `winnow train reliability FOLDER"),
        (
            ["clean", "README.md", "-o", "out", "--calibration", "nowhere.json"],
            "nowhere.json: no calibration",
        ),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(
    arguments: list[str | bytes], says: str, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("Rain fell on Monday.")
    shutil.copytree(
        ROOT / "winnow" / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns("__pycache__")
    )
    done = winnow(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_explain_shows_what_goes_and_why(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Rain fell on the town for three days.\n\nADVERTISEMENT\n", encoding="utf8"
    )
    done = winnow("explain", tmp_path / "a.txt")
    assert done.returncode == 0, done.stderr
    assert "ad_marker" in done.stdout
    as_json = json.loads(winnow("explain", tmp_path / "a.txt", "--json").stdout)
    assert "ad_marker" in {r["kind"] for r in as_json["removed"]}


@pytest.mark.slow
def test_scores_of_a_cleaned_corpus_and_of_raw_inputs_agree(tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / "raw" / "ledger.example" / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.replace("eleven weeks", f"{number} weeks"), encoding="utf8")
    winnow("clean", tmp_path / "raw", "-o", tmp_path / "clean")
    from_raw = json.loads(winnow("score", tmp_path / "raw", "--json").stdout)
    from_clean = json.loads(winnow("score", tmp_path / "clean", "--json").stdout)
    assert from_raw["domain"] == from_clean["domain"] == "ledger.example"
    assert from_raw["reliability_score"] == pytest.approx(from_clean["reliability_score"], abs=1e-6)


@pytest.mark.parametrize("command", get_group(app).commands)
def test_every_command_is_documented_with_an_example(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "120", "NO_COLOR": "1"}).output
    assert "Example" in text
    assert f"winnow {command}" in text


def test_a_file_that_cannot_be_explained_says_why(tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    done = winnow("explain", tmp_path / "dangling.txt")
    assert done.returncode == 1
    assert "No such file" in done.stderr


def test_a_table_that_is_no_parquet_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "sources.parquet").write_text("domain,score")
    done = winnow("score", tmp_path)
    assert done.returncode == 1
    assert "Parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_in_a_message_steers_the_terminal() -> None:
    done = winnow("clean", "-", stdin='{"text": "Rain."}\n{"\\u001b[31mkey": 1}\n')
    assert done.returncode == 3
    assert "key" in done.stderr
    assert "\x1b" not in done.stderr


PAGE_WITH_COMMENTS = """<html><body><article><h1>Basin to be dredged</h1><p>The harbour board voted on Tuesday to dredge
the inner basin before the autumn storms, a spokeswoman said on the quay.</p></article><div class="comments"><p>Nobody
asked me about any of this, and I have moored there for thirty years or more.</p></div></body></html>"""


@pytest.mark.parametrize(
    ("flags", "is_kept"), [([], False), (["--comments"], True), (["--policy", "article"], False)]
)
def test_comments_are_kept_on_demand(tmp_path: Path, flags: list[str], is_kept: bool) -> None:
    (tmp_path / "a.html").write_text(PAGE_WITH_COMMENTS)
    assert winnow("clean", tmp_path / "a.html", "-o", tmp_path / "clean", *flags).returncode == 0
    [file] = (tmp_path / "clean" / "documents").glob("*.parquet")
    [row] = pq.read_table(file).to_pylist()
    assert ("moored" in row["text"]) == is_kept and "dredge" in row["text"]


def test_a_policy_that_nobody_knows_is_refused_in_one_line(tmp_path: Path) -> None:
    done = winnow("clean", "raw", "-o", tmp_path / "clean", "--policy", "all")
    assert done.returncode == 2 and "main, article" in done.stderr and "Traceback" not in done.stderr


def test_status_says_what_a_run_would_do_and_why(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "a.html").write_text(PAGE)
    assert winnow("status", clean).returncode == 2
    first = winnow("clean", raw, "-o", clean, "--dry-run")
    assert "no earlier run is known" in first.stdout
    assert not clean.exists()
    winnow("clean", raw, "-o", clean)
    assert "a run would do nothing" in winnow("status", clean).stdout
    assert winnow("clean", raw, "-o", clean).stdout.startswith("nothing has changed: 1 documents")
    (raw / "b.html").write_text(PAGE.replace("dredge", "deepen"))
    later = winnow("status", clean).stdout.splitlines()
    assert later[1:] == [
        "inputs: 2 files; 1 new, 0 changed, 0 gone since the last run",
        "a run would clean 1 files, because:",
        "- files: 1 new",
    ]
    other = winnow("clean", raw, "-o", clean, "--dry-run", "--markdown").stdout
    assert "settings changed (text_format): every document is cleaned again" in other


def test_retry_cleans_the_quarantine_again(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "a.html").write_text(PAGE)
    (raw / "b.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    assert winnow("clean", raw, "-o", clean).returncode == 3
    assert winnow("retry", clean).returncode == 3
    (raw / "b.html").unlink()
    winnow("clean", raw, "-o", clean)
    done = winnow("retry", clean)
    assert (done.returncode, done.stdout) == (0, "nothing is in quarantine\n")
