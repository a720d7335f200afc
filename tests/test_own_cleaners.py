"""Cleaners of users' own: from the API, a file beside the data and an installed package, with what goes wrong."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import winnow
from tests.runs import STORY, output_bytes, rows, run, write_inputs
from winnow.cli.main import main
from winnow.corpus.document import Document, Removal
from winnow.corpus.errors import CleanerError, UsageError
from winnow.corpus.output import lock_path, open_output
from winnow.corpus.own_cleaners import checked_cleaners, load_cleaner, load_cleaners, portable
from winnow.corpus.settings import Settings
from winnow.flows.job import Job
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.shards.clusters import SentWork
from winnow.pipeline.state.manifest import read_manifest
from winnow.pipeline.state.outlook import outlook
from winnow.pipeline.state.plan import plan_run
from winnow.pipeline.tables.version import version_of_everything, with_cleaners, without_cleaners
from winnow.pipeline.workers.isolation import clean_in_child

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "sample_cleaners"
TEXT = f"Rate this recipe\n\n{STORY}\n\nADVERTISEMENT\n"
FILES: dict[str, str | bytes] = {f"{i}.txt": f"Rate this recipe\n\n{STORY} Part {i}.\n" for i in range(4)}
CODE = '''
from winnow import Removal

def recipes(document):
    """Find the buttons of recipe cards."""
    for line in document.lines:
        if line.key == "rate this recipe":
            yield Removal(line.start, line.stop, kind="widget_residue", rule="recipe_button", score=0.9)
'''
FAILS_ON_PART_2 = """
def picky(document):
    if "Part 2" in document.text or "dredge the inner" not in document.text:
        raise KeyError("no part for me")
    return ()
