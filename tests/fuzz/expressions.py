"""Expressions of `winnow select --where`: refused in words, or each row passes it, fails it or has no answer."""

import atexit
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from tests.cleaned import document, write_clean
from tests.fuzz.target import Target, as_bytes, expect, expect_count
from tests.test_where import CASE_FILE, DOCUMENTS, TITLES, WORDS
from winnow.corpus import schema
from winnow.corpus.errors import UsageError
from winnow.corpus.selection.choosing import choose, document_files
from winnow.corpus.selection.expression import FUNCTIONS, checked
from winnow.corpus.selection.selection_settings import PRESETS, Selection

ANSWERED: Final = "({0}\n) or not ({0}\n) or ({0}\n) is null"  # true of each row, whatever stands in it
MORE: Final = (
    "'2025-03-14'", "timestamp '2025-03-14'", "1e308", "-9223372036854775808", "9223372036854775807", "'\\\\'", "'[a-z]*'",
    "'(a|a)*b'", "$$a$$", '"text"', "metadata['removed']", "tags[1]", "tags[1:2]", "'%a%'", "ilike", "similar to", "glob",
    "escape '!'", "collate nocase", "try_cast(text as integer)", "--", "/*", "*/", ";", "union", "exists (", "documents",
    "count(*)", "row_number() over ()", "read_text('/etc/passwd')", "getenv('HOME')", "now()", "random()", "columns(*)",
    "interval 1 day", "isnull", "notnull", "is distinct from", "between 0 and 1", "in (1, 2)", "any(tags)", "?", ":a", "#1",
    "x'00'", "0x10", "1_000", "e'\\n'", "::varchar", "::decimal(38, 10)", "date_part('year', created)", "chr(0)", "not",
)  # fmt: skip


def check(data: bytes) -> None:
    """Check an expression; of one that is accepted, it, its negation or its being unknown is true of each row."""
    text = data.decode("utf8", "surrogateescape")  # as Python reads the words of a command
    try:
        condition, columns = checked(text)
        expect(text in condition, "an expression stays as it is")
        expect(
            columns <= {name.lower() for name in schema.DOCUMENTS.names}, "columns are those of documents"
        )
        taken = _taken(ANSWERED.format(text))
    except UsageError as error:
        expect(str(error).startswith("--where: "), "a refusal names the option")
        return
    expect_count(taken, len(DOCUMENTS), "rows")


def _taken(where: str) -> int:
    """How many rows an expression takes."""
    parts = choose(document_files(_corpus()), Selection(where=where, preset="all"))
    return sum(len(part.rows) for part in parts)


@cache
def _corpus() -> Path:
    """The small corpus of tests/test_where.py, written once."""
    folder = Path(mkdtemp(prefix="winnow-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    titles = [{"title": TITLES.get(name, "")} for name in DOCUMENTS]
    rows = [
        document(name, **row, metadata=title)
        for (name, row), title in zip(DOCUMENTS.items(), titles, strict=True)
    ]
    return write_clean(folder / "clean", rows[:2], [], rows[2:])


def _cases() -> Iterator[bytes]:
    yield from (
        json.loads(line)["where"].encode(errors="replace")
        for line in CASE_FILE.read_text(encoding="utf8").split("\n")
        if line
    )
    yield from (condition.encode() for condition in PRESETS.values())


PIECES: Final = as_bytes(
    *([f" {word} " for word in words] for words in (WORDS, MORE, FUNCTIONS, schema.DOCUMENTS.names))
)
TARGET: Final = Target(check, _cases, PIECES, max_bytes=300)
