"""Artifacts of models: what is no archive of arrays, or a damaged one, is one error that names the file."""

import random
from pathlib import Path

import numpy as np
import pytest

from winnow.corpus.errors import WinnowError
from winnow.models.arrays import packed_words, read_arrays, write_arrays


def test_every_damage_of_an_artifact_is_one_error_that_names_it(tmp_path: Path) -> None:
    path, rng = tmp_path / "model.npz", random.Random(14)
    write_arrays(path, {"weights": np.arange(20.0).reshape(4, 5), "words": packed_words(["rain", "sea"])})
    whole = path.read_bytes()
    errors = 0
    for _ in range(2000):
        damaged = bytearray(whole[: rng.randrange(1, len(whole))] if rng.random() < 0.1 else whole)
        for at in rng.choices(range(len(damaged)), k=rng.choice([1, 1, 5])):
            damaged[at] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            read_arrays(path, "")
        except WinnowError as error:
            assert str(error).startswith(f"{path}: damaged or missing")
            errors += 1
    assert errors > 1000  # dates and attributes of an archive say nothing about arrays


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04K\x01.", b"\x93NUMPY\x01\x00", b"text"])
def test_what_is_no_archive_of_arrays_is_named_too(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(WinnowError, match=r"model\.npz: damaged"):
        read_arrays(tmp_path / "model.npz", "")
