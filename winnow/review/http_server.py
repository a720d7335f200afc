"""The server: on loopback only, until it is interrupted."""

import socket
from typing import Final

import uvicorn

from winnow.corpus.errors import UsageError
from winnow.review.app import create_app
from winnow.review.desk import Desk

HOST: Final = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes one that is free. Raises UsageError where it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # from here on a browser waits rather than fails
    except OSError as error:
        listener.close()
        raise UsageError(f"port {port} is taken; give another with --port") from error
    return listener


def serve(desk: Desk, listener: socket.socket) -> None:
    """Answer on a socket until the process is told to stop."""
    app = create_app(desk, listener.getsockname()[1])
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
    with listener:
        uvicorn.Server(config).run(sockets=[listener])
