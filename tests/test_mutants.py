"""What `make mutants` prints of the tool's results, and which tests it asks about a module."""

import json
from pathlib import Path

import pytest

from bench.mutants import Mutant, mutants, quick_tests, report

MODULE = Path("winnow/cleaners/ads.py")
DIFF = "--- mutation diff ---\n--- a{0}\n+++ b{0}\n@@ -15 +15 @@\n-SCORE = 0.9\n+SCORE = 1.9\n"


def item(line: int, outcome: str | None, worker: str = "normal") -> str:
    """A line of ``cosmic-ray dump``."""
    work = {"job_id": "1", "mutations": [{"start_pos": [line, 0], "operator_name": "core/NumberReplacer"}]}
    result = {"worker_outcome": worker, "test_outcome": outcome, "diff": DIFF.format(MODULE)}
    return json.dumps([work, result if outcome or worker == "skipped" else None])


def test_changes_that_no_test_noticed_are_printed_with_their_place() -> None:
    dump = [
        item(15, "survived"),
        item(16, "killed"),
        item(17, None),
        item(18, None, "skipped"),
        item(2, "survived"),
    ]
    assert [*report(MODULE, mutants("\n".join(dump)))] == [
        "winnow/cleaners/ads.py: 3 changes tested, 2 survived, 1 not tested yet",
        "  winnow/cleaners/ads.py:2\n    - SCORE = 0.9\n    + SCORE = 1.9",
        "  winnow/cleaners/ads.py:15\n    - SCORE = 0.9\n    + SCORE = 1.9",
    ]


def test_a_module_without_survivors_is_one_line() -> None:
    assert [*report(MODULE, [Mutant(1, "a", "b", "killed")])] == [
        "winnow/cleaners/ads.py: 1 changes tested, 0 survived, 0 not tested yet"
    ]


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("winnow/cleaners/ads.py", "test_cleaners.py"),
        ("winnow/corpus/signature.py", "test_signature.py"),
        ("winnow/models/trees.py", "test_trees.py"),
        ("winnow/corpus/contacts/phones.py", "test_contacts.py"),  # by what imports it
    ],
)
def test_a_module_is_asked_of_the_tests_that_import_it(module: str, test: str) -> None:
    assert test in quick_tests(Path(module))
