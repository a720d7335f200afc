"""Dependencies: each room imports only what its extra installs, and the core stays small."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bench.dependencies import CORE, asked_for, closure, installed, licence

ROOT = Path(__file__).parents[1]
MAX_CORE_PACKAGES = 55  # a light install; trafilatura brings 17 of them, typer 12
# The extras that a room, or a file of it, may import besides the core.
EXTRAS = {
    "native": (),
    "corpus": (),
    "models": (),
    "cleaners": (),
    "pipeline": (),
    "cli": (),
    "flows": ("flow",),
    "flows/train.py": ("flow", "train"),
    "review": ("review",),
    "training": ("train",),
    "integrations/datatrove.py": ("datatrove",),
    "integrations/scrapy.py": ("scrapy",),
    "integrations/datasets.py": ("datasets",),
}
# Required packages that no module of ours imports, with the reason.
NOT_IMPORTED = {
    "datasets": "hands its batches to a function of ours",
    "lxml-html-clean": "trafilatura needs it through an extra of lxml that older pips do not find",
    "python-multipart": "FastAPI reads forms with it",
}
ASKED = asked_for()
PACKAGES = installed(sys.path)
DISTRIBUTIONS = packages_distributions()
LOCKED = ("all", "dask")  # extras in requirements.lock
LOCKS = [
    *(
        ROOT / name
        for name in (
            *("requirements.lock", "image.lock", "tests/lowest.lock"),
            *("bench/mutants.lock", "tests/fuzz/atheris.lock", ".github/wheels.lock"),
        )
    ),
    *sorted((ROOT / "tests" / "contracts").glob("*.lock")),
]
PIN = re.compile(
    r"[\w.-]+(?:\[[\w,-]+\])?==[\w.+!]+(?: ; [\w .*'<>=!()]+?)?(?: +--hash=sha256:[0-9a-f]{64})+"
)
CLASSIFIERS = {  # older metadata gives a licence by these words alone, and its text beside them
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
}


class Import(NamedTuple):
    """One import in a file: its module, and whether it happens only when a function is called."""

    module: str
    line: int
    is_lazy: bool

    @property
    def package(self) -> str:
        """The package that brings the module; the module's own name where it is not installed."""
        top = self.module.partition(".")[0]
        return canonicalize_name(DISTRIBUTIONS.get(top, [top])[0])


def imports(path: Path) -> Iterator[Import]:
    """All absolute imports of a file, except those for type checkers."""
    return _imports(ast.parse(path.read_text(encoding="utf8")), is_lazy=False)


def _imports(node: ast.AST, *, is_lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, is_lazy) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield Import(child.module, child.lineno, is_lazy)
        yield from _imports(
            child, is_lazy=is_lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        )


def extras_of(path: Path) -> tuple[str, ...]:
    """The extras that a module may use; () for the core."""
    name = path.relative_to(ROOT / "winnow").as_posix()
    return EXTRAS.get(name, EXTRAS.get(name.partition("/")[0], ()) if "/" in name else ())


def module_path(module: str) -> Path:
    """The path of a module of ours."""
    file = (ROOT / module.replace(".", "/")).with_suffix(".py")
    return file if file.is_file() else file.with_suffix("") / "__init__.py"


def asked_by(extras: tuple[str, ...]) -> set[str]:
    """The packages that the core and some extras ask for by name."""
    return {canonicalize_name(each.name) for extra in (CORE, *extras) for each in ASKED[extra]}


def is_installed_with(each: Import, extras: tuple[str, ...]) -> bool:
    """Whether the core and some extras are enough for an import."""
    if each.module.partition(".")[0] == "winnow":
        return set(extras_of(module_path(each.module))) <= set(extras)
    return each.module.partition(".")[0] in sys.stdlib_module_names or each.package in asked_by(extras)


def files_of(room: str) -> list[Path]:
    folder = ROOT / "winnow"
    return sorted(folder.glob("*.py") if room == "winnow" else (folder / room).rglob("*.py"))


ROOMS = sorted({name.partition("/")[0] for name in EXTRAS} | {"winnow"})