"""
DECOYS = ("models.py", "flows/__init__.py", "corpus.py", "cleaners/__init__.py", "winnow/__init__.py")


def recipes(document: Document) -> Iterator[Removal]:
    """Find the buttons of recipe cards."""
    for line in document.lines:
        if line.key == "rate this recipe":
            yield Removal(line.start, line.stop, kind="widget_residue", rule="recipe_button", score=0.9)


def fixed(*removals: Any) -> Callable[[Document], Iterable[Removal]]:
    """A cleaner that gives the same result for every document."""

    def given(document: Document) -> Iterable[Removal]:
        return removals

    return given


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with a module of cleaners that is unloaded afterwards."""
    (tmp_path / "my_cleaners.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = {*sys.modules}
    yield tmp_path
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def command(
    *arguments: str, cwd: Path, path: Iterable[Path] = (), stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The result of the `winnow` script, for which the current folder is not on the path."""
    places = os.pathsep.join(map(str, [ROOT, *path]))
    # As the script does, whose own folder is first on the path: the current one is not on it.
    script = [sys.executable, "-P", "-c", "from winnow.cli.main import main; main()", *arguments]
    environment = os.environ | {"PYTHONPATH": places, "NO_COLOR": "1"}
    return subprocess.run(
        script, cwd=cwd, env=environment, input=stdin, capture_output=True, text=True, timeout=300
    )


def own_spans(folder: Path) -> list[tuple[str, str, str]]:
    """Text, rule and cleaner of each span that cleaners of a user's own removed, in the order of the rows."""
    spans = [span for row in rows(folder, "documents") for span in row["metadata"]["removed"]]
    return [(s["text"], s["rule"], s["cleaner"]) for s in spans if ":" in s["cleaner"]]


# --- functions, by the API


def test_a_function_cleans_beside_the_built_in_ones_and_bears_its_full_name() -> None:
    cleaned = winnow.clean(TEXT, cleaners=[recipes])
    assert cleaned.text == f"{STORY}\n"
    names = {r.rule: r.cleaner for r in cleaned.removals}
    assert names["recipe_button"] == f"{__name__}:recipes"
    assert "ads" in names.values()
    assert winnow.clean(TEXT).text == f"Rate this recipe\n\n{STORY}\n"


def test_an_action_decides_about_what_an_own_cleaner_finds() -> None:
    keep_settings = Settings(actions={"widget_residue": "keep"})
    assert "Rate this recipe" in winnow.clean(TEXT, settings=keep_settings, cleaners=[recipes]).text


@pytest.mark.parametrize(
    ("removal", "fault"),
    [
        (Removal(-1, 3, "promo", "r"), "a span has 0 <= start < end <= 12,"),
        (Removal(3, 3, "promo", "r"), "a span has 0 <= start < end <= 12,"),
        (Removal(0, 13, "promo", "r"), "a span has 0 <= start < end <= 12,"),
        (Removal(0.0, 3, "promo", "r"), "start and end are of type int"),  # type: ignore[arg-type]  # the fault
        (Removal(0, True, "promo", "r"), "start and end are of type int"),
        (Removal(0, 3, "recipe", "r"), "the kind is one of ad_marker, .*boilerplate"),
        (Removal(0, 3, "layout", "r"), "the kind is one of"),
        (Removal(0, 3, "promo", ""), "the rule is a name"),
        (Removal(0, 3, "promo", "r", 1.01), "the score is a number from 0 to 1"),
        (Removal(0, 3, "promo", "r", -0.01), "the score is a number from 0 to 1"),
        (Removal(0, 3, "promo", "r", float("nan")), "the score is a number from 0 to 1"),
        ((0, 3), "a cleaner gives winnow.Removal objects"),
    ],
)
def test_a_removal_that_makes_no_sense_is_named_with_its_cleaner(removal: Any, fault: str) -> None:
    with pytest.raises(CleanerError, match=rf"cleaner {__name__}:.*given gave .*: {fault}"):
        winnow.clean("Twelve chars", cleaners=[fixed(removal)])


@pytest.mark.parametrize(
    "removal",
    [Removal(0, 1, "promo", "r", 0), Removal(11, 12, "promo", "r", 1), Removal(0, 1, "boilerplate", "r")],
)
def test_a_removal_at_the_limits_is_taken(removal: Removal) -> None:
    assert any(":" in r.cleaner for r in winnow.clean("Twelve chars", cleaners=[fixed(removal)]).removals)


def test_an_error_of_a_cleaner_names_it_and_keeps_its_cause() -> None:
    with pytest.raises(CleanerError, match="fails raised ZeroDivisionError: ") as raised:
        winnow.clean(TEXT, cleaners=[fails])
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    with pytest.raises(CleanerError, match=r"forgets raised TypeError: .*NoneType"):
        winnow.clean(TEXT, cleaners=[forgets])  # type: ignore[list-item]  # the fault


def fails(document: Document) -> Iterator[Removal]:
    yield Removal(0, 1 // 0, "promo", "r")


def forgets(document: Document) -> None:
    """Return nothing, like an unfinished function."""


@pytest.mark.parametrize("code", ["raise SystemExit('bye')", "import nowhere_at_all"])
def test_a_module_that_cannot_be_imported_is_named(code: str, folder: Path) -> None:
    (folder / "broken_module.py").write_text(code)
    with pytest.raises(UsageError, match=r"cleaner broken_module:f: (SystemExit|ModuleNotFoundError)"):
        portable("broken_module:f")


def test_a_function_of_the_script_itself_has_no_reference() -> None:
    with pytest.raises(UsageError, match="other processes have another __main__"):
        portable("__main__:f")


def test_a_function_alone_is_no_list_of_cleaners() -> None:
    with pytest.raises(UsageError, match="give a list of cleaners"):
        winnow.clean(STORY, cleaners=fixed())  # type: ignore[arg-type]


def test_a_bound_method_given_twice_is_one_cleaner() -> None:
    class Kitchen:
        def recipes(self, document: Document) -> list[Removal]:
            return []

    kitchen = Kitchen()
    assert len(checked_cleaners([kitchen.recipes, kitchen.recipes])) == 1


def test_a_partial_and_an_instance_are_cleaners_too() -> None:
    class Buttons:
        def __call__(self, document: Document) -> Iterator[Removal]:
            return recipes(document)

    for cleaner in (Buttons(), partial(recipes)):
        assert winnow.clean(TEXT, cleaners=[cleaner]).text == f"{STORY}\n"


def test_what_is_no_function_and_two_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="'my_cleaners:recipes': a cleaner is a function; settings take"):
        winnow.clean(TEXT, cleaners=["my_cleaners:recipes"])  # type: ignore[list-item]  # the fault
    with pytest.raises(UsageError, match=rf"two cleaners are called {__name__}:.*given"):
        winnow.clean(TEXT, cleaners=[fixed(), fixed()])
    with pytest.raises(UsageError, match="settings take references to cleaners"):
        winnow.clean(TEXT, settings=Settings(cleaners=(recipes,)))  # type: ignore[arg-type]  # the fault
    assert winnow.clean(TEXT, cleaners=[recipes, recipes]).text == f"{STORY}\n"


# --- references


def test_a_reference_to_a_file_gets_its_folder_and_one_to_a_package_does_not(folder: Path) -> None:
    assert portable("my_cleaners:recipes") == f"my_cleaners:recipes@{folder}"
    assert portable("my_cleaners:recipes@.") == f"my_cleaners:recipes@{folder}"
    assert portable(f"my_cleaners:recipes@{folder}") == f"my_cleaners:recipes@{folder}"
    assert portable("typer.main:get_command") == "typer.main:get_command"
    assert sys.path[0] != str(folder)


def test_two_references_to_one_function_are_one_cleaner(folder: Path) -> None:
    [cleaner] = load_cleaners((f"my_cleaners:recipes@{folder}", portable("my_cleaners:recipes@.")))
    assert cleaner.__name__ == "my_cleaners:recipes"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("no_such_module:recipes", "ModuleNotFoundError: No module named 'no_such_module'; name one as"),
        ("my_cleaners.py:recipes", "No module named 'my_cleaners.py'"),
        ("broken:recipes", "SyntaxError"),
        ("raises:recipes", "RuntimeError: at import"),
        ("my_cleaners:soups", "my_cleaners.py has no soups"),
        ("my_cleaners:__name__", "a str, not a function"),
        ("my_cleaners:recipes@nowhere", "No module named 'my_cleaners'"),
        ("sys:exit", "sys has no file"),
        ("json:loads@.", "Python takes json from .*; give the module another name"),
        ("recipes", r"no installed package has it \(there are: none\); name one as MODULE:FUNCTION"),
        ("scripts/my_cleaners.py:recipes", "no installed package has it"),
        ("", "no installed package has it"),
    ],
)
def test_a_reference_that_names_no_cleaner_is_one_line_and_nothing_is_written(
    reference: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_inputs(folder, FILES)
    (folder / "broken.py").write_text("def recipes(:\n")
    (folder / "raises.py").write_text("raise RuntimeError('at import')\n")
    with pytest.raises(SystemExit, match="2"):
        main(["clean", "raw", "-o", "clean", "--cleaner", reference])
    [line] = capsys.readouterr().err.splitlines()
    with pytest.raises(UsageError, match=message) as raised:
        portable(reference)
    assert str(raised.value) in line
    assert not (folder / "clean").exists()


def test_a_module_of_the_same_name_in_another_folder_is_refused(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "my_cleaners.py").write_text(CODE)
    portable("my_cleaners:recipes")
    with pytest.raises(UsageError, match=r"Python takes my_cleaners from .*; give the module another name"):
        portable("my_cleaners:recipes@other")


# --- the version of a run


def version(folder: Path, reference: str = "my_cleaners:recipes") -> str:
    return with_cleaners("1.0+cafe", [f"{reference}@{folder}"])


def test_a_run_without_own_cleaners_has_the_version_of_winnow(folder: Path) -> None:
    assert with_cleaners("1.0+cafe", ()) == "1.0+cafe"
    assert version(folder).startswith("1.0+cafe.")
    plans = [plan_run([write_inputs(folder, FILES)], Settings(), v) for v in ("1.0+cafe", "1.0+beef")]
    assert [p.pipeline_version for p in plans] == ["1.0+cafe", "1.0+beef"]


def test_the_version_follows_the_code_and_what_it_imports_from_its_folder(folder: Path) -> None:
    (folder / "words.py").write_text("BUTTONS = {'rate this recipe'}\n")
    (folder / "helpers").mkdir()
    (folder / "helpers" / "__init__.py").write_text("import words\n")
    (folder / "my_cleaners.py").write_text(f"import json, typer\nimport helpers\n{CODE}")
    before = version(folder)
    for same in ("unrelated.py", "typer.txt", "json.py"):
        (folder / same).write_text("OTHER = 1\n")
        assert version(folder) == before
    for changed in ("words.py", "helpers/list.txt", "my_cleaners.py"):
        with (folder / changed).open("a") as file:
            file.write("# changed\n")
        assert version(folder) != before
        before = version(folder)


def test_the_version_of_a_cleaner_in_a_package_follows_all_its_files_wherever_it_lies(
    folder: Path,
) -> None:
    package = folder / "kitchen"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "not_python.py").write_text("{{ template }} (\n")
    (package / "find.py").write_text(CODE)
    before = version(folder, "kitchen.find:recipes")
    (package / "__pycache__" / "find.pyc").write_text("compiled")
    assert version(folder, "kitchen.find:recipes") == before
    (package / "words.csv").write_text("rate this recipe\n")
    assert version(folder, "kitchen.find:recipes") != before


