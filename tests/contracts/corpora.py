"""Make the corpora that the contract tests load: `python -m tests.contracts.corpora FOLDER`.

100,000 documents of 200 sources in each format, in many shards. The first fifth has empty lists, empty strings and no
scores, so that whatever infers types from the first file infers them wrongly.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.formats import FORMATS, TextFormat
from winnow.corpus.selection.select import select
from winnow.corpus.selection.selection_settings import Selection
from winnow.corpus.settings import Settings
from winnow.corpus.text_quality import TextQuality
from winnow.corpus.writers import write_rows
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_in_child

ROWS: Final = 100_000
BARE: Final = 20_000  # rows at the beginning with nothing in them
SOURCES: Final = 200
SPLIT: Final = (80, 10, 10)
FEW: Final = 10  # documents of a source in the formats with a file a document


def make(folder: Path) -> None:
    """A cleaned corpus, selections of it in every format, and what a run makes of the samples."""
    root = Path(__file__).parents[2]
    clean_corpus(
        [str(root / "raw")], folder / "clean", Settings(), clean=clean_in_child, tick=lambda n: None
    )
    many = folder / "many"
    names = {"parquet": "part-00000.parquet", "jsonl": "part-00000.jsonl.gz"}
    write_rows(rows(), DOCUMENTS, **{kind: many / "documents" / name for kind, name in names.items()})
    for name, form in FORMATS.items():
        few = FEW if isinstance(form, TextFormat) else 0
        select(many, folder / name, Selection(split=SPLIT, format=name, shard_mb=1, per_source=few))
    select(many, folder / "one-source", Selection("domain = 'source0.example'", split=SPLIT))


def rows() -> Iterator[dict[str, object]]:
    """Rows of the schema, the bare ones first."""
    lists = {field.name for field in DOCUMENTS.field("metadata").type if "list" in str(field.type)}
    names = [field.name for field in DOCUMENTS.field("metadata").type]
    bare: dict[str, object] = {name: [] if name in lists else "" for name in names}
    for number in range(ROWS):
        ballast = hashlib.sha512(
            b"%d" % number
        ).hexdigest()  # that does not compress, for files of some length
        fields: dict[str, object] = {
            "id": f"{number:032x}",
            "text": f"Document {number} – ünïcode “text”,\nin two lines.\n{ballast}",
        }
        fields |= {
            "domain": f"source{number % SOURCES}.example",
            "language": "en",
            "tags": [],
            "n_chars_in": 1,
        }
        fields |= {"language_score": 0.5, "n_chars_out": 1, "source": "crawl", "metadata": bare}
        fields["quality"] = asdict(TextQuality())
        row = {name: None if name in SCORES else "" for name in DOCUMENTS.names} | fields
        yield row if number < BARE else row | full(number, bare)


SCORES: Final = [name for name in DOCUMENTS.names if str(DOCUMENTS.field(name).type) == "float"]


def full(number: int, bare: dict[str, object]) -> dict[str, object]:
    """The values of a full row."""
    lists: dict[str, object] = {
        "authors": ["Ada Byron"],
        "signals": [{"name": "dateline", "value": 1.0, "evidence": "LEEDS"}],
    }
    return {
        "created": "2025-03-14",
        "tags": ["lang:en", "reliability:reliable" if number % 2 else "reliability:unreliable"],
        "reliability_score": 0.75,
        "reliability_label": "reliable" if number % 2 else "unreliable",
        "quality": asdict(TextQuality(words=9, mean_word_chars=4.25)),
        "metadata": bare | lists | {"title": f"Title {number}"},
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]))
