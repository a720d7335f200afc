"""Settings from files and variables: what holds, where it comes from, and what a folder cannot set."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_group

from tests.test_cli import PAGE
from tests.test_printing import printed
from winnow.cli.commands import app
from winnow.cli.settings_file import CALLERS, FROM_VARIABLES, TYPES, given_settings
from winnow.corpus.errors import UsageError

PARAMETERS: Final = {p.name for p in get_group(app).commands["clean"].params}
# Options of one call, of which nobody wants the same for all.
NEITHER: Final = {
    "inputs", "output", "flow", "form", "as_json", "quiet", "verbose", "is_dry", "profile", "limit", "sample",
    "help_all",
}  # fmt: skip


def values(
    folder: Path, toml: str = "", *, file: str = "winnow.toml", **variables: str
) -> dict[str, tuple[Any, str]]:
    if toml:
        (folder / file).write_text(toml)
    return {name: (each.value, each.origin) for name, each in given_settings(folder, variables).items()}


def test_every_option_of_clean_is_a_setting_of_files_or_callers_or_for_a_reason_neither() -> None:
    assert {*FROM_VARIABLES} | {*CALLERS} | NEITHER >= PARAMETERS
    assert {*TYPES} <= PARAMETERS
    assert not {*TYPES} & ({*CALLERS} | NEITHER)


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ('policy = "article"', {"policy": "article"}),
        ("fail_under = {kept = 0.6, drift = 1}", {"fail_under": ["kept=0.6", "drift=1"]}),
        ("min-chars = 20\ncomments = true", {"min_chars": 20, "comments": True}),
        ('[kind]\nimage_caption = "keep"', {"kind": ["image_caption=keep"]}),
        ('ratings = ["lists/a.csv"]', {"ratings": ["lists/a.csv"]}),
        ("document_seconds = 30", {"document_seconds": 30}),
        ("", {}),
    ],
)
@pytest.mark.parametrize("file", ["winnow.toml", "pyproject.toml"])
def test_a_file_gives_settings_by_the_names_of_options(
    tmp_path: Path, toml: str, expected: dict[str, Any], file: str
) -> None:
    if file == "pyproject.toml":
        toml = f"[tool.winnow]\n{toml}".replace("[kind]", "[tool.winnow.kind]")
    assert values(tmp_path, toml, file=file) == {name: (value, file) for name, value in expected.items()}


def test_variables_win_over_winnow_toml_and_that_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.winnow]\npolicy = "article"\nmarkdown = true\n')
    assert values(tmp_path)["policy"] == ("article", "pyproject.toml")
    given = values(tmp_path, 'policy = "main"\nmin_chars = 3', WINNOW_MIN_CHARS="5", WINNOW_COMMENTS="yes")
    assert given == {
        "policy": ("main", "winnow.toml"),
        "min_chars": ("5", "WINNOW_MIN_CHARS"),
        "comments": (True, "WINNOW_COMMENTS"),
    }


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("WINNOW_KIND", "promo=keep image_caption=meta", ["promo=keep", "image_caption=meta"]),
        ("WINNOW_RATINGS", "'a list.csv' b.csv", ["a list.csv", "b.csv"]),
        ("WINNOW_CLEANER", "mine:f", ["mine:f"]),
        ("WINNOW_NAME_PRIOR", "off", False),
    ],
)
def test_a_variable_is_read_as_its_option(tmp_path: Path, variable: str, text: str, value: object) -> None:
    assert [*values(tmp_path, **{variable: text}).values()] == [(value, variable)]


@pytest.mark.parametrize("variable", ["WINNOW_PROXY_SECRET", "WINNOW_JOB", "WINNOW_AXE", "OTHER"])
def test_variables_of_others_are_left_alone(tmp_path: Path, variable: str) -> None:
    assert values(tmp_path, **{variable: "x"}) == {}


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("min_char = 3", "winnow.toml: no setting is called min_char; did you mean min_chars?"),
        ("zzz = 3", "no setting is called zzz"),
        ('min_chars = "3"', "min_chars = '3': give a whole number"),
        ("min_chars = true", "give a whole number"),
        ('comments = "yes"', "give true or false"),
        ("ratings = [1]", "give a list of texts"),
        ('fail_under = {kept = "60 %"}', "give a table of NAME = SHARE"),
        ('kind = "promo"', "give a table of KIND = ACTION"),
        ('cleaner = ["evil:run"]', "cleaner runs code, so no file may set it; give --cleaner"),
        ('engine = "tcp://198.51.100.7:8786"', "sends documents to other machines"),
        ('publish = "s3://elsewhere/all"', "sends the output elsewhere"),
        ('output = "/etc"', "writes files"),
        ('log = "../../.bashrc"', "writes files"),
        ('ratings = ["/etc/passwd"]', "'/etc/passwd' is not in this folder"),
        ('overrides = ["a/../../b.csv"]', "is not in this folder"),
        ('calibration = "s3://bucket/a.json"', "is not in this folder"),
        ('ratings = ["link.csv"]', "is not in this folder"),
        ("= 3", "winnow.toml: not TOML that can be read"),
        ("a = " + "[" * 5000, "not TOML that can be read"),
        ("# " + "x" * 1_000_000, "longer than 1,000,000 bytes"),
    ],
)
def test_a_file_that_sets_what_it_cannot_is_refused_whole(tmp_path: Path, toml: str, says: str) -> None:
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    with pytest.raises(UsageError) as error:
        values(tmp_path, toml)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"WINNOW_POLICI": "article"}, "did you mean WINNOW_POLICY?"),
        ({"WINNOW_COMMENTS": "perhaps"}, "WINNOW_COMMENTS=perhaps: give one of 1, true"),
        ({"WINNOW_RATINGS": "'a"}, "WINNOW_RATINGS"),
    ],
)
def test_a_variable_that_is_wrong_is_named(tmp_path: Path, variables: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as error:
        values(tmp_path, **variables)
    assert says in str(error.value)


def test_settings_shows_what_holds_and_where_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "winnow.toml").write_text('contacts = "keep"\nmin_chars = 7\npolicy = "article"\n')
    monkeypatch.setenv("WINNOW_CONTACTS", "mask-all")
    _, output, _ = printed(["settings", "--json", "--", "--policy", "main"], capsys)
    shown = json.loads(output)
    assert shown["contacts"] == {"value": "mask-all", "from": "WINNOW_CONTACTS"}
    assert shown["min_chars"] == {"value": 7, "from": "winnow.toml"}
    assert shown["policy"] == {"value": "main", "from": "option"}
    assert shown["markdown"] == {"value": False, "from": "default"}
    assert "min_chars\t7\twinnow.toml" in printed(["settings"], capsys)[1].splitlines()


def test_a_run_takes_settings_of_its_folder_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "winnow.toml").write_text('markdown = true\nratings = ["lists.csv"]\n')
    code, output, errors = printed(["clean", "page.html"], capsys)
    assert (code, errors) == (0, "winnow: winnow.toml sets markdown, ratings\n")
    assert output.startswith("# Harbour to be dredged\n\n")
    assert printed(["clean", "page.html", "-q"], capsys)[2] == ""
    (tmp_path / "winnow.toml").write_text("min_chars = -1\n")
    code, output, errors = printed(["clean", "page.html"], capsys)
    assert (code, output) == (2, "") and "--min-chars" in errors


def test_help_is_shown_whatever_a_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "winnow.toml").write_text("nonsense = 1\n")
    assert printed(["clean", "--help"], capsys)[0] == 0
    assert printed(["clean", "x"], capsys)[0] == 2


def test_a_corpus_that_is_scored_already_is_shown_whatever_a_file_says_of_ratings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(PAGE)
    assert printed(["clean", "page.html", "-o", "clean", "-q"], capsys)[0] == 0
    (tmp_path / "winnow.toml").write_text('ratings = ["lists.csv"]\nname_prior = false\n')
    assert printed(["score", "clean", "--json"], capsys)[0] == 0
    assert printed(["score", "clean", "--no-name-prior"], capsys)[0] == 2