def test_every_room_has_its_extras() -> None:
    rooms = {path.parent.name for path in (ROOT / "winnow").glob("*/__init__.py")}
    assert rooms == {*ROOMS} - {"winnow"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_extra_installs(room: str) -> None:
    files = files_of(room)
    assert files
    assert [
        f"{path.relative_to(ROOT)}:{each.line} imports {each.module}"
        for path in files
        for each in imports(path)
        if not each.is_lazy and not is_installed_with(each, extras_of(path))
    ] == []


def test_a_function_that_imports_a_package_of_another_extra_says_what_to_install() -> None:
    lazy = {
        (path, each.package)
        for path in (ROOT / "winnow").rglob("*.py")
        for each in imports(path)
        if each.is_lazy
        and not each.module.startswith("winnow")
        and not is_installed_with(each, extras_of(path))
    }
    assert {package for _, package in lazy} >= {"boto3", "distributed", "ray"}
    assert [path for path, _ in lazy if "require_extra(" not in path.read_text("utf8")] == []


def test_a_module_outside_a_room_and_a_nested_module_are_told_apart() -> None:
    assert extras_of(ROOT / "winnow/flows/train.py") == ("flow", "train")
    assert extras_of(ROOT / "winnow/flows/clean.py") == ("flow",)
    assert extras_of(ROOT / "winnow/api.py") == extras_of(ROOT / "winnow/cli/doctor/services.py") == ()
    assert (
        extras_of(module_path("winnow.review"))
        == extras_of(module_path("winnow.review.desk"))
        == ("review",)
    )


def test_imports_that_happen_on_import_are_told_from_those_in_functions(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "from typing import TYPE_CHECKING\nimport numpy.linalg\ntry:\n import yaml\nexcept ImportError: pass\n"
        "if TYPE_CHECKING:\n import scipy\nclass A:\n import orjson\n def a(self):\n  from lxml import etree\n"
    )
    packages = [(each.package, each.is_lazy) for each in imports(path) if each.module != "typing"]
    assert packages == [("numpy", False), ("pyyaml", False), ("orjson", False), ("lxml", True)]


def test_every_package_asked_for_is_imported_or_has_its_reason() -> None:
    imported = {
        imported_module.package
        for path in (ROOT / "winnow").rglob("*.py")
        for imported_module in imports(path)
    }
    required = {canonicalize_name(each.name) for requirements in ASKED.values() for each in requirements}
    assert required - imported == set(NOT_IMPORTED)


def test_the_core_is_small() -> None:
    names = closure(ASKED[CORE], PACKAGES)
    assert len(names) <= MAX_CORE_PACKAGES, sorted(names)
    assert {"trafilatura", "htmldate"} <= names
    assert not names & {
        "prefect",
        "fastapi",
        "starlette",
        "scikit-learn",
        "scipy",
        "pandas",
        "faker",
        "boto3",
    }


def test_a_package_is_counted_with_all_that_it_needs_and_without_extras_that_nobody_asks_for() -> None:
    assert closure([Requirement("jinja2")], PACKAGES) == {"jinja2", "markupsafe"}
    assert closure([Requirement("lxml")], PACKAGES) == {"lxml"}
    assert closure([Requirement("lxml[html_clean]")], PACKAGES) == {"lxml", "lxml-html-clean"}
    with pytest.raises(KeyError, match="no-such-package"):
        closure([Requirement("no-such-package")], PACKAGES)


def test_all_is_every_extra_that_a_command_needs_on_one_machine() -> None:
    parts = {str(each) for extra in ("flow", "review", "s3", "train") for each in ASKED[extra]}
    assert {str(each) for each in ASKED["all"]} == parts


def pins(path: Path) -> list[str]:
    """The pins of a lock file, each with its marker and hashes on one line."""
    return path.read_text(encoding="utf8").replace(" \\\n", " ").splitlines()


def pinned_versions(path: Path) -> dict[str, str]:
    """The version of each package that a lock file pins for this platform."""
    lines = (Requirement(line.partition(" --hash")[0]) for line in pins(path))
    return {
        canonicalize_name(line.name): str(line.specifier).removeprefix("==")
        for line in lines
        if not line.marker or line.marker.evaluate()
    }


def is_pinned(package: Distribution, pins: Mapping[str, str]) -> bool:
    """Whether a package is installed in the version that is pinned, or none is."""
    return pins.get(canonicalize_name(package.name), package.version) == package.version


def is_lowest(version: str, requirement: Requirement) -> bool:
    """Whether a version is the lower bound of what is asked for."""
    bounds = [Version(each.version) for each in requirement.specifier if each.operator == ">="]
    return bounds == [Version(version)]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_its_hashes_and_nothing_but_names_stands_beside_them(path: Path) -> None:
    assert len(pins(path)) > 1
    assert [line for line in pins(path) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "ftfy==6.3.1",
        "ftfy>=6.3.1 --hash=sha256:" + "0" * 64,
        "ftfy==6.3.1 --hash=md5:" + "0" * 32,
        "--index-url https://wheels.example/simple",
        "ftfy @ https://wheels.example/ftfy.whl --hash=sha256:" + "0" * 64,
    ],
)
def test_a_line_that_is_no_pin_with_hashes_would_be_noticed(line: str) -> None:
    assert not PIN.fullmatch(line)


