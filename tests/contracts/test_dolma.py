"""dolma tags the documents of a corpus in its layout, and mixes them by what it tagged."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dolma", reason="dolma is not installed here: run `make contracts`")

ROWS = 100_000


@pytest.fixture(scope="module")
def tagged(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus with attributes of a tagger beside its documents."""
    folder = tmp_path_factory.mktemp("dolma") / "corpus"
    shutil.copytree(corpora / "dolma", folder)
    _dolma(
        "tag",
        "--documents",
        f"{folder}/documents/*.gz",
        "--experiment",
        "length",
        "--taggers",
        "char_length_v1",
    )
    return folder


def test_every_document_is_tagged(tagged: Path) -> None:
    lines = _rows(tagged / "attributes" / "length")
    assert len({line["id"] for line in lines}) == ROWS


def test_documents_are_mixed_by_what_they_say_of_themselves(tagged: Path, tmp_path: Path) -> None:
    stream = {
        "name": "reliable",
        "documents": [f"{tagged}/documents/*.gz"],
        "attributes": ["length"],
        "output": {"path": str(tmp_path / "out"), "max_size_in_bytes": 10**9},
        "filter": {"include": ["$.metadata[?(@.reliability_label == 'reliable')]"], "syntax": "jsonpath"},
    }
    config = tmp_path / "mix.json"
    config.write_text(json.dumps({"streams": [stream], "processes": 1}))
    _dolma("-c", str(config), "mix")
    mixed = _rows(tmp_path / "out")
    assert {row["metadata"]["reliability_label"] for row in mixed} == {"reliable"}
    assert len(mixed) == 40_000
    assert mixed[0]["metadata"]["authors"] == ["Ada Byron"]


def _rows(folder: Path) -> list[dict[str, Any]]:
    unpacked = (gzip.decompress(file.read_bytes()) for file in folder.glob("*.gz"))
    return [json.loads(line) for content in unpacked for line in content.split(b"\n") if line]


def _dolma(*arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("dolma")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "schema" not in done.stderr.lower()  # its own dependencies warn of their own age
