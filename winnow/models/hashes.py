"""Hashes of the artifacts that came with Winnow, by which a damaged one is noticed.

``python -m winnow.models.hashes`` records them again, after a training whose artifact is to ship; a test keeps them
true.
"""

import hashlib
from pathlib import Path
from typing import Final

from winnow.corpus.writers import write_text

ARTIFACTS: Final = Path(__file__).parent / "artifacts"
RECORDED: Final = "SHA256SUMS"  # as sha256sum writes and checks them


def artifact_hashes() -> dict[str, str]:
    """The SHA-256 of each artifact that is there, by name."""
    files = (path for path in sorted(ARTIFACTS.iterdir()) if path.is_file() and path.name != RECORDED)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def recorded_hashes() -> dict[str, str]:
    """The SHA-256 of each artifact that came with Winnow, by name."""
    lines = (ARTIFACTS / RECORDED).read_text(encoding="utf8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def record_hashes() -> None:
    """Record the hashes of the present artifacts as those that come with Winnow."""
    lines = (f"{digest}  {name}\n" for name, digest in artifact_hashes().items())
    write_text(ARTIFACTS / RECORDED, "".join(lines))


if __name__ == "__main__":
    record_hashes()
