"""A test over the tests: each of them must be able to fail by what it claims, not by an error alone."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if "corpora" not in path.parts)
CLAIMS = {"raises", "warns", "deprecated_call", "fail", "expect"}  # of pytest, and of Playwright

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions(path: Path) -> dict[str, Function]:
    """The functions of a file, by name, those inside others too."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf8")))
    return {node.name: node for node in nodes if isinstance(node, Function)}


@cache
def helpers(path: Path) -> dict[str, tuple[Path, str]]:
    """Where the functions lie that a file imports from other files of the tests."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf8")))
    imports = (n for n in nodes if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("tests."))
    return {
        name.asname or name.name: (TESTS.parent / f"{str(node.module).replace('.', '/')}.py", name.name)
        for node in imports
        for name in node.names
    }


def called(function: Function) -> Iterator[str]:
    """The last names of all that a function calls: ``raises`` of ``pytest.raises(...)``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def claims_something(path: Path, name: str, seen: frozenset[tuple[Path, str]] = frozenset()) -> bool:
    """Whether a function asserts, or calls one of the tests' own that does."""
    function = functions(path).get(name)
    if function is None or (path, name) in seen:
        return False
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    names = set(called(function))
    if names & CLAIMS or any(each.startswith("assert_") for each in names):
        return True
    places = (helpers(path).get(each, (path, each)) for each in names)
    return any(claims_something(*place, seen | {(path, name)}) for place in places)


def silent_tests(path: Path) -> list[str]:
    return [
        name for name in functions(path) if name.startswith("test_") and not claims_something(path, name)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_every_test_asserts_something(path: Path) -> None:
    assert silent_tests(path) == []


PIECES = {
    "assert ready": True,
    "with pytest.raises(ValueError):\n  open_it()": True,
    "np.testing.assert_allclose(1, 1)": True,
    "expect(page).to_have_title('Winnow')": True,
    "checked(1)": True,
    "open_it()": False,
    "'assert ready'": False,
    "unchecked(1)": False,
    "test_it()": False,
    "with pytest.warns(UserWarning):\n  open_it()": True,
}


@pytest.mark.parametrize(("body", "is_silent"), [(body, not claims) for body, claims in PIECES.items()])
def test_a_test_that_only_calls_is_found(body: str, is_silent: bool, tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    indented = body.replace("\n", "\n    ")
    rest = "def checked(n): assert n\ndef unchecked(n): return n\n"
    path.write_text(f"{rest}def test_it():\n    {indented}\n")
    assert silent_tests(path) == (["test_it"] if is_silent else [])
