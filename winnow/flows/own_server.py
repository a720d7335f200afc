"""The process of a Prefect server of ours: ``python -m winnow.flows.own_server NUMBER``.

The number is that of a socket which listens already. The server ends on SIGTERM, and once its standard input
does: a server whose parent was killed would hold the port against the next one.
"""

import os
import socket
import sys
from threading import Thread
from typing import Final

import uvicorn
from prefect.server.api.server import create_app

CLOSE_SECONDS: Final = 10  # for requests that go on when it ends


def main() -> None:
    """Serve until the end."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        create_app(final=True), log_level="warning", lifespan="on", timeout_graceful_shutdown=CLOSE_SECONDS
    )
    server = uvicorn.Server(config)
    Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _end_with_parent(server: uvicorn.Server) -> None:
    """Wait until nobody holds the other end of standard input."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
