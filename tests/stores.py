"""A real S3 server for tests, started in this process, and a bucket in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import pytest

from winnow.corpus.objects import store_client

BUCKET = "crawl"


@contextmanager
def running_store() -> Iterator[Any]:
    """A client of a server that holds an empty bucket; what this process asks of s3:// goes to that server."""
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: pip install 'winnow-corpus[s3]'")
    server = pytest.importorskip(
        "moto.server", reason="moto is not installed: pip install 'moto[s3]' flask flask-cors"
    )
    running = server.ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_MAX_ATTEMPTS", "2")
        store_client.cache_clear()
        client = boto3.session.Session().client("s3")
        client.create_bucket(Bucket=BUCKET)
        try:
            yield client
        finally:
            store_client.cache_clear()
            # Servers of one process share what they hold.
            with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST"), timeout=10):
                running.stop()