def test_only_a_changed_cleaner_cleans_again(folder: Path) -> None:
    settings, inputs = Settings(cleaners=(portable("my_cleaners:recipes"),)), [str(folder / "raw")]

    def run_again() -> RunResult:
        return clean_corpus(
            inputs, folder / "clean", settings, clean=clean_in_child, tick=lambda documents: None
        )

    plain = run(folder, FILES)
    assert run_again().run_id != plain.run_id
    assert own_spans(folder) == [("Rate this recipe\n", "recipe_button", "my_cleaners:recipes")] * 4
    assert run_again().unchanged
    (folder / "my_cleaners.py").write_text(CODE.replace("recipe_button", "button_of_a_recipe"))
    now = outlook(plan_run(inputs, settings, version_of_everything()), settings, folder / "clean")
    changed = "cleaners of your own came, went or changed: every document is cleaned again"
    assert (now.cleaned, now.reasons) == (4, (changed,))
    assert not run_again().unchanged
    assert {rule for _, rule, _ in own_spans(folder)} == {"button_of_a_recipe"}


# --- runs


@pytest.mark.parametrize("workers", [1, 3])
def test_a_document_on_which_a_cleaner_raises_is_quarantined_and_the_run_goes_on(
    workers: int, folder: Path
) -> None:
    (folder / "picky_cleaners.py").write_text(FAILS_ON_PART_2)
    reference = portable("picky_cleaners:picky")
    result = run(
        folder, FILES, clean=clean_in_child, cleaners=(reference,), workers=workers, shard_documents=1
    )
    assert (result.documents, result.quarantined) == (3, 1)
    [bad] = rows(folder, "quarantine")
    assert bad["reason"] == "failed"
    assert "cleaner picky_cleaners:picky raised KeyError: 'no part for me'" in bad["detail"]


