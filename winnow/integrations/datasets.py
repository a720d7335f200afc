"""A function for ``map`` of Hugging Face's ``datasets.Dataset`` and ``IterableDataset``: cleans a batch of rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from winnow.api import DEFAULTS, clean
from winnow.corpus.errors import UnreadableError
from winnow.corpus.settings import Settings

Batch = Mapping[str, Sequence[Any]]


def clean_batch(
    batch: Batch, *, html: str = "html", text: str = "text", url: str = "url", settings: Settings = DEFAULTS
) -> dict[str, list[str]]:
    """The columns ``text``, cleaned, and ``reason``: why there is no text, "" where there is.

    For ``map(clean_batch, batched=True)``; ``fn_kwargs={"html": "page"}`` names other columns. Reads the column
    of HTML, or that of text where there is none. No row is lost: use ``filter`` to drop those with a reason.
    """
    contents = batch[html] if html in batch else batch[text]
    urls = batch.get(url) or [""] * len(contents)
    rows = [
        _text_and_reason(content or "", address or "", settings)
        for content, address in zip(contents, urls, strict=True)
    ]
    return {text: [cleaned for cleaned, _ in rows], "reason": [reason for _, reason in rows]}


def _text_and_reason(content: str | bytes, url: str, settings: Settings) -> tuple[str, str]:
    try:
        text = clean(content, url=url, settings=settings).text
    except UnreadableError as error:
        return "", error.reason
    return (text, "") if text.strip() else ("", "empty")
