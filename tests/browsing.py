"""A real browser and a real server for tests: Debian's chromium, driven by playwright, without a download."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from winnow.review.app import create_app
from winnow.review.desk import Desk
from winnow.review.http_server import bind

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(
    os.environ.get("WINNOW_AXE", Path(__file__).parents[1] / ".venv" / "axe" / "package" / "axe.min.js")
)


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """The address of a server for a desk, in a thread, stopped at the end."""
    listener = bind(0)
    port = listener.getsockname()[1]
    config = uvicorn.Config(create_app(desk, port), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, without a sandbox for root, as in containers, where it cannot make one."""
    with sync_playwright() as driver:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
