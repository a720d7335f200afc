"""Each function that an expression may use takes linear time, whatever columns it gets."""

import time
from collections.abc import Iterator
from functools import cache

import pyarrow as pa
import pytest

from winnow.corpus.selection.expression import FUNCTIONS, LIKE, WRITTEN_OUT, locked_connection

SIZE = 250_000  # characters of a column
# What is linear takes 20 ms at most; to look for one such column in another, with 32 bytes at once, 2 s.
MAX_MILLISECONDS = 300
COLUMNS = {  # for each type of argument, what stands in its first place and in the others
    "VARCHAR": ("text", "other"),
    "BIGINT": ("1", "length(text)"),
    "ANY": ("text", "other"),
    "T[]": ("many", "others"),
    "ANY[]": ("many", "others"),
    "T": ("'a'", "text"),
}
LONG = {"VARCHAR", "ANY", "T[]", "ANY[]"}  # types of which there are long values
NEEDLE = f"'{'a' * 500}b'"  # stands where an argument must be written out
FORMS = {**dict.fromkeys(LIKE, "{0} {name} '%a%a%a%b'"), "position": "position({1} in {0})"}
OF_NUMBERS = (
    "+ - * / // % abs ceil ceiling date_part date_trunc day floor list_value month nullif round year"
)


@cache
def parameter_types() -> dict[str, list[list[str]]]:
    """What each function of DuckDB takes, in each of its ways."""
    query = "SELECT function_name, list(DISTINCT parameter_types) FROM duckdb_functions() GROUP BY ALL"
    with locked_connection() as connection:
        return dict(connection.execute(query).fetchall())


def calls(name: str) -> Iterator[str]:
    """Calls of a function with whole columns, one for each way in which DuckDB takes texts or lists."""
    for types in parameter_types().get(name, []):
        if LONG.intersection(types) and COLUMNS.keys() >= {*types}:
            arguments = [COLUMNS[kind][number > 0] for number, kind in enumerate(types)]
            written_out = WRITTEN_OUT.get(name, len(arguments))
            arguments[written_out:] = [NEEDLE, "'s'"][: len(arguments) - written_out]
            form = FORMS.get(name, f"{name}({', '.join(arguments)})")
            yield form.format(*arguments, name=name)


CALLS = sorted({call for name in FUNCTIONS for call in calls(name)})


@pytest.mark.parametrize("text", ["a", "é"])
@pytest.mark.parametrize("call", CALLS, ids=[call[:30] for call in CALLS])
def test_a_function_over_whole_columns_takes_linear_time(call: str, text: str) -> None:
    many = [f"{number:06}" for number in range(SIZE // 8)]
    row = {
        "text": [text * SIZE],
        "other": [text * (SIZE - 1) + "b"],
        "many": [many],
        "others": [many[::-1]],
    }
    with locked_connection() as connection:
        connection.register("documents", pa.table(row))
        began = time.process_time()
        connection.execute(f"SELECT count(*) FROM documents WHERE ({call}) IS NULL").fetchall()
        assert 1000 * (time.process_time() - began) < MAX_MILLISECONDS


def test_every_function_of_texts_and_lists_is_timed() -> None:
    assert {name for name in FUNCTIONS if not [*calls(name)]} == {*OF_NUMBERS.split()}
