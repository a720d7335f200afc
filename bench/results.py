"""The results file of a measurement: figures with the machine, commit, command and data behind them."""

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
SHARED = ROOT.parent / "shared"
PACKAGES = ("trafilatura", "scikit-learn", "numpy", "lxml")


def require(path: Path) -> None:
    """Stop with a clear word where the data of a measurement is not there."""
    if not path.exists():
        sys.exit(f"{path.relative_to(SHARED.parent)} is not beside the repository; nothing to measure")


def data_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files and of all files below folders, 16 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def write_results(name: str, data: Sequence[Path], figures: Mapping[str, object]) -> Path:
    """Write ``bench/results/<name>.json``, print its figures, and give its path."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    record = {
        "command": "python -m " + " ".join([f"bench.{name}", *sys.argv[1:]]),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "packages": {p: version(p) for p in PACKAGES},
        "data": {"files": [p.name for p in data], "sha256": data_hash(data)},
        "figures": figures,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    return path
