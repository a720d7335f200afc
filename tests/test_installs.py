"""Wheel, sdist and editable install: each holds everything, and works beside a user's files of the same names."""

import json
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.installing import (
    DECOY,
    ROOMS,
    ROOT,
    SECONDS,
    WAYS,
    Install,
    environment,
    install,
    make_project,
    run_in,
)

each_way = pytest.mark.parametrize("way", WAYS)
the_wheel_and_slowly_the_rest = pytest.mark.parametrize(
    "way", [way if way == "wheel" else pytest.param(way, marks=pytest.mark.slow) for way in WAYS]
)
# Where a user's files go before Winnow: `python -m` looks in the current folder first, then in PYTHONPATH.
in_the_way = pytest.mark.parametrize("variables", [{}, {"PYTHONPATH": "."}], ids=["cwd", "PYTHONPATH"])
# What starts more processes takes half a minute each time: where the files come from is told by the tests before.
two_ways = pytest.mark.parametrize(
    ("way", "variables"), [("wheel", {"PYTHONPATH": "."}), ("editable", {})], ids=["wheel", "editable"]
)
LIST_FILES = """
import json, importlib.util, pathlib
[folder] = map(pathlib.Path, importlib.util.find_spec("winnow").submodule_search_locations)
print(json.dumps([path.relative_to(folder.parent).as_posix() for path in folder.rglob("*") if path.is_file()]))
"""
FIND_NAMES = (
    "import importlib.util, sys; print([name for name in sys.argv[1:] if importlib.util.find_spec(name)])"
)


@pytest.fixture(scope="module")
def installs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Install]:
    """The installs that tests of this file have made so far, by way."""
    return {}


@pytest.fixture
def installed(way: str, installs: dict[str, Install], tmp_path_factory: pytest.TempPathFactory) -> Install:
    """Winnow installed in one way, once for all tests of this file."""
    if way not in installs:
        installs[way] = install(way, tmp_path_factory.mktemp(way))
    return installs[way]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def files_of_the_checkout() -> set[str]:
    """The files below winnow/ that git tracks or would add."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("git or its folder is not here: nothing says which files belong to the package")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "winnow"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in done.stdout.splitlines() if (ROOT / name).is_file()}


@each_way
def test_an_install_holds_every_file_of_the_package(installed: Install, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "-c", LIST_FILES)
    assert done.returncode == 0, done.stderr
    files = {name for name in json.loads(done.stdout) if not name.endswith((".pyc", ".so"))}
    expected = files_of_the_checkout()
    assert sorted(files ^ expected) == []
    assert "winnow/models/artifacts/reliability.npz" in expected


@each_way
def test_an_install_adds_one_name_and_one_command(installed: Install, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "-c", FIND_NAMES, "winnow", "bench", "tests", *ROOMS)
    assert done.stdout == "['winnow']\n", done.stderr
    command = [str(installed.python.parent / "winnow"), "--version"]
    completed = run_in(tmp_path, command)
    assert completed.stdout.startswith("winnow "), completed.stderr


@each_way
def test_the_import_does_not_mind_a_users_files_of_the_same_names(
    installed: Install, project: Path
) -> None:
    done = installed.run(project, "-c", "import winnow; print(winnow.clean('Rain fell.').text)")
    assert (done.stdout, done.stderr) == ("Rain fell.\n", "")


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("way", ["wheel"])
def test_the_users_files_would_be_noticed(installed: Install, project: Path, room: str) -> None:
    done = installed.run(project, "-c", f"import {room}")
    assert done.returncode == 1 and DECOY.split("'")[1] in done.stderr


@the_wheel_and_slowly_the_rest
@in_the_way
def test_a_run_does_not_mind_a_users_files_of_the_same_names(
    installed: Install, project: Path, variables: dict[str, str]
) -> None:
    done = installed.run(project, "-m", "winnow", "clean", "page.txt", "-o", "out", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 documents, 0 rejected, 0 in quarantine")
    assert json.loads((project / "out" / "report.json").read_text(encoding="utf8"))


@pytest.mark.slow
@two_ways
def test_a_flow_does_not_mind_a_users_files_of_the_same_names(
    installed: Install, project: Path, variables: dict[str, str]
) -> None:
    done = installed.run(project, "-m", "winnow", "clean", "page.txt", "-o", "out", "--flow", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 documents, 0 rejected, 0 in quarantine")


@pytest.mark.slow
@two_ways
def test_the_review_page_does_not_mind_a_users_files_of_the_same_names(
    installed: Install, project: Path, variables: dict[str, str]
) -> None:
    assert installed.run(project, "-m", "winnow", "clean", "page.txt", "-o", "out").returncode == 0
    command = installed.command("-m", "winnow", "review", "out", "--port", "0")
    with subprocess.Popen(
        command, cwd=project, env=environment(project, **variables), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout and process.stderr
        output = process.stdout.readline()
        if output:
            with urlopen(output.split()[0], timeout=SECONDS) as reply:
                assert reply.status == 200
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
        assert output.startswith("http://127.0.0.1:"), process.stderr.read()


@pytest.mark.slow
def test_a_wheel_holds_the_native_core_where_it_can_be_compiled(tmp_path: Path) -> None:
    installed = install("wheel", tmp_path, native=True)
    [file] = (tmp_path / "dist").glob("*.whl")
    if file.name.endswith("-py3-none-any.whl"):
        pytest.skip("there is no compiler, or lxml came without its headers")
    done = installed.run(tmp_path, "-c", "from winnow.native import running; print(running())")
    assert (done.stdout, done.stderr) == ("native\n", "")


@pytest.mark.parametrize("way", ["wheel"])
def test_a_wheel_that_is_not_compiled_is_for_every_system(installed: Install, tmp_path: Path) -> None:
    [file] = (installed.python.parents[2] / "dist").glob("*.whl")
    assert file.name.endswith("-py3-none-any.whl")
    done = installed.run(tmp_path, "-c", "from winnow.native import running; print(running())")
    assert done.stdout == "Python, because it was not built for this Python\n"