def test_a_job_and_its_settings_cross_as_json(folder: Path) -> None:
    settings = Settings(cleaners=(portable("my_cleaners:recipes"), "recipe-cards"))
    job = Job(("raw",), "clean", settings)
    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_a_worker_whose_cleaner_is_another_or_missing_says_so(folder: Path) -> None:
    reference = portable("my_cleaners:recipes")
    with open_output(folder / "clean"):
        lock = lock_path(folder / "clean")
        there = with_cleaners(version_of_everything(), [reference])
        work = SentWork(len, there, lock, lock.read_text(), (reference,))
        assert work("abc") == 3
        (folder / "my_cleaners.py").write_text(f"{CODE}\n# another copy\n")
        with pytest.raises(UsageError, match="the same cleaners of your own, everywhere"):
            work("abc")
        with pytest.raises(UsageError, match=r".+: cleaner not_there:f: ModuleNotFoundError"):
            SentWork(len, there, lock, lock.read_text(), ("not_there:f",))("abc")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_engines_write_the_same_bytes_with_an_own_cleaner(engine: str, folder: Path) -> None:
    pytest.importorskip(engine if engine == "ray" else "distributed")
    reference = portable("my_cleaners:recipes")
    run(folder, FILES, shard_documents=1, cleaners=(reference,))
    settings = Settings(shard_documents=1, workers=2, engine=engine, cleaners=(reference,))
    clean_corpus(
        [str(folder / "raw")], folder / "other", settings, clean=clean_in_child, tick=lambda _: None
    )
    assert len(own_spans(folder)) == 4
    assert output_bytes(folder / "other") == output_bytes(folder / "clean")


# --- the command line


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """A folder of inputs with a module of cleaners among decoys that would break Winnow if they were imported."""
    write_inputs(tmp_path, FILES)
    for name in DECOYS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit('a decoy was imported')\n")
    (tmp_path / "buttons.py").write_text("BUTTONS = {'rate this recipe'}\n")
    code = CODE.replace('== "rate this recipe"', "in BUTTONS")
    (tmp_path / "my_cleaners.py").write_text(f"from buttons import BUTTONS\n{code}")
    return tmp_path


