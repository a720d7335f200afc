"""Quick start: light commands and imports load few modules, each in a fresh interpreter."""

import ast
import json
import os
import subprocess
import sys
import sysconfig
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.main import get_group

import winnow
from winnow.cli.commands import app

ROOT = Path(__file__).parents[1]
MOST_MODULES = 100  # after `import winnow`, of which some forty are loaded by Python itself
HEAVY = {"numpy", "pyarrow", "duckdb", "trafilatura", "lxml", "sklearn", "prefect"}


def loaded_modules(code: str) -> set[str]:
    """The modules that a new interpreter has loaded after a piece of code."""
    hook = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    # Not by site-packages, where the hook of an editable install loads modules of its own into every interpreter.
    places = [str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", hook + code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def declared_imports() -> dict[str, str]:
    """The module of each name that `winnow` imports for type checkers."""
    body = ast.parse((ROOT / "winnow" / "__init__.py").read_text(encoding="utf8")).body
    [block] = [n for n in body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    imports = [n for n in block.body if isinstance(n, ast.ImportFrom)]
    return {alias.name: str(each.module) for each in imports for alias in each.names}


def test_the_import_of_winnow_loads_few_modules() -> None:
    assert len(loaded_modules("import winnow")) <= MOST_MODULES


def test_what_type_checkers_see_are_all_public_names() -> None:
    assert {*declared_imports(), "__version__"} == set(winnow.__all__)


@pytest.mark.parametrize(("name", "module"), declared_imports().items())
def test_a_public_name_is_what_type_checkers_see(name: str, module: str) -> None:
    assert getattr(winnow, name) is getattr(import_module(module), name)


@pytest.mark.parametrize("name", winnow.__all__)
def test_no_public_name_is_a_module_too(name: str) -> None:
    # Whoever imported the module would put it in the place of the name.
    assert find_spec(f"winnow.{name}") is None


def test_public_names_show_before_they_are_used() -> None:
    code = "import winnow, json; print(json.dumps([dir(winnow), [*vars(winnow)]]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    names, present = json.loads(done.stdout)
    assert set(winnow.__all__) <= set(names)
    assert "clean" not in present


def test_another_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="module 'winnow' has no attribute 'clear'"):
        winnow.clear  # type: ignore[attr-defined]  # noqa: B018  # the point of the test


def test_each_name_of_a_command_is_the_file_of_that_command() -> None:
    for name, command in get_group(app).commands.items():
        assert command.callback is not None
        assert command.callback.__module__ == f"winnow.cli.{name}"


HELP = [["--version"], ["--help"], *([name, "--help"] for name in get_group(app).commands)]


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_version_and_help_load_nothing_that_cleans(arguments: list[str]) -> None:
    loaded = loaded_modules(f"from winnow.cli.main import main; main({arguments})")
    assert "winnow.cli.main" in loaded
    assert not loaded & HEAVY


def test_the_process_of_a_run_loads_nothing_that_only_children_need(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("The council voted on Monday to repair the old bridge.", "utf8")
    arguments = ["clean", str(tmp_path / "raw"), "-o", str(tmp_path / "clean"), "--workers", "1"]
    loaded = loaded_modules(f"from winnow.cli.main import main; main({arguments})")
    assert "winnow.pipeline.ending" in loaded
    assert not loaded & {"ftfy", "pandas", "prefect", "requests", "tldextract", "trafilatura", "warcio"}
    assert not {name for name in loaded if name.startswith(("winnow.cleaners", "winnow.corpus.layout"))}


def test_pyarrow_knows_pandas_again_where_other_code_loads_it() -> None:
    pytest.importorskip("pandas")
    modules = loaded_modules(
        "from winnow.corpus.arrow_without_pandas import leave_pandas_out, let_pandas_in\n"
        "leave_pandas_out()\n"
        "import pandas, pyarrow\n"
        "let_pandas_in()\n"
        "assert pyarrow.array(pandas.Series([1.5, None])).null_count == 1\n"
    )
    assert "pandas" in modules
