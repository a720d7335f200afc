"""A function for ``map`` of Hugging Face's ``datasets.Dataset`` and ``IterableDataset``: cleans a batch of rows."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from winnow.api import DEFAULTS
from winnow.corpus.errors import UnreadableError
from winnow.corpus.settings import Settings
from winnow.integrations.page_values import UNKNOWN, PageReader, SourceLabels

Batch = Mapping[str, Sequence[Any]]

TEXTS: Final = ("domain", "title", "published", "site_name", "language")
SCORES: Final = ("reliability_score", "reliability_low", "reliability_high")
LABELS: Final = ("reliability_label", "reliability_verdict")
GIVEN: Final = (*TEXTS, "authors", "language_score")  # what a batch says itself
UNKNOWN_NUMBER: Final = float("nan")  # a column of nothing but None has no type


def clean_batch(
    batch: Batch,
    *,
    html: str = "html",
    text: str = "text",
    url: str = "url",
    settings: Settings = DEFAULTS,
    corpus: str = "",
) -> dict[str, list[Any]]:
    """The columns ``text``, cleaned, ``reason``, why there is no text, "" where there is, and what is known of a page.

    For ``map(clean_batch, batched=True)``; ``fn_kwargs={"html": "page"}`` names other columns. Reads the column
    of HTML, or that of text where there is none. No row is lost: use ``filter`` to drop those with a reason.

    The others are ``domain``, ``title``, ``authors`` (with "; " between them), ``published``, ``site_name``,
    ``language``, ``language_score`` and ``removed``, a list as JSON; and with the ``corpus`` of a run its scores of the
    source. A value that the batch has already stays. All columns have the same type in each batch, whatever is in it.
    """
    contents = batch[html] if html in batch else batch[text]
    rows = [dict(zip(batch, row, strict=True)) for row in zip(*batch.values(), strict=True)]
    read, columns = _reader(settings, corpus), dict[str, list[Any]]()
    for content, row in zip(contents, rows, strict=True):
        values = _values(content or "", row.get(url) or "", row.get("title") or "", read)
        for name, value in values.items():
            given = row.get(name) if name in GIVEN else None
            columns.setdefault(text if name == "text" else name, []).append(given or value)
    return columns


@cache
def _reader(settings: Settings, corpus: str) -> PageReader:
    return PageReader(settings, SourceLabels(corpus))


def _values(content: str | bytes, url: str, title: str, read: PageReader) -> dict[str, Any]:
    """The values of a row: the same names and types whatever the page is."""
    try:
        values: Mapping[str, Any] = read(content, url, title)
        reason = ""
    except UnreadableError as error:
        values, reason = {}, error.reason
    texts = {name: values.get(name) or "" for name in TEXTS}
    numbers = {
        name: values.get(name) for name in ("language_score", *(SCORES if read.labels.corpus else ()))
    }
    return {
        "text": values.get("text") or "",
        "reason": reason,
        **texts,
        "authors": "; ".join(values.get("authors") or ()),
        **{name: UNKNOWN_NUMBER if value is None else value for name, value in numbers.items()},
        "removed": json.dumps(values.get("removed") or [], ensure_ascii=False),
        **({name: values.get(name) or UNKNOWN for name in LABELS} if read.labels.corpus else {}),
    }
