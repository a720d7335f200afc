"""Select documents of a cleaned corpus: choose rows, write them, and describe the result in card and manifest."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from winnow.corpus import __version__
from winnow.corpus.errors import UsageError, WinnowError
from winnow.corpus.hashed_files import hashed_files
from winnow.corpus.schema import SCHEMA_VERSION
from winnow.corpus.selection.choosing import choose, document_files
from winnow.corpus.selection.corpus_counts import CorpusCounts
from winnow.corpus.selection.folder import CARD, MANIFEST, VERSION_KEY, replacing_folder
from winnow.corpus.selection.selection_card import corpus_card
from winnow.corpus.selection.selection_settings import EVERYTHING, SPLITS, Selection
from winnow.corpus.selection.writing import write_splits
from winnow.corpus.versions import reading, run_of
from winnow.corpus.writers import write_text

MANIFEST_VERSION: Final = "1.0"
SHAPING: Final = ("duckdb", "pyarrow", "zstandard")  # packages whose version can change the bytes


@dataclass(frozen=True, slots=True)
class Selected:
    """Where a corpus lies and what is in it."""

    folder: Path
    documents: int
    sources: int
    splits: dict[str, int]  # documents in each of `SPLITS`


def select(clean: str | Path, output: str | Path, selection: Selection = EVERYTHING) -> Selected:
    """Write the selected documents of a cleaned corpus to a folder that other tools can load directly.

    The same documents, selection and versions give the same bytes. The folder takes the place of an earlier
    corpus whole, or stays as it was. Raises UsageError for an expression, a folder or a corpus that cannot be
    used, and where no document is taken.
    """
    with reading(Path(clean)) as version:
        return _select(version, Path(output), selection)


def _select(clean: Path, output: Path, selection: Selection) -> Selected:
    files = document_files(clean)
    state = _state(files)
    chosen = choose(files, selection)
    if not any(len(part.rows) for part in chosen):
        raise UsageError(f"no document of {clean} passes; nothing was written")
    with replacing_folder(output) as work:
        tally = write_splits(chosen, selection, work)
        if _state(files) != state:
            raise WinnowError(f"{clean}: changed while it was read; nothing was written, select again")
        write_text(work / CARD, corpus_card(tally, selection, __version__))
        write_text(
            work / MANIFEST,
            json.dumps(_manifest(work, tally, selection, run_of(clean)), indent=1, ensure_ascii=False),
        )
    splits = {split: tally.splits[split] for split in SPLITS}
    return Selected(output, tally.documents, len(tally.sources), splits)


def _state(files: Sequence[Path]) -> list[tuple[int, int, int]]:
    """Inode, size and time of each file, which change when it is replaced."""
    statuses = [file.stat() for file in files if file.exists()]
    return [(stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in statuses]


def _manifest(folder: Path, tally: CorpusCounts, selection: Selection, run_id: str) -> dict[str, object]:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return {
        VERSION_KEY: MANIFEST_VERSION,
        "selection": asdict(selection),
        "runs": [
            {"run_id": run or run_id, "pipeline_version": pipeline, "documents": documents}
            for (run, pipeline), documents in sorted(tally.runs.items())
        ],
        "versions": {"winnow": __version__, "schema": SCHEMA_VERSION}
        | {name: version(name) for name in SHAPING},
        "documents": tally.documents,
        "splits": {split: tally.splits[split] for split in SPLITS},
        "languages": dict(sorted(tally.languages.items())),
        "labels": dict(sorted(tally.labels.items())),
        "sources": dict(sorted(tally.sources.items())),
        "files": [asdict(file) for file in hashed_files(folder, names)],
    }
