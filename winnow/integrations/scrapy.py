"""An item pipeline for Scrapy, which cleans the page of each item. Needs ``scrapy`` 2.14 or newer.

In a project's settings: ``ITEM_PIPELINES = {"winnow.integrations.scrapy.WinnowPipeline": 300}``.
"""

from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from winnow.api import clean
from winnow.corpus.errors import UnreadableError


class WinnowPipeline:
    """Adds the cleaned text of its page to each item; drops an item of which nothing is left.

    Reads the fields ``html`` (text or bytes) and ``url``, writes ``text``. Scrapy's settings `WINNOW_HTML_FIELD`,
    `WINNOW_URL_FIELD` and `WINNOW_TEXT_FIELD` name others.
    """

    def __init__(self, html: str = "html", url: str = "url", text: str = "text") -> None:
        self.html = html
        self.url = url
        self.text = text

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline with the fields that Scrapy's settings name."""
        fields = {
            name: crawler.settings.get(f"WINNOW_{name.upper()}_FIELD") for name in ("html", "url", "text")
        }
        return cls(**{name: field for name, field in fields.items() if field})

    def process_item(self, item: Any) -> Any:
        """The item with its text. Raises DropItem where there is none."""
        fields = ItemAdapter(item)
        try:
            cleaned = clean(fields.get(self.html) or "", url=fields.get(self.url) or "")
        except UnreadableError as error:
            raise DropItem(f"{fields.get(self.url)}: {error}") from error
        if not cleaned.text.strip():
            raise DropItem(f"{fields.get(self.url)}: empty after cleaning")
        fields[self.text] = cleaned.text
        return item
