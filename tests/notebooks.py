"""Runs the notebook of docs/ without Jupyter, and writes what its cells show into it: ``python -m tests.notebooks``."""

import ast
import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any, Final

NOTEBOOK: Final = Path(__file__).parents[1] / "docs" / "notebook.ipynb"


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of a notebook that hold code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run_cells(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What each cell of a notebook shows, in the current folder: its output, and the value of its last line."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [_run("".join(cell["source"]), number, names) for number, cell in enumerate(cells(notebook), 1)]


def _run(source: str, number: int, names: dict[str, Any]) -> list[dict[str, Any]]:
    tree, value = ast.parse(source), None
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
    lines = printed.getvalue().splitlines(keepends=True)
    outputs = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
    return outputs if value is None else [*outputs, _shown(value, number)]


def _shown(value: Any, number: int) -> dict[str, Any]:
    """A value as a notebook keeps it: as HTML where it has a form for notebooks."""
    page = getattr(value, "_repr_html_", None)
    data = {"text/html": page().splitlines(keepends=True)} if page else {"text/plain": [repr(value)]}
    return {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}


def write_outputs(path: Path = NOTEBOOK) -> None:
    """Run a notebook in an empty folder, and write what its cells show into it."""
    notebook = json.loads(path.read_text(encoding="utf8"))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        outputs = run_cells(notebook)
    for number, (cell, shown) in enumerate(zip(cells(notebook), outputs, strict=True), 1):
        cell["execution_count"], cell["outputs"] = number, shown
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    write_outputs()
