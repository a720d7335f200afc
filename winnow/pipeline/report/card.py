"""The dataset card ``clean/README.md``: with its YAML header ``load_dataset("clean")`` finds all tables."""

from collections.abc import Mapping
from typing import Final

import yaml

from winnow.corpus.dataset_card import features, markdown_table
from winnow.corpus.schema import DOCUMENTS, QUARANTINE, REJECTED, SCHEMA_VERSION, SOURCES
from winnow.corpus.tags import TAGS
from winnow.pipeline.report.tally import RunTally

# Configuration: (schema, files).
TABLES: Final = {
    "default": (DOCUMENTS, "documents/*.parquet"),
    "rejected": (REJECTED, "rejected/*.parquet"),
    "quarantine": (QUARANTINE, "quarantine/*.parquet"),
    "sources": (SOURCES, "sources.parquet"),
}
PLURALS: Final = {"email": "e-mail addresses", "phone": "telephone numbers", "address": "postal addresses"}
BODY: Final = """
# A corpus cleaned by Winnow {version}

{documents} documents from {sources} sources; {rejected} rejected, {quarantined} in quarantine, each with its
reason. {share:.0%} of the laid-out characters were removed. Every removed span stands in `metadata.removed`
with its kind, rule and score, in code points of the laid-out text: put back, they give it, masks included.

{masked}

| folder | holds |
|---|---|
| `documents/` | one row a document, as Parquet and as the same rows in gzipped JSON Lines |
| `rejected/` | dropped documents (empty, copies, texts for machines, error pages), with the reason |
| `quarantine/` | inputs that could not be read or cleaned, with the reason |
| `sources.parquet`, `.csv` | one row a source: score, interval, documents behind it, strongest signals |
| `report.html`, `.json` | what the run did |

A document belongs to the row of `sources` whose `domain` is its `domain`, or its `source` where that is empty.
`reliability_score` estimates the rating that experts would give the source, from style that goes with such
ratings. It does not check facts, and must never be the only ground for leaving a source out.

## Tags

{tags}

## Documents by language and label

{counts}

Schema version {schema}. The licence of the texts is that of their sources; check it before you publish them.
"""


def dataset_card(tally: RunTally, sources: int, quarantined: int, pipeline_version: str) -> str:
    """The card's text, Markdown with a YAML header."""
    body = BODY.format(
        version=pipeline_version,
        documents=tally.documents,
        sources=sources,
        rejected=tally.rejected.total(),
        quarantined=quarantined,
        share=1 - tally.chars_out / tally.chars_in if tally.chars_in else 0,
        masked=_masked(tally.masked),
        tags=markdown_table(("tag", "meaning"), dict(sorted(TAGS.items()))),
        counts=markdown_table(
            ("language or label", "documents"), dict(sorted((tally.languages + tally.labels).items()))
        ),
        schema=SCHEMA_VERSION,
    )
    return f"---\n{yaml.safe_dump(_header(), sort_keys=False)}---\n{body}"


def _header() -> dict[str, object]:
    """The YAML header, by which the library ``datasets`` knows the tables and their columns."""
    return {
        "configs": [
            {"config_name": name, "data_files": files, **({"default": True} if name == "default" else {})}
            for name, (_, files) in TABLES.items()
        ],
        "dataset_info": [
            {"config_name": name, "features": features(schema)} for name, (schema, _) in TABLES.items()
        ],
    }


def _masked(counts: Mapping[str, int]) -> str:
    """A sentence on what was done about contacts of people."""
    if not counts:
        return "Personal data: contacts were left as they are (`--contacts keep`)."
    masked = ", ".join(f"{PLURALS[kind]} {count:,}" for kind, count in counts.items())
    return f"Personal data: contacts masked by placeholders of the same length, such as `[email....]`: {masked}."