@pytest.mark.parametrize("way", [(), pytest.param(("--flow",), marks=pytest.mark.slow)])
def test_a_module_of_the_current_folder_cleans_among_decoys(way: tuple[str, ...], kitchen: Path) -> None:
    if (
        not way
    ):  # Prefect's own server does not start beside a module named like one of the standard library
        (kitchen / "re.py").write_text("raise SystemExit('a decoy was imported')\n")
    done = command("clean", "raw", "-o", "clean", "--cleaner", "my_cleaners:recipes", *way, cwd=kitchen)
    assert done.returncode == 0, done.stderr
    assert own_spans(kitchen) == [("Rate this recipe\n", "recipe_button", "my_cleaners:recipes")] * 4
    settings = (read_manifest(kitchen / "clean") or pytest.fail("no manifest")).settings
    assert settings["cleaners"] == [f"my_cleaners:recipes@{kitchen}"]
    named = ("--cleaner", f"my_cleaners:recipes@{kitchen}")
    again = command("status", str(kitchen / "clean"), *named, cwd=ROOT)
    assert "a run would do nothing" in again.stdout, again.stdout + again.stderr


@pytest.mark.slow
def test_a_stream_explain_and_score_take_cleaners_too(kitchen: Path) -> None:
    option = ("--cleaner", "my_cleaners:recipes")
    explained = command("explain", "raw/1.txt", "--json", *option, cwd=kitchen)
    assert "my_cleaners:recipes" in {r["cleaner"] for r in json.loads(explained.stdout)["removed"]}
    assert command("score", "raw", "--json", *option, cwd=kitchen).returncode == 0
    row = json.loads(
        command("clean", "-", *option, cwd=kitchen, stdin=STORY + "\nRate this recipe\n").stdout
    )
    assert "my_cleaners:recipes" in {r["cleaner"] for r in row["metadata"]["removed"]}
    assert without_cleaners(row["pipeline_version"]) != row["pipeline_version"]
    assert command("score", "raw", "--cleaner", "my_cleaners:none", cwd=kitchen).returncode == 2
    (kitchen / "sources.parquet").touch()
    scored = command("score", ".", *option, cwd=kitchen)
    assert "is scored already" in scored.stderr and "--cleaner" in scored.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the sample package is installed from its wheel."""
    folder = tmp_path_factory.mktemp("sample")
    build = [
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(SAMPLE)
    ]  # fmt: skip
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


@pytest.mark.slow
def test_a_cleaner_of_an_installed_package_is_there_by_its_name_and_only_then(
    site: Path, tmp_path: Path
) -> None:
    write_inputs(tmp_path, FILES)
    done = command("clean", "raw", "-o", "clean", cwd=tmp_path, path=[site])
    assert done.returncode == 0, done.stderr
    assert own_spans(tmp_path) == []
    done = command("clean", "raw", "-o", "clean", "--cleaner", "recipe-cards", cwd=tmp_path, path=[site])
    assert done.returncode == 0, done.stderr
    assert {cleaner for *_, cleaner in own_spans(tmp_path)} == {"winnow_recipes:recipe_cards"}
    other = command("clean", "raw", "-o", "clean", "--cleaner", "recipe", cwd=tmp_path, path=[site])
    assert "there are: recipe-cards" in other.stderr


def test_the_version_follows_the_files_of_an_installed_package(
    site: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(
        sys.modules, "winnow_recipes", raising=False
    )  # as its source, where doctests import it
    cleaner = load_cleaner("recipe-cards")
    assert (cleaner.name, cleaner.is_installed) == ("winnow_recipes:recipe_cards", True)
    before = with_cleaners("1", ["recipe-cards"])
    assert with_cleaners("1", ["winnow_recipes:recipe_cards", "recipe-cards"]) == before
    words = site / "winnow_recipes" / "buttons.txt"
    words.write_text(words.read_text() + "cook mode on\n")
    assert with_cleaners("1", ["recipe-cards"]) != before


def test_the_how_to_shows_the_sample_package() -> None:
    page = (ROOT / "docs" / "how-to" / "add-a-cleaner.md").read_text(encoding="utf8")
    assert (SAMPLE / "pyproject.toml").read_text(encoding="utf8") in page
