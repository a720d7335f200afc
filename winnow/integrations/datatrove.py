"""Steps for datatrove's pipelines: an extractor, and a filter by sources. Needs ``datatrove`` 0.6 or newer."""

from collections.abc import Collection
from os import PathLike, fspath
from typing import Final

from datatrove.data import Document
from datatrove.pipeline.extractors.base import BaseExtractor
from datatrove.pipeline.filters.base_filter import BaseFilter

from winnow.api import DEFAULTS, clean, read
from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UnreadableError
from winnow.corpus.settings import Settings

EXTRACT_SECONDS: Final = 60.0  # a document; the first one of a process loads the models, some seconds
KEPT_LABELS: Final = ("reliable", "mixed", "unknown")


class WinnowExtractor(BaseExtractor):  # type: ignore[misc]  # datatrove is not typed
    """Turns the HTML or text of a document into its cleaned text; drops a document of which nothing is left."""

    name = "🌾 Winnow"

    def __init__(self, timeout: float = EXTRACT_SECONDS, settings: Settings = DEFAULTS) -> None:
        super().__init__(timeout)
        self.settings = settings

    def extract(self, text: str) -> str:
        """The cleaned text; "" where there is none."""
        try:
            return clean(text, settings=self.settings).text.strip()
        except UnreadableError:
            return ""


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
        self.corpus = fspath(corpus)
        self.kept = frozenset(labels)
        self._labels: dict[str, str] | None = None  # read by the process that filters

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether to keep a document, else its source's label as the reason."""
        if self._labels is None:
            self._labels = {
                source.domain: source.reliability_label for source in read(self.corpus).sources()
            }
        metadata = doc.metadata
        domain = registered_domain(metadata.get("url") or "") or metadata.get("domain") or ""
        label = self._labels.get(domain, "unknown")
        return label in self.kept or (False, label)
