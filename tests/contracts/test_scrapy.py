"""Winnow's item pipeline runs in a crawl of Scrapy, over pages of a server of our own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("scrapy", reason="Scrapy is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

from scrapy.exceptions import DropItem  # after the skips

from winnow.integrations.scrapy import WinnowPipeline

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."
HEAD = """<head><title>Basin to be dredged</title><meta name="author" content="Ada Byron">
<meta property="article:published_time" content="2025-03-14"></head>"""
PAGE = f"<html lang='en'>{HEAD}<body><nav><a href='/'>Home</a></nav><article><p>{STORY}</p><p>Advertisement</p></article></body></html>"
SPIDER = """
import scrapy

class Pages(scrapy.Spider):
    name = "pages"
    custom_settings = {{
        "ITEM_PIPELINES": {{"winnow.integrations.scrapy.WinnowPipeline": 300}},
        "WINNOW_HTML_FIELD": "page", "TELNETCONSOLE_ENABLED": False,
    }}
    start_urls = ["{0}/story.html", "{0}/empty.html"]

    def parse(self, response):
        yield {{"url": response.url, "page": response.body, "site_name": "The spider's own"}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of two pages, one of them without text."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "story.html").write_text(PAGE)
    (pages / "empty.html").write_text("<html><body></body></html>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(pages)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_crawl_gives_items_with_cleaned_text_and_drops_the_empty(site: str, tmp_path: Path) -> None:
    (tmp_path / "spider.py").write_text(SPIDER.format(site))
    code = "from scrapy.cmdline import execute; execute(['scrapy', 'runspider', 'spider.py', '-O', 'items.jsonl'])"
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [item] = map(json.loads, (tmp_path / "items.jsonl").read_text().splitlines())
    assert item["text"].strip() == STORY
    assert (item["authors"], item["published"], item["language"]) == (["Ada Byron"], "2025-03-14", "en")
    assert (item["title"], item["site_name"]) == ("Basin to be dredged", "The spider's own")
    assert [span["text"].strip() for span in item["removed"] if span["kind"] == "ad_marker"] == [
        "Advertisement"
    ]
    assert item["page"] == PAGE  # bytes would have broken the feed
    assert "trafilatura" not in done.stderr
    assert "'item_dropped_count': 1" in done.stderr and "Dropped" in done.stderr


@dataclass
class Story:
    """An item that declares its fields."""

    html: str = ""
    url: str = "https://ledger.example/a"
    text: str = ""
    title: str = ""


def test_an_item_gets_only_the_fields_that_it_declares() -> None:
    item = WinnowPipeline().process_item(Story(PAGE))
    assert item.text.strip() == STORY and item.title == "Basin to be dredged"
    assert not hasattr(item, "language")
    with pytest.raises(DropItem, match=r"ledger\.example/a: empty"):
        WinnowPipeline().process_item(Story("<html></html>"))
