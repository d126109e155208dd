"""The desk on an address of this machine."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from checker.errors import BadSetting
from checker.review.app import application
from checker.review.desk import Desk
from checker.review.guard import is_loopback

PORT = 8642
# Seconds that answers under way are given when the desk is closed.
GRACE = 3


def listen(host: str, port: int | None) -> socket.socket:
    """A socket on an address; without a port the usual one, or any that is free. Raises BadSetting."""
    tried = [PORT, 0] if port is None else [port]
    for number in tried:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            # Only of a socket that names its protocol does asyncio send small pieces at once, 40 ms earlier.
            bound = socket.socket(family, kind, protocol)
            try:
                if hasattr(socket, "SO_REUSEADDR"):
                    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind(address)
                bound.listen(128)
                return bound
            except OSError:
                bound.close()
                raise
        except (OSError, OverflowError, UnicodeError) as error:
            if number == tried[-1]:
                reason = getattr(error, "strerror", None) or str(error)
                raise BadSetting(f"cannot listen on {host}, port {number}: {reason}") from error
    raise AssertionError("a port was tried")


def serve(desk: Desk, bound: socket.socket, host: str, as_: str, say: Callable[[str], None], browse: bool) -> None:
    """Answer on a socket until the process is told to end; `say` is told the address, which a browser opens.

    On an address that other machines can reach, the address holds a token, without which nobody is let in.
    """
    entry = "" if is_loopback(host) else secrets.token_urlsafe(24)
    app = application(desk, host, secrets.token_urlsafe(24), entry, as_)
    address = f"http://{_named(host)}:{bound.getsockname()[1]}/" + (f"?token={entry}" if entry else "")
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=GRACE, limit_concurrency=200,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(_is_telling)
    say(address)
    if browse:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    uvicorn.Server(config).run(sockets=[bound])


def _is_telling(record: logging.LogRecord) -> bool:
    """Whether something went wrong: that the end of the desk cut a request off is no mistake."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def _named(host: str) -> str:
    """An address as a link has it."""
    everywhere = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}
    return everywhere.get(host, f"[{host}]" if ":" in host else host)
