"""Whether documents of the greatest size that is read by default come through under the default limits.

    python -m bench.growth.largest [--case LABEL ...]

Each case is cleaned at that size in a child, as a run does it. Where one takes longer than `Settings.document_seconds`
or more than `Settings.document_memory_bytes`, it is quarantined, and this ends with 1.
"""

import argparse
import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.growth.cases import TYPES, WorstCase, read_cases
from bench.results import write_results
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import RowOutcome, clean_document
from winnow.pipeline.workers.isolation import clean_in_child

SETTINGS: Final = Settings()
LIMITS: Final = frozenset(
    {"timed_out", "out_of_memory", "crashed", "failed"}
)  # reasons that are no verdict
# Those that took most time or memory for a byte, of all (`python -m bench.growth`).
COSTLY: Final = (
    "one char lines", "digit lines", "pre", "p", "td br", "br", "network", "frames", "label2", "json line",
    "date glued", "mail", "a@b", "postcode uk", "numbered words", "numbered paragraphs", "paragraph", "ideograph",
    "attr id", "numbered attributes", "td nbsp", "numbered references", "span nbsp", "script json2",
)  # fmt: skip


def main() -> None:
    """Clean each case at the greatest size, and write what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--case", nargs="+", default=COSTLY)
    labels = parser.parse_args().case
    figures = {case.label: _cleaned(case) for case in read_cases() if case.label in labels}
    write_results(
        "largest", [], {"bytes": SETTINGS.max_document_bytes, "limits": SETTINGS.limits(), "cases": figures}
    )
    sys.exit(any(LIMITS & {str(row["outcome"])} for row in figures.values()))


def _cleaned(case: WorstCase) -> dict[str, object]:
    """The outcome of a case, with the CPU seconds and the greatest resident set of the child where it came through."""
    content = case.text(SETTINGS.max_document_bytes).encode("utf-8", "replace")[
        : SETTINGS.max_document_bytes
    ]
    with TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.json"
        raw = RawDocument(str(notes), content, TYPES[case.kind], "raw", "2026-11-30T00:00:00Z", "utf-8")
        [outcome] = clean_in_child([raw], SETTINGS, clean_and_note)
        used = json.loads(notes.read_text()) if notes.exists() else {}
    row = {"outcome": outcome.reason if isinstance(outcome, Quarantined) else "cleaned", **used}
    print(case.label, row, flush=True)
    return row


def clean_and_note(raw: RawDocument, settings: Settings) -> RowOutcome:
    """The row of a document; what it took is written where its path says."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    row = clean_document(raw, settings)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = {
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "more_megabytes": (after.ru_maxrss - before.ru_maxrss) // 1024,
    }
    Path(raw.path).write_text(json.dumps(used))
    return row


if __name__ == "__main__":
    # Children find its functions in the module, and not in a script.
    import_module("bench.growth.largest").main()
