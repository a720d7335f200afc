"""Steps for datatrove's pipelines. Needs ``datatrove`` 0.6 or newer."""

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
    """From the HTML, or text, of a document to its cleaned text; one of which nothing is left is dropped."""

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
    """Keeps documents whose source has one of some labels in a corpus that ``winnow clean`` wrote.

    The source is that of the document's ``url``, else ``domain``, in its metadata; one that the corpus does not
    know is ``unknown``.
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
        known = doc.metadata
        domain = registered_domain(known.get("url") or "") or known.get("domain") or ""
        label = self._labels.get(domain, "unknown")
        return label in self.kept or (False, label)
