"""Inputs that break other tools: each gets a row or a clear error, and the files beside it are cleaned."""

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runs import OTHER, STORY, output_bytes, rows, run, write_inputs

ROOT = Path(__file__).parents[1]
SECONDS = 20.0  # of processor time, for a run over one bad document; each takes under three
PAGE = f"<html><body><article><p>{STORY}</p><p>{OTHER}</p></article></body></html>"


def parquet_without_text(path: Path) -> bytes:
    pq.write_table(pa.table({"body": [STORY], "link": ["https://a.example"]}), path)
    return path.read_bytes()


# Case: (file name, content, reason of its quarantine).
BAD: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("bad.html", b"", "empty"),
    "a picture that is called a page": (
        "bad.html",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        "binary",
    ),
    "noise that is called a text": ("bad.txt", os.urandom(20_000), "binary"),
    "a line of 50 MB": ("bad.txt", b"word " * 10_000_000, "too_large"),
    "a gzip bomb": ("bad.html.gz", gzip.compress(bytes(60_000_000)), "too_large"),
    "a packed file that is cut off": ("bad.txt.gz", gzip.compress(os.urandom(9000))[:5000], "malformed"),
    "a record that is no JSON": ("bad.jsonl", b'{"text": "Rain fell"\n', "malformed"),
    "a record without text": ("bad.jsonl", b'{"body": "Rain fell"}\n', "missing_field"),
    "a kind of file that nobody reads": ("bad.docx", b"PK\x03\x04", "unsupported"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_row_and_the_others_are_cleaned(case: str, tmp_path: Path) -> None:
    name, content, reason = BAD[case]
    began = time.process_time()
    result = run(tmp_path, {"good.txt": STORY, name: content})
    assert (result.documents, result.quarantined) == (1, 1)
    [row] = rows(tmp_path, "quarantine")
    assert (row["path"].partition("#")[0], row["reason"]) == (f"raw/{name}", reason)
    assert row["detail"]
    assert time.process_time() - began < SECONDS


# Case: a file that is odd, and still holds the story.
ODD: dict[str, tuple[str, bytes]] = {
    "HTML cut in the middle of a tag": ("odd.html", PAGE.encode()[: PAGE.index("</article>") + 5]),
    "100,000 nested tags": ("odd.html", b"<div>" * 100_000 + PAGE.encode()),
    "a line before 3,000 nested tags": ("odd.html", b"<p>First.</p>" + b"<div>" * 3000 + PAGE.encode()),
    "100,000 nested tags inside the page": ("odd.html", PAGE.encode() + b"<b>" * 100_000 + b"end"),
    "tags that nobody closes": ("odd.html", b"<table><tr><td>" * 3000 + f"<p>{STORY}</p>".encode()),
    "UTF-16 without a word about it": ("odd.txt", STORY.encode("utf-16")),
    "a declared encoding that is wrong": (
        "odd.html",
        f'<html><head><meta charset="utf-8"></head><body><p>{STORY} Café Müller.</p></body></html>'.encode("cp1252"),
    ),
    "NULs and control characters": ("odd.txt", STORY.replace(". ", ".\x00\x08 ").encode()),
    "half a character in a JSON string": ("odd.jsonl", json.dumps({"text": STORY + " \ud800"}).encode()),
    "a broken record among good ones": (
        "odd.jsonl",
        b'{"text": \n' + json.dumps({"text": STORY}).encode() + b"\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_an_odd_file_still_gives_its_text(case: str, tmp_path: Path) -> None:
    name, content = ODD[case]
    began = time.process_time()
    result = run(tmp_path, {name: content})
    assert result.documents == 1
    [row] = rows(tmp_path, "documents")
    assert "voted on Tuesday to dredge the inner basin" in row["text"]
    assert time.process_time() - began < SECONDS


def test_a_line_of_10_megabytes_is_cleaned(tmp_path: Path) -> None:
    began = time.process_time()
    result = run(tmp_path, {"long.txt": "word " * 2_000_000})
    assert (result.documents, result.quarantined) == (1, 0)
    assert time.process_time() - began < SECONDS


def test_a_parquet_file_without_the_column_says_which_it_has(tmp_path: Path) -> None:
    run(tmp_path, {"good.txt": STORY, "bad.parquet": parquet_without_text(tmp_path / "x.parquet")})
    [row] = rows(tmp_path, "quarantine")
    assert row["reason"] == "missing_field"
    assert "body" in row["detail"]
    assert "--text-field" in row["detail"]


def test_a_folder_without_permission_is_one_row(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every folder; run as another user")
    inputs: Mapping[str, str] = {"good.txt": STORY, "secret/a.txt": OTHER}
    write_inputs(tmp_path, inputs)
    (tmp_path / "raw" / "secret").chmod(0)
    try:
        result = run(tmp_path, {"good.txt": STORY})
    finally:
        (tmp_path / "raw" / "secret").chmod(0o700)
    assert (result.documents, result.quarantined) == (1, 1)
    assert rows(tmp_path, "quarantine")[0]["reason"] == "unreadable"


def test_a_full_disk_ends_the_run_and_leaves_the_last_output(tmp_path: Path) -> None:
    run(tmp_path, {"1.txt": STORY})
    before = output_bytes(tmp_path / "clean")
    write_inputs(tmp_path, {f"{n}.txt": f"{STORY} {os.urandom(30_000).hex()}" for n in range(20)})

    def fill_disk() -> None:  # a file that grows over the limit fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [sys.executable, "-m", "winnow", "clean", str(tmp_path / "raw"), "-o", str(tmp_path / "clean")],
        preexec_fn=fill_disk,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert output_bytes(tmp_path / "clean") == before
