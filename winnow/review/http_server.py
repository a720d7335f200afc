"""The server: on loopback, or behind a proxy on any address, until it is interrupted."""

import errno
import socket
from typing import Final

import uvicorn

from winnow.corpus.errors import UsageError
from winnow.review.app import create_app
from winnow.review.desk import Desk

HOST: Final = "127.0.0.1"


def bind(port: int, host: str = HOST) -> socket.socket:
    """A listening socket; port 0 takes one that is free. Raises UsageError where none can be had."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # from here on a browser waits rather than fails
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} is taken; give another with --port") from error
        raise UsageError(
            f"--host {host}: {error}; give an address of this machine, such as {HOST}"
        ) from error
    return listener


def serve(desk: Desk, listener: socket.socket) -> None:
    """Answer on a socket until the process is told to stop."""
    app = create_app(desk, listener.getsockname()[1])
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # nothing is believed of a request but what the guard checks
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])
