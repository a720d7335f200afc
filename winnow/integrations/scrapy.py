"""An item pipeline for Scrapy, which cleans the page of each item. Needs ``scrapy`` 2.14 or newer.

In a project's settings: ``ITEM_PIPELINES = {"winnow.integrations.scrapy.WinnowPipeline": 300}``.
"""

from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.integrations.page_values import PageReader, SourceLabels, fill


class WinnowPipeline:
    """Adds the cleaned text of its page to each item, and what is known of it; drops an item of which nothing is left.

    Reads the fields ``html`` (text or bytes) and ``url``, writes ``text``. Scrapy's settings `WINNOW_HTML_FIELD`,
    `WINNOW_URL_FIELD` and `WINNOW_TEXT_FIELD` name others. Filled where the item has none of its own, and may have
    them, are ``domain``, ``title``, ``authors``, ``published``, ``site_name``, ``language``, ``language_score`` and
    ``removed``; where `WINNOW_CORPUS` names the corpus of a run, its scores of the source, ``reliability_…``. A page
    of bytes becomes text, so that every feed can hold it.
    """

    def __init__(self, html: str = "html", url: str = "url", text: str = "text", corpus: str = "") -> None:
        self.html = html
        self.url = url
        self.text = text
        self._page = PageReader(labels=SourceLabels(corpus))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline with the fields that Scrapy's settings name."""
        names = {name: f"WINNOW_{name.upper()}_FIELD" for name in ("html", "url", "text")}
        names["corpus"] = "WINNOW_CORPUS"
        values = {name: crawler.settings.get(setting) for name, setting in names.items()}
        return cls(**{name: value for name, value in values.items() if value})

    def process_item(self, item: Any) -> Any:
        """The item with its text. Raises DropItem where there is none."""
        fields = ItemAdapter(item)
        content, url = fields.get(self.html) or "", fields.get(self.url) or ""
        try:
            values = self._page(content, url, fields.get("title") or "")
            if isinstance(content, bytes):
                fields[self.html] = decode(content, html=True)
        except UnreadableError as error:
            raise DropItem(f"{url}: {error}") from error
        fields[self.text] = values.pop("text")
        fill(fields, {name: value for name, value in values.items() if _can_hold(fields, name)})
        return item


def _can_hold(fields: ItemAdapter, name: str) -> bool:
    """Whether an item may have a field: a dictionary every one, others those that they declare."""
    return isinstance(fields.item, dict) or name in fields.field_names()
