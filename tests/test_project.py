"""The project's own files are right: pages for contributors, workflows, issue forms, classifiers."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("**/*.md")), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
# "`score_sources`, `source_row` in `winnow/pipeline/sources/scores.py`"
PLACES = [
    (name, path)
    for names, path in re.findall(r"((?:`\w+`,?\s)+)in\s`(winnow/[\w/]+\.py)`", ARCHITECTURE)
    for name in re.findall(r"\w+", names)
]
PATH = re.compile(r"`((?:\.github|bench|docs|raw|tests|winnow)/[\w./-]*|[A-Z]+\.md|pyproject\.toml)`")
MAKE = re.compile(r"(?:^\$ |`|run: )make ([a-z -]+)", re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(p for p in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if p.name != "config.yml")
ELEMENTS = {"checkboxes", "dropdown", "input", "markdown", "textarea"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
VERSIONS = [
    name.rpartition(" ")[2]
    for name in PROJECT["classifiers"]
    if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", name)
]


def defined_names(path: str) -> set[str]:
    """The functions, classes and constants at the top of a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize(("name", "path"), PLACES)
def test_every_function_that_the_architecture_names_is_in_its_file(name: str, path: str) -> None:
    assert name in defined_names(path)


def test_the_architecture_names_every_room_and_every_part_of_a_run() -> None:
    rooms = [f"winnow/{p.name}/" for p in (ROOT / "winnow").iterdir() if (p / "__init__.py").exists()]
    parts = [
        f"winnow/pipeline/{p.name}" for p in (ROOT / "winnow" / "pipeline").iterdir() if p.name[0] != "_"
    ]
    parts = [part if part.endswith(".py") else f"{part}/" for part in parts]
    assert [name for name in [*rooms, *parts] if f"`{name}`" not in ARCHITECTURE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert [p for p in PATH.findall(page.read_text(encoding="utf8")) if not (ROOT / p).exists()] == []


def test_every_page_is_in_the_index() -> None:
    entries = re.findall(r"^[\w/*-]+$", (DOCS / "index.md").read_text(encoding="utf8"), re.MULTILINE)
    listed = {page for entry in entries for page in DOCS.glob(f"{entry}.md")}
    pages = {page for page in DOCS.glob("**/*.md") if "_build" not in page.parts}
    assert pages - listed == {DOCS / "index.md"}


@pytest.mark.parametrize("page", [ROOT / "CONTRIBUTING.md", *WORKFLOWS], ids=lambda page: page.name)
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    targets = {word for words in MAKE.findall(page.read_text(encoding="utf8")) for word in words.split()}
    assert targets - TARGETS == set()


def test_contributors_are_told_every_check() -> None:
    assert {"check", "docs", "slow", "test"} <= {
        name for words in MAKE.findall(CONTRIBUTING) for name in words.split()
    }


def jobs(path: Path) -> dict[str, Any]:
    """The jobs of a workflow."""
    jobs_by_name: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf8"))["jobs"]
    return jobs_by_name


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """The steps of all jobs of a workflow."""
    for job in jobs(path).values():
        yield from job.get("steps", [])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_nothing_that_its_jobs_do_not_name(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf8"))["permissions"] == {}
    granted = {name: job["permissions"] for name, job in jobs(path).items()}
    publish = granted.pop("publish", {"id-token": "write"})
    assert publish == {"id-token": "write"}
    assert all(permissions == {"contents": "read"} for permissions in granted.values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_to_a_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)] == []


def test_every_version_of_python_that_is_supported_is_checked() -> None:
    checked = jobs(ROOT / ".github" / "workflows" / "checks.yml")["test"]["strategy"]["matrix"]["python"]
    assert f">={VERSIONS[0]}" == PROJECT["requires-python"]
    assert set(VERSIONS) <= set(checked)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_has_what_its_host_asks_for(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf8"))
    assert {"name", "description", "body"} <= set(form) <= {"name", "description", "labels", "body"}
    questions = [element for element in form["body"] if element["type"] != "markdown"]
    assert {element["type"] for element in form["body"]} <= ELEMENTS
    assert len({element["id"] for element in questions}) == len(questions) > 0
    assert len({element["attributes"]["label"] for element in questions}) == len(questions)
    assert any(element["validations"]["required"] for element in questions)
    for element in questions:
        assert element["type"] != "dropdown" or len(set(element["attributes"]["options"])) > 1


def test_every_line_of_the_changelog_stands_under_a_version_and_a_known_heading() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    versions = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    assert all(
        re.fullmatch(r"Unreleased|\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", version) for version in versions
    )
    headings = set(re.findall(r"^### (.*)$", changelog, re.MULTILINE))
    assert headings <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert re.search(r"^#{1,2} .*\n\n- ", changelog, re.MULTILINE) is None  # no line without a heading