def test_whatever_is_installed_from_a_lock_file_is_checked() -> None:
    files = [ROOT / "Makefile", ROOT / "Dockerfile", *(ROOT / ".github" / "workflows").glob("*.yml")]
    commands = [
        line
        for file in files
        for line in file.read_text(encoding="utf8").splitlines()
        if "pip install" in line or 'pip" install' in line
    ]
    assert len(commands) >= 8
    unchecked = [line for line in commands if "--require-hashes" not in line and "--no-deps" not in line]
    assert unchecked == []


def test_the_image_gets_what_it_serves_with_in_the_versions_that_are_tested() -> None:
    image, tested = pinned_versions(ROOT / "image.lock"), pinned_versions(ROOT / "requirements.lock")
    assert image.items() <= tested.items()
    asked = [each for extra in (CORE, "flow", "review", "s3") for each in ASKED[extra]]
    assert closure(asked, PACKAGES) | {"hatchling"} <= image.keys()


def test_the_lock_file_pins_everything_in_a_version_that_is_asked_for() -> None:
    pins = pinned_versions(ROOT / "requirements.lock")
    asked = [each for extra in (CORE, *LOCKED) for each in ASKED[extra]]
    assert closure(asked, PACKAGES) <= pins.keys()
    assert [str(each) for each in asked if pins[canonicalize_name(each.name)] not in each.specifier] == []


def test_the_lowest_versions_that_are_allowed_are_those_that_are_tested() -> None:
    lowest = pinned_versions(ROOT / "tests" / "lowest.lock")
    asked = {each for extra in (CORE, *LOCKED) for each in ASKED[extra]}
    assert [str(each) for each in asked if not is_lowest(lowest[canonicalize_name(each.name)], each)] == []


@pytest.mark.parametrize(("version", "expected"), [("3.9", True), ("3.9.0", True), ("3.9.1", False)])
def test_a_version_above_the_lower_bound_is_not_the_lowest(version: str, expected: bool) -> None:
    assert is_lowest(version, Requirement("prefect>=3.9,<4")) == expected


def documented_rows() -> list[list[str]]:
    """The cells of the tables of docs/dependencies.md."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf8")
    return [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line[:2] == "| "
    ]


def test_every_package_asked_for_has_its_row_in_the_docs() -> None:
    listed = {(row[0], extra) for row in documented_rows() for extra in row[1].split(", ")}
    asked = {
        (each.name, extra)
        for extra, requirements in ASKED.items()
        for each in requirements
        if extra != "all"
    }
    assert asked <= listed


def test_every_licence_in_the_docs_is_what_the_package_declares() -> None:
    rows = [row for row in documented_rows() if len(row) == 6 and canonicalize_name(row[0]) in PACKAGES]
    asked = {canonicalize_name(each.name) for extra in (CORE, *LOCKED) for each in ASKED[extra]}
    assert asked <= {canonicalize_name(row[0]) for row in rows}
    # Versions of before may declare another licence, or the same in other words.
    pins = pinned_versions(ROOT / "requirements.lock")
    rows = [row for row in rows if is_pinned(PACKAGES[canonicalize_name(row[0])], pins)]
    declared = {row[0]: licence(PACKAGES[canonicalize_name(row[0])]) for row in rows}
    assert {row[0]: row[5] for row in rows} == {
        name: CLASSIFIERS.get(words, words) for name, words in declared.items()
    }
