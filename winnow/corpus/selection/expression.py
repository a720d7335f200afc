"""An SQL expression over the columns, checked before anything runs it.

DuckDB parses it where a query has its ``WHERE``; the tree must be the one of that query but for the condition,
so an expression cannot break out of its place, and the condition may hold only what is listed here. That leaves
out subqueries, tables, functions that read or write anything, clocks and chance, and whatever makes texts longer
or takes more than linear time (`python -m bench.select` says how long the slowest take).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import duckdb

from winnow.corpus.errors import UsageError
from winnow.corpus.output import is_utf8
from winnow.corpus.schema import DOCUMENTS

MAX_CHARS: Final = 10_000  # of an expression; lists of values are what makes one long
MAX_MESSAGE: Final = 300  # characters of what DuckDB says, which may quote a text
TABLE: Final = "documents"  # name under which the rows are seen
NODES: Final = frozenset(
    "BETWEEN CASE CAST COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION OPERATOR".split()
)
TYPES: Final = frozenset("BIGINT BOOLEAN DATE DECIMAL DOUBLE FLOAT INTEGER TIMESTAMP VARCHAR".split())
FUNCTIONS: Final = frozenset(
    "+ - * / // % ~~ !~~ abs ceil ceiling contains date_part date_trunc day ends_with floor greatest instr "
    "least left len length list_contains list_has list_has_all list_has_any list_position list_value lower "
    "ltrim month nullif position prefix regexp_full_match regexp_matches right round rtrim starts_with strlen "
    "strpos substr substring suffix trim upper year".split()
)
# function: number of the first argument that must be written out. A pattern from a text could be a hostile one, a text
# that is looked for in another takes time by the product of both lengths, and a list of columns could hold a text a
# thousand times.
WRITTEN_OUT: Final = {
    "list_value": 0,
    "~~": 1,
    "!~~": 1,
    "contains": 1,
    "instr": 1,
    "position": 1,
    "regexp_full_match": 1,
    "regexp_matches": 1,
    "strpos": 1,
}
LIKE: Final = frozenset({"~~", "!~~"})

Node = Mapping[str, Any]  # of DuckDB's tree, as JSON


def checked(expression: str, option: str = "--where") -> tuple[str, frozenset[str]]:
    """The expression in parentheses, safe to stand in a ``WHERE``, and the columns that it reads.

    Raises UsageError with DuckDB's own words where it is no expression, and where it holds what is not allowed.
    """
    if len(expression) > MAX_CHARS:
        raise UsageError(f"{option}: {len(expression)} characters; an expression has {MAX_CHARS} at most")
    if "\0" in expression or not is_utf8(expression):
        raise UsageError(f"{option}: {expression!a} is not text that can be read")
    parenthesised = f"({expression}\n)"  # the line break ends a comment
    try:
        with locked_connection() as connection:
            conditions = [_condition(connection, form, option) for form in (expression, parenthesised)]
        columns = frozenset(name for tree in conditions for name in _checked_columns(tree, option))
    except RecursionError as error:
        raise UsageError(f"{option}: is nested too deep; for many values, write column in (…)") from error
    return parenthesised, columns


def refused(error: duckdb.Error, option: str = "--where") -> UsageError:
    """DuckDB's complaint about an expression as an error for the user."""
    return UsageError(f"{option}: {str(error).splitlines()[0][:MAX_MESSAGE]}; {_columns()}")


def locked_connection() -> duckdb.DuckDBPyConnection:
    """A database in memory that reads no files, loads nothing, and whose settings cannot be changed again."""
    connection = duckdb.connect(
        config={
            "allow_community_extensions": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_access": "false",
            "memory_limit": "256MB",
            "temp_directory": "",
            "threads": "1",  # rows come out in the order in which they went in
        }
    )
    connection.execute("SET lock_configuration = true")
    return connection


def _condition(connection: duckdb.DuckDBPyConnection, expression: str, option: str) -> Node:
    """The tree of an expression. Raises UsageError where it changes the query around it."""
    tree, shape = (_query(connection, condition, option) for condition in (expression, "true"))
    condition: Node = tree[0]["node"].pop("where_clause", {})
    del shape[0]["node"]["where_clause"]
    if tree != shape:
        raise UsageError(f"{option}: {expression!r} is not one expression; {_columns()}")
    return condition


def _query(connection: duckdb.DuckDBPyConnection, condition: str, option: str) -> list[dict[str, Any]]:
    """The trees of the statements that a condition makes of the query: one, if all is well."""
    query = f"SELECT 1 FROM {TABLE} WHERE {condition}"  # noqa: S608  # it is only parsed
    [tree] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [query]).fetchone() or ("",)
    answer = json.loads(tree)
    if answer["error"]:
        raise UsageError(f"{option}: {answer['error_message']}; {_columns()}")
    statements: list[dict[str, Any]] = answer["statements"]
    return statements


def _checked_columns(condition: Node, option: str) -> Iterator[str]:
    """The columns that a condition reads. Raises UsageError for the first part of it that is not allowed."""
    for node in _nodes(condition):
        if wrong := _wrong(node):
            raise UsageError(f"{option}: {wrong}")
        if node["class"] == "COLUMN_REF":
            yield str(node["column_names"][0]).lower()


def _nodes(tree: object) -> Iterator[Node]:
    """All nodes of an expression, outer ones first."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for part in tree.values():
            yield from _nodes(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _wrong(node: Node) -> str:
    """The reason why a node is not allowed, "" if it is."""
    kind = node["class"]
    if kind not in NODES:
        return f"{kind.lower()} cannot stand in the expression; it compares columns with values"
    if kind == "COLUMN_REF" and node["column_names"][0].lower() not in DOCUMENTS.names:
        return f"no column is called {node['column_names'][0]!r}; {_columns()}"
    if kind == "CAST" and node["cast_type"]["id"] not in TYPES:
        return f"nothing can be cast to that type; there are: {', '.join(sorted(TYPES))}"
    return _wrong_call(node) if kind == "FUNCTION" else ""


def _wrong_call(node: Node) -> str:
    name, arguments = node["function_name"], node["children"]
    if name not in FUNCTIONS:
        words = sorted(function for function in FUNCTIONS if function[0].isalpha())
        return f"the function {name} cannot be used; there are: {', '.join(words)}"
    written_out = arguments[WRITTEN_OUT.get(name, len(arguments)) :]
    if any(argument["class"] != "CONSTANT" for argument in written_out):
        return f"{name} takes values that are written out"
    if name in LIKE and any("_" in str(argument["value"].get("value")) for argument in written_out):
        return "a LIKE pattern has no _; use regexp_matches"
    return ""


def _columns() -> str:
    return f"columns: {', '.join(DOCUMENTS.names)}"
