"""The web server: parts of it put into one application, and a process that serves it until it is told to stop.

A part adds its routes; the documents of feeds/ come last, as they answer for every other address.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator, Sequence

import uvicorn
from fastapi import FastAPI

from pipeline.errors import NevawireError
from pipeline.web import feeds
from pipeline.web.shelf import Shelf

Part = Callable[[FastAPI], None]
#: How long answers under way may take once the server is told to stop, seconds.
_PATIENCE = 10


def application(shelf: Shelf, parts: Sequence[Part] = ()) -> FastAPI:
    """Return the application: these parts, and the documents of the shelf behind them."""
    app = FastAPI(title="Nevawire", docs_url=None, redoc_url=None, openapi_url=None)
    for part in parts:
        part(app)
    feeds.add(app, shelf)
    return app


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises NevawireError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise NevawireError(f"port {port} of {host} is taken by another program; choose one with --port") from error
        why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise NevawireError(f"cannot serve at {host}, port {port}: {why}; choose with --host and --port") from error
    return listening


def serve(app: FastAPI, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; answers under way are finished."""
    # The log of requests stays off: addresses of private feeds have their tokens in them.
    config = uvicorn.Config(
        app, log_level="warning", log_config=None, access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=_PATIENCE,
    )  # fmt: skip
    asyncio.run(_until_told(_Server(config), listening))


class _Server(uvicorn.Server):
    """A server that ends as told: uvicorn's own handlers would raise the signal anew once it has stopped."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `_until_told`."""
        yield


async def _until_told(server: _Server, listening: socket.socket) -> None:
    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[listening])
