"""The dataset card of a selected corpus: with its YAML header ``load_dataset("CORPUS")`` finds splits and columns."""

from collections import Counter
from typing import Final

import yaml

from winnow.corpus.dataset_card import code_cell, features, markdown_table
from winnow.corpus.schema import DOCUMENTS, SCHEMA_VERSION
from winnow.corpus.selection.corpus_counts import CorpusCounts
from winnow.corpus.selection.formats import FORMATS, RowFormat
from winnow.corpus.selection.selection_settings import PRESETS, SPLITS, Selection
from winnow.corpus.tags import TAGS

MAX_ROWS: Final = 100  # of a table of counts
# Hugging Face's categories
SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
ABOUT_PEOPLE: Final = (
    "fake_author_block",
    "author_bio",
    "byline_date",
    "reader_comment",
    "reader_submission",
)
LICENCE: Final = """\
# The licence is yours to fill in before you publish: the texts belong to those who wrote them, and Winnow
# does not know on what terms you have them. https://hf.co/docs/hub/repositories-licenses lists the names.
# license:
"""
BODY: Final = """
# {documents} documents selected by Winnow {version}

{documents} documents ({characters} characters) from {sources} sources, selected from what `winnow clean` wrote.

| | |
|---|---|
| preset | `{preset}`: `{preset_expression}` |
| where | {where} |
| at most of a source | {per_source} |
| split by source | {split} percent train, validation, test |

No source is in two splits. `manifest.json` has the settings, the versions and a hash of every file.

## Licence

**No licence is set.** The texts belong to those who wrote them. Find out on what terms you may use them and fill in
`license` in the header of this file before you publish it; until then nobody may use this corpus but you.

## Personal data

Texts are about people, and quote them. Pieces about people were removed from the texts, true and generated ones,
where they are no part of the document; the table counts the documents that had them. {removed}Names of authors
stand in `metadata.authors`, biographies that the pages print in `metadata.author_bio`; names, addresses and numbers
in the body of a document are left as they are.

{people}

## Reliability

`reliability_score` estimates the rating that experts would give the source, from style that goes with such ratings,
unless a rating list or a person says it (`reliability_basis`). It does not check facts, and must never be the only
ground for leaving a source out.

## Documents by split, language and label

{splits}

{languages}

{labels}

## Documents by source

{by_source}
{more}
## Tags

{tags}

Schema version {schema}.
"""


def corpus_card(tally: CorpusCounts, selection: Selection, version: str) -> str:
    """The card's text, Markdown with a YAML header. The licence is left to the user."""
    header = yaml.safe_dump(_header(tally, selection), sort_keys=False, allow_unicode=True)
    return f"---\n{LICENCE}{header}---\n{_body(tally, selection, version)}"


def _header(tally: CorpusCounts, selection: Selection) -> dict[str, object]:
    size = next((name for limit, name in SIZES if tally.documents < limit), "n>100M")
    header: dict[str, object] = {
        "language": sorted(set(tally.languages) - {"und"}) or ["und"],
        "size_categories": [size],
        "task_categories": ["text-generation", "text-classification"],
        "tags": ["winnow"],
    }
    if isinstance(form := FORMATS[selection.format], RowFormat):
        splits = [split for split in SPLITS if tally.splits[split]]
        files = [{"split": split, "path": f"{form.folder}/{split}-*{form.suffix}"} for split in splits]
        header["configs"] = [{"config_name": "default", "data_files": files, "default": True}]
        header["dataset_info"] = {
            "features": features(form.columns(DOCUMENTS.empty_table()).schema),
            "splits": [
                {"name": split, "num_bytes": tally.split_bytes[split], "num_examples": tally.splits[split]}
                for split in splits
            ],
        }
    return header


def _body(tally: CorpusCounts, selection: Selection, version: str) -> str:
    more = len(tally.sources) - MAX_ROWS
    people = {kind: tally.tags[f"noise:{kind}"] for kind in ABOUT_PEOPLE}
    return BODY.format(
        documents=tally.documents,
        characters=tally.characters,
        version=version,
        sources=len(tally.sources),
        preset=selection.preset,
        preset_expression=PRESETS[selection.preset],
        where=code_cell(selection.where) if selection.where else "all of these",
        per_source=selection.per_source or "all",
        split=", ".join(map(str, selection.split)),
        removed="" if selection.with_removed else "They are not in the metadata either. ",
        people=markdown_table(("removed", "documents"), people),
        splits=markdown_table(("split", "documents"), {split: tally.splits[split] for split in SPLITS}),
        languages=markdown_table(("language", "documents"), _most_first(tally.languages)),
        labels=markdown_table(("reliability_label", "documents"), _most_first(tally.labels)),
        by_source=markdown_table(("source", "documents"), _most_first(tally.sources)),
        more=f"\nand {more} sources more.\n" if more > 0 else "",
        tags=markdown_table(("tag", "meaning"), TAGS),
        schema=SCHEMA_VERSION,
    )


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_ROWS])
