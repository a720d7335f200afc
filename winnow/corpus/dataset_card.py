"""Pieces of dataset cards: columns as Hugging Face's ``dataset_info`` names them, tables of counts."""

from collections.abc import Mapping

import pyarrow as pa


def features(fields: pa.Schema | pa.StructType) -> list[dict[str, object]]:
    """Columns in the notation of Hugging Face's ``dataset_info``."""
    return [{"name": field.name, **_feature(field.type)} for field in fields]


def markdown_table(head: tuple[str, str], rows: Mapping[str, object]) -> str:
    """A table of two columns, in the order of the rows."""
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    return "\n".join(lines + [f"| {code_cell(name)} | {value} |" for name, value in rows.items()])


def code_cell(text: str) -> str:
    """A text as code in a cell of a table, which it cannot break out of.

    >>> code_cell("a|b\\n`c`")
    "`a\\\\|b 'c'`"
    """
    return f"`{' '.join(text.split()).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _feature(kind: pa.DataType) -> dict[str, object]:
    if pa.types.is_list(kind):
        inner = _feature(kind.value_type)
        return {"list": inner.get("dtype") or inner["struct"]}
    if pa.types.is_struct(kind):
        return {"struct": features(kind)}
    return {"dtype": {"float": "float32"}.get(str(kind), str(kind))}
