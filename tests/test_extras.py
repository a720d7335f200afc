"""Commands without the packages of an extra: one line says what to install, and all else works as before."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packaging.requirements import Requirement

from tests.runs import STORY
from winnow.corpus.extras import EXTRAS

ROOT = Path(__file__).parents[1]
# Run by each interpreter when it starts: it finds no module of the packages that HIDDEN names.
SITE_CUSTOMIZE: Final = """
import os, sys
from importlib.machinery import PathFinder

class WithoutSome(PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        hidden = fullname.partition(".")[0] in os.environ["HIDDEN"].split()
        return None if hidden else super().find_spec(fullname, path, target)

sys.meta_path = [WithoutSome if finder is PathFinder else finder for finder in sys.meta_path]
"""
CLEAN = ["clean", "a.txt", "-o", "out"]
# An extra, a package of it, and a command that needs it.
CASES: Final = [
    ("flow", "prefect", [*CLEAN, "--flow"], "winnow clean --flow"),
    ("flow", "prefect", ["serve", "--every", "6h", "--", "a.txt", "-o", "out"], "winnow serve"),
    ("flow", "prefect", ["train", "reliability", "rows.parquet", "--flow"], "winnow train --flow"),
    ("review", "fastapi", ["review", "."], "winnow review"),
    ("review", "starlette", ["review", "."], "winnow review"),
    ("review", "uvicorn", ["review", "."], "winnow review"),
    ("review", "python-multipart", ["review", "."], "winnow review"),
    ("train", "scikit-learn", ["train", "blocks", "rows.parquet"], "winnow train"),
    ("train", "scipy", ["train", "reliability", "rows.parquet"], "winnow train"),
    ("train", "pandas", ["train", "name-prior", "rows.parquet"], "winnow train"),
    ("train", "faker", ["train", "identity", "rows.parquet"], "winnow train"),
    ("s3", "boto3", ["clean", "s3://crawl/a.warc.gz", "-o", "out"], "s3://"),
    ("dask", "distributed", [*CLEAN, "--engine", "dask"], "--engine dask"),
    ("ray", "ray", [*CLEAN, "--engine", "ray"], "--engine ray"),
]


def without(
    hidden: Sequence[str], folder: Path, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Run `winnow` where some modules cannot be imported."""
    (folder / "site").mkdir(exist_ok=True)
    (folder / "site" / "sitecustomize.py").write_text(SITE_CUSTOMIZE)
    (folder / "a.txt").write_text(STORY)
    pq.write_table(pa.table({"text": [STORY]}), folder / "rows.parquet")
    environment = os.environ | {
        "PYTHONPATH": f"{folder / 'site'}{os.pathsep}{ROOT}",
        "HIDDEN": " ".join(hidden),
    }
    return subprocess.run(
        [sys.executable, "-m", "winnow", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize(("extra", "package", "arguments", "user"), CASES)
def test_a_command_without_its_package_says_in_one_line_what_to_install(
    extra: str, package: str, arguments: list[str], user: str, tmp_path: Path
) -> None:
    done = without([EXTRAS[extra].modules[package]], tmp_path, arguments)
    assert done.stderr == (
        f"winnow: {user} needs {package}, which is not installed: pip install 'winnow-corpus[{extra}]'\n"
    )
    assert done.returncode == 2


def test_all_packages_that_are_missing_are_named(tmp_path: Path) -> None:
    done = without(["pandas", "faker"], tmp_path, ["train", "blocks", "rows.parquet"])
    assert "winnow train needs pandas, faker, which are not installed: pip install" in done.stderr


@pytest.mark.slow
def test_without_any_extra_a_run_and_the_doctor_work(tmp_path: Path) -> None:
    hidden = [module for extra in EXTRAS.values() for module in extra.modules.values()]
    done = without(hidden, tmp_path, CLEAN)
    assert (done.returncode, done.stderr) == (0, "")
    doctor = without(hidden, tmp_path, ["doctor", "out", "--json"])
    findings = {finding["name"]: finding for finding in json.loads(doctor.stdout)}
    assert {findings[f"extra {name}"]["status"] for name in EXTRAS} == {"note"}
    assert "prefect" not in findings and findings["child processes"]["status"] == "ok"
    assert doctor.returncode == 0, doctor.stdout


def test_the_packages_of_an_extra_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    for name, extra in EXTRAS.items():
        declared = {Requirement(line).name for line in project["optional-dependencies"].get(name, [])}
        assert extra.modules.keys() <= declared, name
