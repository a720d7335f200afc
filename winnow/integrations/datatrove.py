"""Steps for datatrove's pipelines: an extractor, and a filter by sources. Needs ``datatrove`` 0.6 or newer."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from os import PathLike, fspath
from typing import Any, Final

from datatrove.data import Document
from datatrove.pipeline.extractors.base import BaseExtractor
from datatrove.pipeline.filters.base_filter import BaseFilter

from winnow.api import DEFAULTS
from winnow.corpus.errors import UnreadableError
from winnow.corpus.settings import Settings
from winnow.integrations.page_values import PageReader, SourceLabels, fill, source_of

EXTRACT_SECONDS: Final = 60.0  # a document; the first one of a process loads the models, some seconds
KEPT_LABELS: Final = ("reliable", "mixed", "unknown")


class TextWithValues(str):
    """A text and what else is known of its page; datatrove hands texts to the process that cleans, and back."""

    def __new__(cls, text: str, values: Mapping[str, Any]) -> "TextWithValues":
        """The text, with values."""
        made = super().__new__(cls, text)
        made.values = values
        return made

    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[type["TextWithValues"], tuple[str, Mapping[str, Any]]]:
        """How it is pickled."""
        return TextWithValues, (str(self), self.values)


class WinnowExtractor(BaseExtractor):  # type: ignore[misc]  # datatrove is not typed
    """Turns the HTML or text of a document into its cleaned text; drops a document of which nothing is left.

    The ``url`` and ``title`` of its metadata are taken as those of the page. Added to its metadata, where it does not
    have them, are ``url``, ``domain``, ``title``, ``authors``, ``published``, ``site_name``, ``language``,
    ``language_score`` and ``removed``; with the ``corpus`` of a run the scores of the source, ``reliability_…``.
    """

    name = "🌾 Winnow"

    def __init__(
        self,
        timeout: float = EXTRACT_SECONDS,
        settings: Settings = DEFAULTS,
        corpus: str | PathLike[str] = "",
    ) -> None:
        super().__init__(timeout)
        self.page = PageReader(settings, SourceLabels(fspath(corpus)))

    def extract(self, text: str) -> str:
        """The cleaned text, with the values of the page; "" where there is none."""
        known = text.values if isinstance(text, TextWithValues) else {}
        try:
            values = self.page(str(text), known.get("url") or "", known.get("title") or "")
        except UnreadableError:
            return ""
        return TextWithValues(str(values.pop("text")).strip(), values)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents with their cleaned texts, and their metadata filled."""
        for document in super().run(map(_with_metadata, data), rank, world_size):
            if isinstance(document.text, TextWithValues):
                fill(document.metadata, document.text.values)
                document.text = str(document.text)
            yield document


def _with_metadata(document: Document) -> Document:
    document.text = TextWithValues(document.text, document.metadata)
    return document


class SourceFilter(BaseFilter):  # type: ignore[misc]  # datatrove is not typed
    """Keeps documents whose source has one of the given labels in a corpus that ``winnow clean`` wrote.

    The source is that of the ``url``, else of the ``domain``, in the document's metadata; a source that the corpus
    does not contain is ``unknown``.
    """

    name = "🌾 Winnow sources"

    def __init__(
        self,
        corpus: str | PathLike[str],
        labels: Collection[str] = KEPT_LABELS,
        exclusion_writer: object = None,
    ) -> None:
        super().__init__(exclusion_writer)
        self.kept = frozenset(labels)
        self._labels = SourceLabels(fspath(corpus))

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether to keep a document, else its source's label as the reason."""
        domain = source_of(doc.metadata.get("url") or "", doc.metadata.get("domain") or "")
        label = self._labels.label(domain)
        return label in self.kept or (False, label)
